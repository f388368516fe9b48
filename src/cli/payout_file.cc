#include "cli/payout_file.h"

#include <ctime>
#include <map>

#include "cli/csv.h"
#include "cli/exit_code.h"
#include "cli/parse.h"
#include "codec/limits.h"
#include "codec/text.h"
#include "crypto/hash.h"
#include "tributary/base/hex.h"

namespace tributary::cli {
namespace {

constexpr size_t kBatchDigits = 16;

// Where the columns are that we know.
class Columns {
 public:
  Columns(const CsvRow& header, Problems& problems) {
    for (size_t i = 0; i < header.cells.size(); ++i) {
      const std::string name = codec::FoldCase(header.cells[i]);
      if (!name.empty() && !at_.emplace(name, i).second) {
        problems.Add(header.line, "the column \"" + name + "\" stands twice");
      }
    }
    for (const char* name : {"payout", "result", "reference"}) {
      if (at_.count(name) == 0) {
        problems.Add(header.line, "there is no column \"" + std::string(name) + "\"");
      }
    }
  }
  std::optional<std::string> Cell(const CsvRow& row, const std::string& name) const {
    const auto at = at_.find(name);
    if (at == at_.end() || at->second >= row.cells.size()) return std::nullopt;
    return row.cells[at->second];
  }

