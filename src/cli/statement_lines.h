// What the statement commands share: periods, amounts that add up, lines that pages have split.
#ifndef TRIBUTARY_CLI_STATEMENT_LINES_H_
#define TRIBUTARY_CLI_STATEMENT_LINES_H_

#include <google/protobuf/message.h>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "tributary/base/amount.h"
#include "tributary/v1/api.pb.h"

namespace tributary::cli {

// "settlement", "epoch", "month"; empty: each line for itself. Errors: a usage error.
absl::StatusOr<v1::StatementPeriod> ParsePeriod(const std::string& text);

// The atoms of an amount, which may be below zero. nullopt where they are no number.
std::optional<base::Int128> SignedAtomsOf(const v1::Amount& amount);
// An amount as a node writes it.
v1::Amount MakeAmount(const std::string& currency, base::Int128 atoms, uint32_t decimals);

// Adds up the lines of one period that stand on several pages. Lines are messages with a `period`,
// a `count` and any number of amounts.
class LineMerger {
 public:
  explicit LineMerger(const v1::NodeStatus& status);

  // Appends a line, or adds it to the one in `lines` that it belongs to. Always the same `lines`.
  // False: its amounts are no numbers.
  template <class Line>
  bool Append(const Line& line, google::protobuf::RepeatedPtrField<Line>* lines) {
    if (line.period().empty()) {
      *lines->Add() = line;
      return true;
    }
    const auto [known, fresh] = known_.try_emplace(KeyOf(line), lines->size());
    if (fresh) {
      *lines->Add() = line;
      return true;
    }
    return AddTo(line, lines->Mutable(known->second));
  }

 private:
  // Kind, period, currency.
  static std::string KeyOf(const google::protobuf::Message& line);
  bool AddTo(const google::protobuf::Message& line, google::protobuf::Message* to) const;

  std::map<std::string, uint32_t> decimals_;
  std::map<std::string, int> known_;
};

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_STATEMENT_LINES_H_
