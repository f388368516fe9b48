#include "api/lineage_shares.h"

#include "lineage/seq_map.h"
#include "tributary/base/amount.h"

namespace tributary::api {
namespace {

uint64_t Times(uint64_t share_e18, base::Ppb ppb) {
  return static_cast<uint64_t>(base::Uint128{share_e18} * ppb.value() / base::kPpbOne);
}

SharedLineage Begin(const lineage::WalkResult& walk) {
  SharedLineage out;
  out.edges = walk.edges;
  out.depth = walk.depth;
  out.limit_reached = walk.limit_reached;
  out.stopped = walk.stopped;
  out.nodes.reserve(walk.records.size());
  return out;
}

}  // namespace

SharedLineage AncestorShares(const lineage::Graph& graph, base::Epoch epoch, base::RecordSeq seq,
                             const lineage::WalkLimits& limits) {
  const lineage::WalkResult walk = lineage::WalkAncestors(graph, epoch, seq, limits);
  SharedLineage out = Begin(walk);
  lineage::SeqMap<uint64_t> shares(uint64_t{seq.value()} + 1);
  const auto pass_on = [&](base::RecordSeq from, uint64_t share) {
    for (const lineage::Edge edge : graph.EdgesOf(from, epoch)) {
      shares.At(edge.parent.value()) += Times(share, edge.share);
    }
  };
  pass_on(seq, kShareOne);
  for (const lineage::Visited& visited : walk.records) {
    // Descending: all that reaches it has been added.
    const uint64_t share = shares.At(visited.seq.value());
    out.nodes.push_back({visited, share});
    pass_on(visited.seq, share);
  }
  return out;
}

SharedLineage DescendantShares(const lineage::Graph& graph, base::Epoch epoch, base::RecordSeq seq,
                               const lineage::WalkLimits& limits) {
  const lineage::WalkResult walk = lineage::WalkDescendants(graph, epoch, seq, limits);
  SharedLineage out = Begin(walk);
  const uint64_t highest = walk.records.empty() ? seq.value() : walk.records.back().seq.value();
  lineage::SeqMap<uint64_t> shares(highest + 1);
  shares.At(seq.value()) = kShareOne;
  for (const lineage::Visited& visited : walk.records) {
    // Ascending: its parents' shares are known; a parent that is no descendant leads nowhere.
    uint64_t share = 0;
    for (const lineage::Edge edge : graph.EdgesOf(visited.seq, epoch)) {
      const uint64_t* parent = shares.Find(edge.parent.value());
      if (parent != nullptr) share += Times(*parent, edge.share);
    }
    shares.At(visited.seq.value()) = share;
    out.nodes.push_back({visited, share});
  }
  return out;
}

std::shared_ptr<const SharedLineage> LineageCache::Find(const Key& key) const {
  const std::lock_guard lock(mutex_);
  for (const auto& entry : entries_) {
    if (entry.first == key) return entry.second;
  }
  return nullptr;
}

void LineageCache::Put(const Key& key, std::shared_ptr<const SharedLineage> lineage) {
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= kEntries) entries_.erase(entries_.begin());
  entries_.emplace_back(key, std::move(lineage));
}

}  // namespace tributary::api
