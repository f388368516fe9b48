// Small graphs and books for the tests of the rewards row.
#ifndef TRIBUTARY_TESTS_UNIT_REWARDS_GRAPH_BUILDER_H_
#define TRIBUTARY_TESTS_UNIT_REWARDS_GRAPH_BUILDER_H_

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "lineage/graph.h"
#include "rewards/flow.h"

namespace tributary::rewards {

using Shares32 = std::vector<std::pair<uint32_t, uint32_t>>;  // (record or account, ppb)

inline std::vector<lineage::Edge> EdgesTo(const Shares32& parents) {
  std::vector<lineage::Edge> edges;
  for (const auto& parent : parents) {
    edges.push_back({base::RecordSeq(parent.first), base::Ppb(parent.second), 1});
  }
  return edges;
}

inline std::vector<lineage::AuthorShare> Authors(const Shares32& shares) {
  std::vector<lineage::AuthorShare> authors;
  for (const auto& share : shares) {
    authors.push_back({base::AccountIndex(share.first), base::Ppb(share.second)});
  }
  return authors;
}

inline uint32_t Sum(const Shares32& shares) {
  uint32_t sum = 0;
  for (const auto& share : shares) sum += share.second;
  return sum;
}

// Appends and publishes a record; returns its number.
inline uint32_t AddRecord(lineage::Graph& graph, const Shares32& parents, const Shares32& authors) {
  const auto edges = EdgesTo(parents);
  const auto owners = Authors(authors);
  const base::RecordSeq seq = graph.Append({1, base::Ppb(Sum(parents)), edges, owners});
  graph.Publish();
  return seq.value();
}

inline uint32_t AddVersion(lineage::Graph& graph, uint32_t record, uint64_t epoch,
                           const Shares32& parents, const Shares32& authors) {
  const auto edges = EdgesTo(parents);
  const auto owners = Authors(authors);
  return graph.AppendVersion(base::RecordSeq(record), base::Epoch(epoch),
                             {1, base::Ppb(Sum(parents)), edges, owners});
}

inline Shares32 Only(uint32_t account) { return {{account, base::kPpbOne}}; }

inline RecordAmount Amount(uint32_t record, base::Uint128 atoms) {
  return {base::RecordSeq(record), base::Atoms(atoms)};
}

// Books in ordered maps: totals and versions by record, credits by account.
class MapBook {
 public:
  Flow& Load(base::RecordSeq record) { return flows[record.value()]; }
  uint32_t& VersionOf(base::RecordSeq record) { return versions[record.value()]; }
  std::map<uint32_t, Flow> flows;
  std::map<uint32_t, uint32_t> versions;
};

class MapSink {
 public:
  void Credit(base::AccountIndex account, base::RecordSeq record, base::Atoms amount) {
    by_account[account.value()] += amount;
    by_record[{record.value(), account.value()}] += amount;
    ++credits;
  }
  base::Uint128 Of(uint32_t account) const {
    const auto found = by_account.find(account);
    return found == by_account.end() ? 0 : found->second.value();
  }
  std::map<uint32_t, base::Atoms> by_account;
  std::map<std::pair<uint32_t, uint32_t>, base::Atoms> by_record;
  uint64_t credits = 0;
};

// Dust of all records together, each under the version that its totals belong to.
inline base::Atoms TotalDust(const lineage::Graph& graph, MapBook& book) {
  base::Atoms dust;
  for (const auto& entry : book.flows) {
    const base::RecordSeq record(entry.first);
    dust += DustOf(entry.second, graph.SplitOfVersion(record, book.VersionOf(record)));
  }
  return dust;
}

}  // namespace tributary::rewards

#endif  // TRIBUTARY_TESTS_UNIT_REWARDS_GRAPH_BUILDER_H_
