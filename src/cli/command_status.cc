#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/table.h"

namespace tributary::cli {
namespace {

std::string Mode(const v1::NodeStatus& status) {
  switch (status.mode()) {
    case v1::NODE_MODE_SERVING: return "serving";
    case v1::NODE_MODE_READ_ONLY: return "READ ONLY: " + Printable(status.mode_reason());
    case v1::NODE_MODE_HALTED: return "HALTED: " + Printable(status.mode_reason());
    case v1::NODE_MODE_CLOCK_REFUSED: return "CLOCK REFUSED: " + Printable(status.mode_reason());
    default: return "unknown";
  }
}

absl::Status Show(Context& context) {
  const auto status = context.node().GetStatus();
  if (!status.ok()) return status.status();
  if (context.json()) {
    context.PrintJson(*status);
    return absl::OkStatus();
  }
  std::string currencies;
  for (const v1::Currency& currency : status->currencies()) {
    currencies += (currencies.empty() ? "" : ", ") + currency.code() + " (" +
                  std::to_string(currency.decimals()) + " decimals)";
  }
  const v1::Parameters& p = status->parameters();
  Facts facts;
  facts.Add("chain", Printable(status->chain_id()) + "  " + Hex(status->chain_hash()));
  facts.Add("mode", Mode(*status));
  facts.Add("height", std::to_string(status->height()) + " at " + Time(status->time_ms()));
  facts.Add("epoch", std::to_string(status->epoch()) + ", ends " + Time(status->epoch_end_ms()) +
                         ", oldest unsettled " + std::to_string(status->oldest_unsettled_epoch()));
  facts.Add("log",
            std::to_string(status->log_size()) + " entries, root " + Hex(status->log_root()));
  facts.Add("state root", Hex(status->state_root()));
  facts.Add("accounts", std::to_string(status->accounts()));
  facts.Add("records",
            std::to_string(status->records()) + ", edges " + std::to_string(status->edges()));
  facts.Add("settlements", std::to_string(status->settlements()) + ", payouts " +
                               std::to_string(status->payouts()));
  facts.Add("currencies", currencies);
  facts.Add("network fee", Percent(p.fee_ppb()));
  facts.Add("validity window", Plural(p.validity_window_ms() / 1'000, "second"));
  facts.Add("waiting", Plural(status->mempool_transactions(), "transaction"));
  facts.Add("software", Printable(status->version()) + ", engine " + Printable(status->engine()));
  facts.Print(context.out());
  return absl::OkStatus();
}

absl::Status Verdict(const v1::GetTrialBalanceResponse& books) {
  for (const v1::TrialBalance& one : books.currencies()) {
    if (!one.balanced()) return Unverified("the books of " + one.currency() + " do not balance");
  }
  return absl::OkStatus();
}

absl::Status ShowTrialBalance(Context& context) {
  v1::GetTrialBalanceRequest request;
  request.set_currency(context.Text("--currency"));
  const auto books = context.node().GetTrialBalance(request);
  if (!books.ok()) return books.status();
  if (context.json()) {
    context.PrintJson(*books);
    return Verdict(*books);
  }
  for (const v1::TrialBalance& b : books->currencies()) {
    Table table({{b.currency() + ": from"}, {"", Align::kRight}, {"to"}, {"", Align::kRight}});
    table.Add({"reported", b.reported().major(), "network fees", b.fees().major()});
    table.Add({"reversed (taken off)", b.reversed().major(), "available", b.available().major()});
    table.Add({"deposited", b.deposited().major(), "reserved", b.reserved().major()});
    table.Add({"", "", "escrow", b.escrow().major()});
    table.Add({"", "", "bonds", b.bonds().major()});
    table.Add({"", "", "paid", b.paid().major()});
    table.Add({"", "", "pending", b.pending().major()});
    table.Add({"", "", "dust", b.dust().major()});
    table.Add({"sum", b.sources().major(), "sum", b.uses().major()});
    table.Print(context.out());
    context.out() << (b.balanced() ? "balanced" : "NOT BALANCED") << "; funded "
                  << Money(b.funded()) << "\n\n";
  }
  return Verdict(*books);
}

}  // namespace

std::vector<Command> StatusCommands() {
  return {{"", "status", "the node, its chain and its parameters", {}, &Show},
          {"",
           "trial-balance",
           "both sides of the books, for each currency",
           {{"--currency", "only this one"}},
           &ShowTrialBalance}};
}

}  // namespace tributary::cli
