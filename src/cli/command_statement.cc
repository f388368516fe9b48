#include <algorithm>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/parse.h"
#include "cli/table.h"

namespace tributary::cli {
namespace {

std::string What(const v1::StatementLine& line) {
  const std::string payout = "payout " + std::to_string(line.payout());
  switch (line.kind()) {
    case v1::STATEMENT_LINE_KIND_CREDIT:
      return "epoch " + std::to_string(line.epoch()) + ", " + Printable(line.record_name());
    case v1::STATEMENT_LINE_KIND_PAYOUT_REQUESTED: return payout + " requested";
    case v1::STATEMENT_LINE_KIND_PAYOUT_PAID: return payout + " paid";
    case v1::STATEMENT_LINE_KIND_PAYOUT_FAILED: return payout + " failed, back to available";
    default: return "?";
  }
}

// Sign of the line on the available balance; a paid payout was taken off when it was requested.
std::string Signed(const v1::StatementLine& line) {
  const std::string amount = Money(line.amount());
  switch (line.kind()) {
    case v1::STATEMENT_LINE_KIND_PAYOUT_REQUESTED: return "-" + amount;
    case v1::STATEMENT_LINE_KIND_PAYOUT_PAID: return "(" + amount + ")";
    default: return "+" + amount;
  }
}

absl::StatusOr<v1::GetStatementRequest> Request(Context& context) {
  v1::GetStatementRequest request;
  *request.mutable_account() = ParseAccount(context.Text("ACCOUNT"));
  request.set_currency(context.Text("--currency"));
  if (context.Has("--from")) {
    const auto time = ParseTime(context.Text("--from"));
    if (!time.ok()) return time.status();
    request.set_from_ms(*time);
  }
  if (context.Has("--until")) {
    const auto time = ParseTime(context.Text("--until"));
    if (!time.ok()) return time.status();
    request.set_until_ms(*time);
  }
  return request;
}

void Print(Context& context, const v1::GetStatementResponse& all) {
  context.out() << "statement of " << Printable(all.handle()) << "\n";
  Table table({{"time"}, {"what"}, {"amount", Align::kRight}});
  for (const v1::StatementLine& line : all.lines()) {
    table.Add({Time(line.time_ms()), What(line), Signed(line)});
  }
  table.Print(context.out());
  for (const v1::Balance& b : all.balances()) {
    context.out() << "available " << Money(b.available()) << ", reserved " << Money(b.reserved())
                  << ", paid " << Money(b.paid()) << "\n";
  }
  for (const v1::Amount& carried : all.rounding_carried()) {
    context.out() << "rounding carried on the records' books: " << Money(carried) << "\n";
  }
  if (!all.next_page_token().empty()) context.out() << "(more: raise --limit)\n";
}

absl::Status Show(Context& context) {
  auto request = Request(context);
  if (!request.ok()) return request.status();
  uint64_t left = context.Number("--limit");
  v1::GetStatementResponse all;
  do {
    request->set_page_size(static_cast<uint32_t>(std::min<uint64_t>(left, 1'000)));
    const auto page = context.node().GetStatement(*request);
    if (!page.ok()) return page.status();
    left -= std::min<uint64_t>(left, static_cast<uint64_t>(page->lines_size()));
    request->set_page_token(page->next_page_token());
    all.MergeFrom(*page);
    all.set_next_page_token(page->next_page_token());
  } while (left > 0 && !request->page_token().empty());
  if (context.json()) {
    context.PrintJson(all);
  } else {
    Print(context, all);
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> StatementCommands() {
  return {{"",
           "statement",
           "what happened to an account's money",
           {{"ACCOUNT", "handle or id", ArgumentKind::kText, true},
            {"--currency", "only this one"},
            {"--from", "block time, inclusive"},
            {"--until", "block time, exclusive"},
            {"--limit", "at most so many lines", ArgumentKind::kNumber, false, "1000"}},
           &Show}};
}

}  // namespace tributary::cli
