// Settlement: cumulative floor flow over all touched records, in one pass.
//
// Matured money is added to the totals of records; then the touched records are visited from the
// highest sequence number to the lowest. Parents are always lower, so when a record is visited all
// that it receives in this settlement is known. Along each edge goes new total - old total, and
// each author is credited new total - old total. One visit per touched record, however many events.
//
// Source: the totals and their floors are those of rewards/flow.h.
#ifndef TRIBUTARY_REWARDS_SETTLEMENT_H_
#define TRIBUTARY_REWARDS_SETTLEMENT_H_

#include <cstdint>
#include <iterator>
#include <map>
#include <vector>

#include "lineage/graph.h"
#include "lineage/segments.h"
#include "rewards/dispute.h"
#include "rewards/flow.h"
#include "rewards/open_inflows.h"
#include "tributary/base/amount.h"
#include "tributary/base/check.h"
#include "tributary/base/types.h"

namespace tributary::rewards {

// What the caller must offer:
//   struct FlowBook {
//     Flow& Load(base::RecordSeq);  // the stored totals, to be changed; zero for a record that
//     never
//                                   // had any. The reference is used until the next Load.
//     uint32_t& VersionOf(base::RecordSeq);  // number of the version that those totals belong to,
//     0 at
//                                            // first; to be changed. Asked only for records that
//                                            have
//                                            // had several versions; a book without this function
//                                            is
//                                            // for graphs without versions.
//   };
//   struct CreditSink {
//     // amount > 0; records in descending order, authors in the order of the split
//     void Credit(base::AccountIndex, base::RecordSeq, base::Atoms);
//     // May be left out. How much of the credit just given came to the record as K; amount > 0.
//     void Royalty(base::Atoms);
//   };

// Amounts to be added: to C of a record (revenue's net, attributed amounts), or to K (royalties).
// Any order; a record may stand several times; an amount of zero is as if it were not there.
struct SettlementInput {
  std::vector<RecordAmount> inflow;  // C
  std::vector<RecordAmount> extra;   // K
};

struct SettlementTotals {
  uint64_t records = 0;  // visited
  uint64_t edges = 0;    // passed along
  base::Atoms added;     // sum of the input
  base::Atoms credited;  // sum of all credits; the dust grew by added - credited (it may shrink)
  friend bool operator==(const SettlementTotals&, const SettlementTotals&) = default;
};

// Settles `input` by the versions in force in `epoch`. A record whose totals belong to another
// version is closed and reopened (see CloseVersion) when money arrives. Deterministic: the order of
// `input` makes no difference. Requires: the records are in the graph; epochs are settled in order.
template <class FlowBook, class CreditSink>
SettlementTotals Settle(const lineage::Graph& graph, base::Epoch epoch,
                        const SettlementInput& input, FlowBook& book, CreditSink& sink);

// ---------------------------------------------------------------------------------------------

namespace internal {

// A record this far below the one being visited is visited soon: its parents' amounts are fetched
// now.
inline constexpr uint32_t kPrefetchRecords = 8;
inline constexpr size_t kPrefetchEdges = 8;

inline void PrefetchAhead(const lineage::Graph::Storage& graph, uint32_t seq,
                          const OpenInflows& open) {
  if (seq < kPrefetchRecords || !open.Contains(seq - kPrefetchRecords)) return;
  const lineage::EdgeRange edges = graph.EdgesOf(seq - kPrefetchRecords);
  const size_t count = edges.size() < kPrefetchEdges ? edges.size() : kPrefetchEdges;
  for (size_t i = 0; i < count; ++i) open.Prefetch(edges.parents()[i]);
}

// Passes new total - old total along each edge.
inline void PassToParents(const lineage::EdgeRange& edges, const Parts& before, const Parts& after,
                          OpenInflows* open) {
  const base::Uint128 whole = after.m - before.m;
  for (size_t i = 0; i < edges.size(); ++i) {
    const uint32_t share = edges.shares()[i];
    const base::Uint128 out =
        whole * share + after.f * share / base::kPpbOne - before.f * share / base::kPpbOne;
    if (out != 0) open->Add(edges.parents()[i], out);
  }
}

// What authors are owed of in all, before and after a visit; `with_extra` is when K had arrived and
// C had not, so that royalties can be told from what came down the lineage.
struct Owed {
  base::Atoms before, with_extra, after;
};

template <class CreditSink>
void GiveCredit(base::AccountIndex account, base::RecordSeq record, base::Uint128 amount,
                base::Uint128 royalty, CreditSink& sink) {
  if (amount == 0) return;
  sink.Credit(account, record, base::Atoms(amount));
  if constexpr (requires { sink.Royalty(base::Atoms()); }) {
    if (royalty != 0) sink.Royalty(base::Atoms(royalty));
  }
}

// Credits new total - old total to each author; returns the sum.
template <class CreditSink>
base::Uint128 CreditAuthors(base::RecordSeq record, const lineage::AuthorRange& authors,
                            const Owed& owed, CreditSink& sink) {
  const base::Atoms all = owed.after - owed.before;
  if (authors.size() == 1 && authors[0].share == base::Ppb(base::kPpbOne)) {
    const base::Atoms royalty = owed.with_extra - owed.before;
    GiveCredit(authors[0].account, record, all.value(), royalty.value(), sink);
    return all.value();
  }
  const Parts old_total = Parts::Of(owed.before);
  const Parts middle = Parts::Of(owed.with_extra);
  const Parts new_total = Parts::Of(owed.after);
  base::Uint128 sum = 0;
  for (const lineage::AuthorShare author : authors) {
    const uint32_t share = author.share.value();
    const base::Uint128 amount = new_total.Floor(share) - old_total.Floor(share);
    const base::Uint128 royalty = middle.Floor(share) - old_total.Floor(share);
    GiveCredit(author.account, record, amount, royalty, sink);
    sum += amount;
  }
  return sum;
}

// The royalties of `seq`, if any; it is the highest record that has some, or has none.
inline base::Atoms TakeExtra(uint32_t seq, std::map<uint32_t, base::Uint128>* extras) {
  const auto highest = std::prev(extras->end());
  if (highest->first != seq) return base::Atoms();
  const base::Atoms amount(highest->second);
  extras->erase(highest);
  return amount;
}

// Brings the totals under the version in force; returns what carries over.
template <class FlowBook>
Flow Reopen(const lineage::Graph& graph, base::RecordSeq record, const lineage::Split& split,
            FlowBook& book, Flow* flow) {
  if constexpr (requires { book.VersionOf(record); }) {
    uint32_t& version = book.VersionOf(record);
    if (version == split.version) return {};
    lineage::Split former;
    if constexpr (requires { book.SplitOfVersion(record, version); }) {
      former = book.SplitOfVersion(record, version);
    } else {
      former = graph.SplitOfVersion(record, version);
    }
    const ClosedVersion closed = CloseVersion(*flow, former, split);
    *flow = closed.flow;
    version = split.version;
    return closed.carry;
  } else {
    TRIBUTARY_CHECK(split.version == 0, "this book cannot hold records with several versions");
    return {};
  }
}

// Money that arrives at a record in dispute: each line gets its least share. Returns the credits.
template <class CreditSink>
base::Uint128 PassLeast(base::RecordSeq record, const PotChange& pot, OpenInflows* inflows,
                        CreditSink& sink) {
  const lineage::Split least = pot.least.View();
  const Parts before = Parts::Of(pot.before.inflow);
  const Parts after = Parts::Of(pot.after.inflow);
  PassToParents(least.edges, before, after, inflows);
  Owed owed;
  owed.before = base::Atoms(before.Floor(least.kept.value())) + pot.before.extra;
  owed.with_extra = owed.before + (pot.after.extra - pot.before.extra);
  owed.after = base::Atoms(after.Floor(least.kept.value())) + pot.after.extra;
  return CreditAuthors(record, least.authors, owed, sink);
}

}  // namespace internal

template <class FlowBook, class CreditSink>
SettlementTotals Settle(const lineage::Graph& graph, base::Epoch epoch,
                        const SettlementInput& input, FlowBook& book, CreditSink& sink) {
  uint64_t limit = 0;
  for (const auto* amounts : {&input.inflow, &input.extra}) {
    for (const RecordAmount& add : *amounts) {
      if (add.record.value() >= limit) limit = uint64_t{add.record.value()} + 1;
    }
  }
  SettlementTotals totals;
  OpenInflows inflows(limit);
  std::map<uint32_t, base::Uint128> extras;
  for (const RecordAmount& add : input.inflow) {
    if (add.amount.IsZero()) continue;
    inflows.Add(add.record.value(), add.amount.value());
    totals.added += add.amount;
  }
  for (const RecordAmount& add : input.extra) {
    if (add.amount.IsZero()) continue;
    inflows.Add(add.record.value(), 0);  // to be visited
    extras[add.record.value()] += add.amount.value();
    totals.added += add.amount;
  }

  const lineage::Graph::Storage& storage = graph.storage();
  base::Uint128 credited = 0;
  uint32_t seq = 0;
  base::Uint128 inflow = 0;
  while (inflows.PopHighest(&seq, &inflow)) {
    internal::PrefetchAhead(storage, seq, inflows);
    const base::RecordSeq record(seq);
    lineage::Split split =
        storage.IsVersioned(seq) ? graph.SplitOf(record, epoch) : storage.FirstSplitOf(seq);
    if constexpr (requires { book.Override(record, epoch, &split); }) {
      book.Override(record, epoch, &split);
    }
    Flow arrived{base::Atoms(inflow), base::Atoms()};
    if (!extras.empty()) arrived.extra = internal::TakeExtra(seq, &extras);
    if constexpr (requires { book.Contest(record, split, arrived); }) {
      if (const PotChange* pot = book.Contest(record, split, arrived)) [[unlikely]] {
        credited += internal::PassLeast(record, *pot, &inflows, sink);
        ++totals.records;
        totals.edges += pot->least.parents.size();
        continue;
      }
    }
    Flow& flow = book.Load(record);
    if (split.versioned) [[unlikely]] {
      const Flow carry = internal::Reopen(graph, record, split, book, &flow);
      arrived.inflow += carry.inflow;
      arrived.extra += carry.extra;
    }
    const Flow old = flow;
    flow.inflow += arrived.inflow;
    flow.extra += arrived.extra;
    const Parts before = Parts::Of(old.inflow);
    const Parts after = Parts::Of(flow.inflow);
    const uint32_t kept = split.kept.value();
    internal::Owed owed;
    owed.before = base::Atoms(before.Floor(kept)) + old.extra;
    owed.with_extra = owed.before + arrived.extra;
    owed.after = base::Atoms(after.Floor(kept)) + flow.extra;

    internal::PassToParents(split.edges, before, after, &inflows);
    credited += internal::CreditAuthors(record, split.authors, owed, sink);
    ++totals.records;
    totals.edges += split.edges.size();
  }
  totals.credited = base::Atoms(credited);
  return totals;
}

}  // namespace tributary::rewards

#endif  // TRIBUTARY_REWARDS_SETTLEMENT_H_
