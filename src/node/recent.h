// What became of recent transactions: bounded memory, oldest forgotten first.
#ifndef TRIBUTARY_NODE_RECENT_H_
#define TRIBUTARY_NODE_RECENT_H_

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <variant>

#include "node/decision.h"
#include "tributary/base/types.h"

namespace tributary::node {

struct RecentLimits {
  uint64_t decisions_max = 65'536;
  uint64_t bytes_max = 32u << 20;     // estimated
  uint64_t refusal_ms_max = 600'000;  // how long a refusal is remembered, by block time
};

// Thread safety: all members, from any thread.
class RecentDecisions {
 public:
  struct Known {
    std::variant<Committed, Refused> result;
    base::TimeMs valid_until;
  };

  explicit RecentDecisions(RecentLimits limits) : limits_(limits) {}

  // A commit is never replaced by a refusal; a refusal is replaced by either.
  void Add(const base::TxId& id, base::TimeMs valid_until, const Decision& decision,
           base::TimeMs now);
  std::optional<Known> Find(const base::TxId& id, base::TimeMs now) const;

 private:
  struct Slot {
    Known known;
    base::TimeMs added;
    uint64_t number;  // which entry of order_ is about this
    uint64_t bytes;
  };
  void DropOldest();

  const RecentLimits limits_;
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::map<base::TxId, Slot> slots_;
  std::deque<std::pair<uint64_t, base::TxId>> order_;  // oldest first; may name replaced slots
  uint64_t next_number_ = 0;
  uint64_t bytes_ = 0;
};

}  // namespace tributary::node

#endif  // TRIBUTARY_NODE_RECENT_H_
