#include "rewards/explain.h"

#include <algorithm>

#include "lineage/seq_map.h"
#include "tributary/base/check.h"

namespace tributary::rewards {

using base::Atoms;
using base::Ppb;
using base::RecordSeq;
using base::Uint128;

namespace {

// More than most lineages have; memory that is not used is never touched.
constexpr uint64_t kReserve = uint64_t{1} << 18;

// What is known of a record before it is visited. One cache line.
struct alignas(64) Arrival {
  Uint128 inflow = 0;
  Uint128 extra = 0;
  PathCount paths;  // zero: only a royalty lands here, and goes no further
  uint32_t depth_min = UINT32_MAX;
  uint32_t depth_max = 0;
  bool root = false;
};

// Arrivals of records not yet visited, by sequence. They stand in a pool of their own, so that a
// few records far apart in a large graph stay cheap.
class Arrivals {
 public:
  explicit Arrivals(uint64_t limit) : places_(limit) { pool_.reserve(std::min(limit, kReserve)); }
  // Valid until the next call, or that of Open.
  Arrival& At(uint32_t seq) { return pool_[PlaceOf(seq)]; }
  // The parents of a record, which are asked for from memory: what is done before they are used
  // does not wait for them.
  void Open(const lineage::EdgeRange& edges) {
    opened_.clear();
    for (size_t i = 0; i < edges.size(); ++i) opened_.push_back(PlaceOf(edges.parents()[i]));
    for (const uint32_t place : opened_) __builtin_prefetch(&pool_[place], 1);
  }
  Arrival& Opened(size_t i) { return pool_[opened_[i]]; }
  bool PopHighest(uint32_t* seq, Arrival* arrival) {
    uint32_t place = 0;
    if (!places_.PopHighest(seq, &place)) return false;
    *arrival = pool_[place - 1];
    free_.push_back(place);
    return true;
  }

 private:
  uint32_t PlaceOf(uint32_t seq) {
    uint32_t& place = places_.At(seq);
    if (place == 0) place = NewPlace();
    return place - 1;
  }
  // Places of records that were visited are used again, so that the pool stays in the caches.
  uint32_t NewPlace() {
    if (free_.empty()) {
      pool_.emplace_back();
      return static_cast<uint32_t>(pool_.size());
    }
    const uint32_t place = free_.back();
    free_.pop_back();
    pool_[place - 1] = Arrival{};
    return place;
  }

