#include <cstdio>

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

absl::Status Check(const Config& config) {
  storage::Options options = StorageOptions(config);
  options.read_only = true;
  const auto store = storage::Store::Open(StoreDir(config), options);
  if (!store.ok()) return store.status();
  TRIBUTARY_RETURN_IF_ERROR((*store)->CheckLog(PrintProgress("entries")));
  std::printf(
      "log: %llu entries agree with their leaf hashes, tiles and the roots in all headers\n",
      static_cast<unsigned long long>((*store)->head().log_size));
  state::TagKey key;
  keys::FillRandom(key);
  state::Resident resident(key);
  TRIBUTARY_RETURN_IF_ERROR((*store)->Recover(resident, PrintProgress("pages")));
  if (resident.empty()) return base::FailedPrecondition("the store holds no genesis");
  std::printf("state: every page agrees with state root %s of block %llu\n",
              base::ToHex(resident.header().state_root.view()).c_str(),
              static_cast<unsigned long long>(resident.header().height.value()));
  TRIBUTARY_RETURN_IF_ERROR(state::RecountConservation((*store)->pages(), resident));
  std::printf("money: every atom is accounted for, in every currency\n");
  return absl::OkStatus();
}

}  // namespace

int RunCheck(const StoreArguments& arguments) {
  const auto config = LoadConfig(arguments);
  if (!config.ok()) return Fail(config.status());
  const absl::Status status = Check(*config);
  if (!status.ok()) return Fail(status);
  std::printf("no damage found\n");
  return kExitOk;
}

}  // namespace tributary::daemon
