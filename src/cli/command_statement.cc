// Statements of an account, of a record and of an asset.
#include <algorithm>
#include <limits>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/csv.h"
#include "cli/parse.h"
#include "cli/payout_file.h"
#include "cli/statement_lines.h"
#include "cli/table.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

constexpr uint64_t kLimitDefault = 1'000;  // of lines on a screen; a CSV file has all

// ---- Of an account

std::string What(const v1::StatementLine& line) {
  const std::string payout = "payout " + std::to_string(line.payout());
  const bool royalty = line.kind() == v1::STATEMENT_LINE_KIND_ROYALTY;
  const bool credit = royalty || line.kind() == v1::STATEMENT_LINE_KIND_CREDIT;
  if (!line.period().empty()) {
    std::string many = line.period();
    switch (line.kind()) {
      case v1::STATEMENT_LINE_KIND_PAYOUT_REQUESTED: many += ", payouts requested"; break;
      case v1::STATEMENT_LINE_KIND_PAYOUT_PAID: many += ", payouts paid"; break;
      case v1::STATEMENT_LINE_KIND_PAYOUT_FAILED: many += ", payouts failed"; break;
      case v1::STATEMENT_LINE_KIND_ROYALTY: many += ", royalties"; break;
      default: many += ", " + Plural(line.count(), "credit"); break;
    }
    return many;
  }
  if (credit) {
    std::string from = line.of_pot() ? "pot of case " + std::to_string(line.case_number())
                                     : "epoch " + std::to_string(line.epoch());
    from += ", settlement " + std::to_string(line.settlement());
    if (line.record().empty()) return from;
    return from + (royalty ? ", royalty of " : ", ") + Printable(line.record_name());
  }
  switch (line.kind()) {
    case v1::STATEMENT_LINE_KIND_PAYOUT_REQUESTED: return payout + " requested";
    case v1::STATEMENT_LINE_KIND_PAYOUT_PAID: return payout + " paid";
    case v1::STATEMENT_LINE_KIND_PAYOUT_FAILED: return payout + " failed, back to available";
    default: return "?";
  }
}

// Sign of the line on the available balance; a paid payout was taken off when it was requested.
int SignOf(const v1::StatementLine& line) {
  if (line.kind() == v1::STATEMENT_LINE_KIND_PAYOUT_REQUESTED) return -1;
  return line.kind() == v1::STATEMENT_LINE_KIND_PAYOUT_PAID ? 0 : 1;
}

std::string Signed(const v1::StatementLine& line) {
  const std::string amount = Money(line.amount());
  if (SignOf(line) == 0) return "(" + amount + ")";
  return (SignOf(line) < 0 ? "-" : "+") + amount;
}

std::string KindText(v1::StatementLineKind kind) {
  switch (kind) {
    case v1::STATEMENT_LINE_KIND_CREDIT: return "credit";
    case v1::STATEMENT_LINE_KIND_ROYALTY: return "royalty";
    case v1::STATEMENT_LINE_KIND_PAYOUT_REQUESTED: return "payout_requested";
    case v1::STATEMENT_LINE_KIND_PAYOUT_PAID: return "payout_paid";
    case v1::STATEMENT_LINE_KIND_PAYOUT_FAILED: return "payout_failed";
    default: return "?";
  }
}

// What the line does to the available balance, in atoms.
std::string Effect(const v1::StatementLine& line) {
  if (SignOf(line) == 0) return "0";
  return (SignOf(line) < 0 ? "-" : "") + line.amount().atoms();
}

std::vector<std::string> StatementHeader(bool of_asset) {
  std::vector<std::string> names = {
      "time",   "height",       "kind",         "period",          "count",  "currency",
      "amount", "amount_minor", "amount_atoms", "available_atoms", "record", "record_name",
      "epoch",  "settlement",   "payout",       "entry",           "case"};
  if (of_asset) {
    names.insert(names.end(),
                 {"attributed_atoms", "credited_atoms", "other_assets_atoms", "rounding_atoms"});
  }
  return names;
}

std::vector<const v1::Amount*> OfAsset(const v1::StatementLine& line) {
  return {&line.attributed(), &line.credited(), &line.other(), &line.rounding()};
}

