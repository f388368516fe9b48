#include <fstream>
#include <iterator>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/table.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"
#include "tributary/client/proof.h"

namespace tributary::cli {
namespace {

constexpr std::streamsize kFileBytesMax = 1 << 20;

absl::StatusOr<std::string> ReadProofFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(static_cast<size_t>(kFileBytesMax), '\0');
  in.read(text.data(), kFileBytesMax);
  if (in.bad() || (in.fail() && !in.eof())) return base::Internal("cannot read " + path);
  text.resize(static_cast<size_t>(in.gcount()));
  return text;
}

void PrintProven(Context& context, const client::ProvenBalance& b) {
  const auto major = [&b](base::Atoms atoms) { return base::FormatAtoms(atoms, b.decimals); };
  const std::string time = Time(b.time.value());
  if (context.json()) {
    JsonObject object;
    object.Bool("holds", true).Text("chain_id", b.chain_id);
    object.Text("account", base::ToHex(b.account.view())).Text("handle", b.handle);
    object.Text("currency", b.currency).Number("decimals", b.decimals);
    object.Number("height", b.height.value()).Number("time_ms", b.time.value());
    object.Number("log_size", b.log_size);
    const auto amount = [&](std::string_view name, base::Atoms atoms) {
      JsonObject value;
      value.Text("atoms", base::ToDecimal(atoms.value())).Text("major", major(atoms));
      object.Raw(name, value.Finish());
    };
    amount("available", b.available), amount("reserved", b.reserved);
    amount("escrowed", b.escrowed), amount("bonded", b.bonded);
    amount("paid", b.paid), amount("credited", b.credited);
    context.out() << object.Finish() << "\n";
    return;
  }
  context.out() << "holds: " << Printable(b.handle) << " of chain " << Printable(b.chain_id)
                << " at height " << b.height.value() << ", " << time << "\n";
  Table table({{"in " + b.currency}, {"amount", Align::kRight}});
  table.Add({"available", major(b.available)});
  table.Add({"reserved", major(b.reserved)});
  table.Add({"escrowed", major(b.escrowed)});
  table.Add({"bonded", major(b.bonded)});
  table.Add({"paid", major(b.paid)});
  table.Add({"credited, ever", major(b.credited)});
  table.Print(context.out());
}

absl::Status Balance(Context& context) {
  const std::string path = context.Text("FILE");
  const auto key = merkle::ParseVerifierKey(context.Text("--log-key"));
  if (!key) {
    return UsageError("--log-key is no verifier key (name+id+base64): " +
                      key.rejection().ToString());
  }
  const auto text = ReadProofFile(path);
  if (!text.ok()) return text.status();
  const auto proof = client::ParseBalanceProofFile(*text);
  if (!proof) return UsageError(path + ": " + proof.rejection().ToString());
  const auto balance = client::VerifyBalance(*proof, *key);
  if (!balance) return Unverified(path + ": " + balance.rejection().ToString());
  PrintProven(context, *balance);
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> VerifyCommands() {
  return {{"verify",
           "balance",
           "check a proof of a balance with nothing but the log's key; asks no node",
           {{"FILE", "what `tributary balance --proof` wrote", ArgumentKind::kText, true},
            {"--log-key", "verifier key of the log, name+id+base64", ArgumentKind::kText, true}},
           &Balance}};
}

}  // namespace tributary::cli
