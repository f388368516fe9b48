#include "merkle/table_tree.h"

#include <gtest/gtest.h>

#include "unit/merkle/naive.h"

namespace tributary::merkle {
namespace {

using base::Hash;
using testing::Hashes;
using testing::LeafOf;
using Change = TableTree::Change;

TEST(TableTreeTest, EmptyHasTheEmptyRoot) {
  TableTree tree;
  EXPECT_EQ(tree.size(), 0u);
  EXPECT_EQ(tree.Root(), EmptyRoot());
  EXPECT_EQ(tree.Compute(0, {}).root, EmptyRoot());
  EXPECT_EQ(TableTree(Hashes{}).Root(), EmptyRoot());
}

TEST(TableTreeTest, BuiltAtOnceEqualsTheDefinitionAndProvesEveryLeaf) {
  for (size_t n = 1; n <= 130; ++n) {
    const Hashes leaves = testing::Leaves(n);
    const TableTree tree(leaves);
    ASSERT_EQ(tree.Root(), testing::NaiveRoot(leaves)) << n;
    for (uint64_t i = 0; i < n; ++i) {
      const Hashes proof = tree.Proof(i);
      ASSERT_EQ(proof, testing::NaivePath(i, leaves)) << i << " of " << n;
      ASSERT_EQ(VerifyInclusion(i, n, tree.leaf(i), proof, tree.Root()), std::nullopt);
    }
  }
}

TEST(TableTreeTest, ReachesEverySizeFromEverySize) {
  for (size_t from = 0; from <= 35; ++from) {
    for (size_t to = 0; to <= 35; ++to) {
      TableTree tree(testing::Leaves(from));
      std::vector<Change> added;
      for (uint64_t i = from; i < to; ++i) added.emplace_back(i, LeafOf(i));
      tree.Apply(tree.Compute(to, added));
      ASSERT_EQ(tree.size(), to);
      ASSERT_EQ(tree.Root(), testing::NaiveRoot(testing::Leaves(to))) << from << " to " << to;
      if (to != 0) {
        ASSERT_EQ(tree.Proof(to - 1), TableTree(testing::Leaves(to)).Proof(to - 1));
      }
    }
  }
}

TEST(TableTreeTest, ComputeDoesNotChangeTheTree) {
  TableTree tree(testing::Leaves(9));
  const Hash root = tree.Root();
  const auto delta = tree.Compute(10, std::vector<Change>{{3, LeafOf(77)}, {9, LeafOf(9)}});
  EXPECT_NE(delta.root, root);
  EXPECT_EQ(tree.Root(), root);
  EXPECT_EQ(tree.size(), 9u);
  EXPECT_EQ(tree.leaf(3), LeafOf(3));
}

TEST(TableTreeTest, SharedParentsAreComputedOnce) {
  const TableTree tree(testing::Leaves(1024));
  std::vector<Change> changes;
  for (uint64_t i = 0; i < 64; ++i) changes.emplace_back(i, LeafOf(5000 + i));
  const auto delta = tree.Compute(1024, changes);
  size_t nodes = 0;
  for (const auto& level : delta.levels) nodes += level.size();
  EXPECT_EQ(nodes, 64u + 63u + 4u);
}

TEST(TableTreeTest, NoChangesKeepTheRoot) {
  TableTree tree(testing::Leaves(9));
  const auto root = tree.Root();
  auto delta = tree.Compute(9, {});
  EXPECT_EQ(delta.root, root);
  tree.Apply(std::move(delta));
  EXPECT_EQ(tree.Root(), root);
  EXPECT_EQ(tree.size(), 9u);
}

TEST(TableTreeTest, ClearedTreeGrowsAgain) {
  TableTree tree(testing::Leaves(600));
  tree.Clear();
  EXPECT_EQ(tree.Root(), EmptyRoot());
  tree.Apply(tree.Compute(1, std::vector<Change>{{0, LeafOf(4)}}));
  EXPECT_EQ(tree.Root(), LeafOf(4));
  tree.Apply(tree.Compute(0, {}));
  EXPECT_EQ(tree.Root(), EmptyRoot());
}

TEST(TableTreeDeathTest, RefusesBrokenContracts) {
  TableTree tree(testing::Leaves(4));
  EXPECT_DEATH(tree.Compute(6, std::vector<Change>{{5, LeafOf(5)}}), "a new leaf is missing");
  EXPECT_DEATH(tree.Compute(4, std::vector<Change>{{4, LeafOf(5)}}), "out of range");
  EXPECT_DEATH(tree.Compute(4, std::vector<Change>{{2, LeafOf(5)}, {2, LeafOf(6)}}),
               "out of order");
  auto first = tree.Compute(4, std::vector<Change>{{2, LeafOf(5)}});
  auto second = tree.Compute(4, std::vector<Change>{{3, LeafOf(5)}});
  tree.Apply(std::move(first));
  EXPECT_DEATH(tree.Apply(std::move(second)), "another state");
  EXPECT_DEATH(tree.Proof(4), "out of range");
}

}  // namespace
}  // namespace tributary::merkle