std::vector<std::string> StatementCells(const v1::StatementLine& line, bool of_asset) {
  const bool credit = line.kind() == v1::STATEMENT_LINE_KIND_CREDIT ||
                      line.kind() == v1::STATEMENT_LINE_KIND_ROYALTY;
  const auto only = [](bool holds, uint64_t number) {
    return holds ? std::to_string(number) : std::string();
  };
  const v1::Amount& amount = line.amount();
  std::vector<std::string> cells = {IsoTime(line.time_ms()),
                                    std::to_string(line.height()),
                                    KindText(line.kind()),
                                    line.period(),
                                    std::to_string(line.count()),
                                    amount.currency(),
                                    amount.major(),
                                    amount.minor(),
                                    amount.atoms(),
                                    Effect(line),
                                    Hex(line.record()),
                                    CsvText(line.record_name()),
                                    only(credit, line.epoch()),
                                    only(credit, line.settlement()),
                                    only(!credit, line.payout()),
                                    only(!credit, line.entry()),
                                    only(line.of_pot(), line.case_number())};
  if (of_asset) {
    for (const v1::Amount* one : OfAsset(line)) cells.push_back(one->atoms());
  }
  return cells;
}

// ---- What all three share

struct Period {
  uint64_t from_ms = 0;
  uint64_t until_ms = 0;
  v1::StatementPeriod by{};
};

absl::StatusOr<Period> PeriodOf(Context& context) {
  Period period;
  const std::pair<const char*, uint64_t*> times[] = {{"--from", &period.from_ms},
                                                     {"--until", &period.until_ms}};
  for (const auto& [name, to] : times) {
    if (!context.Has(name)) continue;
    const auto time = ParseTime(context.Text(name));
    if (!time.ok()) return time.status();
    *to = *time;
  }
  const auto by = ParsePeriod(context.Text("--by"));
  if (!by.ok()) return by.status();
  period.by = *by;
  return period;
}

uint64_t LimitOf(Context& context) {
  if (context.Has("--limit")) return context.Number("--limit");
  return context.Has("--csv") ? std::numeric_limits<uint64_t>::max() : kLimitDefault;
}

