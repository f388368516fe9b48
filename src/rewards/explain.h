// Explanation: who gets what of an amount, by which shares and along which paths.
//
// By one flow over the ancestors at the versions of an epoch, with the same integer floors as a
// settlement into empty books; never by enumerating paths, of which real graphs have 10^500. What
// the floors leave stands in a line of its own ("rounding carried"), so the lines add up to the
// amount.
#ifndef TRIBUTARY_REWARDS_EXPLAIN_H_
#define TRIBUTARY_REWARDS_EXPLAIN_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "lineage/graph.h"
#include "lineage/walk.h"
#include "rewards/flow.h"
#include "tributary/base/amount.h"
#include "tributary/base/types.h"

namespace tributary::rewards {

// A number of paths: exact below 2^128 - 1; that is "more than 10^38".
struct PathCount {
  base::Uint128 count = 0;
  bool saturated() const { return count == ~base::Uint128{0}; }
  void Add(const PathCount& other) {
    if (__builtin_add_overflow(count, other.count, &count)) count = ~base::Uint128{0};
  }
  friend bool operator==(const PathCount&, const PathCount&) = default;
};

enum class Role : uint8_t {
  kAuthor,   // through the lineage
  kRoyalty,  // through a royalty of the record
  kFee,      // the network; no record, no account
};

// What one account receives from one record in one role.
struct ExplainedLine {
  Role role = Role::kAuthor;
  base::RecordSeq record;
  base::AccountIndex account;
  base::Atoms amount;
  friend bool operator==(const ExplainedLine&, const ExplainedLine&) = default;
};

// What flows through one record.
struct ExplainedRecord {
  base::RecordSeq record;
  base::Atoms inflow;      // C: what reaches it
  base::Atoms extra;       // K: royalties
  base::Atoms kept;        // R: what its authors keep of C
  uint32_t depth_min = 0;  // edges from the nearest record that money was put into
  uint32_t depth_max = 0;
  PathCount paths;  // number of distinct paths from where money was put in
};

// The amount to explain. rewards/asset_level.h splits a gross into these.
struct ExplainInput {
  base::Atoms fee;
  std::vector<RecordAmount> inflow;  // net to the asset, attributed amounts
  std::vector<RecordAmount> extra;   // royalties
};

struct Explanation {
  std::vector<ExplainedRecord> records;  // descending order of sequence, the asset first
  std::vector<ExplainedLine> lines;      // nonzero; fee first, then records descending, authors in
                                         // the order of the split, author before royalty
  base::Atoms amount;                    // sum of the input == sum of lines + dust + beyond
  base::Atoms dust;                      // rounding carried
  base::Atoms beyond;                    // flows to records that the limit kept out; else 0
  uint64_t edges = 0;
  uint32_t depth = 0;  // longest path
  PathCount paths;     // sum over all records but those money was put into
  bool limit_reached = false;
  bool stopped = false;  // by limits.stop; then also limit_reached
};

// Requires: the records of `input` are below graph.size(), and its sum is below 2^120.
Explanation Explain(const lineage::Graph& graph, base::Epoch epoch, const ExplainInput& input,
                    const lineage::WalkLimits& limits);

// Influence of `asset` itself and of each of its ancestors, by the flow of 10^27 atoms.
struct Influence {
  base::RecordSeq record;
  base::Ppb through;  // of what the asset earns, reaches this record (rounded down)
  base::Ppb kept;     // stays with its authors (rounded down)
  uint32_t depth_min = 0;
  uint32_t depth_max = 0;
};
struct InfluenceResult {
  std::vector<Influence> records;  // descending order of sequence
  bool limit_reached = false;
};
InfluenceResult Shares(const lineage::Graph& graph, base::Epoch epoch, base::RecordSeq asset,
                       const lineage::WalkLimits& limits);

// One way by which money reaches an author. Its amount is the chain of floors along it, so all
// paths to a recipient add up to at most what the recipient gets; the difference is rounding that
// only exists because paths meet.
struct ValuedPath {
  std::vector<base::RecordSeq> records;  // from the asset to the record of the author
  base::AccountIndex account;
  base::Atoms amount;
  friend bool operator==(const ValuedPath&, const ValuedPath&) = default;
};

struct PathQuery {
  base::RecordSeq asset;
  base::Atoms amount;                         // put into the asset's inflow
  std::optional<base::RecordSeq> record;      // only paths that end at this record
  std::optional<base::AccountIndex> account;  // only paths that end with this account
  size_t paths_max = 10;
  uint64_t steps_max = 200'000;  // of the search, and records of the paths listed
  lineage::WalkLimits limits;
};

struct PathList {
  std::vector<ValuedPath> paths;  // most valuable first; every path that is not there is worth at
                                  // most the last one's amount
  base::Atoms shown;              // sum of `paths`
  base::Atoms total;              // what the flow brings to the recipients asked for
  base::Atoms folded;             // total - shown: other paths and rounding
  bool complete = false;          // every path worth an atom is there
  bool limit_reached = false;     // steps or records ran out first; what is there is still right
  uint64_t steps = 0;             // taken
};

// The most valuable paths, best first; rewards/paths.h has the search, and serves many queries
// about one flow. Work is bounded by steps_max and limits.
PathList TopPaths(const lineage::Graph& graph, base::Epoch epoch, const PathQuery& query);

}  // namespace tributary::rewards

#endif  // TRIBUTARY_REWARDS_EXPLAIN_H_
