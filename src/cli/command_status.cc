#include <optional>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/statement_lines.h"
#include "cli/table.h"
#include "tributary/base/amount.h"

namespace tributary::cli {
namespace {

std::string Mode(const v1::NodeStatus& status) {
  switch (status.mode()) {
    case v1::NODE_MODE_SERVING:
      return status.mode_reason().empty() ? "serving"
                                          : "serving, " + Printable(status.mode_reason());
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
  const auto checkpoint = context.node().GetCheckpoint();
  if (!checkpoint.ok()) return checkpoint.status();
  facts.Add("log key", checkpoint->is_signed() ? Printable(checkpoint->verifier_key())
                                               : "none: checkpoints are not signed");
  facts.Print(context.out());
  return absl::OkStatus();
}

// The difference of both sides, from the numbers of the lines and not from the node's word.
std::optional<base::Int128> Difference(const v1::TrialBalance& b) {
  base::Int128 sum = 0;
  for (const v1::Amount* debit : {&b.reported(), &b.deposited(), &b.debits()}) {
    const auto atoms = SignedAtomsOf(*debit);
    if (!atoms) return std::nullopt;
    sum += *atoms;
  }
  for (const v1::Amount* credit : {&b.reversed(), &b.fees(), &b.available(), &b.reserved(),
                                   &b.escrow(), &b.bonds(), &b.paid(), &b.pending(), &b.dust()}) {
    const auto atoms = SignedAtomsOf(*credit);
    if (!atoms) return std::nullopt;
    sum -= *atoms;
  }
  return sum;
}

absl::Status Verdict(const v1::GetTrialBalanceResponse& books) {
  for (const v1::TrialBalance& one : books.currencies()) {
    if (one.balanced() && Difference(one) == base::Int128{0}) continue;
    return Unverified("the books of " + one.currency() + " do not balance at height " +
                      std::to_string(books.as_of().height()));
  }
  return absl::OkStatus();
}

// Debit: what came in, and reversals the other way. Credit: where it is.
void PrintBooks(Context& context, const v1::TrialBalance& b) {
  Table table({{b.currency()}, {"debit", Align::kRight}, {"credit", Align::kRight}});
  const auto debit = [&table](const char* name, const v1::Amount& amount) {
    table.Add({name, amount.major(), ""});
  };
  const auto credit = [&table](const char* name, const v1::Amount& amount) {
    table.Add({name, "", amount.major()});
  };
  debit("revenue reported", b.reported());
  debit("deposited", b.deposited());
  debit("refunds to be netted", b.debits());
  credit("revenue reversed", b.reversed());
  credit("network fees", b.fees());
  credit("available", b.available());
  credit("reserved", b.reserved());
  credit("escrow", b.escrow());
  credit("bonds", b.bonds());
  credit("paid", b.paid());
  credit("pending", b.pending());
  credit("dust", b.dust());
  table.Print(context.out());
  const auto difference = Difference(b);
  const bool good = b.balanced() && difference == base::Int128{0};
  context.out() << (good ? "balanced: debit - credit = 0" : "NOT BALANCED");
  if (!good && difference) {
    context.out() << ": debit - credit = " << base::ToDecimal(*difference) << " atoms";
  }
  context.out() << "; funded " << Money(b.funded()) << "\n\n";
}

absl::Status ShowTrialBalance(Context& context) {
  v1::GetTrialBalanceRequest request;
  request.set_currency(context.Text("--currency"));
  if (context.Has("--height") && context.Number("--height") == 0) {
    return UsageError("heights begin with 1, the block of the genesis");
  }
  request.set_height(context.Number("--height"));
  const auto books = context.node().GetTrialBalance(request);
  if (!books.ok()) return books.status();
  if (context.json()) {
    context.PrintJson(*books);
    return Verdict(*books);
  }
  context.out() << "after block " << books->as_of().height() << ", "
                << Time(books->as_of().time_ms()) << "\n";
  for (const v1::TrialBalance& b : books->currencies()) PrintBooks(context, b);
  return Verdict(*books);
}

}  // namespace

std::vector<Command> StatusCommands() {
  return {{"", "status", "the node, its chain and its parameters", {}, &Show},
          {"",
           "trial-balance",
           "both sides of the books, for each currency",
           {{"--currency", "only this one"},
            {"--height", "after this block instead of now", ArgumentKind::kNumber}},
           &ShowTrialBalance}};
}

}  // namespace tributary::cli
