#include "rewards/paths.h"

#include <algorithm>

#include "tributary/base/check.h"

namespace tributary::rewards {

using base::Atoms;
using base::RecordSeq;
using base::Uint128;

namespace {

uint64_t LimitOf(const Explanation& flow) {
  return flow.records.empty() ? 0 : uint64_t{flow.records.front().record.value()} + 1;
}

Uint128 FloorOf(Uint128 amount, uint32_t share) { return Parts::Of(Atoms(amount)).Floor(share); }

}  // namespace

PathFinder::PathFinder(const lineage::Graph& graph, base::Epoch epoch,
                       std::span<const RecordAmount> inflow, const Explanation& flow)
    : graph_(graph),
      epoch_(epoch),
      flow_(flow),
      positions_(LimitOf(flow)),
      best_(flow.records.size()),
      first_link_(flow.records.size(), kNone) {
  links_.reserve(flow.edges);
  for (uint32_t i = 0; i < flow.records.size(); ++i) {
    positions_.At(flow.records[i].record.value()) = i + 1;
  }
  for (const RecordAmount& add : inflow) {
    const uint32_t* at = positions_.Find(add.record.value());
    if (at != nullptr) roots_[*at - 1] += add.amount.value();
  }
  for (const auto& [position, amount] : roots_) best_[position] = {amount, kRoot, 0};
  for (uint32_t i = 0; i < flow.records.size(); ++i) PassOn(i);
}

// Of equal ones a link goes before money that was put in, and the link made first before others.
void PathFinder::Offer(uint32_t position, const Arrival& arrival) {
  Arrival& best = best_[position];
  const bool same = arrival.amount == best.amount && arrival.amount != 0;
  if (arrival.amount > best.amount || (same && best.link == kRoot)) best = arrival;
}

Uint128 PathFinder::RootAt(uint32_t position) const {
  const auto at = roots_.find(position);
  return at == roots_.end() ? 0 : at->second;
}

// All that arrives at the record has been offered, for its children stand before it.
void PathFinder::PassOn(uint32_t position) {
  const Uint128 amount = best_[position].amount;
  if (amount == 0) return;
  const lineage::EdgeRange edges = graph_.EdgesOf(flow_.records[position].record, epoch_);
  parents_.clear();
  for (size_t i = 0; i < edges.size(); ++i) {
    const uint32_t* at = positions_.Find(edges.parents()[i]);
    parents_.push_back(at == nullptr ? kNone : *at - 1);
    if (at != nullptr) __builtin_prefetch(&best_[*at - 1], 1);
  }
  const Parts total = Parts::Of(Atoms(amount));
  for (size_t i = 0; i < edges.size(); ++i) {
    const uint32_t parent = parents_[i];
    if (parent == kNone) continue;  // beyond the limits of the flow
    const uint32_t share = edges.shares()[i];
    const auto link = static_cast<uint32_t>(links_.size());
    links_.push_back({position, share, first_link_[parent]});
    first_link_[parent] = link;
    Offer(parent, {total.Floor(share), link, 0});
  }
}

PathFinder::Ways& PathFinder::WaysTo(uint32_t position) {
  Ways& ways = ways_[position];
  if (ways.found.empty()) ways.found.push_back(best_[position]);
  return ways;
}

bool PathFinder::Spend(uint64_t steps) {
  if (steps > steps_left_) {
    steps_left_ = 0;
    return false;
  }
  steps_left_ -= steps;
  return true;
}

// The best way by each link but the one that was found first.
void PathFinder::Open(uint32_t position, Ways* ways) {
  const uint32_t first = ways->found.front().link;
  const Uint128 root = RootAt(position);
  if (root != 0 && first != kRoot) ways->open.push_back({root, kRoot, 0});
  for (uint32_t at = first_link_[position]; at != kNone; at = links_[at].next) {
    if (at == first) continue;
    const Uint128 amount = FloorOf(best_[links_[at].child].amount, links_[at].share);
    if (amount != 0) ways->open.push_back({amount, at, 0});
  }
  std::make_heap(ways->open.begin(), ways->open.end());
  ways->opened = true;
}

// The successor of the way found last is the next way to its child, which may have to be found
// first: the records waiting for that stand on a list, nearest to where money was put in last.
// When steps run out, whatever was begun goes on from here the next time.
void PathFinder::FindNext(uint32_t position) {
  std::vector<uint32_t> waiting = {position};
  while (!waiting.empty() && Spend(1)) {
    Ways& ways = WaysTo(waiting.back());
    if (!ways.opened) {
      Open(waiting.back(), &ways);
      if (!Spend(ways.open.size())) return;
    }
    const Arrival last = ways.found.back();
    if (last.link != kRoot) {
      const Link& link = links_[last.link];
      const Ways& child = WaysTo(link.child);
      const bool is_known = child.found.size() > last.rank + 1;
      if (!is_known && !child.all) {
        waiting.push_back(link.child);
        continue;
      }
      const Uint128 amount = is_known ? FloorOf(child.found[last.rank + 1].amount, link.share) : 0;
      if (amount != 0) {
        ways.open.push_back({amount, last.link, last.rank + 1});
        std::push_heap(ways.open.begin(), ways.open.end());
      }
    }
    TakeBest(&ways);
    waiting.pop_back();
  }
}

void PathFinder::TakeBest(Ways* ways) {
  if (ways->open.empty()) {
    ways->all = true;
    return;
  }
  std::pop_heap(ways->open.begin(), ways->open.end());
  ways->found.push_back(ways->open.back());
  ways->open.pop_back();
}

void PathFinder::PushEnd(End end, Uint128 arrived, std::vector<End>* ends) const {
  const lineage::Split split = graph_.SplitOf(flow_.records[end.position].record, epoch_);
  const Uint128 kept = FloorOf(arrived, split.kept.value());
  end.amount = FloorOf(kept, split.authors[end.author].share.value());
  if (end.amount == 0) return;
  ends->push_back(end);
  std::push_heap(ends->begin(), ends->end());
}

// The best way to each author of the record that the query asks for.
void PathFinder::PushEnds(const PathQuery& query, uint32_t position, std::vector<End>* ends) const {
  if (best_[position].amount == 0) return;
  const lineage::AuthorRange authors = graph_.AuthorsOf(flow_.records[position].record, epoch_);
  for (uint32_t i = 0; i < authors.size(); ++i) {
    if (query.account && *query.account != authors[i].account) continue;
    PushEnd({0, position, i, 0}, best_[position].amount, ends);
  }
}

// The next way to the same author; false: steps ran out.
bool PathFinder::PushNext(End end, std::vector<End>* ends) {
  const Ways& ways = WaysTo(end.position);
  ++end.rank;
  if (ways.found.size() <= end.rank && !ways.all) FindNext(end.position);
  if (ways.found.size() > end.rank) {
    PushEnd(end, ways.found[end.rank].amount, ends);
    return true;
  }
  return ways.all;
}

// Empty: steps ran out.
ValuedPath PathFinder::PathOf(const End& end) {
  ValuedPath path;
  uint32_t rank = end.rank;
  for (uint32_t at = end.position;;) {
    if (!Spend(1)) return {};
    path.records.push_back(flow_.records[at].record);
    const Arrival& arrival = WaysTo(at).found[rank];
    if (arrival.link == kRoot) break;
    at = links_[arrival.link].child;
    rank = arrival.rank;
  }
  std::reverse(path.records.begin(), path.records.end());
  const RecordSeq record = flow_.records[end.position].record;
  path.account = graph_.AuthorsOf(record, epoch_)[end.author].account;
  path.amount = Atoms(end.amount);
  return path;
}

PathList PathFinder::Top(const PathQuery& query) {
  PathList list;
  list.limit_reached = flow_.limit_reached;
  steps_left_ = query.steps_max;
  std::vector<End> ends;
  if (query.record) {
    const uint32_t* at = positions_.Find(query.record->value());
    if (at != nullptr) PushEnds(query, *at - 1, &ends);
  } else {
    for (uint32_t i = 0; i < flow_.records.size(); ++i) PushEnds(query, i, &ends);
  }
  bool has_steps = true;
  while (!ends.empty() && list.paths.size() < query.paths_max && has_steps) {
    std::pop_heap(ends.begin(), ends.end());
    const End best = ends.back();
    ends.pop_back();
    ValuedPath path = PathOf(best);
    has_steps = !path.records.empty();
    if (has_steps) list.paths.push_back(std::move(path));
    has_steps = has_steps && PushNext(best, &ends);
  }
  list.limit_reached |= !has_steps && list.paths.size() < query.paths_max;
  list.complete = ends.empty() && has_steps && !list.limit_reached;
  list.steps = query.steps_max - steps_left_;
  for (const ValuedPath& path : list.paths) list.shown += path.amount;
  return list;
}

PathList TopPaths(const lineage::Graph& graph, base::Epoch epoch, const PathQuery& query) {
  const std::vector<RecordAmount> inflow = {{query.asset, query.amount}};
  const Explanation flow = Explain(graph, epoch, {Atoms(), inflow, {}}, query.limits);
  PathList list = PathFinder(graph, epoch, inflow, flow).Top(query);
  for (const ExplainedLine& line : flow.lines) {
    if (query.record && *query.record != line.record) continue;
    if (!query.account || *query.account == line.account) list.total += line.amount;
  }
  list.folded = list.total - list.shown;
  return list;
}

}  // namespace tributary::rewards
