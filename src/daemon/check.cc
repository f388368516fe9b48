#include <cstdio>

#include "audit/audit.h"
#include "daemon/commands.h"
#include "daemon/exit_codes.h"
#include "keys/random.h"
#include "state/invariants.h"
#include "state/resident.h"
#include "storage/store.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::daemon {
namespace {

using Count = unsigned long long;

// What is stored against itself; the log is read once and not replayed.
absl::Status CheckItself(const Config& config) {
  storage::Options options = StorageOptions(config);
  options.read_only = true;
  const auto store = storage::Store::Open(StoreDir(config), options);
  if (!store.ok()) return store.status();
  TRIBUTARY_RETURN_IF_ERROR((*store)->CheckLog(PrintProgress("entries")));
  std::printf(
      "log: %llu entries agree with their leaf hashes, tiles and the roots in all headers\n",
      static_cast<Count>((*store)->head().log_size));
  state::TagKey key;
  keys::FillRandom(key);
  state::Resident resident(key);
  TRIBUTARY_RETURN_IF_ERROR((*store)->Recover(resident, PrintProgress("pages")));
  if (resident.empty()) return base::FailedPrecondition("the store holds no genesis");
  std::printf("state: every page agrees with state root %s of block %llu\n",
              base::ToHex(resident.header().state_root.view()).c_str(),
              static_cast<Count>(resident.header().height.value()));
  TRIBUTARY_RETURN_IF_ERROR(state::RecountConservation((*store)->pages(), resident));
  std::printf("money: every atom is accounted for, in every currency\n");
  return absl::OkStatus();
}

// What is stored beside the log against what a replay of the log gives.
absl::Status CheckReplayed(const Config& config) {
  audit::AuditOptions options;
  const storage::Progress print = PrintProgress("entries replayed");
  options.progress = [&print](const audit::AuditProgress& progress) {
    print(progress.entries, progress.entries);
  };
  const auto report = audit::AuditStore(StoreDir(config), options);
  if (!report.ok()) return report.status();
  if (report->fault) {
    return base::DataLoss(StoreDir(config) + ": the log is wrong at " + report->fault->ToString() +
                          ". Put back a copy of this node's data, or of another's");
  }
  if (!report->mismatch.empty()) {
    return base::DataLoss(StoreDir(config) + ": " + report->mismatch +
                          ". `tributaryd repair --data " + StoreDir(config) +
                          "` rebuilds everything from the log, and keeps what is there now");
  }
  std::printf("replay: %llu blocks give every page and %llu index rows as they are stored\n",
              static_cast<Count>(report->checked.blocks),
              static_cast<Count>(report->index_rows_compared));
  return absl::OkStatus();
}

absl::Status Check(const Config& config, bool quick) {
  TRIBUTARY_RETURN_IF_ERROR(CheckItself(config));
  return quick ? absl::OkStatus() : CheckReplayed(config);
}

}  // namespace

int RunCheck(const CheckArguments& arguments) {
  const auto config = LoadConfig(arguments.store);
  if (!config.ok()) return Fail(config.status());
  const absl::Status status = Check(*config, arguments.quick);
  if (!status.ok()) return Fail(status);
  std::printf("no damage found\n");
  return kExitOk;
}

}  // namespace tributary::daemon
