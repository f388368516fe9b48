// `tributary payout export` and `import`: batches of payouts for a bank's or a treasury's own tool.
#include <algorithm>
#include <map>
#include <set>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/csv.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/payout_file.h"
#include "cli/sender.h"
#include "cli/table.h"
#include "tributary/base/amount.h"
#include "tributary/base/status.h"
#include "tributary/client/error.h"

namespace tributary::cli {
namespace {

constexpr size_t kNamedMax = 1'000;  // payouts that one request may name

// ---- Export

absl::StatusOr<std::vector<v1::Payout>> AllPayouts(Context& context,
                                                   v1::ListPayoutsRequest request) {
  std::vector<v1::Payout> payouts;
  request.set_page_size(1'000);
  do {
    const auto page = context.node().ListPayouts(request);
    if (!page.ok()) return page.status();
    payouts.insert(payouts.end(), page->payouts().begin(), page->payouts().end());
    request.set_page_token(page->next_page_token());
    context.Progress("payouts: " + std::to_string(payouts.size()));
  } while (!request.page_token().empty());
  return payouts;
}

std::string SumOf(const std::vector<v1::Payout>& payouts, const std::string& currency,
                  uint32_t decimals) {
  base::Atoms sum;
  for (const v1::Payout& payout : payouts) {
    sum += base::Atoms::FromMinor(base::MinorUnits(payout.amount_minor()));
  }
  return base::FormatAtoms(sum, static_cast<int>(decimals)) + " " + currency;
}

absl::Status Export(Context& context) {
  v1::ListPayoutsRequest request;
  const auto state = ParsePayoutState(context.Text("--state"));
  if (!state.ok()) return state.status();
  request.set_state(*state);
  request.set_currency(context.Text("--currency"));
  const auto status = context.node().GetStatus();
  if (!status.ok()) return status.status();
  const auto decimals = DecimalsOf(*status, request.currency());
  if (!decimals.ok()) return decimals.status();
  const auto payouts = AllPayouts(context, request);
  if (!payouts.ok()) return payouts.status();
  const std::string batch = PayoutBatchId(status->chain_id(), *payouts);
  CsvOutput csv(context.out());
  TRIBUTARY_RETURN_IF_ERROR(csv.Open(context.Text("--out")));
  csv.Row(PayoutHeader());
  for (const v1::Payout& payout : *payouts) csv.Row(PayoutCells(payout, batch));
  TRIBUTARY_RETURN_IF_ERROR(csv.Flush());
  if (context.Text("--out") == "-") return absl::OkStatus();
  const std::string sum = SumOf(*payouts, request.currency(), *decimals);
  if (context.json()) {
    JsonObject json;
    json.Number("payouts", payouts->size()).Text("sum", sum).Text("batch", batch);
    context.out() << json.Text("file", context.Text("--out")).Finish() << "\n";
  } else {
    context.out() << Plural(payouts->size(), "payout") << ", " << sum << ", batch " << batch
                  << ", in " << context.Text("--out") << "\n";
  }
  return absl::OkStatus();
}

// ---- Import

v1::Operation OperationOf(const PayoutResult& result) {
  v1::Operation operation;
  if (result.paid) {
    operation.mutable_confirm_payout()->set_payout(result.number);
    operation.mutable_confirm_payout()->set_external_reference(result.reference);
  } else {
    operation.mutable_fail_payout()->set_payout(result.number);
    operation.mutable_fail_payout()->set_reason(result.reference);
  }
  return operation;
}

// Closes payouts by the results of a file, in transactions of many operations.
class Importer {
 public:
  Importer(Context& context, Sender& sender, Problems& problems)
      : context_(context), sender_(sender), problems_(problems) {}

  // Compares the results with the ledger: what is to be sent stays, what is wrong is a problem.
  absl::Status Compare(const std::vector<PayoutResult>& results) {
    for (size_t begin = 0; begin < results.size(); begin += kNamedMax) {
      const size_t end = std::min(results.size(), begin + kNamedMax);
      std::map<uint64_t, v1::Payout> known;
      TRIBUTARY_RETURN_IF_ERROR(Fetch(results, begin, end, &known));
      TRIBUTARY_RETURN_IF_ERROR(FetchReferences(results, begin, end, known));
      for (size_t i = begin; i < end; ++i) Judge(results[i], known);
      context_.Progress("compared: " + std::to_string(end) + " of " +
                        std::to_string(results.size()));
    }
    return absl::OkStatus();
  }

  // Sends what is left after Compare.
  absl::Status SendAll() {
    for (size_t begin = 0; begin < to_send_.size();) {
      client::TransactionBuilder builder = sender_.NewTransaction();
      size_t end = begin;
      while (end < to_send_.size() && builder.Add(OperationOf(to_send_[end]))) ++end;
      const auto sent = sender_.Send(builder);
      if (!sent.ok()) return Named(sent.status(), begin, end);
      for (; begin < end; ++begin) ++(to_send_[begin].paid ? paid_ : failed_);
      context_.Progress("sent: " + std::to_string(end) + " of " + std::to_string(to_send_.size()));
      if (begin < to_send_.size()) TRIBUTARY_RETURN_IF_ERROR(sender_.Refresh());
    }
    return absl::OkStatus();
  }

  uint64_t to_send() const { return to_send_.size(); }
  uint64_t paid() const { return paid_; }
  uint64_t failed() const { return failed_; }
  uint64_t known() const { return known_; }

 private:
  absl::Status Fetch(const std::vector<PayoutResult>& results, size_t begin, size_t end,
                     std::map<uint64_t, v1::Payout>* known) {
    v1::ListPayoutsRequest request;
    for (size_t i = begin; i < end; ++i) request.add_numbers(results[i].number);
    const auto response = context_.node().ListPayouts(request);
    if (!response.ok()) return response.status();
    for (const v1::Payout& payout : response->payouts()) (*known)[payout.number()] = payout;
    return absl::OkStatus();
  }

  // Which payouts have the references that the results give, by currency.
  absl::Status FetchReferences(const std::vector<PayoutResult>& results, size_t begin, size_t end,
                               const std::map<uint64_t, v1::Payout>& known) {
    std::map<std::string, v1::ListPayoutsRequest> requests;
    for (size_t i = begin; i < end; ++i) {
      const auto payout = known.find(results[i].number);
      if (!results[i].paid || payout == known.end()) continue;
      const std::string& currency = payout->second.amount().currency();
      requests[currency].add_external_references(results[i].reference);
    }
    for (auto& [currency, request] : requests) {
      request.set_currency(currency);
      const auto response = context_.node().ListPayouts(request);
      if (!response.ok()) return response.status();
      for (const v1::Payout& payout : response->payouts()) {
        holders_[{currency, payout.external_reference()}] = payout.number();
      }
    }
    return absl::OkStatus();
  }

  void Judge(const PayoutResult& result, const std::map<uint64_t, v1::Payout>& known) {
    const auto payout = known.find(result.number);
    std::string why;
    switch (StepFor(result, payout == known.end() ? nullptr : &payout->second, &why)) {
      case PayoutStep::kThereAlready: ++known_; return;
      case PayoutStep::kWrong: problems_.Add(result.line, why); return;
      case PayoutStep::kSend: break;
    }
    const std::string& currency = payout->second.amount().currency();
    const auto holder = holders_.find({currency, result.reference});
    if (result.paid && holder != holders_.end()) {
      problems_.Add(result.line, "the reference \"" + result.reference + "\" is that of payout " +
                                     std::to_string(holder->second));
    } else if (result.paid && !references_.insert({currency, result.reference}).second) {
      problems_.Add(result.line, "the reference \"" + result.reference + "\" stands twice");
    } else {
      to_send_.push_back(result);
    }
  }

  // A refusal, with the lines of the file that were in the transaction.
  absl::Status Named(const absl::Status& status, size_t begin, size_t end) const {
    context_.Progress("lines " + std::to_string(to_send_[begin].line) + " to " +
                      std::to_string(to_send_[end - 1].line) +
                      " were refused together; those before them are done");
    return status;
  }

  Context& context_;
  Sender& sender_;
  Problems& problems_;
  std::vector<PayoutResult> to_send_;
  std::map<std::pair<std::string, std::string>, uint64_t> holders_;
  std::set<std::pair<std::string, std::string>> references_;
  uint64_t paid_ = 0, failed_ = 0, known_ = 0;
};

void PrintSummary(Context& context, const Importer& importer, const PayoutResults& file,
                  uint64_t wrong) {
  if (context.json()) {
    JsonObject json;
    json.Number("paid", importer.paid()).Number("failed", importer.failed());
    json.Number("known", importer.known()).Number("open", file.open).Number("wrong", wrong);
    context.out() << json.Finish() << "\n";
    return;
  }
  context.out() << importer.paid() << " paid, " << importer.failed() << " failed, "
                << importer.known() << " were there already, " << file.open << " left open";
  if (wrong > 0) context.out() << ", " << wrong << " not used";
  context.out() << "\n";
}

absl::Status Import(Context& context) {
  const std::string path = context.Text("FILE");
  const auto text = ReadCsvFile(path);
  if (!text.ok()) return text.status();
  const bool partial = context.Flag("--partial");
  Problems problems(path);
  const PayoutResults file = ParsePayoutResults(*text, problems);
  if (!problems.empty() && !(partial && !file.results.empty())) return problems.ToStatus();
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  Importer importer(context, *sender, problems);
  TRIBUTARY_RETURN_IF_ERROR(importer.Compare(file.results));
  if (!problems.empty() && !partial) return problems.ToStatus();
  const absl::Status sent = importer.SendAll();
  PrintSummary(context, importer, file, problems.count());
  TRIBUTARY_RETURN_IF_ERROR(sent);
  return problems.ToStatus("The other lines were used.");
}

}  // namespace

std::vector<Command> PayoutBatchCommands() {
  return {{"payout",
           "export",
           "write payouts into a CSV file for the bank or the treasury's own tool",
           {{"--currency", "code", ArgumentKind::kText, true},
            {"--out", "new file, or - for the standard output", ArgumentKind::kText, true},
            {"--state", "requested, paid or failed", ArgumentKind::kText, false, "requested"}},
           &Export},
          {"payout", "import",
           "close payouts by a CSV file with their results; safe to run again; the key is a "
           "treasurer's",
           WithSigning({{"FILE", "CSV with the columns payout, result and reference",
                         ArgumentKind::kText, true},
                        {"--partial", "use the good lines although others are wrong",
                         ArgumentKind::kFlag}}),
           &Import}};
}

}  // namespace tributary::cli
