// What the node counts, for metrics. Counters only grow; they start at 0 with the process.
#ifndef TRIBUTARY_NODE_COUNTERS_H_
#define TRIBUTARY_NODE_COUNTERS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace tributary::node {

// Durations by powers of four from 64 us to about 4 s.
// Thread safety: all members, from any thread.
class DurationHistogram {
 public:
  static constexpr std::array<uint64_t, 9> kBoundsUs = {
      64, 256, 1'024, 4'096, 16'384, 65'536, 262'144, 1'048'576, 4'194'304};
  void Observe(uint64_t us) {
    size_t bucket = 0;
    while (bucket < kBoundsUs.size() && us > kBoundsUs[bucket]) ++bucket;
    counts_[bucket].fetch_add(1, std::memory_order_relaxed);
    sum_us_.fetch_add(us, std::memory_order_relaxed);
  }
  // The last bucket has no bound. Not cumulative.
  uint64_t count(size_t bucket) const { return counts_[bucket].load(std::memory_order_relaxed); }
  uint64_t sum_us() const { return sum_us_.load(std::memory_order_relaxed); }

 private:
  std::array<std::atomic<uint64_t>, kBoundsUs.size() + 1> counts_{};
  std::atomic<uint64_t> sum_us_{0};
};

struct Counters {
  std::atomic<uint64_t> blocks{0};
  std::atomic<uint64_t> transactions_committed{0};
  std::atomic<uint64_t> transactions_refused{0};      // by a rule, at the door or in a block
  std::atomic<uint64_t> transactions_overloaded{0};   // the queue was full
  std::atomic<uint64_t> transactions_unavailable{0};  // the node could not write
  std::atomic<uint64_t> transactions_joined{0};       // repetitions while pending
  std::atomic<uint64_t> transaction_bytes{0};         // of committed ones
  std::atomic<uint64_t> records{0};                   // created
  std::atomic<uint64_t> settlements{0};
  std::atomic<uint64_t> credits{0};
  DurationHistogram commit_time;  // of the synced batch
  DurationHistogram block_time;   // from taking the queue to the answer
};

}  // namespace tributary::node

#endif  // TRIBUTARY_NODE_COUNTERS_H_
