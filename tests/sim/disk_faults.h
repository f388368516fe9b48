// A whole ledger on a disk that becomes full or fails, at any call, for once or for good.
#ifndef TRIBUTARY_TESTS_SIM_DISK_FAULTS_H_
#define TRIBUTARY_TESTS_SIM_DISK_FAULTS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "absl/status/status.h"
#include "node/ledger.h"
#include "sim/memory_disk.h"
#include "sim/workload.h"
#include "unit/node/fake_clock.h"

namespace tributary::sim {

struct DiskFaultReport {
  uint64_t faults = 0;
  uint64_t acknowledged = 0;  // transactions
  uint64_t blocks = 0;
  uint64_t read_only = 0;        // faults that put the node out of service
  uint64_t refused_to_open = 0;  // faults that struck while it opened
  uint64_t unnoticed = 0;        // faults that nothing of the node's work needed to know of
  uint64_t cuts = 0;             // power cuts after a fault
  std::map<std::string, uint64_t> at;
};

// One chain through as many faults as one likes: after each the ledger is closed, the disk mended
// (half of the time the power was cut before), and opened again.
class DiskFaults {
 public:
  explicit DiskFaults(uint64_t seed);
  ~DiskFaults();

  // Errors: Internal says what the fault broke that it may not break.
  absl::Status Strike();
  const DiskFaultReport& report() const { return report_; }

 private:
  struct Fault;

  absl::StatusOr<std::unique_ptr<node::Ledger>> Open();
  absl::Status Create();
  void Plan();
  // Transactions and blocks until the node is out of service, or for a while.
  absl::Status Work(node::Ledger& ledger);
  absl::Status CheckOutOfService(node::Ledger& ledger);
  absl::Status CheckWhole(node::Ledger& ledger);
  absl::Status CheckBooks();

  Workload workload_;
  std::mt19937_64 random_;
  testing::FakeClock clock_;
  std::shared_ptr<MemoryDisk> disk_;
  std::shared_ptr<Fault> fault_;
  std::map<base::TxId, base::EntryIndex> acknowledged_;
  DiskFaultReport report_;
  bool last_cut_ = false;
  bool last_open_ = false;
};

}  // namespace tributary::sim

#endif  // TRIBUTARY_TESTS_SIM_DISK_FAULTS_H_
