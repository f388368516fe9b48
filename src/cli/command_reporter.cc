// What reporters and attributors sign beside events: refunds, statements of periods, attributions.
#include <fstream>

#include "cli/attribution_file.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/find_record.h"
#include "cli/json_text.h"
#include "cli/pages.h"
#include "cli/parse.h"
#include "cli/sender.h"
#include "cli/table.h"
#include "codec/limits.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"
#include "tributary/client/attribution.h"

namespace tributary::cli {
namespace {

// ---- Refunds

absl::Status Refund(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  if (context.Has("--amount") && !context.Has("--currency")) {
    return UsageError("--amount needs --currency; --minor does not");
  }
  const auto amount = AmountOf(context, sender->status(), context.Text("--currency"));
  if (!amount.ok()) return amount.status();
  v1::Operation operation;
  v1::RefundRevenue* refund = operation.mutable_refund_revenue();
  refund->set_reference(context.Text("REFERENCE"));
  refund->set_amount_minor(*amount);
  refund->set_refund_reference(context.Text("--reference"));
  return sender->SendAndPrint(
      operation, "refund " + refund->refund_reference() + " of " + refund->reference());
}

// ---- Statements of periods

absl::Status Declare(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const auto asset = FindRecordId(context, context.Text("ASSET"));
  if (!asset.ok()) return asset.status();
  const auto total = AmountOf(context, sender->status(), context.Text("--currency"));
  if (!total.ok()) return total.status();
  v1::Operation operation;
  v1::SubmitStatement* statement = operation.mutable_submit_statement();
  statement->set_asset(*asset);
  statement->set_currency(context.Text("--currency"));
  statement->set_first_epoch(context.Number("--first-epoch"));
  statement->set_last_epoch(context.Number("--last-epoch"));
  statement->set_total_minor(*total);
  return sender->SendAndPrint(operation, "statement of epochs " +
                                             std::to_string(statement->first_epoch()) + " to " +
                                             std::to_string(statement->last_epoch()));
}

// ---- What reporters have stated, and owe a word about

absl::StatusOr<v1::ListReceivablesResponse> ReceivablesOf(Context& context) {
  v1::ListReceivablesRequest request;
  if (context.Has("--reporter")) {
    *request.mutable_reporter() = ParseAccount(context.Text("--reporter"));
  }
  request.set_currency(context.Text("--currency"));
  return ReadPages(context.node(), &client::Client::ListReceivables,
                   &v1::ListReceivablesResponse::receivables_size, request, UINT64_MAX);
}

absl::StatusOr<v1::ListReportingResponse> PeriodsOf(Context& context) {
  v1::ListReportingRequest request;
  if (context.Has("--reporter")) {
    *request.mutable_reporter() = ParseAccount(context.Text("--reporter"));
  }
  if (context.Has("--asset")) {
    const auto asset = ParseRecord(context.Text("--asset"));
    if (!asset.ok()) return asset.status();
    *request.mutable_asset() = *asset;
  }
  request.set_currency(context.Text("--currency"));
  request.set_gaps_only(context.Flag("--gaps"));
  if (context.Has("--first-epoch")) request.set_first_epoch(context.Number("--first-epoch"));
  if (context.Has("--last-epoch")) request.set_last_epoch(context.Number("--last-epoch"));
  return ReadPages(context.node(), &client::Client::ListReporting,
                   &v1::ListReportingResponse::periods_size, request, context.Number("--limit"));
}

void PrintOwed(Context& context, const v1::ListReceivablesResponse& owed) {
  for (const v1::Receivable& one : owed.receivables()) {
    context.out() << Printable(one.handle()) << ": outstanding " << Money(one.outstanding())
                  << ", credit limit " << (one.unlimited() ? "none" : Money(one.limit()))
                  << " (reported " << Money(one.reported()) << ", refunded "
                  << Money(one.reversed()) << ", paid in " << Money(one.confirmed()) << ")\n";
  }
}

std::string EpochsText(const v1::ReportingPeriod& period) {
  const std::string first = std::to_string(period.first_epoch());
  if (period.first_epoch() == period.last_epoch()) return first;
  return first + " to " + std::to_string(period.last_epoch());
}

void PrintPeriods(Context& context, const v1::ListReportingResponse& all) {
  Table table({{"reporter"},
               {"asset"},
               {"epochs", Align::kRight},
               {"stated", Align::kRight},
               {"reported", Align::kRight},
               {"refunded", Align::kRight},
               {"events", Align::kRight}});
  uint64_t gaps = 0;
  for (const v1::ReportingPeriod& period : all.periods()) {
    if (!period.stated()) ++gaps;
    const bool summed = period.has_reported();
    table.Add({Printable(period.handle()), Printable(period.asset_name()), EpochsText(period),
               period.stated() ? Money(period.total()) : "OWED " + period.currency(),
               summed ? Money(period.reported()) : "?", summed ? Money(period.reversed()) : "?",
               summed ? std::to_string(period.events()) : "?"});
  }
  table.Print(context.out());
  if (!all.next_page_token().empty()) context.out() << "(more: raise --limit)\n";
  context.out() << (gaps == 0 ? "no statement is owed"
                              : Plural(gaps, "period") + " without a statement")
                << "\n";
}

absl::Status Reporting(Context& context) {
  const auto owed = ReceivablesOf(context);
  if (!owed.ok()) return owed.status();
  const auto periods = PeriodsOf(context);
  if (!periods.ok()) return periods.status();
  if (context.json()) {
    context.out()
        << JsonObject().Raw("owed", ToJson(*owed)).Raw("reporting", ToJson(*periods)).Finish()
        << "\n";
    return absl::OkStatus();
  }
  PrintOwed(context, *owed);
  PrintPeriods(context, *periods);
  return absl::OkStatus();
}

// ---- Attributions

absl::StatusOr<std::vector<InfluenceLine>> InfluencesOf(Context& context) {
  std::vector<InfluenceLine> lines;
  if (context.Has("--influences")) {
    auto read = ReadInfluenceFile(context.Text("--influences"));
    if (!read.ok()) return read.status();
    lines = std::move(*read);
  }
  for (const std::string& text : context.List("--influence")) {
    const auto line = ParseInfluence(text);
    if (!line.ok()) return line.status();
    lines.push_back(*line);
  }
  if (lines.empty() || lines.size() > codec::kInfluencesMax) {
    return UsageError("an attribution names 1 to 1,024 records: --influence or --influences");
  }
  return lines;
}

absl::StatusOr<v1::AttributionClaim> ClaimOf(Context& context, const client::Signer& attributor) {
  v1::AttributionClaim claim;
  const auto asset = FindRecordId(context, context.Text("ASSET"));
  if (!asset.ok()) return asset.status();
  claim.set_asset(*asset);
  v1::GetAccountRequest request;
  *request.mutable_account() = ParseAccount(context.Text("--reporter"));
  const auto reporter = context.node().GetAccount(request);
  if (!reporter.ok()) return reporter.status();
  claim.set_reporter(reporter->id());
  claim.set_reference(context.Text("--reference"));
  const auto account = context.node().AccountOf(attributor);
  if (!account.ok()) return account.status();
  claim.set_attributor(client::ToField(*account));
  claim.set_method(context.Text("--method"));
  if (context.Has("--report-sha256")) {
    const auto report = base::FromHex(context.Text("--report-sha256"));
    if (!report || report->size() != base::Hash::kSize) {
      return UsageError("--report-sha256 is 64 hex digits");
    }
    claim.set_report_sha256(std::string(report->begin(), report->end()));
  }
  const auto alpha = ParsePpb(context.Text("--alpha"));
  if (!alpha.ok()) return alpha.status();
  claim.set_alpha_ppb(*alpha);
  const auto influences = InfluencesOf(context);
  if (!influences.ok()) return influences.status();
  for (const InfluenceLine& line : *influences) {
    const auto record = FindRecordId(context, line.record);
    if (!record.ok()) return record.status();
    v1::Influence* influence = claim.add_influences();
    influence->set_record(*record);
    influence->set_weight(line.weight);
  }
  return claim;
}

absl::Status Attribute(Context& context) {
  const auto key = client::LoadSigner(context.Text("--key"));
  if (!key.ok()) return key.status();
  const auto status = context.node().GetStatus();
  if (!status.ok()) return status.status();
  const auto claim = ClaimOf(context, **key);
  if (!claim.ok()) return claim.status();
  const std::string text =
      WriteAttribution(client::SignAttribution(status->chain_id(), *claim, **key));
  if (!context.Has("--out")) {
    context.out() << text << "\n";
    return absl::OkStatus();
  }
  const std::string path = context.Text("--out");
  std::ofstream out(path);
  out << text << "\n";
  out.close();
  if (!out) return base::Internal("cannot write " + path);
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> ReporterCommands() {
  const Argument asset{"ASSET", "record that earned it", ArgumentKind::kText, true};
  return {
      {"revenue", "refund", "give back a part or the whole of an event; the key is its reporter's",
       WithSigning({{"REFERENCE", "of the event", ArgumentKind::kText, true},
                    {"--reference", "your own name of the refund, never used before",
                     ArgumentKind::kText, true},
                    {"--amount", "in major units, such as 12.50; with --currency"},
                    {"--minor", "in whole minor units instead", ArgumentKind::kNumber},
                    {"--currency", "code, for --amount"}}),
       &Refund},
      {"revenue", "declare", "state what an asset earned in a period, also nothing",
       WithSigning({asset,
                    {"--currency", "code", ArgumentKind::kText, true},
                    {"--first-epoch", "of the period", ArgumentKind::kNumber, true},
                    {"--last-epoch", "inclusive; it has ended", ArgumentKind::kNumber, true},
                    {"--amount", "in major units, such as 12.50"},
                    {"--minor", "in whole minor units instead", ArgumentKind::kNumber}}),
       &Declare},
      {"revenue",
       "reporting",
       "what reporters owe, what they have stated, and the periods that they have not",
       {{"--reporter", "only this account"},
        {"--asset", "only this record"},
        {"--currency", "only this currency"},
        {"--gaps", "only periods without a statement", ArgumentKind::kFlag},
        {"--first-epoch", "only from this one on", ArgumentKind::kNumber},
        {"--last-epoch", "only up to this one", ArgumentKind::kNumber},
        {"--limit", "at most so many periods", ArgumentKind::kNumber, false, "1000"}},
       &Reporting},
      {"revenue",
       "attribute",
       "sign which records influenced one event; for `revenue report --attribution`",
       {asset,
        {"--reporter", "handle or id", ArgumentKind::kText, true},
        {"--reference", "that the event will have", ArgumentKind::kText, true},
        {"--alpha", "part of gross that they direct: 20%", ArgumentKind::kText, true},
        {"--method", "how it was found: trak, datainf, human …", ArgumentKind::kText, true},
        {"--influence", "RECORD=WEIGHT; may be given again", ArgumentKind::kList},
        {"--influences", "file of JSON lines of record and weight"},
        {"--report-sha256", "hash of the report, 64 hex digits"},
        {"--key,-k", "key file of the attributor", ArgumentKind::kText, true},
        {"--out,-o", "file; default: standard output"}},
       &Attribute}};
}

}  // namespace tributary::cli
