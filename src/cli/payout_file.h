// The file that goes to a bank or treasury and comes back: open payouts out, results in.
#ifndef TRIBUTARY_CLI_PAYOUT_FILE_H_
#define TRIBUTARY_CLI_PAYOUT_FILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/json_lines.h"
#include "tributary/v1/api.pb.h"

namespace tributary::cli {

// The header of a file of payouts, and the row of one. `result` and `reference` are to be filled
// in.
std::vector<std::string> PayoutHeader();
std::vector<std::string> PayoutCells(const v1::Payout& payout, const std::string& batch);

// 16 hex digits that depend on the chain and on which payouts there are and of what amounts: the
// same batch has the same id whenever and wherever it is exported.
std::string PayoutBatchId(const std::string& chain_id, const std::vector<v1::Payout>& payouts);

// One row of a file that came back.
struct PayoutResult {
  uint64_t line = 0;
  uint64_t number = 0;
  bool paid = false;      // else failed
  std::string reference;  // of the bank; or the reason
  // Compared with the ledger where the file has these columns.
  std::optional<std::string> account, amount, currency;
};

struct PayoutResults {
  std::vector<PayoutResult> results;  // in the order of the file
  uint64_t open = 0;                  // rows without a result
};

// Columns are found by their names in the header, in any order: `payout`, `result` and `reference`
// must be there, others but those above are passed over. Problems: a row that is not well formed,
// a payout or (among paid ones) a reference that stands twice.
PayoutResults ParsePayoutResults(std::string_view text, Problems& problems);

// What is to be done about a result, given the payout as the ledger has it.
enum class PayoutStep { kSend, kThereAlready, kWrong };
// `why`: what is wrong.
PayoutStep StepFor(const PayoutResult& result, const v1::Payout* payout, std::string* why);

// As --state has it; empty: every. Errors: a usage error.
absl::StatusOr<v1::PayoutState> ParsePayoutState(const std::string& text);

// "2025-01-31T12:00:00.000Z"; empty for zero.
std::string IsoTime(uint64_t time_ms);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_PAYOUT_FILE_H_
