// Bundles whose transactions were decoded and verified, by the hash of their bytes: what a node
// gathered itself, or checked for a peer, is not verified again when a block holds it.
#ifndef TRIBUTARY_CONSENSUS_BUNDLE_CACHE_H_
#define TRIBUTARY_CONSENSUS_BUNDLE_CACHE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <variant>
#include <vector>

#include "node/ledger.h"
#include "tributary/base/rejection.h"
#include "tributary/base/types.h"

namespace tributary::consensus {

// A transaction of a bundle: prepared, or why it can never be valid.
using PreparedItem =
    std::variant<std::shared_ptr<const state::PreparedTransaction>, base::Rejection>;
using PreparedBundle = std::shared_ptr<const std::vector<PreparedItem>>;

// Bounded in bytes of bundles; the oldest goes first. Thread safety: all members, from any thread.
class BundleCache {
 public:
  explicit BundleCache(uint64_t bytes_max) : bytes_max_(bytes_max) {}

  void Put(const base::Hash& hash, uint64_t bytes, PreparedBundle bundle);
  // Null where it is not known.
  PreparedBundle Get(const base::Hash& hash) const;
  // A bundle that was committed is not asked for again.
  void Remove(const base::Hash& hash);

 private:
  struct Slot {
    PreparedBundle bundle;
    uint64_t bytes;
    uint64_t number;
  };
  void RemoveLocked(std::map<base::Hash, Slot>::iterator slot);

  const uint64_t bytes_max_;
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::map<base::Hash, Slot> slots_;
  std::map<uint64_t, base::Hash> order_;  // by number, oldest first
  uint64_t next_number_ = 0;
  uint64_t bytes_ = 0;
};

// Decodes and verifies every transaction of a decoded bundle. Any thread.
PreparedBundle PrepareBundle(const node::Ledger& ledger,
                             const std::vector<std::string_view>& transactions);

}  // namespace tributary::consensus

#endif  // TRIBUTARY_CONSENSUS_BUNDLE_CACHE_H_