// Reads page after page and merges the lines. What stands on the last page is in the result.
template <class Request, class Response>
absl::StatusOr<Response> Collect(Context& context, Request request,
                                 absl::StatusOr<Response> (client::Client::*read)(const Request&)) {
  const auto status = context.node().GetStatus();
  if (!status.ok()) return status.status();
  LineMerger merger(*status);
  uint64_t left = LimitOf(context);
  Response all;
  auto* lines = all.mutable_lines();
  do {
    request.set_page_size(static_cast<uint32_t>(std::min<uint64_t>(left, 1'000)));
    auto page = (context.node().*read)(request);
    if (!page.ok()) return page.status();
    left -= std::min<uint64_t>(left, static_cast<uint64_t>(page->lines_size()));
    for (const auto& line : page->lines()) {
      if (!merger.Append(line, lines)) return base::Internal("the node sent amounts of no number");
    }
    page->clear_lines();
    request.set_page_token(page->next_page_token());
    all.MergeFrom(*page);
    all.set_next_page_token(page->next_page_token());
    context.Progress("lines: " + std::to_string(all.lines_size()));
  } while (left > 0 && !request.page_token().empty());
  return all;
}

// Writes the lines as CSV. Returns whether --csv was given.
template <class Response, class Cells>
absl::StatusOr<bool> WroteCsv(Context& context, const Response& all,
                              const std::vector<std::string>& header, Cells cells) {
  if (!context.Has("--csv")) return false;
  CsvOutput csv(context.out());
  TRIBUTARY_RETURN_IF_ERROR(csv.Open(context.Text("--csv")));
  csv.Row(header);
  for (const auto& line : all.lines()) csv.Row(cells(line));
  TRIBUTARY_RETURN_IF_ERROR(csv.Flush());
  return true;
}

template <class Response>
void PrintMore(Context& context, const Response& all) {
  if (!all.next_page_token().empty()) context.out() << "(more: raise --limit)\n";
}

void Print(Context& context, const v1::GetStatementResponse& all, bool of_asset) {
  context.out() << "statement of " << Printable(all.handle()) << "\n";
  std::vector<Column> columns = {{"time"}, {"what"}, {"amount", Align::kRight}};
  if (of_asset) {
    for (const char* name : {"of it attributed", "all credited", "of other assets", "rounding"}) {
      columns.push_back({name, Align::kRight});
    }
  }
  Table table(columns);
  for (const v1::StatementLine& line : all.lines()) {
    std::vector<std::string> cells = {Time(line.time_ms()), What(line), Signed(line)};
    if (of_asset) {
      for (const v1::Amount* one : OfAsset(line)) cells.push_back(one->major());
    }
    table.Add(std::move(cells));
  }
  table.Print(context.out());
  for (const v1::Balance& b : all.balances()) {
    context.out() << "available " << Money(b.available()) << ", reserved " << Money(b.reserved())
                  << ", paid " << Money(b.paid()) << "\n";
  }
  for (const v1::Amount& carried : all.rounding_carried()) {
    context.out() << "rounding carried on the "
                  << (all.rounding_carried_partial() ? "newest 10,000 records'" : "records'")
                  << " books: " << Money(carried) << "\n";
  }
  PrintMore(context, all);
}

absl::Status Show(Context& context) {
  v1::GetStatementRequest request;
  *request.mutable_account() = ParseAccount(context.Text("ACCOUNT"));
  request.set_currency(context.Text("--currency"));
  const auto period = PeriodOf(context);
  if (!period.ok()) return period.status();
  request.set_from_ms(period->from_ms);
  request.set_until_ms(period->until_ms);
  request.set_by(period->by);
  const bool of_asset = context.Has("--asset");
  const std::pair<const char*, v1::RecordRef* (v1::GetStatementRequest::*)()> filters[] = {
      {"--record", &v1::GetStatementRequest::mutable_record},
      {"--asset", &v1::GetStatementRequest::mutable_asset}};
  for (const auto& [name, field] : filters) {
    if (!context.Has(name)) continue;
    const auto record = ParseRecord(context.Text(name));
    if (!record.ok()) return record.status();
    *(request.*field)() = *record;
  }
  const auto all = Collect(context, request, &client::Client::GetStatement);
  if (!all.ok()) return all.status();
  const auto wrote = WroteCsv(
      context, *all, StatementHeader(of_asset),
      [of_asset](const v1::StatementLine& line) { return StatementCells(line, of_asset); });
  if (!wrote.ok() || *wrote) return wrote.status();
  if (context.json()) {
    context.PrintJson(*all);
  } else {
    Print(context, *all, of_asset);
  }
  return absl::OkStatus();
}

// ---- Of a record and of an asset

std::string PeriodText(const std::string& period, uint64_t settlement, uint64_t epoch) {
  if (!period.empty()) return period;
  return "settlement " + std::to_string(settlement) + ", epoch " + std::to_string(epoch);
}

// The cells before the amounts.
template <class Line>
std::vector<std::string> LineStart(const Line& line, const v1::Amount& first) {
  return {IsoTime(line.time_ms()),
          std::to_string(line.height()),
          line.period(),
          std::to_string(line.count()),
          std::to_string(line.epoch()),
          std::to_string(line.settlement()),
          first.currency()};
}

std::vector<std::string> StartNames() {
  return {"time", "height", "period", "count", "epoch", "settlement", "currency"};
}

// Three columns for each amount.
void AddAmountNames(const std::vector<std::string>& names, std::vector<std::string>* to) {
  for (const std::string& name : names) {
    for (const char* unit : {"", "_minor", "_atoms"}) to->push_back(name + unit);
  }
}
void AddAmounts(const std::vector<const v1::Amount*>& amounts, std::vector<std::string>* to) {
  for (const v1::Amount* amount : amounts) {
    to->insert(to->end(), {amount->major(), amount->minor(), amount->atoms()});
  }
}

template <class Request>
absl::Status FillRequest(Context& context, Request* request) {
  request->set_currency(context.Text("--currency"));
  const auto period = PeriodOf(context);
  if (!period.ok()) return period.status();
  request->set_from_ms(period->from_ms);
  request->set_until_ms(period->until_ms);
  request->set_by(period->by);
  return absl::OkStatus();
}

std::vector<const v1::Amount*> AmountsOf(const v1::RecordStatementLine& line) {
  return {&line.inflow(),    &line.earned(),    &line.attributed(),
          &line.royalties(), &line.passed_on(), &line.credited()};
}

void PrintRecord(Context& context, const v1::GetRecordStatementResponse& all) {
  context.out() << "statement of " << Printable(all.record_name()) << "\n";
  Table table({{"time"},
               {"period"},
               {"currency"},
               {"inflow", Align::kRight},
               {"earned here", Align::kRight},
               {"of it attributed", Align::kRight},
               {"royalties", Align::kRight},
               {"passed on", Align::kRight},
               {"to authors", Align::kRight}});
  for (const v1::RecordStatementLine& line : all.lines()) {
    std::vector<std::string> cells = {
        Time(line.time_ms()),
        line.of_pot() ? "pot of case " + std::to_string(line.case_number())
                      : PeriodText(line.period(), line.settlement(), line.epoch()),
        line.inflow().currency()};
    for (const v1::Amount* amount : AmountsOf(line)) cells.push_back(amount->major());
    table.Add(std::move(cells));
  }
  table.Print(context.out());
  for (const v1::RecordBooks& b : all.books()) {
    context.out() << "books: in " << Money(b.inflow()) << " and " << Money(b.extra())
                  << " beside; passed on " << Money(b.passed_on()) << ", to authors "
                  << Money(b.credited()) << ", dust " << Money(b.dust()) << "\n";
  }
  PrintMore(context, all);
}

absl::Status ShowRecord(Context& context) {
  v1::GetRecordStatementRequest request;
  const auto record = ParseRecord(context.Text("RECORD"));
  if (!record.ok()) return record.status();
  *request.mutable_record() = *record;
  TRIBUTARY_RETURN_IF_ERROR(FillRequest(context, &request));
  const auto all = Collect(context, request, &client::Client::GetRecordStatement);
  if (!all.ok()) return all.status();
  std::vector<std::string> header = StartNames();
  AddAmountNames({"inflow", "earned", "attributed", "royalties", "passed_on", "credited"}, &header);
  const auto wrote = WroteCsv(context, *all, header, [](const v1::RecordStatementLine& line) {
    std::vector<std::string> cells = LineStart(line, line.inflow());
    AddAmounts(AmountsOf(line), &cells);
    return cells;
  });
  if (!wrote.ok() || *wrote) return wrote.status();
  if (context.json()) {
    context.PrintJson(*all);
  } else {
    PrintRecord(context, *all);
  }
  return absl::OkStatus();
}

std::vector<const v1::Amount*> AmountsOf(const v1::AssetStatementLine& line) {
  return {&line.netted(),    &line.gross(),      &line.fee(),
          &line.royalties(), &line.attributed(), &line.net()};
}

absl::Status ShowAsset(Context& context) {
  v1::GetAssetStatementRequest request;
  const auto asset = ParseRecord(context.Text("ASSET"));
  if (!asset.ok()) return asset.status();
  *request.mutable_asset() = *asset;
  TRIBUTARY_RETURN_IF_ERROR(FillRequest(context, &request));
  const auto all = Collect(context, request, &client::Client::GetAssetStatement);
  if (!all.ok()) return all.status();
  std::vector<std::string> header = StartNames();
  AddAmountNames({"netted", "gross", "fee", "royalties", "attributed", "net"}, &header);
  const auto wrote = WroteCsv(context, *all, header, [](const v1::AssetStatementLine& line) {
    std::vector<std::string> cells = LineStart(line, line.gross());
    AddAmounts(AmountsOf(line), &cells);
    return cells;
  });
  if (!wrote.ok() || *wrote) return wrote.status();
  if (context.json()) {
    context.PrintJson(*all);
    return absl::OkStatus();
  }
  context.out() << "statement of " << Printable(all->asset_name()) << "\n";
  Table table({{"time"},
               {"period"},
               {"currency"},
               {"refunds netted", Align::kRight},
               {"gross", Align::kRight},
               {"fee", Align::kRight},
               {"royalties", Align::kRight},
               {"attributed", Align::kRight},
               {"to the lineage", Align::kRight}});
  for (const v1::AssetStatementLine& line : all->lines()) {
    std::vector<std::string> cells = {Time(line.time_ms()),
                                      PeriodText(line.period(), line.settlement(), line.epoch()),
                                      line.gross().currency()};
    for (const v1::Amount* amount : AmountsOf(line)) cells.push_back(amount->major());
    table.Add(std::move(cells));
  }
  table.Print(context.out());
  for (const v1::Amount& debit : all->debits()) {
    if (IsZero(debit)) continue;
    context.out() << "refunds of settled revenue that wait to be netted: " << Money(debit) << "\n";
  }
  PrintMore(context, *all);
  return absl::OkStatus();
}

std::vector<Argument> WithPeriod(std::vector<Argument> own) {
  const std::vector<Argument> shared = {
      {"--currency", "only this one"},
      {"--from", "block time, inclusive"},
      {"--until", "block time, exclusive"},
      {"--by", "settlement, epoch or month: one line for each"},
      {"--csv", "write all lines as CSV into a new file, or - for the standard output"},
      {"--limit", "at most so many lines; 1000 unless written as CSV", ArgumentKind::kNumber}};
  own.insert(own.end(), shared.begin(), shared.end());
  return own;
}

}  // namespace

std::vector<Command> StatementCommands() {
  return {
      {"", "statement", "what happened to an account's money",
       WithPeriod({{"ACCOUNT", "handle or id", ArgumentKind::kText, true},
                   {"--record", "only what came through this record"},
                   {"--asset", "only what came of this asset's revenue"}}),
       &Show},
      {"record", "statement", "what reached a record, what it passed on, and to whom it went",
       WithPeriod(
           {{"RECORD", "id, external id, sha256:HEX or #sequence", ArgumentKind::kText, true}}),
       &ShowRecord},
      {"revenue", "statement", "what an asset earned and where it went, by settlement",
       WithPeriod({{"ASSET", "record that earned it", ArgumentKind::kText, true}}), &ShowAsset}};
}

}  // namespace tributary::cli
