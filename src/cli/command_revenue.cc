#include <algorithm>
#include <fstream>
#include <map>

#include "cli/attribution_file.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/find_record.h"
#include "cli/json_text.h"
#include "cli/pages.h"
#include "cli/parse.h"
#include "cli/revenue_file.h"
#include "cli/sender.h"
#include "cli/table.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"
#include "tributary/client/error.h"

namespace tributary::cli {
namespace {

constexpr uint32_t kReferenceTaken = 504;
constexpr int kItemsPerOperation = 1'024;
constexpr int kItemsPerTransaction = 1'000;

// A time that is not later than that of the block which will hold the event.
uint64_t NowOnChain(const v1::NodeStatus& status) {
  return status.engine() == "solo" ? std::max(status.time_ms(), status.node_time_ms())
                                   : status.time_ms();
}

absl::Status Report(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const std::string currency = context.Text("--currency");
  const auto amount = AmountOf(context, sender->status(), currency);
  if (!amount.ok()) return amount.status();
  auto asset = FindRecordId(context, context.Text("ASSET"));
  if (!asset.ok()) return asset.status();
  uint64_t occurred = NowOnChain(sender->status());
  if (context.Has("--occurred")) {
    const auto time = ParseTime(context.Text("--occurred"));
    if (!time.ok()) return time.status();
    occurred = *time;
  }
  v1::Operation operation;
  v1::ReportRevenue* report = operation.mutable_report_revenue();
  report->set_asset(*asset);
  report->set_currency(currency);
  report->set_amount_minor(*amount);
  report->set_occurred_at_ms(occurred);
  report->set_reference(context.Text("--reference"));
  if (context.Has("--attribution")) {
    const auto attribution = ReadAttributionFile(context.Text("--attribution"));
    if (!attribution.ok()) return attribution.status();
    *report->mutable_attribution() = *attribution;
  }
  return sender->SendAndPrint(operation, "revenue " + context.Text("--reference") + " recorded");
}

// ---- Files of events

// Sends events in transactions of up to a thousand, in the order of the file.
class BatchReporter {
 public:
  BatchReporter(Context& context, Sender& sender) : context_(context), sender_(sender) {}

  absl::Status Run(const std::vector<RevenueLine>& lines) {
    for (size_t begin = 0; begin < lines.size(); begin += kItemsPerTransaction) {
      const size_t end = std::min(lines.size(), begin + kItemsPerTransaction);
      TRIBUTARY_RETURN_IF_ERROR(SendSome({lines.begin() + static_cast<ptrdiff_t>(begin),
                                          lines.begin() + static_cast<ptrdiff_t>(end)}));
      TRIBUTARY_RETURN_IF_ERROR(sender_.Refresh());
      context_.Progress("revenue: " + std::to_string(end) + " of " + std::to_string(lines.size()));
    }
    return absl::OkStatus();
  }
  uint64_t recorded() const { return recorded_; }
  uint64_t known() const { return known_; }

 private:
  absl::Status SendSome(std::vector<RevenueLine> lines) {
    absl::Status status = TrySend(lines);
    const auto refusal = client::RefusalOf(status);
    if (!refusal || refusal->number() != kReferenceTaken) return status;
    // An earlier run has recorded some of these: a transaction is recorded whole or not at all,
    // but the file may have been cut differently then.
    const size_t before = lines.size();
    TRIBUTARY_RETURN_IF_ERROR(DropKnown(lines));
    known_ += before - lines.size();
    if (lines.empty()) return absl::OkStatus();
    return before == lines.size() ? status : TrySend(lines);
  }

  absl::Status TrySend(const std::vector<RevenueLine>& lines) {
    client::TransactionBuilder builder = sender_.NewTransaction();
    size_t added = 0;
    while (added < lines.size()) {
      size_t end = added;
      auto operation = NextOperation(lines, added, &end);
      if (!operation.ok()) return operation.status();
      if (!builder.Add(*operation)) break;
      added = end;
    }
    if (added == 0) return UsageError("an event does not fit into a transaction");
    const auto sent = sender_.Send(builder);
    if (!sent.ok()) return sent.status();
    recorded_ += added;
    if (added == lines.size()) return absl::OkStatus();
    return TrySend({lines.begin() + static_cast<ptrdiff_t>(added), lines.end()});
  }

  // One operation for the events of one asset and currency that follow each other.
  absl::StatusOr<v1::Operation> NextOperation(const std::vector<RevenueLine>& lines, size_t begin,
                                              size_t* end) {
    // An operation of a few hundred items leaves room in a transaction for others.
    constexpr size_t kBytesMax = 48'000;
    const RevenueLine& first = lines[begin];
    *end = begin + 1;
    if (!first.refund_of.empty()) return RefundOf(first);
    const auto asset = AssetId(first.asset);
    if (!asset.ok()) return asset.status();
    if (!first.IsPlain()) return AttributedEvent(first, *asset);
    v1::Operation operation;
    v1::ReportRevenueBatch* batch = operation.mutable_report_revenue_batch();
    batch->set_asset(*asset);
    batch->set_currency(first.currency);
    size_t bytes = 0;
    size_t at = begin;
    for (; at < lines.size() && batch->items_size() < kItemsPerOperation && bytes < kBytesMax;
         ++at) {
      const bool fits = lines[at].asset == first.asset && lines[at].currency == first.currency;
      if (!fits || !lines[at].IsPlain()) break;
      v1::RevenueItem* item = batch->add_items();
      item->set_amount_minor(lines[at].amount_minor);
      item->set_occurred_at_ms(OccurredAt(lines[at]));
      item->set_reference(lines[at].reference);
      bytes += item->ByteSizeLong() + 2;
    }
    *end = at;
    return operation;
  }

