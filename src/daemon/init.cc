#include <cstdio>
#include <filesystem>

#include "daemon/commands.h"
#include "daemon/dev_chain.h"
#include "daemon/exit_codes.h"
#include "daemon/genesis_file.h"
#include "daemon/toml_document.h"
#include "node/clock.h"
#include "node/ledger.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::daemon {
namespace {

absl::StatusOr<GenesisDescription> ReadGenesis(const std::string& path) {
  const auto text = ReadFile(path);
  if (!text.ok()) return base::InvalidArgument(base::Message(text.status()));
  const std::string directory = std::filesystem::path(path).parent_path().string();
  return ParseGenesis(*text, path, directory.empty() ? "." : directory);
}

int PrintRefused(const base::Rejection& rejection) {
  std::fprintf(stderr, "tributaryd: the genesis is refused: %s\n", rejection.ToString().c_str());
  return kExitUsage;
}

}  // namespace

int RunInit(const InitArguments& arguments) {
  const auto config = LoadConfig(arguments.store);
  if (!config.ok()) return Fail(config.status());
  if (arguments.dev == !arguments.genesis_file.empty()) {
    return Fail(base::InvalidArgument("give either --genesis FILE or --dev"));
  }
  if (const absl::Status status = MakeDirectory(config->data_dir); !status.ok()) {
    return Fail(status);
  }
  auto genesis = arguments.dev ? MakeDevChain(arguments.dev_chain, config->data_dir + "/keys")
                               : ReadGenesis(arguments.genesis_file);
  if (!genesis.ok()) return Fail(genesis.status());
  if (genesis->time_ms == 0) genesis->time_ms = node::SystemClock().WallMs();
  const auto verdict =
      node::CreateChain(StoreDir(*config), StorageOptions(*config), EncodeGenesis(*genesis));
  if (!verdict.ok()) return Fail(verdict.status());
  if (verdict->has_value()) return PrintRefused(**verdict);
  std::printf("chain %s begins in %s\n", genesis->chain_id.c_str(), config->data_dir.c_str());
  if (arguments.dev) std::printf("keys are in %s/keys\n", config->data_dir.c_str());
  return kExitOk;
}

}  // namespace tributary::daemon