  lineage::SeqMap<uint32_t> places_;  // position in the pool, from 1
  std::vector<Arrival> pool_;
  std::vector<uint32_t> free_;    // likewise
  std::vector<uint32_t> opened_;  // positions from 0
};

Arrivals Begin(const ExplainInput& input, Explanation* out) {
  uint64_t limit = 0;
  for (const auto* amounts : {&input.inflow, &input.extra}) {
    for (const RecordAmount& add : *amounts) {
      limit = std::max(limit, uint64_t{add.record.value()} + 1);
      out->amount += add.amount;
    }
  }
  out->amount += input.fee;
  out->records.reserve(std::min(limit, kReserve));
  out->lines.reserve(std::min(limit, kReserve));
  Arrivals arrivals(limit);
  for (const RecordAmount& add : input.inflow) {
    Arrival& arrival = arrivals.At(add.record.value());
    arrival.inflow += add.amount.value();
    arrival.depth_min = 0;
    if (!arrival.root) arrival.paths.Add({1});
    arrival.root = true;
  }
  for (const RecordAmount& add : input.extra) {
    arrivals.At(add.record.value()).extra += add.amount.value();
  }
  return arrivals;
}

bool IsReached(const Arrival& arrival) { return arrival.paths.count != 0; }

// Passes inflow, depth and paths to the parents, which were opened; returns what went out.
Uint128 PassOn(const lineage::Split& split, const Arrival& arrival, const Parts& total,
               Arrivals* arrivals) {
  Uint128 out = 0;
  for (size_t i = 0; i < split.edges.size(); ++i) {
    const Uint128 amount = total.Floor(split.edges.shares()[i]);
    Arrival& parent = arrivals->Opened(i);
    parent.inflow += amount;
    parent.depth_min = std::min(parent.depth_min, arrival.depth_min + 1);
    parent.depth_max = std::max(parent.depth_max, arrival.depth_max + 1);
    parent.paths.Add(arrival.paths);
    out += amount;
  }
  return out;
}

// Adds the lines of a record's authors; returns their sum.
Uint128 AddLines(RecordSeq record, const lineage::AuthorRange& authors, Uint128 kept, Uint128 extra,
                 std::vector<ExplainedLine>* lines) {
  const Parts together = Parts::Of(Atoms(kept + extra));
  const Parts royalty = Parts::Of(Atoms(extra));
  Uint128 sum = 0;
  for (const lineage::AuthorShare author : authors) {
    const Uint128 amount = together.Floor(author.share.value());
    const Uint128 from_royalty = royalty.Floor(author.share.value());
    sum += amount;
    if (amount != from_royalty) {
      lines->push_back({Role::kAuthor, record, author.account, Atoms(amount - from_royalty)});
    }
    if (from_royalty != 0) {
      lines->push_back({Role::kRoyalty, record, author.account, Atoms(from_royalty)});
    }
  }
  return sum;
}

// Visits one record whose arrivals are complete.
void ExplainRecord(const lineage::Split& split, RecordSeq record, const Arrival& arrival,
                   Arrivals* arrivals, Explanation* out) {
  if (IsReached(arrival)) arrivals->Open(split.edges);
  const Parts total = Parts::Of(Atoms(arrival.inflow));
  const Uint128 kept = total.Floor(split.kept.value());
  const Uint128 credited = AddLines(record, split.authors, kept, arrival.extra, &out->lines);
  Uint128 passed = 0;
  if (IsReached(arrival)) {
    passed = PassOn(split, arrival, total, arrivals);
    out->edges += split.edges.size();
    out->depth = std::max(out->depth, arrival.depth_max);
    PathCount paths = arrival.paths;
    if (arrival.root && !paths.saturated()) paths.count -= 1;  // itself is no path
    out->paths.Add(paths);
  }
  out->dust += Atoms(arrival.inflow - passed - kept) + Atoms(kept + arrival.extra - credited);
  out->records.push_back({record, Atoms(arrival.inflow), Atoms(arrival.extra), Atoms(kept),
                          IsReached(arrival) ? arrival.depth_min : 0, arrival.depth_max,
                          arrival.paths});
}

}  // namespace

Explanation Explain(const lineage::Graph& graph, base::Epoch epoch, const ExplainInput& input,
                    const lineage::WalkLimits& limits) {
  Explanation out;
  Arrivals arrivals = Begin(input, &out);
  if (!input.fee.IsZero()) {
    out.lines.push_back({Role::kFee, RecordSeq(), base::AccountIndex(), input.fee});
  }
  uint32_t seq = 0;
  Arrival arrival;
  while (arrivals.PopHighest(&seq, &arrival)) {
    const lineage::Split split = graph.SplitOf(RecordSeq(seq), epoch);
    out.stopped = out.stopped || lineage::IsStopped(limits, out.records.size());
    if (out.limit_reached || out.stopped || out.records.size() >= limits.records_max ||
        out.edges + split.edges.size() > limits.edges_max) {
      out.limit_reached = true;
      out.beyond += Atoms(arrival.inflow + arrival.extra);
      continue;
    }
    ExplainRecord(split, RecordSeq(seq), arrival, &arrivals, &out);
  }
  return out;
}

InfluenceResult Shares(const lineage::Graph& graph, base::Epoch epoch, RecordSeq asset,
                       const lineage::WalkLimits& limits) {
  constexpr uint64_t kAtomsPerPpb = 1'000'000'000'000'000'000;
  const Atoms whole(Uint128{kAtomsPerPpb} * base::kPpbOne);
  const Explanation flow = Explain(graph, epoch, {Atoms(), {{asset, whole}}, {}}, limits);
  const auto to_ppb = [](Atoms part) {
    return Ppb(static_cast<uint32_t>(part.value() / kAtomsPerPpb));
  };
  InfluenceResult result;
  result.limit_reached = flow.limit_reached;
  result.records.reserve(flow.records.size());
  for (const ExplainedRecord& record : flow.records) {
    result.records.push_back({record.record, to_ppb(record.inflow), to_ppb(record.kept),
                              record.depth_min, record.depth_max});
  }
  return result;
}

}  // namespace tributary::rewards