  uint64_t OccurredAt(const RevenueLine& line) const {
    return line.occurred_at_ms > 0 ? line.occurred_at_ms : NowOnChain(sender_.status());
  }

  static v1::Operation RefundOf(const RevenueLine& line) {
    v1::Operation operation;
    v1::RefundRevenue* refund = operation.mutable_refund_revenue();
    refund->set_reference(line.refund_of);
    refund->set_amount_minor(line.amount_minor);
    refund->set_refund_reference(line.reference);
    return operation;
  }

  v1::Operation AttributedEvent(const RevenueLine& line, const std::string& asset) const {
    v1::Operation operation;
    v1::ReportRevenue* report = operation.mutable_report_revenue();
    report->set_asset(asset);
    report->set_currency(line.currency);
    report->set_amount_minor(line.amount_minor);
    report->set_occurred_at_ms(OccurredAt(line));
    report->set_reference(line.reference);
    *report->mutable_attribution() = line.attribution.front();
    return operation;
  }

  absl::StatusOr<std::string> AssetId(const std::string& text) {
    const auto known = assets_.find(text);
    if (known != assets_.end()) return known->second;
    auto id = FindRecordId(context_, text);
    if (id.ok()) assets_.emplace(text, *id);
    return id;
  }

  absl::Status DropKnown(std::vector<RevenueLine>& lines) {
    std::vector<RevenueLine> unknown;
    for (RevenueLine& line : lines) {
      v1::ExplainRevenueRequest request;
      request.mutable_reporter()->set_id(client::ToField(sender_.account()));
      request.set_reference(line.reference);
      request.set_recipients_max(1);
      request.set_paths_max(1);
      const auto event = context_.node().ExplainRevenue(request);
      // A reference that is there is that of an event, or of a refund: then the request is wrong.
      if (event.ok() || client::ReasonOf(event.status()) == "BadRequest") continue;
      if (client::ReasonOf(event.status()) != "NotFound") return event.status();
      unknown.push_back(std::move(line));
    }
    lines = std::move(unknown);
    return absl::OkStatus();
  }

  Context& context_;
  Sender& sender_;
  std::map<std::string, std::string> assets_;
  uint64_t recorded_ = 0;
  uint64_t known_ = 0;
};

absl::Status ReportFile(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const auto lines = ReadRevenueFile(context.Text("FILE"), sender->status());
  if (!lines.ok()) return lines.status();
  BatchReporter reporter(context, *sender);
  TRIBUTARY_RETURN_IF_ERROR(reporter.Run(*lines));
  if (context.json()) {
    context.out() << JsonObject()
                         .Number("events", lines->size())
                         .Number("recorded", reporter.recorded())
                         .Number("known", reporter.known())
                         .Finish()
                  << "\n";
  } else {
    context.out() << Plural(lines->size(), "event") << ": " << reporter.recorded() << " recorded, "
                  << reporter.known() << " were there already\n";
  }
  return absl::OkStatus();
}

absl::Status Receivables(Context& context) {
  v1::ListReceivablesRequest request;
  if (context.Has("--reporter")) {
    *request.mutable_reporter() = ParseAccount(context.Text("--reporter"));
  }
  request.set_currency(context.Text("--currency"));
  const auto response =
      ReadPages(context.node(), &client::Client::ListReceivables,
                &v1::ListReceivablesResponse::receivables_size, request, UINT64_MAX);
  if (!response.ok()) return response.status();
  if (context.json()) {
    context.PrintJson(*response);
    return absl::OkStatus();
  }
  Table table({{"reporter"},
               {"reported", Align::kRight},
               {"refunded", Align::kRight},
               {"confirmed", Align::kRight},
               {"outstanding", Align::kRight},
               {"limit", Align::kRight}});
  for (const v1::Receivable& one : response->receivables()) {
    table.Add({Printable(one.handle()), Money(one.reported()), Money(one.reversed()),
               Money(one.confirmed()), Money(one.outstanding()),
               one.unlimited() ? "none" : Money(one.limit())});
  }
  table.Print(context.out());
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> RevenueCommands() {
  return {{"revenue", "report", "report one event; the signing key is the reporter's",
           WithSigning({{"ASSET", "record that earned it", ArgumentKind::kText, true},
                        {"--currency", "code", ArgumentKind::kText, true},
                        {"--amount", "in major units, such as 12.50"},
                        {"--minor", "in whole minor units instead", ArgumentKind::kNumber},
                        {"--reference", "your own name of the event, never used before",
                         ArgumentKind::kText, true},
                        {"--occurred", "when; default: now"},
                        {"--attribution", "file that `revenue attribute` has made"}}),
           &Report},
          {"revenue", "import", "report the events and refunds of a file; safe to run again",
           WithSigning(
               {{"FILE", "CSV (*.csv) with a header, or JSON lines", ArgumentKind::kText, true}}),
           &ReportFile},
          {"revenue", "batch", "the same as import",
           WithSigning(
               {{"FILE", "JSON lines of asset, currency, amount_minor, reference, occurred_at_ms",
                 ArgumentKind::kText, true}}),
           &ReportFile},
          {"revenue",
           "receivables",
           "what reporters owe",
           {{"--reporter", "only this account"}, {"--currency", "only this currency"}},
           &Receivables}};
}

}  // namespace tributary::cli
