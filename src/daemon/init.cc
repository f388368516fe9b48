#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "daemon/commands.h"
#include "daemon/exit_codes.h"
#include "daemon/genesis_file.h"
#include "daemon/toml_document.h"
#include "keys/key_file.h"
#include "node/clock.h"
#include "node/ledger.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::daemon {
namespace {

struct DevAccount {
  const char* handle;
  codec::Role role;
};
constexpr DevAccount kDevAccounts[] = {{"admin", codec::Role::kAdmin},
                                       {"steward", codec::Role::kSteward},
                                       {"reporter", codec::Role::kReporter},
                                       {"treasurer", codec::Role::kTreasurer},
                                       {"arbiter", codec::Role::kArbiter}};
constexpr const char* kDevCurrency = "USD";

absl::Status SyncDirectory(const std::filesystem::path& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && fsync(fd) == 0;
  const int error = errno;
  if (fd >= 0) close(fd);
  if (synced) return absl::OkStatus();
  return base::Unavailable("cannot sync " + path.string() + ": " + std::strerror(error));
}

// Makes the directory and those above it that are missing, so that a power cut leaves them there:
// what is synced in a directory is lost with the directory.
absl::Status MakeDirectory(const std::string& path) {
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::absolute(path, error).lexically_normal();
  std::filesystem::path standing = whole;
  while (!error && standing.has_relative_path() && !std::filesystem::exists(standing, error)) {
    standing = standing.parent_path();
  }
  if (!error) std::filesystem::create_directories(whole, error);
  if (error) return base::Unavailable("cannot make " + path + ": " + error.message());
  for (std::filesystem::path made = whole; made != standing; made = made.parent_path()) {
    TRIBUTARY_RETURN_IF_ERROR(SyncDirectory(made.parent_path()));
  }
  return absl::OkStatus();
}

// Keys in DIR/keys, one for each role, and a chain that knows them.
absl::StatusOr<GenesisDescription> MakeDev(const InitArguments& arguments,
                                           const std::string& data_dir) {
  GenesisDescription genesis;
  genesis.chain_id = arguments.chain_id;
  genesis.parameters.epoch_ms = arguments.epoch_ms;
  genesis.parameters.maturity_epochs = static_cast<uint32_t>(arguments.maturity_epochs);
  genesis.parameters.claim_notice_ms = 0;
  // Cents are paid; a micropayment of a millionth of a dollar can be reported.
  genesis.currencies.push_back({kDevCurrency, 6, 10'000, 0});
  const std::string directory = data_dir + "/keys";
  TRIBUTARY_RETURN_IF_ERROR(MakeDirectory(directory));
  chmod(directory.c_str(), 0700);
  for (const DevAccount& dev : kDevAccounts) {
    const auto key = keys::SigningKey::Generate(dev.handle);
    TRIBUTARY_RETURN_IF_ERROR(key.Save(directory + "/" + dev.handle + ".key"));
    GenesisDescription::Account account;
    account.handle = dev.handle;
    account.public_key = key.public_key();
    account.roles.push_back(dev.role);
    if (dev.role == codec::Role::kReporter) {
      account.credit_limits.push_back({kDevCurrency, UINT64_MAX});
    }
    genesis.accounts.push_back(std::move(account));
  }
  GenesisDescription::Account commons;
  commons.handle = "commons";
  commons.commons = true;
  genesis.accounts.push_back(std::move(commons));
  return genesis;
}

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
  auto genesis =
      arguments.dev ? MakeDev(arguments, config->data_dir) : ReadGenesis(arguments.genesis_file);
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
