#include "lineage/walk.h"

#include <algorithm>

#include "lineage/seq_map.h"

namespace tributary::lineage {

using base::Epoch;
using base::RecordSeq;

namespace {

struct Depths {
  uint32_t min = UINT32_MAX;
  uint32_t max = 0;
  void Join(uint32_t by_min, uint32_t by_max) {
    min = std::min(min, by_min + 1);
    max = std::max(max, by_max + 1);
  }
};

// Takes `seq` into the result, unless it is the start or the limit is reached.
bool Visit(uint32_t start, uint32_t seq, const Depths& depths, const WalkLimits& limits,
           WalkResult* result) {
  if (seq == start) return true;
  result->stopped = IsStopped(limits, result->records.size());
  if (result->stopped || result->records.size() >= limits.records_max) {
    result->limit_reached = true;
    return false;
  }
  result->records.push_back(Visited{RecordSeq(seq), depths.min, depths.max});
  result->depth = std::max(result->depth, depths.max);
  return true;
}

bool FollowEdge(const WalkLimits& limits, WalkResult* result) {
  if (result->edges >= limits.edges_max) {
    result->limit_reached = true;
    return false;
  }
  ++result->edges;
  return true;
}

bool HasParent(const EdgeRange& edges, uint32_t parent) {
  const uint32_t* end = edges.parents() + edges.size();
  return std::find(edges.parents(), end, parent) != end;
}

}  // namespace

WalkResult WalkAncestors(const Graph& graph, Epoch epoch, RecordSeq seq, const WalkLimits& limits) {
  WalkResult result;
  SeqMap<Depths> open(uint64_t{seq.value()} + 1);
  open.At(seq.value()) = Depths{0, 0};
  uint32_t at = 0;
  Depths depths;
  while (open.PopHighest(&at, &depths)) {
    if (!Visit(seq.value(), at, depths, limits, &result)) return result;
    // Edges are followed all or none, so that the depths of what has been visited are right.
    const EdgeRange edges = graph.EdgesOf(RecordSeq(at), epoch);
    for (size_t i = 0; i < edges.size(); ++i) {
      if (!FollowEdge(limits, &result)) return result;
      open.At(edges.parents()[i]).Join(depths.min, depths.max);
    }
  }
  return result;
}

WalkResult WalkDescendants(const Graph& graph, Epoch epoch, RecordSeq seq,
                           const WalkLimits& limits) {
  WalkResult result;
  const uint64_t size = graph.size();
  SeqMap<Depths> open(size);
  open.At(seq.value()) = Depths{0, 0};
  uint32_t at = 0;
  Depths depths;
  while (open.PopLowest(&at, &depths)) {
    if (!Visit(seq.value(), at, depths, limits, &result)) return result;
    for (const RecordSeq child : graph.ChildrenOf(RecordSeq(at))) {
      if (child.value() >= size) continue;  // published since the walk began
      if (!FollowEdge(limits, &result)) return result;
      if (!HasParent(graph.EdgesOf(child, epoch), at)) continue;
      open.At(child.value()).Join(depths.min, depths.max);
    }
  }
  return result;
}

}  // namespace tributary::lineage
