// Settlement: cumulative floor flow over all touched records, in one pass.
//
// Matured money is added to the totals of records; then the touched records are visited from the
// highest sequence number to the lowest. Parents are always lower, so when a record is visited all
// that it receives in this settlement is known. Along each edge goes new total - old total, and each
// author is credited new total - old total. One visit per touched record, however many events.
//
// Source: the totals and their floors are those of rewards/flow.h.
#ifndef TRIBUTARY_REWARDS_SETTLEMENT_H_
#define TRIBUTARY_REWARDS_SETTLEMENT_H_

#include <cstdint>
#include <span>
#include <vector>

#include "lineage/graph.h"
#include "lineage/seq_map.h"
#include "rewards/flow.h"
#include "tributary/base/amount.h"
#include "tributary/base/types.h"

namespace tributary::rewards {

// What the caller must offer:
//   struct FlowBook {
//     Flow& Load(base::RecordSeq);   // the stored totals, to be changed; zero for a record that never
//   };                               // had any. The reference is used until the next Load.
//   struct CreditSink {
//     void Credit(base::AccountIndex, base::RecordSeq, base::Atoms);  // amount > 0; records in
//   };                               // descending order, authors in the order of the split

// Amounts to be added: to C of a record (revenue's net, attributed amounts, what a closed version
// carried), or to K (royalties). Any order; a record may stand several times.
struct SettlementInput {
  std::vector<RecordAmount> inflow;  // C
  std::vector<RecordAmount> extra;   // K
};

struct SettlementTotals {
  uint64_t records = 0;   // visited
  uint64_t edges = 0;     // passed along
  base::Atoms added;      // sum of the input
  base::Atoms credited;   // sum of all credits; the dust grew by added - credited (it may shrink)
  friend bool operator==(const SettlementTotals&, const SettlementTotals&) = default;
};

// Settles `input` by the versions of `epoch`. Deterministic: the order of `input` makes no
// difference. Requires: the records are in the graph, and the totals in `book` of every record
// touched belong to the version in force in `epoch` (see CloseVersions).
template <class FlowBook, class CreditSink>
SettlementTotals Settle(const lineage::Graph& graph, base::Epoch epoch,
                        const SettlementInput& input, FlowBook& book, CreditSink& sink);

// Changes the version of each of `records` from the one in force in `last` to the one in force in
// `epoch`: their totals in `book` become those of the new version and what they carry is appended to
// `input`. To be done for every currency before the first settlement of an epoch >= the change, with
// last = the last epoch before it for which the totals are valid. A record whose totals are zero
// stays as it is.
template <class FlowBook>
void CloseVersions(const lineage::Graph& graph, base::Epoch last, base::Epoch epoch,
                   std::span<const base::RecordSeq> records, FlowBook& book,
                   SettlementInput* input);

// ---------------------------------------------------------------------------------------------

namespace internal {

// Receives inflow deltas for records below the one being visited.
using Deltas = lineage::SeqMap<base::Uint128>;
using Extras = lineage::SeqMap<base::Uint128>;

// Edges of records that will be visited soon lie just below in memory; fetch their parents' slots.
inline constexpr size_t kPrefetchEdges = 24;

// Passes new - old along each edge; returns what the authors keep, new - old.
base::Uint128 PassToParents(const lineage::Split& split, const Parts& before, const Parts& after,
                            Deltas* deltas);

}  // namespace internal

template <class FlowBook, class CreditSink>
class Sweep {
 public:
  Sweep(const lineage::Graph& graph, base::Epoch epoch, FlowBook& book, CreditSink& sink);
  SettlementTotals Run(const SettlementInput& input);
};

}  // namespace tributary::rewards

#endif  // TRIBUTARY_REWARDS_SETTLEMENT_H_
