#include "merkle/log_tree.h"

#include <gtest/gtest.h>

#include <map>

#include "merkle/log_proofs.h"
#include "tributary/base/hex.h"
#include "tributary/merkle/verify.h"
#include "unit/merkle/naive.h"

namespace tributary::merkle {
namespace {

using base::Hash;
using testing::Grow;
using testing::Hashes;
using testing::LeafOf;

std::string Digest(const Hashes& hashes) {
  crypto::Hasher hasher;
  for (const Hash& hash : hashes) hasher.Update(hash.view());
  return base::ToHex(hasher.Finish().view());
}

// Counts what a proof reads.
class CountingReader : public TileReader {
 public:
  explicit CountingReader(const TileReader& reader) : reader_(reader) {}
  absl::StatusOr<std::vector<uint8_t>> ReadTile(TileId id) const override {
    ++reads[id];
    return reader_.ReadTile(id);
  }
  mutable std::map<TileId, int> reads;

 private:
  const TileReader& reader_;
};

// Roots by golang.org/x/mod/sumdb/tlog of entries 0, 1, 2 ... as eight big-endian bytes.
TEST(LogTreeTest, RootsEqualThoseOfTheGoImplementation) {
  const std::map<uint64_t, std::string> roots = {
      {0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {1, "3e7077fd2f66d689e0cee6a7cf5b37bf2dca7c979af356d0a31cbc5c85605c7d"},
      {2, "a7d91894b61fbf46378d88e3e1b1f7aef39532c504b484bd31551d15e0a09dff"},
      {3, "9b4965f8b220ba42f7039ad0781c966cf90bb1aea15a80586d634b322ab1f4ce"},
      {7, "45cea7edca9543ee5575a5774d0d8fa9321a8be084b3fb657fa4f6d071a3c94c"},
      {255, "bb3b9743e08118ea583ae77df04a1449a0601cde6f75146d79c2cab6366ce210"},
      {256, "15e2dd4973ae44de8c8cf3048fd98d17adaaea6287f4e0606a55a643617408c0"},
      {257, "d418c0873259bce7d0561ab004486112416c1c4490865415342bfe06e673146c"},
      {65536, "bc9bca909516d5bf148c2bf2dea0a0d9f717ce4987d2fe7504d6694363b41598"},
      {70000, "0759167a0f98e35e802d46ff7c7d29d2c3f03a63a256deb6abbff357a91b63b1"}};
  LogTree tree;
  MemoryTiles tiles;
  for (const auto& [size, root] : roots) {
    Grow(tree, size - tree.size(), tiles);
    EXPECT_EQ(base::ToHex(tree.Root().view()), root) << size;
  }
  for (const auto& [size, root] : roots) {
    EXPECT_EQ(base::ToHex(RootAt(tiles, size)->view()), root) << size;
  }
  EXPECT_EQ(Digest(*InclusionProof(tiles, 66666, 70000)),
            "0fb31d482fbc5039c3b5d931fed980a6c762d1b91a5daffa06d4915a71bbb9a7");
  EXPECT_EQ(Digest(*ConsistencyProof(tiles, 300, 70000)),
            "77e7d90587fd69d83c3a71901baedf3d794c32b259026f595b512a59786a9eb6");
}

TEST(LogTreeTest, StoresExactlyTheTilesOfItsSize) {
  LogTree tree;
  MemoryTiles tiles;
  for (const uint64_t size : {1u, 255u, 256u, 257u, 65535u, 65536u, 70000u}) {
    Grow(tree, size - tree.size(), tiles);
    const auto expected = TilesOfTree(size);
    ASSERT_EQ(tiles.tiles().size(), expected.size()) << size;
    for (const TilePath& path : expected) {
      ASSERT_EQ(tiles.tiles().at(path.id).size(), path.width * Hash::kSize) << size;
    }
  }
}

TEST(LogTreeTest, UpdatesNameWhatWasThereBefore) {
  LogTree tree;
  MemoryTiles tiles;
  Grow(tree, 200, tiles);
  auto draft = tree.NewDraft();
  for (uint64_t i = 200; i < 300; ++i) draft.Append(LeafOf(i));
  const auto updates = draft.Tiles();
  ASSERT_EQ(updates.size(), 3u);
  EXPECT_EQ(updates[0].id, (TileId{0, 0}));
  EXPECT_EQ(updates[0].old_width, 200u);
  EXPECT_EQ(updates[0].bytes.size(), kTileBytes);
  EXPECT_EQ(updates[1].id, (TileId{0, 1}));
  EXPECT_EQ(updates[1].old_width, 0u);
  EXPECT_EQ(updates[1].bytes.size(), 44 * Hash::kSize);
  EXPECT_EQ(updates[2].id, (TileId{1, 0}));
  EXPECT_EQ(updates[2].bytes.size(), Hash::kSize);
  EXPECT_EQ(Hash::From(updates[2].bytes), testing::NaiveRoot(testing::Leaves(256)));
}

TEST(LogTreeTest, ADroppedDraftChangesNothing) {
  LogTree tree;
  MemoryTiles tiles;
  Grow(tree, 250, tiles);
  const Hash root = tree.Root();
  {
    auto dropped = tree.NewDraft();
    for (uint64_t i = 0; i < 1000; ++i) dropped.Append(LeafOf(9'000 + i));
    EXPECT_NE(dropped.Root(), root);
    EXPECT_FALSE(dropped.Tiles().empty());
  }
  EXPECT_EQ(tree.size(), 250u);
  EXPECT_EQ(tree.Root(), root);
  Grow(tree, 50, tiles);
  EXPECT_EQ(tree.Root(), testing::NaiveRoot(testing::Leaves(300)));
}

TEST(LogTreeTest, ADraftShowsTheRootBetweenItsLeaves) {
  const Hashes leaves = testing::Leaves(10);
  LogTree tree;
  auto draft = tree.NewDraft();
  for (size_t i = 0; i < leaves.size(); ++i) {
    EXPECT_EQ(draft.size(), i);
    EXPECT_EQ(draft.Root(), testing::NaiveRoot(std::span(leaves).first(i)));
    draft.Append(leaves[i]);
  }
}

TEST(LogTreeTest, AnEmptyDraftTouchesNoTile) {
  LogTree tree;
  auto draft = tree.NewDraft();
  EXPECT_TRUE(draft.Tiles().empty());
  tree.Publish(std::move(draft));
  EXPECT_EQ(tree.size(), 0u);
  EXPECT_EQ(tree.Root(), EmptyRoot());
}

TEST(LogTreeDeathTest, RefusesADraftOfAnOlderSize) {
  LogTree tree;
  auto stale = tree.NewDraft();
  stale.Append(LeafOf(0));
  tree.Append(LeafOf(1));
  EXPECT_DEATH(tree.Publish(std::move(stale)), "draft of another tree");
}

TEST(LogTreeTest, RestoreNamesMissingAndShortTiles) {
  LogTree tree;
  MemoryTiles tiles;
  Grow(tree, 600, tiles);
  EXPECT_EQ(LogTree::Restore(600, tiles)->Root(), tree.Root());
  EXPECT_TRUE(absl::IsDataLoss(LogTree::Restore(601, tiles).status()));
  EXPECT_TRUE(absl::IsDataLoss(LogTree::Restore(1000, tiles).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(LogTree::Restore(kTreeSizeMax + 1, tiles).status()));
}

TEST(LogProofsTest, EqualTheDefinitionForEverySizeUpTo130) {
  const Hashes leaves = testing::Leaves(130);
  LogTree tree;
  MemoryTiles tiles;
  Grow(tree, 130, tiles);
  for (uint64_t n = 1; n <= 130; ++n) {
    const auto prefix = std::span(leaves).first(n);
    ASSERT_EQ(*RootAt(tiles, n), testing::NaiveRoot(prefix)) << n;
    for (uint64_t m = 0; m < n; ++m) {
      ASSERT_EQ(*InclusionProof(tiles, m, n), testing::NaivePath(m, prefix)) << m << " " << n;
      const Hashes expected = m == 0 ? Hashes{} : testing::NaiveSubproof(m, prefix, true);
      ASSERT_EQ(*ConsistencyProof(tiles, m, n), expected) << m << " " << n;
    }
    EXPECT_TRUE(ConsistencyProof(tiles, n, n)->empty());
  }
}

TEST(LogProofsTest, ReadEachTileOnceAndAtMostTwoPerLevel) {
  LogTree tree;
  MemoryTiles tiles;
  Grow(tree, 70'000, tiles);
  for (const uint64_t index : {0u, 255u, 256u, 65'535u, 65'536u, 69'999u}) {
    const CountingReader counting(tiles);
    ASSERT_TRUE(InclusionProof(counting, index, 70'000).ok());
    std::map<uint32_t, int> per_level;
    for (const auto& [id, reads] : counting.reads) {
      EXPECT_EQ(reads, 1);
      ++per_level[id.level];
    }
    for (const auto& [level, count] : per_level) EXPECT_LE(count, 2) << level;
  }
}

TEST(LogProofsTest, RefuseIndexesAndSizesOutOfRange) {
  MemoryTiles tiles;
  EXPECT_TRUE(absl::IsInvalidArgument(InclusionProof(tiles, 5, 5).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(InclusionProof(tiles, 0, kTreeSizeMax + 1).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(ConsistencyProof(tiles, 6, 5).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(LeafAt(tiles, 5, 5).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(RootAt(tiles, kTreeSizeMax + 1).status()));
  EXPECT_TRUE(absl::IsNotFound(InclusionProof(tiles, 0, 5).status()));
  EXPECT_TRUE(absl::IsNotFound(RootAt(tiles, 5).status()));
}

TEST(LogProofsTest, LeafAtReadsTheLeafHash) {
  LogTree tree;
  MemoryTiles tiles;
  Grow(tree, 300, tiles);
  for (const uint64_t index : {0u, 255u, 256u, 299u}) {
    EXPECT_EQ(*LeafAt(tiles, index, 300), LeafOf(index));
  }
}

}  // namespace
}  // namespace tributary::merkle
