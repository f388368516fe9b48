#include "cli/command.h"
#include "cli/context.h"
#include "cli/parse.h"
#include "cli/sender.h"

namespace tributary::cli {
namespace {

absl::Status Confirm(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const std::string currency = context.Text("--currency");
  const auto amount = AmountOf(context, sender->status(), currency);
  if (!amount.ok()) return amount.status();
  v1::GetAccountRequest request;
  *request.mutable_account() = ParseAccount(context.Text("REPORTER"));
  const auto reporter = context.node().GetAccount(request);
  if (!reporter.ok()) return reporter.status();
  v1::Operation operation;
  v1::ConfirmFunding* funding = operation.mutable_confirm_funding();
  funding->set_reporter(reporter->id());
  funding->set_currency(currency);
  funding->set_amount_minor(*amount);
  funding->set_external_reference(context.Text("--reference"));
  return sender->SendAndPrint(operation, "funding by " + reporter->handle() + " confirmed");
}

}  // namespace

std::vector<Command> FundingCommands() {
  return {{"funding", "confirm", "confirm a reporter's money; the signing key is a treasurer's",
           WithSigning({{"REPORTER", "handle or id", ArgumentKind::kText, true},
                        {"--currency", "code", ArgumentKind::kText, true},
                        {"--amount", "in major units, such as 12.50"},
                        {"--minor", "in whole minor units instead", ArgumentKind::kNumber},
                        {"--reference", "of the bank or treasury", ArgumentKind::kText, true}}),
           &Confirm}};
}

}  // namespace tributary::cli
