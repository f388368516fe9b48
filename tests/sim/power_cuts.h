// Power cuts under a store, again and again: what was acknowledged is there after each.
#ifndef TRIBUTARY_TESTS_SIM_POWER_CUTS_H_
#define TRIBUTARY_TESTS_SIM_POWER_CUTS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "absl/status/status.h"
#include "sim/memory_disk.h"
#include "sim/workload.h"
#include "storage/store.h"

namespace tributary::sim {

struct PowerCutReport {
  uint64_t cuts = 0;
  uint64_t blocks = 0;          // acknowledged
  uint64_t lives = 0;           // stores that went from their making to the end of the workload
  uint64_t unacknowledged = 0;  // blocks that were there though nobody had been told
  std::map<std::string, uint64_t> at;  // where the power went, how often
};

// The directory of the store on the disk.
inline constexpr char kStoreDir[] = "/data";

// Options with small buffers, so that files are written out and merged all the time.
storage::Options SmallStore(std::shared_ptr<MemoryDisk> disk);

// "append wal", "sync head", ...: an operation, and what sort of file it goes to.
std::string NameOfOperation(MemoryDisk::Op op, const std::string& path);

class PowerCuts {
 public:
  PowerCuts(const Workload& workload, uint64_t seed, bool sync)
      : workload_(workload), random_(seed), sync_(sync) {}

  // One store on one disk, until it holds the whole workload. Errors: Internal says what the cut
  // broke that it may not break.
  absl::Status Life();
  const PowerCutReport& report() const { return report_; }

 private:
  // Opens the store, checks it and adds blocks to it until the power goes, or all are there.
  absl::Status Session();
  void PlanCut(storage::Options& options);
  absl::Status CheckOpened(storage::Store& store);
  absl::Status CheckEnd();
  void Cut(const std::string& where);

  const Workload& workload_;
  std::mt19937_64 random_;
  const bool sync_;
  PowerCutReport report_;
  std::shared_ptr<MemoryDisk> disk_;
  uint64_t acknowledged_ = 0;  // blocks
  bool made_ = false;          // somebody was told that the store is made
  size_t next_step_ = 0;
  uint64_t cut_seed_ = 0;
};

}  // namespace tributary::sim

#endif  // TRIBUTARY_TESTS_SIM_POWER_CUTS_H_
