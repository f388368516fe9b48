// Transactions that wait for the next block: a bounded queue, first come, first served.
#ifndef TRIBUTARY_NODE_MEMPOOL_H_
#define TRIBUTARY_NODE_MEMPOOL_H_

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "node/decision.h"
#include "state/prepared.h"

namespace tributary::node {

struct MempoolLimits {
  uint64_t transactions_max = 20'000;
  uint64_t bytes_max = 64u << 20;
  uint64_t waiters_max = 64;  // callbacks for one transaction
};

// Thread safety: all members, from any thread.
class Mempool {
 public:
  struct Item {
    std::shared_ptr<state::PreparedTransaction> transaction;
    std::vector<DecisionCallback> waiters;
  };
  enum class Added { kQueued, kJoined, kFull, kClosed };
  struct Usage {
    uint64_t transactions = 0;
    uint64_t bytes = 0;
  };

  explicit Mempool(MempoolLimits limits) : limits_(limits) {}

  // Queues `transaction`, or, where the very same bytes are queued or in the block being made,
  // joins them: `done` (if set) is then called with the first one's decision. Other bytes of the
  // same id (other signatures) are queued for themselves: a bad copy must not speak for a good one.
  // kFull and kClosed: nothing was taken and `done` will not be called.
  Added Add(std::unique_ptr<state::PreparedTransaction> transaction, DecisionCallback done);

  // Whether adding so many bytes would be refused just now. A hint, before work is put into it.
  bool IsFull(size_t bytes) const;

  // Adds a callback to a pending transaction; false where there is none of that id.
  bool Watch(const base::TxId& id, DecisionCallback done);
  bool IsPending(const base::TxId& id) const;
  // The pending item of exactly these bytes; null where there is none.
  std::shared_ptr<Item> Find(const base::TxId& id, std::string_view bytes) const;

  // Waits until there is something, Wake or Close was called, or `timeout_ms` have passed.
  // Writer. Returns whether there is something.
  bool Wait(std::optional<uint64_t> timeout_ms);
  // Ends one Wait early.
  void Wake();

  // Writer. Takes up to so much from the front; what is taken stays pending until Forget. At least
  // one, if there is one.
  std::vector<std::shared_ptr<Item>> Take(uint64_t count_max, uint64_t bytes_max);
  // Writer. Ends the pending state of what was taken and hands over its waiters.
  std::vector<DecisionCallback> Forget(const std::shared_ptr<Item>& item);

  // From now on nothing is taken. Returns what is still queued.
  std::vector<std::shared_ptr<Item>> Close();

  Usage usage() const;

 private:
  bool FullLocked(size_t bytes) const;

  const MempoolLimits limits_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  // Guarded by mutex_.
  bool closed_ = false;
  bool woken_ = false;
  uint64_t bytes_ = 0;  // of the queue
  std::deque<std::shared_ptr<Item>> queue_;
  std::multimap<base::TxId, std::shared_ptr<Item>> pending_;
};

}  // namespace tributary::node

#endif  // TRIBUTARY_NODE_MEMPOOL_H_
