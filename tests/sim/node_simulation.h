// A whole node by seed: the real ledger on a disk that loses what was not synced, under a clock
// that runs, stands still and is set back, for clients who send the same bytes again until they are
// told. It crashes at any step: the power goes at a named step of a commit or at any write, sync,
// rename or deletion that the writer asks for, the process dies, the disk fails; between two
// crashes nothing or many blocks happen. What the simulation decides comes from the seed alone, and
// it has one thread. RocksDB's own threads merge files beside it: they are not counted when a crash
// is aimed, but what they had written then is decided by how far they were.
//
// Invariants, after every block and every recovery:
//   1. What a client was told is committed is in the log, at the entry that it was told.
//   2. A recovery never ends before a block that anybody was told of, nor more than one behind it.
//   3. A block that was told of never changes: its header is the same bytes for ever.
//   4. Heights go up by one, each header names the one before, and time never goes back.
//   5. Whoever sends again what is in the log already learns that it is, and never "refused".
//   6. A node that failed says so: it takes nothing more until it is opened again.
// And at the end of each chain, from the entries of its log alone:
//   7. They replay: header by header, state roots in them, the same bytes; the pages are the same.
//   8. No transaction stands in it twice, and none that nobody sent.
//   9. What was refused for good is not in it.
//  10. The recount of all tables balances, to the last atom.
#ifndef TRIBUTARY_TESTS_SIM_NODE_SIMULATION_H_
#define TRIBUTARY_TESTS_SIM_NODE_SIMULATION_H_

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "codec/header.h"
#include "node/ledger.h"
#include "sim/memory_disk.h"
#include "sim/workload.h"
#include "unit/node/fake_clock.h"

namespace tributary::sim {

struct SimulationReport {
  uint64_t chains = 0;
  uint64_t blocks = 0;          // made, the geneses not counted
  uint64_t acknowledged = 0;    // transactions that a client was told of
  uint64_t sent_again = 0;      // submissions of bytes that had been sent before
  uint64_t found_by_retry = 0;  // of those that were in the log already
  uint64_t refused = 0;
  uint64_t unacknowledged = 0;  // blocks that a recovery found and nobody had been told of
  uint64_t recoveries = 0;
  uint64_t clock_refused = 0;            // blocks not made because the clock had jumped
  std::map<std::string, uint64_t> ends;  // of sessions: how often each
};

class NodeSimulation {
 public:
  // `sync` false: nothing is synced, for the test of the test.
  explicit NodeSimulation(uint64_t seed, bool sync = true);
  ~NodeSimulation();

  // One chain, from its genesis until it has so many blocks, and its end.
  // Errors: Internal says which invariant was broken.
  absl::Status Chain(uint64_t blocks);
  const SimulationReport& report() const { return report_; }

 private:
  struct Outgoing {
    std::string bytes;
    uint64_t sent = 0;
    bool waiting = false;  // for an answer of this session
  };
  struct Fault;

  absl::Status Create();
  absl::StatusOr<std::unique_ptr<node::Ledger>> Open();
  absl::Status Session(uint64_t blocks);
  absl::Status Work(node::Ledger& ledger, uint64_t blocks);
  void PassTime();
  void SetClock(uint64_t by_ms);
  void SetClockRight();
  void SendAll(node::Ledger& ledger);
  void Send(node::Ledger& ledger, std::string bytes);
  void Hear(const node::Decision& decision);
  absl::Status ResolveRefusals(node::Ledger& ledger);
  absl::Status CheckRecovered(node::Ledger& ledger);
  absl::Status CheckBlock(node::Ledger& ledger);
  absl::Status CheckOutOfService(node::Ledger& ledger);
  absl::Status CheckEnd();

  std::mt19937_64 random_;
  const bool sync_;
  SimulationReport report_;

  // Of the chain at hand.
  std::unique_ptr<Workload> workload_;
  std::unique_ptr<testing::FakeClock> clock_;
  uint64_t jumped_ms_ = 0;  // of the clock, since the node last trusted it; modulo 2^64
  std::shared_ptr<MemoryDisk> disk_;
  std::unique_ptr<Fault> fault_;
  std::map<base::TxId, Outgoing> outgoing_;              // not answered yet
  std::map<base::TxId, base::EntryIndex> acknowledged_;  // where they are, as it was told
  std::set<base::TxId> refused_;                         // for good
  std::set<base::TxId> sent_;
  std::vector<base::TxId> to_resolve_;  // refusals just heard
  std::string header_;                  // of the last block that anybody was told of
  std::string broken_;                  // what a callback found
};

}  // namespace tributary::sim

#endif  // TRIBUTARY_TESTS_SIM_NODE_SIMULATION_H_
