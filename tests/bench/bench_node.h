// A node in this process, and transactions through it as fast as it takes them.
#ifndef TRIBUTARY_TESTS_BENCH_BENCH_NODE_H_
#define TRIBUTARY_TESTS_BENCH_BENCH_NODE_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "consensus/solo.h"
#include "node/clock.h"
#include "node/ledger.h"
#include "spdlog/spdlog.h"
#include "support/chain.h"

namespace tributary::bench {

[[noreturn]] void Fail(const std::string& what);

// Makes the chain in a directory that is not there yet.
void CreateNode(const std::string& dir, const testing::ChainOptions& options);

inline constexpr uint64_t kHourMs = 3'600'000;

// The machine's clock, six hours back; it catches up by and by, so that epochs end.
class LateClock : public node::Clock {
 public:
  static constexpr uint64_t kHours = 6;
  uint64_t WallMs() const override { return system_.WallMs() - late_ms_; }
  uint64_t SteadyMs() const override { return system_.SteadyMs() + kHours * kHourMs - late_ms_; }
  void CatchUp(uint64_t by_ms) { late_ms_ -= by_ms; }

 private:
  node::SystemClock system_;
  std::atomic<uint64_t> late_ms_{kHours * kHourMs};
};

// Ownership: `clock` outlives it; without one the machine's is taken.
struct Node {
  explicit Node(const std::string& dir, const node::Clock* clock = nullptr);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // Submits all, from every core, and waits until all are durable. Seconds.
  double Ingest(const std::vector<std::string>& transactions);

  node::SystemClock system_clock;
  spdlog::logger logger;
  std::unique_ptr<node::Ledger> ledger;
  std::unique_ptr<consensus::SoloEngine> engine;
};

}  // namespace tributary::bench

#endif  // TRIBUTARY_TESTS_BENCH_BENCH_NODE_H_
