#include "lineage/walk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

namespace tributary::lineage {
namespace {

using base::AccountIndex;
using base::Epoch;
using base::Ppb;
using base::RecordSeq;

const std::vector<AuthorShare> kAuthor = {{AccountIndex(0), Ppb(base::kPpbOne)}};

void Add(Graph& graph, const std::vector<uint32_t>& parents) {
  std::vector<Edge> edges;
  for (const uint32_t parent : parents) edges.push_back({RecordSeq(parent), Ppb(1000), 1});
  graph.Append({1, Ppb(static_cast<uint32_t>(1000 * parents.size())), edges, kAuthor});
  graph.Publish();
}

// 0 <- 1, 0 <- 2, {1,2} <- 3, {3,0} <- 4: two diamonds with a short cut.
void AddDiamond(Graph& graph) {
  Add(graph, {});
  Add(graph, {0});
  Add(graph, {0});
  Add(graph, {1, 2});
  Add(graph, {3, 0});
}

TEST(WalkTest, AncestorsComeOnceInDescendingOrderWithBothDepths) {
  Graph graph;
  AddDiamond(graph);
  const WalkResult walk = WalkAncestors(graph, Epoch(0), RecordSeq(4), {});
  EXPECT_EQ(
      walk.records,
      (std::vector<Visited>{
          {RecordSeq(3), 1, 1}, {RecordSeq(2), 2, 2}, {RecordSeq(1), 2, 2}, {RecordSeq(0), 1, 3}}));
  EXPECT_EQ(walk.edges, 6u);
  EXPECT_EQ(walk.depth, 3u);
  EXPECT_FALSE(walk.limit_reached);
}

TEST(WalkTest, DescendantsComeOnceInAscendingOrderWithBothDepths) {
  Graph graph;
  AddDiamond(graph);
  const WalkResult walk = WalkDescendants(graph, Epoch(0), RecordSeq(0), {});
  EXPECT_EQ(
      walk.records,
      (std::vector<Visited>{
          {RecordSeq(1), 1, 1}, {RecordSeq(2), 1, 1}, {RecordSeq(3), 2, 2}, {RecordSeq(4), 1, 3}}));
  EXPECT_EQ(walk.depth, 3u);
}

TEST(WalkTest, ARecordWithoutParentsHasNoAncestors) {
  Graph graph;
  AddDiamond(graph);
  EXPECT_TRUE(WalkAncestors(graph, Epoch(0), RecordSeq(0), {}).records.empty());
  EXPECT_TRUE(WalkDescendants(graph, Epoch(0), RecordSeq(4), {}).records.empty());
}

TEST(WalkTest, TheLimitOnRecordsHasTwoSides) {
  Graph graph;
  AddDiamond(graph);
  EXPECT_FALSE(WalkAncestors(graph, Epoch(0), RecordSeq(4), {4, 100}).limit_reached);
  const WalkResult cut = WalkAncestors(graph, Epoch(0), RecordSeq(4), {3, 100});
  EXPECT_TRUE(cut.limit_reached);
  EXPECT_EQ(cut.records.size(), 3u);
  EXPECT_EQ(cut.records.back(), (Visited{RecordSeq(1), 2, 2}));
}

TEST(WalkTest, TheLimitOnEdgesHasTwoSides) {
  Graph graph;
  AddDiamond(graph);
  EXPECT_FALSE(WalkAncestors(graph, Epoch(0), RecordSeq(4), {100, 6}).limit_reached);
  EXPECT_TRUE(WalkAncestors(graph, Epoch(0), RecordSeq(4), {100, 5}).limit_reached);
  EXPECT_FALSE(WalkDescendants(graph, Epoch(0), RecordSeq(0), {100, 6}).limit_reached);
  EXPECT_TRUE(WalkDescendants(graph, Epoch(0), RecordSeq(0), {100, 5}).limit_reached);
}

TEST(WalkTest, FollowsTheVersionOfTheEpoch) {
  Graph graph;
  AddDiamond(graph);
  const std::vector<Edge> edges = {{RecordSeq(2), Ppb(5), 1}};
  graph.AppendVersion(RecordSeq(3), Epoch(4), {1, Ppb(5), edges, kAuthor});
  EXPECT_EQ(WalkAncestors(graph, Epoch(3), RecordSeq(4), {}).records.size(), 4u);
  EXPECT_EQ(WalkAncestors(graph, Epoch(4), RecordSeq(4), {}).records.size(), 3u);
  EXPECT_EQ(WalkDescendants(graph, Epoch(3), RecordSeq(1), {}).records.size(), 2u);
  EXPECT_TRUE(WalkDescendants(graph, Epoch(4), RecordSeq(1), {}).records.empty());
}

TEST(WalkTest, AncestorsAndDescendantsAreConverse) {
  std::mt19937 random(20'240'101);
  Graph graph;
  const uint32_t count = 700;
  for (uint32_t i = 0; i < count; ++i) {
    std::vector<uint32_t> parents;
    for (uint32_t j = 0; j < 3 && i > 0; ++j) {
      const uint32_t parent = static_cast<uint32_t>(random() % i);
      if (std::find(parents.begin(), parents.end(), parent) == parents.end()) {
        parents.push_back(parent);
      }
    }
    Add(graph, parents);
  }
  std::map<std::pair<uint32_t, uint32_t>, std::pair<uint32_t, uint32_t>> pairs;
  uint64_t converse = 0;
  for (uint32_t i = 0; i < count; ++i) {
    for (const Visited& v : WalkAncestors(graph, Epoch(0), RecordSeq(i), {}).records) {
      pairs[{i, v.seq.value()}] = {v.depth_min, v.depth_max};
    }
  }
  for (uint32_t i = 0; i < count; ++i) {
    for (const Visited& v : WalkDescendants(graph, Epoch(0), RecordSeq(i), {}).records) {
      const auto found = pairs.find({v.seq.value(), i});
      ASSERT_NE(found, pairs.end());
      EXPECT_EQ(found->second, std::make_pair(v.depth_min, v.depth_max));
      ++converse;
    }
  }
  EXPECT_EQ(converse, pairs.size());
}

}  // namespace
}  // namespace tributary::lineage
