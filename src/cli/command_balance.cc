#include <fstream>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/pages.h"
#include "cli/parse.h"
#include "cli/table.h"
#include "tributary/base/status.h"
#include "tributary/client/proof.h"

namespace tributary::cli {
namespace {

// Keeps a proof as a file.
absl::Status Prove(Context& context) {
  v1::GetBalanceProofRequest request;
  *request.mutable_account() = ParseAccount(context.Text("ACCOUNT"));
  request.set_currency(context.Text("--currency"));
  if (request.currency().empty()) {
    return UsageError("--proof needs --currency: a proof is of one balance");
  }
  const auto proof = context.node().GetBalanceProof(request);
  if (!proof.ok()) return proof.status();
  const std::string path = context.Text("--proof");
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << client::BalanceProofFile(*proof);
  out.close();
  if (!out) return base::Internal("cannot write " + path);
  context.Progress("wrote " + path + "; check it with: tributary verify balance " + path +
                   " --log-key KEY");
  return absl::OkStatus();
}

absl::Status ShowOne(Context& context) {
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
  for (const v1::Balance& b : response->balances()) {
    if (b.automatic_above_minor() == 0) continue;
    context.out() << "payouts in " << b.currency() << " are requested by themselves from "
                  << b.automatic_above_minor() << " minor units on\n";
  }
  return absl::OkStatus();
}

// Each balance at the height of its own reading; accounts without any credit are left out.
absl::Status ShowAll(Context& context) {
  const auto accounts =
      ReadPages(context.node(), &client::Client::ListAccounts,
                &v1::ListAccountsResponse::accounts_size, v1::ListAccountsRequest(), UINT64_MAX);
  if (!accounts.ok()) return accounts.status();
  Table table({{"account"},
               {"currency"},
               {"credited", Align::kRight},
               {"available", Align::kRight},
               {"paid", Align::kRight}});
  std::string json;
  for (const v1::AccountView& account : accounts->accounts()) {
    v1::GetBalanceRequest request;
    request.mutable_account()->set_id(account.id());
    request.set_currency(context.Text("--currency"));
    const auto response = context.node().GetBalance(request);
    if (!response.ok()) return response.status();
    bool credited = false;
    for (const v1::Balance& b : response->balances()) {
      if (b.credited().atoms() == "0") continue;
      credited = true;
      table.Add({Printable(response->handle()), b.currency(), b.credited().major(),
                 b.available().major(), b.paid().major()});
    }
    if (credited) json += (json.empty() ? "" : ",") + ToJson(*response);
  }
  if (context.json()) {
    context.out() << JsonObject().Raw("accounts", "[" + json + "]").Finish() << "\n";
  } else {
    table.Print(context.out());
  }
  return absl::OkStatus();
}

absl::Status Show(Context& context) {
  if (context.Flag("--all") == context.Has("ACCOUNT")) {
    return UsageError("name an account, or ask for --all");
  }
  if (context.Flag("--all")) {
    return context.Has("--proof") ? UsageError("--proof is of one account") : ShowAll(context);
  }
  return context.Has("--proof") ? Prove(context) : ShowOne(context);
}

}  // namespace

std::vector<Command> BalanceCommands() {
  return {{"",
           "balance",
           "what an account has",
           {{"ACCOUNT", "handle or id"},
            {"--all", "everybody who was ever credited", ArgumentKind::kFlag},
            {"--currency", "only this one"},
            {"--proof", "write a proof of it to this file; needs --currency"}},
           &Show}};
}

}  // namespace tributary::cli
