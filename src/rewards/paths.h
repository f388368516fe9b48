// The most valuable paths of one flow, for any number of recipients.
//
// What a path is worth is the chain of floors along it, and a floor never turns a larger amount
// into a smaller one. So the k best ways to a record come from the k best ways to its children: one
// pass over the flow finds the best way to every record, and the second, third and further ones are
// found only where they are asked for, each from the next best way to one child. Never by
// enumeration. Source: Jiménez and Marzal, "Computing the K shortest paths", 1999 (recursive
// enumeration), here without recursion and with floors of amounts for lengths.
#ifndef TRIBUTARY_REWARDS_PATHS_H_
#define TRIBUTARY_REWARDS_PATHS_H_

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "lineage/graph.h"
#include "lineage/seq_map.h"
#include "rewards/explain.h"
#include "tributary/base/amount.h"
#include "tributary/base/types.h"

namespace tributary::rewards {

// Memory: 40 bytes for each record and 12 for each edge of the flow, and what is asked for.
// Thread safety: none.
class PathFinder {
 public:
  // `flow` is Explain(graph, epoch, input, ...) of the inflow given, by default limits or others;
  // paths lead only to records that it has. A path begins at any record of `inflow`.
  // Requires: graph and flow outlive it.
  PathFinder(const lineage::Graph& graph, base::Epoch epoch, std::span<const RecordAmount> inflow,
             const Explanation& flow);

  // Paths that end with an author as the query says; its asset, amount and limits are not read, and
  // `total` and `folded` are left to the caller, who has the lines. Work: at most query.steps_max
  // arrivals looked at and records of paths listed, with a logarithm for each; without a record in
  // the query also one look at each record of the flow.
  PathList Top(const PathQuery& query);

 private:
  // One way to a record: along a link, and to the link's child by the `rank`-th best way to that.
  struct Arrival {
    base::Uint128 amount = 0;
    uint32_t link = 0;  // in links_; kRoot: money was put in here
    uint32_t rank = 0;
    // Heap order: best first, then the child with the highest sequence, then by rank.
    friend bool operator<(const Arrival& a, const Arrival& b) {
      if (a.amount != b.amount) return a.amount < b.amount;
      return a.link != b.link ? a.link > b.link : a.rank > b.rank;
    }
  };
  // An edge of the flow, in the list of its parent.
  struct Link {
    uint32_t child;  // position
    uint32_t share;
    uint32_t next;  // in links_; kNone: the last
  };
  // The ways to a record that have been found, best first, and those that may come next.
  struct Ways {
    std::vector<Arrival> found;
    std::vector<Arrival> open;  // a heap
    bool opened = false;        // `open` has the best way by each other child
    bool all = false;           // there is no further one
  };
  // Where paths may end: an author of a record.
  struct End {
    base::Uint128 amount = 0;
    uint32_t position = 0;
    uint32_t author = 0;
    uint32_t rank = 0;
    friend bool operator<(const End& a, const End& b) {
      if (a.amount != b.amount) return a.amount < b.amount;
      if (a.position != b.position) return a.position > b.position;
      return a.author != b.author ? a.author > b.author : a.rank > b.rank;
    }
  };
  static constexpr uint32_t kRoot = UINT32_MAX;
  static constexpr uint32_t kNone = UINT32_MAX;

  void Offer(uint32_t position, const Arrival& arrival);
  void PassOn(uint32_t position);
  base::Uint128 RootAt(uint32_t position) const;
  Ways& WaysTo(uint32_t position);
  // Finds the way after the last one found. Requires: at least one was found, not all.
  void FindNext(uint32_t position);
  void Open(uint32_t position, Ways* ways);
  static void TakeBest(Ways* ways);
  bool Spend(uint64_t steps);

  void PushEnd(End end, base::Uint128 arrived, std::vector<End>* ends) const;
  void PushEnds(const PathQuery& query, uint32_t position, std::vector<End>* ends) const;
  bool PushNext(End end, std::vector<End>* ends);
  ValuedPath PathOf(const End& end);

  const lineage::Graph& graph_;
  const base::Epoch epoch_;
  const Explanation& flow_;
  lineage::SeqMap<uint32_t> positions_;      // in flow_.records, from 1
  std::vector<Arrival> best_;                // by position; amount 0: nothing arrives
  std::map<uint32_t, base::Uint128> roots_;  // by position; what was put in
  std::vector<uint32_t> parents_;            // of the record that passes on; positions or kNone
  std::vector<uint32_t> first_link_;         // by position
  std::vector<Link> links_;
  std::map<uint32_t, Ways> ways_;  // by position
  uint64_t steps_left_ = 0;
};

}  // namespace tributary::rewards

#endif  // TRIBUTARY_REWARDS_PATHS_H_
