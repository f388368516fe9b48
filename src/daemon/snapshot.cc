#include "storage/snapshot.h"

#include <cstdio>
#include <optional>

#include "daemon/commands.h"
#include "daemon/exit_codes.h"
#include "storage/store.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::daemon {
namespace {

using Count = unsigned long long;

void Print(const storage::SnapshotInfo& info) {
  if (!info.damage.empty()) {
    std::printf("%s\n  damaged: %s\n", info.path.c_str(), info.damage.c_str());
    return;
  }
  std::printf("%s\n  block %llu, %llu entries, %u chunks, %llu bytes\n", info.path.c_str(),
              static_cast<Count>(info.height.value()), static_cast<Count>(info.log_size),
              info.chunks, static_cast<Count>(info.bytes));
  if (info.engine_height != 0) {
    std::printf("  height of the consensus engine %llu\n", static_cast<Count>(info.engine_height));
  }
  std::printf("  header hash %s\n  snapshot hash %s\n",
              base::ToHex(info.header_hash.view()).c_str(), base::ToHex(info.hash.view()).c_str());
}

// A reader beside a node that runs sees the last commit before it opened.
absl::Status Create(const Config& config, const std::string& dir) {
  storage::Options options = StorageOptions(config);
  options.read_only = true;
  const auto store = storage::Store::Open(StoreDir(config), options);
  if (!store.ok()) return store.status();
  const auto info = storage::CreateSnapshot(*(*store)->Snapshot(), (*store)->engine_height(), dir);
  if (!info.ok()) return info.status();
  Print(*info);
  return storage::PruneSnapshots(dir, config.snapshots_keep);
}

absl::Status List(const std::string& dir) {
  const auto all = storage::ListSnapshots(dir);
  if (!all.ok()) return all.status();
  bool damaged = false;
  for (const storage::SnapshotInfo& info : *all) {
    Print(info);
    damaged = damaged || !info.damage.empty();
  }
  if (damaged) return base::DataLoss("a snapshot in " + dir + " is damaged");
  return absl::OkStatus();
}

absl::StatusOr<std::optional<base::Hash>> ParseTrust(const std::string& text) {
  if (text.empty()) return std::optional<base::Hash>();
  const auto hash = base::DigestFromHex<base::Hash>(text);
  if (!hash) return base::InvalidArgument("--header-hash: 64 hex digits are expected");
  return std::optional<base::Hash>(*hash);
}

absl::Status Verify(const SnapshotArguments& arguments) {
  const auto trust = ParseTrust(arguments.header_hash);
  if (!trust.ok()) return trust.status();
  const auto info = storage::VerifySnapshot(arguments.path, PrintProgress("chunks"));
  if (!info.ok()) return info.status();
  Print(*info);
  if (*trust && **trust != info->header_hash) {
    return base::DataLoss(arguments.path +
                          " is whole, but of another chain or height: its header "
                          "hash is not the one that was given");
  }
  std::printf("every page gives the state root of that header%s\n",
              *trust ? "" : "; compare its hash with one that you trust");
  return absl::OkStatus();
}

absl::Status Restore(const Config& config, const SnapshotArguments& arguments) {
  const auto trust = ParseTrust(arguments.header_hash);
  if (!trust.ok()) return trust.status();
  const auto info = storage::RestoreSnapshot(
      arguments.path, StoreDir(config), StorageOptions(config), *trust, PrintProgress("chunks"));
  if (!info.ok()) return info.status();
  Print(*info);
  std::printf(
      "restored into %s; the %llu entries before it are fetched from `history.from` while "
      "the node runs\n",
      StoreDir(config).c_str(), static_cast<Count>(info->log_size - 1));
  if (!*trust) std::printf("nobody vouched for the header: compare its hash with another node's\n");
  return absl::OkStatus();
}

absl::Status Run(const SnapshotArguments& arguments) {
  const auto config = LoadConfig(arguments.store);
  if (!config.ok()) return config.status();
  const bool on_one = arguments.what == "restore" || arguments.what == "verify";
  if (on_one && arguments.path.empty()) {
    return base::InvalidArgument("name the snapshot: tributaryd snapshot " + arguments.what +
                                 " PATH");
  }
  const std::string dir = arguments.path.empty() ? SnapshotsDir(*config) : arguments.path;
  if (arguments.what == "create") return Create(*config, dir);
  if (arguments.what == "list") return List(dir);
  return arguments.what == "verify" ? Verify(arguments) : Restore(*config, arguments);
}

}  // namespace

std::string SnapshotsDir(const Config& config) { return config.data_dir + "/snapshots"; }

int RunSnapshot(const SnapshotArguments& arguments) {
  const absl::Status status = Run(arguments);
  return status.ok() ? kExitOk : Fail(status);
}

}  // namespace tributary::daemon
