// Bounded walks over the graph: every ancestor or descendant of a record, each once.
#ifndef TRIBUTARY_LINEAGE_WALK_H_
#define TRIBUTARY_LINEAGE_WALK_H_

#include <cstdint>
#include <vector>

#include "lineage/graph.h"
#include "tributary/base/types.h"

namespace tributary::lineage {

// Whether who asked has gone; work that takes longer than a moment asks now and then.
class StopSignal {
 public:
  virtual bool IsStopped() const = 0;

 protected:
  ~StopSignal() = default;
};
// A walk asks once for so many records.
inline constexpr uint64_t kRecordsPerStopCheck = 4'096;

// How much a walk may look at. The work done is proportional to what it visits, plus one pointer
// for each 256 records of the graph.
struct WalkLimits {
  uint64_t records_max = 1'000'000;
  uint64_t edges_max = 10'000'000;
  const StopSignal* stop = nullptr;  // null: never
};

// Whether a walk that has visited so many records is to stop.
inline bool IsStopped(const WalkLimits& limits, uint64_t visited) {
  return limits.stop != nullptr && visited % kRecordsPerStopCheck == 0 && limits.stop->IsStopped();
}

struct Visited {
  base::RecordSeq seq;
  uint32_t depth_min = 0;  // edges on the shortest path
  uint32_t depth_max = 0;  // edges on the longest path
  friend bool operator==(const Visited&, const Visited&) = default;
};

struct WalkResult {
  std::vector<Visited> records;  // without the record that the walk started from
  uint64_t edges = 0;            // edges followed
  uint32_t depth = 0;            // the longest path
  bool limit_reached = false;    // there is more; what is there is exact, depths of ancestors too
  bool stopped = false;          // by limits.stop; then also limit_reached
};

// Ancestors of `seq` by the splits of `epoch`, in descending order of sequence. With a limit
// reached, these are the ancestors with the highest sequence numbers. Requires: seq < graph.size().
WalkResult WalkAncestors(const Graph& graph, base::Epoch epoch, base::RecordSeq seq,
                         const WalkLimits& limits);

// Descendants of `seq` by the splits of `epoch`, in ascending order of sequence; published records
// only. With a limit reached, these are the ones with the lowest sequence numbers.
// Requires: seq < graph.size().
WalkResult WalkDescendants(const Graph& graph, base::Epoch epoch, base::RecordSeq seq,
                           const WalkLimits& limits);

}  // namespace tributary::lineage

#endif  // TRIBUTARY_LINEAGE_WALK_H_