 private:
  std::map<std::string, size_t> at_;
};

std::string Quoted(const std::string& text) { return "\"" + text + "\""; }

// What is wrong with a row by itself; empty: nothing. False in *has_result: it is still open.
std::string ReadResult(const Columns& columns, const CsvRow& row, PayoutResult* to,
                       bool* has_result) {
  to->line = row.line;
  const std::string number = columns.Cell(row, "payout").value_or("");
  const std::string result = codec::FoldCase(columns.Cell(row, "result").value_or(""));
  to->reference = CsvUntext(columns.Cell(row, "reference").value_or(""));
  *has_result = !result.empty();
  const auto parsed = ParseNumber(number);
  if (!parsed) return Quoted(number) + " is no number of a payout";
  to->number = *parsed;
  if (!*has_result) {
    return to->reference.empty() ? "" : "a reference, but no result: write paid or failed";
  }
  if (result != "paid" && result != "failed") {
    return Quoted(result) + " is no result: write paid or failed";
  }
  to->paid = result == "paid";
  const size_t bytes_max = to->paid ? codec::kReferenceBytesMax : codec::kFailReasonBytesMax;
  if (to->reference.empty() || to->reference.size() > bytes_max ||
      !codec::IsPlainText(to->reference)) {
    return (to->paid ? "the reference" : "the reason, in the column \"reference\",") +
           std::string(" is not 1 to ") + std::to_string(bytes_max) + " bytes of text";
  }
  if (const auto cell = columns.Cell(row, "account")) to->account = CsvUntext(*cell);
  to->amount = columns.Cell(row, "amount");
  to->currency = columns.Cell(row, "currency");
  return "";
}

// As numbers: spreadsheets drop zeros at the end of a fraction.
bool SameAmount(std::string_view a, std::string_view b) {
  const auto trim = [](std::string_view text) {
    if (text.find('.') == std::string_view::npos) return text;
    while (text.ends_with('0')) text.remove_suffix(1);
    if (text.ends_with('.')) text.remove_suffix(1);
    return text;
  };
  return trim(a) == trim(b);
}

bool IsClosed(const v1::Payout& payout) { return payout.state() != v1::PAYOUT_STATE_REQUESTED; }

std::string ClosedAs(const v1::Payout& payout) {
  return payout.state() == v1::PAYOUT_STATE_PAID
             ? "paid with the reference " + Quoted(payout.external_reference())
             : "failed: " + Quoted(payout.reason());
}

}  // namespace

absl::StatusOr<v1::PayoutState> ParsePayoutState(const std::string& text) {
  if (text.empty()) return v1::PAYOUT_STATE_UNSPECIFIED;
  if (text == "requested") return v1::PAYOUT_STATE_REQUESTED;
  if (text == "paid") return v1::PAYOUT_STATE_PAID;
  if (text == "failed") return v1::PAYOUT_STATE_FAILED;
  return UsageError("'" + text + "' is no state; write requested, paid or failed");
}

std::string IsoTime(uint64_t time_ms) {
  if (time_ms == 0) return "";
  const auto seconds = static_cast<std::time_t>(time_ms / 1'000);
  std::tm parts{};
  char text[32];
  if (gmtime_r(&seconds, &parts) == nullptr ||
      std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts) == 0) {
    return std::to_string(time_ms);
  }
  std::string fraction = std::to_string(time_ms % 1'000);
  fraction.insert(0, 3 - fraction.size(), '0');
  return text + ("." + fraction + "Z");
}

std::vector<std::string> PayoutHeader() {
  return {"payout", "account", "amount", "currency", "requested", "batch", "result", "reference"};
}

std::vector<std::string> PayoutCells(const v1::Payout& payout, const std::string& batch) {
  const bool paid = payout.state() == v1::PAYOUT_STATE_PAID;
  const bool failed = payout.state() == v1::PAYOUT_STATE_FAILED;
  return {std::to_string(payout.number()),
          CsvText(payout.handle()),
          payout.amount().major(),
          payout.amount().currency(),
          IsoTime(payout.requested_ms()),
          batch,
          paid ? "paid" : (failed ? "failed" : ""),
          CsvText(paid ? payout.external_reference() : payout.reason())};
}

std::string PayoutBatchId(const std::string& chain_id, const std::vector<v1::Payout>& payouts) {
  std::string text = "tributary payout batch\n" + chain_id + "\n";
  for (const v1::Payout& payout : payouts) {
    text += std::to_string(payout.number()) + "," + std::to_string(payout.amount_minor()) + "\n";
  }
  return base::ToHex(crypto::Sha256(base::AsBytes(text)).bytes).substr(0, kBatchDigits);
}

PayoutResults ParsePayoutResults(std::string_view text, Problems& problems) {
  PayoutResults all;
  const std::vector<CsvRow> rows = ParseCsv(text, problems);
  if (!problems.empty()) return all;
  if (rows.empty()) {
    problems.Add(1, "the file is empty");
    return all;
  }
  const Columns columns(rows.front(), problems);
  if (!problems.empty()) return all;
  std::map<uint64_t, uint64_t> numbers;                                // to their lines
  std::map<std::pair<std::string, std::string>, uint64_t> references;  // likewise
  for (size_t i = 1; i < rows.size(); ++i) {
    PayoutResult result;
    bool has_result = false;
    const std::string wrong = ReadResult(columns, rows[i], &result, &has_result);
    if (!wrong.empty()) {
      problems.Add(rows[i].line, wrong);
      continue;
    }
    const auto number = numbers.emplace(result.number, result.line);
    if (!number.second) {
      problems.Add(result.line, "payout " + std::to_string(result.number) + " stands in line " +
                                    std::to_string(number.first->second) + " already");
      continue;
    }
    if (!has_result) {
      ++all.open;
      continue;
    }
    const auto reference = references.emplace(
        std::make_pair(result.currency.value_or(""), result.reference), result.line);
    if (result.paid && !reference.second) {
      problems.Add(result.line, "the reference " + Quoted(result.reference) + " stands in line " +
                                    std::to_string(reference.first->second) + " already");
      continue;
    }
    if (!result.paid && reference.second) references.erase(reference.first);
    all.results.push_back(std::move(result));
  }
  return all;
}

PayoutStep StepFor(const PayoutResult& result, const v1::Payout* payout, std::string* why) {
  const std::string name = "payout " + std::to_string(result.number);
  if (payout == nullptr) {
    *why = "there is no " + name;
  } else if (result.account && *result.account != payout->handle()) {
    *why = name + " is of " + payout->handle() + ", not of " + *result.account;
  } else if (result.currency && *result.currency != payout->amount().currency()) {
    *why = name + " is in " + payout->amount().currency() + ", not in " + *result.currency;
  } else if (result.amount && !SameAmount(*result.amount, payout->amount().major())) {
    *why = name + " is of " + payout->amount().major() + ", not of " + *result.amount;
  } else if (!IsClosed(*payout)) {
    return PayoutStep::kSend;
  } else {
    const bool paid = payout->state() == v1::PAYOUT_STATE_PAID;
    const std::string& said = paid ? payout->external_reference() : payout->reason();
    if (paid == result.paid && said == result.reference) return PayoutStep::kThereAlready;
    *why = name + " is closed already, " + ClosedAs(*payout);
  }
  return PayoutStep::kWrong;
}

}  // namespace tributary::cli
