#include <algorithm>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/pages.h"
#include "cli/parse.h"
#include "cli/payout_file.h"
#include "cli/sender.h"
#include "cli/table.h"

namespace tributary::cli {
namespace {

absl::Status Request(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const std::string currency = context.Text("--currency");
  const auto amount = AmountOf(context, sender->status(), currency);
  if (!amount.ok()) return amount.status();
  v1::Operation operation;
  operation.mutable_request_payout()->set_currency(currency);
  operation.mutable_request_payout()->set_amount_minor(*amount);
  const auto sent = sender->Send(operation);
  if (!sent.ok()) return sent.status();
  std::string what = "payout";
  if (sent->status.committed().payouts_size() > 0) {
    what += " " + std::to_string(sent->status.committed().payouts(0));
  }
  sender->Print(*sent, what + " requested");
  return absl::OkStatus();
}

absl::Status Confirm(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  v1::Operation operation;
  operation.mutable_confirm_payout()->set_payout(context.Number("PAYOUT"));
  operation.mutable_confirm_payout()->set_external_reference(context.Text("--reference"));
  return sender->SendAndPrint(operation, "payout " + context.Text("PAYOUT") + " confirmed");
}

absl::Status Fail(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  v1::Operation operation;
  operation.mutable_fail_payout()->set_payout(context.Number("PAYOUT"));
  operation.mutable_fail_payout()->set_reason(context.Text("--reason"));
  return sender->SendAndPrint(operation, "payout " + context.Text("PAYOUT") + " failed");
}

std::string StateText(const v1::Payout& payout) {
  switch (payout.state()) {
    case v1::PAYOUT_STATE_REQUESTED:
      return payout.automatic() ? "requested by itself" : "requested";
    case v1::PAYOUT_STATE_PAID: return "paid, " + Printable(payout.external_reference());
    case v1::PAYOUT_STATE_FAILED: return "failed: " + Printable(payout.reason());
    default: return "?";
  }
}

absl::Status List(Context& context) {
  v1::ListPayoutsRequest request;
  const auto state = ParsePayoutState(context.Text("--state"));
  if (!state.ok()) return state.status();
  request.set_state(*state);
  if (context.Has("--account")) {
    *request.mutable_account() = ParseAccount(context.Text("--account"));
  }
  request.set_currency(context.Text("--currency"));
  const auto all =
      ReadPages(context.node(), &client::Client::ListPayouts,
                &v1::ListPayoutsResponse::payouts_size, request, context.Number("--limit"));
  if (!all.ok()) return all.status();
  if (context.json()) {
    context.PrintJson(*all);
    return absl::OkStatus();
  }
  Table table({{"payout", Align::kRight},
               {"account"},
               {"amount", Align::kRight},
               {"requested"},
               {"state"}});
  for (const v1::Payout& payout : all->payouts()) {
    table.Add({std::to_string(payout.number()), Printable(payout.handle()), Money(payout.amount()),
               Time(payout.requested_ms()), StateText(payout)});
  }
  table.Print(context.out());
  if (!all->next_page_token().empty()) context.out() << "(more: raise --limit)\n";
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> PayoutCommands() {
  const Argument number{"PAYOUT", "its number", ArgumentKind::kNumber, true};
  return {
      {"payout", "request", "ask for money; the signing key is the account's",
       WithSigning({{"--currency", "code", ArgumentKind::kText, true},
                    {"--amount", "in major units, such as 12.50"},
                    {"--minor", "in whole minor units instead", ArgumentKind::kNumber}}),
       &Request},
      {"payout", "confirm", "confirm that a payout was made; the key is a treasurer's",
       WithSigning({number, {"--reference", "of the bank", ArgumentKind::kText, true}}), &Confirm},
      {"payout", "fail", "say that a payout failed; the key is a treasurer's",
       WithSigning({number, {"--reason", "why", ArgumentKind::kText, true}}), &Fail},
      {"payout",
       "list",
       "list payouts, newest first",
       {{"--state", "requested, paid or failed"},
        {"--account", "only of this account"},
        {"--currency", "only this one"},
        {"--limit", "at most so many", ArgumentKind::kNumber, false, "100"}},
       &List}};
}

}  // namespace tributary::cli
