// Files of JSON lines, checked whole before anything is done with them.
#ifndef TRIBUTARY_CLI_JSON_LINES_H_
#define TRIBUTARY_CLI_JSON_LINES_H_

#include <cstdint>
#include <functional>
#include <istream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "cli/json_value.h"

namespace tributary::cli {

// What is wrong with a file, by line; keeps the first twenty and counts the rest.
class Problems {
 public:
  explicit Problems(std::string path) : path_(std::move(path)) {}
  void Add(uint64_t line, const std::string& what);
  bool empty() const { return count_ == 0; }
  uint64_t count() const { return count_; }
  // OK, or a usage error with one line for each problem, "FILE:LINE: what", and `end`.
  absl::Status ToStatus(std::string_view end = kNothingWasSent) const;

 private:
  static constexpr std::string_view kNothingWasSent =
      "Nothing was sent. Mend the file and run the command again.";

  std::string path_;
  std::string text_;
  uint64_t count_ = 0;
};

// Calls `line` for each line that holds an object; adds a problem for each other one. Empty lines
// are passed over. Lines are at most 1 MiB long.
void ForEachObject(std::istream& in, Problems& problems,
                   const std::function<void(uint64_t, const JsonValue&)>& line);

// Reads members of one object, and adds a problem for what is missing, of another kind, or unknown.
class MemberReader {
 public:
  MemberReader(const JsonValue& object, uint64_t line, Problems& problems)
      : object_(object), line_(line), problems_(problems) {}

  // The member, or nothing: absent, null, or a problem.
  const JsonValue* Required(const std::string& name, JsonValue::Kind kind);
  const JsonValue* Optional(const std::string& name, JsonValue::Kind kind);
  // Adds a problem for each member that was not asked for.
  void RefuseOthers();
  void Problem(const std::string& what);
  bool failed() const { return failed_; }

 private:
  const JsonValue& object_;
  uint64_t line_;
  Problems& problems_;
  std::set<std::string, std::less<>> asked_;
  bool failed_ = false;
};

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_JSON_LINES_H_
