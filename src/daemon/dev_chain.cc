#include "daemon/dev_chain.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "keys/key_file.h"
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

}  // namespace

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

absl::StatusOr<GenesisDescription> MakeDevChain(const DevChain& chain,
                                                const std::string& directory) {
  GenesisDescription genesis;
  genesis.chain_id = chain.chain_id;
  genesis.parameters.epoch_ms = chain.epoch_ms;
  genesis.parameters.maturity_epochs = static_cast<uint32_t>(chain.maturity_epochs);
  genesis.parameters.claim_notice_ms = 0;
  // Cents are paid; a micropayment of a millionth of a dollar can be reported.
  genesis.currencies.push_back({kDevCurrency, 6, 10'000, 0});
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

}  // namespace tributary::daemon
