#include "api/lineage_shares.h"

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
  out.nodes.reserve(walk.records.size());
  return out;
}

}  // namespace

SharedLineage AncestorShares(const lineage::Graph& graph, base::Epoch epoch, base::RecordSeq seq,
                             const lineage::WalkLimits& limits) {
  const lineage::WalkResult walk = lineage::WalkAncestors(graph, epoch, seq, limits);
  SharedLineage out = Begin(walk);
  std::unordered_map<uint32_t, uint64_t> shares;
  shares.reserve(walk.records.size() + 1);
  shares[seq.value()] = kShareOne;
  const auto pass_on = [&](base::RecordSeq from, uint64_t share) {
    for (const lineage::Edge edge : graph.EdgesOf(from, epoch)) {
      shares[edge.parent.value()] += Times(share, edge.share);
    }
  };
  pass_on(seq, kShareOne);
  for (const lineage::Visited& visited : walk.records) {
    // Descending: all that reaches it has been added.
    const uint64_t share = shares[visited.seq.value()];
    out.nodes.push_back({visited, share});
    pass_on(visited.seq, share);
  }
  return out;
}

SharedLineage DescendantShares(const lineage::Graph& graph, base::Epoch epoch, base::RecordSeq seq,
                               const lineage::WalkLimits& limits) {
  const lineage::WalkResult walk = lineage::WalkDescendants(graph, epoch, seq, limits);
  SharedLineage out = Begin(walk);
  std::unordered_map<uint32_t, uint64_t> shares;
  shares.reserve(walk.records.size() + 1);
  shares[seq.value()] = kShareOne;
  for (const lineage::Visited& visited : walk.records) {
    // Ascending: its parents' shares are known; a parent that is no descendant leads nowhere.
    uint64_t share = 0;
    for (const lineage::Edge edge : graph.EdgesOf(visited.seq, epoch)) {
      const auto parent = shares.find(edge.parent.value());
      if (parent != shares.end()) share += Times(parent->second, edge.share);
    }
    shares[visited.seq.value()] = share;
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
