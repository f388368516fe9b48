#include <gtest/gtest.h>

#include <random>

#include "merkle/log_proofs.h"
#include "merkle/log_tree.h"
#include "tributary/merkle/verify.h"
#include "unit/merkle/naive.h"

namespace tributary::merkle {
namespace {

using base::Hash;
using testing::Hashes;
using testing::LeafOf;

constexpr uint64_t kSeeds = 12;

class LogTreePropertyTest : public ::testing::TestWithParam<uint64_t> {};

// Blocks of random sizes, some dropped before another takes their place; now and then the tree is
// restored from its tiles. Whatever happens, the tree is the one of the definition.
TEST_P(LogTreePropertyTest, BlocksDropsAndRestoresLeadToTheTreeOfTheDefinition) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  std::mt19937_64 random(GetParam());
  Hashes leaves;
  LogTree tree;
  MemoryTiles tiles;
  while (leaves.size() < 1500) {
    const uint64_t most = random() % 4 == 0 ? 600 : 5;
    auto draft = tree.NewDraft();
    for (uint64_t i = random() % most; i != 0; --i) draft.Append(LeafOf(random()));
    if (random() % 3 == 0) continue;  // dropped

    auto block = tree.NewDraft();
    for (uint64_t i = random() % most + 1; i != 0; --i) {
      leaves.push_back(LeafOf(random()));
      block.Append(leaves.back());
    }
    for (TileUpdate& tile : block.Tiles()) tiles.Put(tile.id, std::move(tile.bytes));
    tree.Publish(std::move(block));
    ASSERT_EQ(tree.size(), leaves.size());
    ASSERT_EQ(tree.Root(), testing::NaiveRoot(leaves));
    if (random() % 5 == 0) {
      auto restored = LogTree::Restore(tree.size(), tiles);
      ASSERT_TRUE(restored.ok());
      tree = *std::move(restored);
      ASSERT_EQ(tree.Root(), testing::NaiveRoot(leaves));
    }
  }
  for (int i = 0; i < 40; ++i) {
    const uint64_t n = random() % leaves.size() + 1;
    const uint64_t m = random() % n;
    const auto root_n = RootAt(tiles, n);
    const auto root_m = RootAt(tiles, m);
    ASSERT_EQ(*root_n, testing::NaiveRoot(std::span(leaves).first(n)));
    ASSERT_EQ(VerifyInclusion(m, n, leaves[m], *InclusionProof(tiles, m, n), *root_n),
              std::nullopt);
    ASSERT_EQ(VerifyConsistency(m, n, *root_m, *root_n, *ConsistencyProof(tiles, m, n)),
              std::nullopt);
  }
}

TEST_P(LogTreePropertyTest, AFrontierGrownBySubtreesEqualsOneGrownByLeaves) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  std::mt19937_64 random(GetParam());
  Frontier by_leaves;
  Frontier by_subtrees;
  for (int step = 0; step < 60; ++step) {
    const uint64_t size = by_leaves.size();
    int height = size == 0 ? 6 : std::min(6, std::countr_zero(size));
    height = static_cast<int>(random() % (static_cast<uint64_t>(height) + 1));
    Hashes leaves;
    for (uint64_t i = 0; i < uint64_t{1} << height; ++i) leaves.push_back(LeafOf(random()));
    for (const Hash& leaf : leaves) by_leaves.Append(leaf);
    by_subtrees.AppendSubtree(height, testing::NaiveRoot(leaves));
    ASSERT_EQ(by_subtrees.size(), by_leaves.size());
    ASSERT_EQ(by_subtrees.Root(), by_leaves.Root());
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, LogTreePropertyTest, ::testing::Range<uint64_t>(1, kSeeds + 1));

}  // namespace
}  // namespace tributary::merkle
