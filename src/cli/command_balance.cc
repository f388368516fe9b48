#include <fstream>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
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

absl::Status Show(Context& context) {
  if (context.Has("--proof")) return Prove(context);
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
  return {{"",
           "balance",
           "what an account has",
           {{"ACCOUNT", "handle or id", ArgumentKind::kText, true},
            {"--currency", "only this one"},
            {"--proof", "write a proof of it to this file; needs --currency"}},
           &Show}};
}

}  // namespace tributary::cli
