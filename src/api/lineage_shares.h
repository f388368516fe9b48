// Shares along the lineage: of what enters one record, how much flows into another, over all paths.
#ifndef TRIBUTARY_API_LINEAGE_SHARES_H_
#define TRIBUTARY_API_LINEAGE_SHARES_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "api/record_names.h"
#include "lineage/graph.h"
#include "lineage/walk.h"
#include "tributary/base/types.h"

namespace tributary::api {

inline constexpr uint64_t kShareOne = 1'000'000'000'000'000'000;  // parts per 10^18

// What one request may walk.
inline constexpr lineage::WalkLimits kWalkLimits{1'000'000, 10'000'000};

struct SharedNode {
  lineage::Visited visited;
  uint64_t share_e18 = 0;  // each step rounded down
};

struct SharedLineage {
  std::vector<SharedNode> nodes;
  uint64_t edges = 0;
  uint32_t depth = 0;
  bool limit_reached = false;
  bool stopped = false;  // by limits.stop
};

// In descending sequence: of what enters `seq`, what reaches the ancestor.
SharedLineage AncestorShares(const lineage::Graph& graph, base::Epoch epoch, base::RecordSeq seq,
                             const lineage::WalkLimits& limits);
// In ascending sequence: of what enters the descendant, what reaches `seq`.
SharedLineage DescendantShares(const lineage::Graph& graph, base::Epoch epoch, base::RecordSeq seq,
                               const lineage::WalkLimits& limits);

// The last few results, so that the pages of one list cost one walk; and the names of records.
// Thread safety: all members, from any thread.
class LineageCache {
 public:
  struct Key {
    bool ancestors;
    uint32_t seq;
    uint64_t epoch;
    uint64_t height;  // of the view: an amendment changes the shares of an epoch to come
    friend bool operator==(const Key&, const Key&) = default;
  };
  std::shared_ptr<const SharedLineage> Find(const Key& key) const;
  void Put(const Key& key, std::shared_ptr<const SharedLineage> lineage);
  RecordNames& names() { return names_; }

 private:
  static constexpr size_t kEntries = 4;
  mutable std::mutex mutex_;
  std::vector<std::pair<Key, std::shared_ptr<const SharedLineage>>> entries_;  // by mutex_
  RecordNames names_;
};

}  // namespace tributary::api

#endif  // TRIBUTARY_API_LINEAGE_SHARES_H_
