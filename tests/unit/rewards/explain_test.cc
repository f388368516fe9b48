#include "rewards/explain.h"

#include <gtest/gtest.h>

#include "unit/rewards/graph_builder.h"

namespace tributary::rewards {
namespace {

using base::AccountIndex;
using base::Atoms;
using base::Epoch;
using base::Ppb;
using base::RecordSeq;
using base::Uint128;

// 3 -> {1: 30 %, 2: 20 %}, 1 -> 0: 50 %, 2 -> 0: 10 %; record 0 has two authors.
void AddDiamond(lineage::Graph& graph) {
  AddRecord(graph, {}, {{10, 333'333'333}, {11, 666'666'667}});
  AddRecord(graph, {{0, 500'000'000}}, Only(20));
  AddRecord(graph, {{0, 100'000'000}}, Only(30));
  AddRecord(graph, {{1, 300'000'000}, {2, 200'000'000}}, Only(40));
}

// `layers` diamonds on top of each other: 2^layers paths from the top to record 0.
uint32_t AddLadder(lineage::Graph& graph, int layers) {
  uint32_t top = AddRecord(graph, {}, Only(0));
  for (int i = 0; i < layers; ++i) {
    const uint32_t left = AddRecord(graph, {{top, 1'000'000'000}}, Only(1));
    const uint32_t right = AddRecord(graph, {{top, 1'000'000'000}}, Only(2));
    top = AddRecord(graph, {{left, 600'000'000}, {right, 400'000'000}}, Only(3));
  }
  return top;
}

ExplainedLine Line(Role role, uint32_t record, uint32_t account, Uint128 amount) {
  return {role, RecordSeq(record), AccountIndex(account), Atoms(amount)};
}

Atoms SumOfLines(const Explanation& explanation) {
  Atoms sum;
  for (const ExplainedLine& line : explanation.lines) sum += line.amount;
  return sum;
}

TEST(ExplainTest, NamesEveryRecipientAndTheRoundingToTheAtom) {
  lineage::Graph graph;
  AddDiamond(graph);
  const Explanation out = Explain(graph, Epoch(0), {Atoms(), {Amount(3, 1001)}, {}}, {});
  EXPECT_EQ(out.lines, (std::vector<ExplainedLine>{
                           Line(Role::kAuthor, 3, 40, 500), Line(Role::kAuthor, 2, 30, 180),
                           Line(Role::kAuthor, 1, 20, 150), Line(Role::kAuthor, 0, 10, 56),
                           Line(Role::kAuthor, 0, 11, 113)}));
  EXPECT_EQ(out.amount, Atoms(1001));
  EXPECT_EQ(out.dust, Atoms(2));
  EXPECT_EQ(out.beyond, Atoms());
  EXPECT_EQ(out.depth, 2u);
  EXPECT_EQ(out.edges, 4u);
  EXPECT_EQ(out.paths, (PathCount{4}));
  ASSERT_EQ(out.records.size(), 4u);
  EXPECT_EQ(out.records[3].inflow, Atoms(170));
  EXPECT_EQ(out.records[3].paths.count, 2u);
  EXPECT_EQ(out.records[3].depth_min, 2u);
  EXPECT_FALSE(out.limit_reached);
}

TEST(ExplainTest, ShowsFeeAndRoyaltyBesideTheLineage) {
  lineage::Graph graph;
  AddDiamond(graph);
  const Explanation out =
      Explain(graph, Epoch(0), {Atoms(50), {Amount(1, 100)}, {Amount(0, 10), Amount(2, 7)}}, {});
  EXPECT_EQ(out.lines, (std::vector<ExplainedLine>{
                           Line(Role::kFee, 0, 0, 50), Line(Role::kRoyalty, 2, 30, 7),
                           Line(Role::kAuthor, 1, 20, 50), Line(Role::kAuthor, 0, 10, 16),
                           Line(Role::kRoyalty, 0, 10, 3), Line(Role::kAuthor, 0, 11, 34),
                           Line(Role::kRoyalty, 0, 11, 6)}));
  EXPECT_EQ(out.amount, Atoms(167));
  EXPECT_EQ(SumOfLines(out) + out.dust, Atoms(167));
  // A royalty is no path: record 2 is not reached.
  EXPECT_EQ(out.paths, (PathCount{1}));
}

TEST(ExplainTest, UsesTheVersionsOfTheEpoch) {
  lineage::Graph graph;
  AddDiamond(graph);
  AddVersion(graph, 3, 7, {{2, 500'000'000}}, Only(41));
  const auto lines = [&](uint64_t epoch) {
    return Explain(graph, Epoch(epoch), {Atoms(), {Amount(3, 1000)}, {}}, {}).lines;
  };
  EXPECT_EQ(lines(6)[0], Line(Role::kAuthor, 3, 40, 500));
  EXPECT_EQ(lines(7)[0], Line(Role::kAuthor, 3, 41, 500));
  EXPECT_EQ(lines(7)[1], Line(Role::kAuthor, 2, 30, 450));
}

TEST(ExplainTest, WhatLiesBeyondALimitIsSaidAndAddsUp) {
  lineage::Graph graph;
  AddDiamond(graph);
  const ExplainInput input{Atoms(), {Amount(3, 1001)}, {Amount(0, 9)}};
  EXPECT_FALSE(Explain(graph, Epoch(0), input, {4, 4}).limit_reached);
  for (const lineage::WalkLimits limits : {lineage::WalkLimits{3, 4}, lineage::WalkLimits{4, 3}}) {
    const Explanation out = Explain(graph, Epoch(0), input, limits);
    EXPECT_TRUE(out.limit_reached);
    EXPECT_GT(out.beyond, Atoms());
    EXPECT_EQ(SumOfLines(out) + out.dust + out.beyond, Atoms(1010));
  }
}

TEST(ExplainTest, CountsPathsExactlyAndThenSaysSaturated) {
  lineage::Graph graph;
  const uint32_t top = AddLadder(graph, 120);
  const Explanation out = Explain(graph, Epoch(0), {Atoms(), {Amount(top, 1)}, {}}, {});
  EXPECT_EQ(out.records.back().paths, (PathCount{Uint128{1} << 120}));
  EXPECT_EQ(out.depth, 240u);
  lineage::Graph higher;
  const uint32_t higher_top = AddLadder(higher, 128);
  const Explanation more = Explain(higher, Epoch(0), {Atoms(), {Amount(higher_top, 1)}, {}}, {});
  EXPECT_EQ(more.records.back().paths, (PathCount{~Uint128{0}}));
  EXPECT_TRUE(more.paths.saturated());
}

TEST(SharesTest, GivesTheInfluenceOfEachAncestor) {
  lineage::Graph graph;
  AddDiamond(graph);
  const InfluenceResult result = Shares(graph, Epoch(0), RecordSeq(3), {});
  ASSERT_EQ(result.records.size(), 4u);
  EXPECT_EQ(result.records[0].through, Ppb(1'000'000'000));
  EXPECT_EQ(result.records[0].kept, Ppb(500'000'000));
  EXPECT_EQ(result.records[3].record, RecordSeq(0));
  EXPECT_EQ(result.records[3].through, Ppb(170'000'000));
  EXPECT_EQ(result.records[3].kept, Ppb(170'000'000));
}

ValuedPath Path(std::vector<uint32_t> records, uint32_t account, Uint128 amount) {
  ValuedPath path;
  for (const uint32_t record : records) path.records.push_back(RecordSeq(record));
  path.account = AccountIndex(account);
  path.amount = Atoms(amount);
  return path;
}

PathQuery QueryFor(uint32_t asset, Uint128 amount) {
  PathQuery query;
  query.asset = RecordSeq(asset);
  query.amount = Atoms(amount);
  return query;
}

TEST(TopPathsTest, ListsTheMostValuablePathsFirst) {
  lineage::Graph graph;
  AddDiamond(graph);
  PathQuery query = QueryFor(3, 1001);
  const PathList list = TopPaths(graph, Epoch(0), query);
  EXPECT_EQ(list.paths, (std::vector<ValuedPath>{Path({3}, 40, 500), Path({3, 2}, 30, 180),
                                                 Path({3, 1}, 20, 150), Path({3, 1, 0}, 11, 100),
                                                 Path({3, 1, 0}, 10, 49), Path({3, 2, 0}, 11, 13),
                                                 Path({3, 2, 0}, 10, 6)}));
  EXPECT_TRUE(list.complete);
  EXPECT_FALSE(list.limit_reached);
  EXPECT_EQ(list.total, Atoms(999));
  EXPECT_EQ(list.shown, Atoms(998));
  EXPECT_EQ(list.folded, Atoms(1));
  query.paths_max = 2;
  const PathList two = TopPaths(graph, Epoch(0), query);
  EXPECT_EQ(two.paths.size(), 2u);
  EXPECT_FALSE(two.complete);
  EXPECT_EQ(two.folded, Atoms(999 - 680));
}

TEST(TopPathsTest, CanAskForOneRecipient) {
  lineage::Graph graph;
  AddDiamond(graph);
  PathQuery query = QueryFor(3, 1001);
  query.record = RecordSeq(0);
  query.account = AccountIndex(10);
  const PathList list = TopPaths(graph, Epoch(0), query);
  EXPECT_EQ(list.paths, (std::vector<ValuedPath>{Path({3, 1, 0}, 10, 49), Path({3, 2, 0}, 10, 6)}));
  EXPECT_EQ(list.total, Atoms(56));
  EXPECT_EQ(list.folded, Atoms(1));
  query.account = AccountIndex(99);
  const PathList none = TopPaths(graph, Epoch(0), query);
  EXPECT_TRUE(none.paths.empty());
  EXPECT_TRUE(none.complete);
  EXPECT_EQ(none.total, Atoms());
}

TEST(TopPathsTest, FindsTheBestOfMorePathsThanCouldBeListed) {
  lineage::Graph graph;
  const uint32_t top = AddLadder(graph, 100);
  PathQuery query = QueryFor(top, Uint128{1} << 119);
  query.paths_max = 20;
  query.steps_max = 20'000;
  const PathList list = TopPaths(graph, Epoch(0), query);
  ASSERT_EQ(list.paths.size(), 20u);
  EXPECT_FALSE(list.limit_reached);
  EXPECT_EQ(list.paths[0].records.size(), 201u);
  // The best goes left (60 %) everywhere; the next ones go right once.
  for (size_t i = 0; i < 201; ++i) {
    const size_t layer = 100 - i / 2;
    const uint32_t expected = static_cast<uint32_t>(i % 2 == 0 ? 3 * layer : 3 * layer - 2);
    ASSERT_EQ(list.paths[0].records[i], RecordSeq(expected)) << i;
  }
  for (size_t i = 1; i < 20; ++i) EXPECT_LE(list.paths[i].amount, list.paths[i - 1].amount);
  EXPECT_EQ(list.shown + list.folded, list.total);
}

TEST(TopPathsTest, RunningOutOfStepsIsSaidAndWhatIsThereIsRight) {
  lineage::Graph graph;
  const uint32_t top = AddLadder(graph, 100);
  PathQuery query = QueryFor(top, Uint128{1} << 119);
  query.paths_max = 50;
  const PathList whole = TopPaths(graph, Epoch(0), query);
  query.steps_max = 2'000;
  const PathList cut = TopPaths(graph, Epoch(0), query);
  EXPECT_TRUE(cut.limit_reached);
  EXPECT_FALSE(cut.complete);
  EXPECT_LT(cut.paths.size(), whole.paths.size());
  for (size_t i = 0; i < cut.paths.size(); ++i) {
    EXPECT_EQ(cut.paths[i].amount, whole.paths[i].amount);
  }
  EXPECT_EQ(cut.shown + cut.folded, cut.total);
}

TEST(TopPathsTest, NoPathsAskedForAndNoAmountAreFine) {
  lineage::Graph graph;
  AddDiamond(graph);
  PathQuery query = QueryFor(3, 0);
  EXPECT_TRUE(TopPaths(graph, Epoch(0), query).complete);
  query.amount = Atoms(1000);
  query.paths_max = 0;
  const PathList list = TopPaths(graph, Epoch(0), query);
  EXPECT_TRUE(list.paths.empty());
  EXPECT_FALSE(list.complete);
  EXPECT_EQ(list.folded, list.total);
}

}  // namespace
}  // namespace tributary::rewards
