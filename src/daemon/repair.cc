#include <cstdio>

#include "daemon/commands.h"
#include "daemon/exit_codes.h"
#include "storage/store.h"

namespace tributary::daemon {

int RunRepair(const StoreArguments& arguments) {
  const auto config = LoadConfig(arguments);
  if (!config.ok()) return Fail(config.status());
  const auto report =
      storage::Repair(StoreDir(*config), StorageOptions(*config), PrintProgress("entries"));
  if (!report.ok()) return Fail(report.status());
  std::printf("rebuilt from the log: block %llu, %llu entries, %llu transactions\n",
              static_cast<unsigned long long>(report->head.height.value()),
              static_cast<unsigned long long>(report->head.log_size),
              static_cast<unsigned long long>(report->transactions));
  if (!report->damaged_dir.empty()) {
    std::printf("the old database is kept in %s\n", report->damaged_dir.c_str());
  }
  return kExitOk;
}

}  // namespace tributary::daemon
