// Explanations of lineages with more paths than could ever be listed.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "rewards/explain.h"
#include "rewards/paths.h"
#include "unit/rewards/graph_builder.h"

namespace tributary::rewards {
namespace {

using base::AccountIndex;
using base::Atoms;
using base::Epoch;
using base::RecordSeq;
using base::Uint128;

constexpr uint32_t kLayers = 500;
constexpr uint32_t kWide = 10;
constexpr Uint128 kAmount = Uint128{1} << 119;

uint32_t RecordAt(uint32_t layer, uint32_t place) { return layer * kWide + place; }

// Layers of ten records, each merged from all ten of the layer below and on top one record merged
// from the last: 10^500 paths. Nothing is kept above the lowest layer, so that money gets there;
// parent p of a record gets `share(p)`, which add up to 10^9.
template <class Share>
uint32_t AddRemergingLineage(lineage::Graph& graph, Share&& share) {
  for (uint32_t p = 0; p < kWide; ++p) AddRecord(graph, {}, Only(p));
  for (uint32_t layer = 1; layer <= kLayers; ++layer) {
    Shares32 parents;
    for (uint32_t p = 0; p < kWide; ++p) parents.emplace_back(RecordAt(layer - 1, p), share(p));
    const uint32_t count = layer == kLayers ? 1 : kWide;
    for (uint32_t p = 0; p < count; ++p) AddRecord(graph, parents, Only(p));
  }
  return RecordAt(kLayers, 0);
}

class CountingStop final : public lineage::StopSignal {
 public:
  explicit CountingStop(uint64_t after) : after_(after) {}
  bool IsStopped() const override { return ++asked_ > after_; }
  uint64_t asked() const { return asked_; }

