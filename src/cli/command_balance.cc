#include "cli/command.h"
#include "cli/context.h"
#include "cli/parse.h"
#include "cli/table.h"

namespace tributary::cli {
namespace {

absl::Status Show(Context& context) {
  v1::GetBalanceRequest request;
  *request.mutable_account() = ParseAccount(context.Text("ACCOUNT"));
  request.set_currency(context.Text("--currency"));
  const auto response = context.node().GetBalance(request);
  if (!response.ok()) return response.status();
  if (context.json()) {
    context.PrintJson(*response);
    return absl::OkStatus();
  }
  context.out() << Printable(response->handle()) << " at height " << response->as_of().height()
                << "\n";
  Table table({{"currency"},
               {"available", Align::kRight},
               {"reserved", Align::kRight},
               {"escrowed", Align::kRight},
               {"paid", Align::kRight},
               {"payable now", Align::kRight}});
  for (const v1::Balance& b : response->balances()) {
    table.Add({b.currency(), b.available().major(), b.reserved().major(), b.escrowed().major(),
               b.paid().major(), b.payable_now().major()});
  }
  if (table.empty()) {
    context.out() << "nothing has been credited yet\n";
  } else {
    table.Print(context.out());
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> BalanceCommands() {
  return {
      {"",
       "balance",
       "what an account has",
       {{"ACCOUNT", "handle or id", ArgumentKind::kText, true}, {"--currency", "only this one"}},
       &Show}};
}

}  // namespace tributary::cli
