// What a command works with: its arguments, where it writes, and the node it talks to.
#ifndef TRIBUTARY_CLI_CONTEXT_H_
#define TRIBUTARY_CLI_CONTEXT_H_

#include <google/protobuf/message.h>
#include <cstdint>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "tributary/client/client.h"

namespace tributary::cli {

// Values by the name of their argument; a flag that is set has one empty value.
using Values = std::map<std::string, std::vector<std::string>, std::less<>>;

struct Settings {
  std::string node;    // address
  bool json = false;   // for programs; text for people otherwise
  bool quiet = false;  // no progress
  uint32_t deadline_ms = 15'000;
};

class Context {
 public:
  Context(Settings settings, Values values, std::ostream& out, std::ostream& progress);

  bool Has(std::string_view name) const { return values_.find(name) != values_.end(); }
  bool Flag(std::string_view name) const { return Has(name); }
  // Empty where it was not given.
  std::string Text(std::string_view name) const;
  // Requires: the argument is of kind kNumber. 0 where it was not given.
  uint64_t Number(std::string_view name) const;
  std::vector<std::string> List(std::string_view name) const;

  bool json() const { return settings_.json; }
  std::ostream& out() { return out_; }
  // One line about long work, on the error stream, unless the caller asked for quiet.
  void Progress(const std::string& line);

  // The node, connected when first used.
  client::Client& node();
  const std::string& address() const { return settings_.node; }

  // The response as JSON: names as in the proto file, ids and hashes in hexadecimal, 64-bit numbers
  // as strings.
  void PrintJson(const google::protobuf::Message& message);

 private:
  const Settings settings_;
  const Values values_;
  std::ostream& out_;
  std::ostream& progress_;
  std::unique_ptr<client::Client> node_;
};

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_CONTEXT_H_