 private:
  const uint64_t after_;
  mutable uint64_t asked_ = 0;
};

TEST(ExplainScaleTest, TenToTheFiveHundredPathsAreExplainedToTheAtom) {
  lineage::Graph graph;
  const uint32_t top = AddRemergingLineage(graph, [](uint32_t) { return 100'000'000u; });
  const std::vector<RecordAmount> inflow = {Amount(top, kAmount)};
  const Explanation flow = Explain(graph, Epoch(0), {Atoms(), inflow, {}}, {});
  EXPECT_FALSE(flow.limit_reached);
  EXPECT_EQ(flow.records.size(), (kLayers * kWide) + 1);
  EXPECT_EQ(flow.edges, ((kLayers - 1) * kWide + 1) * kWide);  // each looked at once
  EXPECT_EQ(flow.depth, kLayers);
  EXPECT_TRUE(flow.paths.saturated());
  Atoms sum;
  for (const ExplainedLine& line : flow.lines) sum += line.amount;
  EXPECT_EQ(sum + flow.dust, Atoms(kAmount));
  // All are alike: a tenth each, but for what rounding carries in each layer.
  ASSERT_EQ(flow.lines.size(), kWide);
  for (const ExplainedLine& line : flow.lines) {
    EXPECT_LE(line.amount.value(), kAmount / kWide);
    EXPECT_GE(line.amount.value(), kAmount / kWide - kLayers * kWide);
  }
}

TEST(ExplainScaleTest, TheBestOfTenToTheFiveHundredPathsAreFoundInBoundedSteps) {
  lineage::Graph graph;
  // The first parent gets nearly all, so that paths of 500 steps are still worth atoms.
  const auto share = [](uint32_t p) { return p == 0 ? 1'000'000'000u - 45'000 : p * 1'000; };
  const uint32_t top = AddRemergingLineage(graph, share);
  PathQuery query;
  query.asset = RecordSeq(top);
  query.amount = Atoms(kAmount);
  query.paths_max = 100;
  const PathList list = TopPaths(graph, Epoch(0), query);
  ASSERT_EQ(list.paths.size(), 100u);
  EXPECT_FALSE(list.limit_reached);
  EXPECT_LT(list.steps, 150'000u);  // 100 paths of 501 records, and a way to each
  EXPECT_EQ(list.shown + list.folded, list.total);
  // The best goes to the first parent everywhere; the next ones leave it once, for the ninth, in
  // any of the layers: 500 paths that differ by rounding only.
  std::set<std::vector<RecordSeq>> distinct;
  for (size_t i = 0; i < list.paths.size(); ++i) {
    const ValuedPath& path = list.paths[i];
    ASSERT_EQ(path.records.size(), kLayers + 1);
    ASSERT_TRUE(distinct.insert(path.records).second);
    size_t others = 0;
    for (uint32_t step = 1; step <= kLayers; ++step) {
      const uint32_t place = path.records[step].value() - RecordAt(kLayers - step, 0);
      others += place != 0;
      ASSERT_TRUE(place == 0 || place == 9);
    }
    ASSERT_EQ(others, i == 0 ? 0u : 1u);
    if (i > 0) {
      EXPECT_LE(path.amount, list.paths[i - 1].amount);
    }
  }
}

TEST(ExplainScaleTest, OnePathFinderServesEveryRecipient) {
  lineage::Graph graph;
  const auto share = [](uint32_t p) { return p == 0 ? 1'000'000'000u - 45'000 : p * 1'000; };
  const uint32_t top = AddRemergingLineage(graph, share);
  const std::vector<RecordAmount> inflow = {Amount(top, kAmount)};
  const Explanation flow = Explain(graph, Epoch(0), {Atoms(), inflow, {}}, {});
  PathFinder finder(graph, Epoch(0), inflow, flow);
  for (const ExplainedLine& line : flow.lines) {
    PathQuery query;
    query.asset = RecordSeq(top);
    query.amount = Atoms(kAmount);
    query.record = line.record;
    query.account = line.account;
    query.paths_max = 5;
    const PathList together = finder.Top(query);
    const PathList alone = TopPaths(graph, Epoch(0), query);
    ASSERT_EQ(together.paths, alone.paths);
    EXPECT_LE(together.steps, alone.steps);
    EXPECT_LE(together.shown, line.amount);
  }
}

TEST(ExplainScaleTest, StepsThatRanOutAreMadeGoodByAskingAgain) {
  lineage::Graph graph;
  const auto share = [](uint32_t p) { return p == 0 ? 1'000'000'000u - 45'000 : p * 1'000; };
  const uint32_t top = AddRemergingLineage(graph, share);
  const std::vector<RecordAmount> inflow = {Amount(top, kAmount)};
  const Explanation flow = Explain(graph, Epoch(0), {Atoms(), inflow, {}}, {});
  PathQuery query;
  query.asset = RecordSeq(top);
  query.amount = Atoms(kAmount);
  query.paths_max = 20;
  const PathList whole = TopPaths(graph, Epoch(0), query);
  PathFinder finder(graph, Epoch(0), inflow, flow);
  query.steps_max = kLayers + 1 + 100;  // the first path, and some of the search for the second
  for (int i = 0; i < 10; ++i) {
    const PathList cut = finder.Top(query);
    ASSERT_TRUE(cut.limit_reached);
    ASSERT_FALSE(cut.complete);
    ASSERT_EQ(cut.paths.size(), 1u);
    ASSERT_LE(cut.steps, query.steps_max);
  }
  query.steps_max = 1'000'000;
  EXPECT_EQ(finder.Top(query).paths, whole.paths);
}

TEST(ExplainScaleTest, AStoppedExplanationStopsAndSaysSo) {
  lineage::Graph graph;
  const uint32_t top = AddRemergingLineage(graph, [](uint32_t) { return 100'000'000u; });
  lineage::WalkLimits limits;
  for (const uint64_t after : {0, 1}) {
    const CountingStop stop(after);
    limits.stop = &stop;
    const Explanation flow =
        Explain(graph, Epoch(0), {Atoms(), {Amount(top, kAmount)}, {}}, limits);
    EXPECT_TRUE(flow.stopped);
    EXPECT_TRUE(flow.limit_reached);
    EXPECT_EQ(flow.records.size(), after * lineage::kRecordsPerStopCheck);
    const CountingStop walk_stop(after);
    limits.stop = &walk_stop;
    const lineage::WalkResult walk =
        lineage::WalkAncestors(graph, Epoch(0), RecordSeq(top), limits);
    EXPECT_TRUE(walk.stopped);
    EXPECT_TRUE(walk.limit_reached);
    EXPECT_EQ(walk.records.size(), after * lineage::kRecordsPerStopCheck);
  }
  const CountingStop never(1'000);
  limits.stop = &never;
  const Explanation flow = Explain(graph, Epoch(0), {Atoms(), {Amount(top, kAmount)}, {}}, limits);
  EXPECT_FALSE(flow.stopped);
  EXPECT_GT(never.asked(), 0u);
}

}  // namespace
}  // namespace tributary::rewards
