#include "merkle/tiles.h"

#include <gtest/gtest.h>

#include "tributary/merkle/verify.h"

namespace tributary::merkle {
namespace {

TilePath Full(uint32_t level, uint64_t number) { return {{level, number}, kTileWidth, false}; }
TilePath Partial(uint32_t level, uint64_t number, uint32_t width) {
  return {{level, number}, width, false};
}

std::vector<std::string> PathsOf(uint64_t size) {
  std::vector<std::string> out;
  for (const TilePath& path : TilesOfTree(size)) out.push_back(FormatTilePath(path));
  return out;
}

using Paths = std::vector<std::string>;

TEST(TilesTest, PathsAreThoseOfTheSpecification) {
  EXPECT_EQ(FormatTilePath(Full(0, 0)), "tile/0/000");
  EXPECT_EQ(FormatTilePath(Full(0, 273)), "tile/0/273");
  EXPECT_EQ(FormatTilePath(Full(0, 999)), "tile/0/999");
  EXPECT_EQ(FormatTilePath(Full(1, 1000)), "tile/1/x001/000");
  EXPECT_EQ(FormatTilePath(Full(63, 1234067)), "tile/63/x001/x234/067");
  EXPECT_EQ(FormatTilePath(Full(0, 1000000)), "tile/0/x001/x000/000");
  EXPECT_EQ(FormatTilePath(Partial(0, 273, 112)), "tile/0/273.p/112");
  EXPECT_EQ(FormatTilePath({{0, 1000}, 1, true}), "tile/entries/x001/000.p/1");
}

TEST(TilesTest, ParsesWhatItFormats) {
  const uint64_t last = (uint64_t{1} << 55) - 1;
  for (const uint64_t number :
       {uint64_t{0}, uint64_t{999}, uint64_t{1000}, uint64_t{999'999}, uint64_t{1'000'000}, last}) {
    for (const uint32_t width : {1u, 255u, 256u}) {
      const TilePath tile = Partial(7, number, width);
      EXPECT_EQ(ParseTilePath(FormatTilePath(tile)), tile);
      const TilePath bundle{{0, number}, width, true};
      EXPECT_EQ(ParseTilePath(FormatTilePath(bundle)), bundle);
    }
  }
}

TEST(TilesTest, RefusesWhatIsNotCanonical) {
  for (const std::string_view text : {"",
                                      "tile",
                                      "tile/",
                                      "tile/0",
                                      "tile/0/",
                                      "/tile/0/000",
                                      "tile/0/000/",
                                      "tile/0/1",
                                      "tile/0/0001",
                                      "tile/0/x000/001",
                                      "tile/0/x001",
                                      "tile/0/x001/",
                                      "tile/0/001/000",
                                      "tile/0/x001/x000",
                                      "tile/0/x1/000",
                                      "tile/00/000",
                                      "tile/01/000",
                                      "tile/64/000",
                                      "tile/-1/000",
                                      "tile/+1/000",
                                      "tile/0/000.p",
                                      "tile/0/000.p/",
                                      "tile/0/000.p/0",
                                      "tile/0/000.p/256",
                                      "tile/0/000.p/01",
                                      "tile/0/000.p/1/",
                                      "tile/0/000.p/1.p/1",
                                      "tile/0/00a",
                                      "tile/entries",
                                      "tile/entries/0",
                                      "tile/entries/0/000",
                                      "tile/Entries/000",
                                      "tile/0/ 000",
                                      "tile/0/x036/x028/x797/x018/x963/968",
                                      "tile/0/000\n",
                                      "tile/0/x999/x999/x999/x999/x999/x999/x999/x999/999"}) {
    EXPECT_EQ(ParseTilePath(text), std::nullopt) << text;
  }
}

TEST(TilesTest, TilesOfATreeAreThoseOfTheSpecification) {
  EXPECT_EQ(PathsOf(0), Paths{});
  EXPECT_EQ(PathsOf(1), Paths{"tile/0/000.p/1"});
  EXPECT_EQ(PathsOf(255), Paths{"tile/0/000.p/255"});
  EXPECT_EQ(PathsOf(256), (Paths{"tile/0/000", "tile/1/000.p/1"}));
  EXPECT_EQ(PathsOf(257), (Paths{"tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"}));

  const Paths at_65536 = PathsOf(65536);
  ASSERT_EQ(at_65536.size(), 258u);
  EXPECT_EQ(at_65536[255], "tile/0/255");
  EXPECT_EQ(at_65536[256], "tile/1/000");
  EXPECT_EQ(at_65536[257], "tile/2/000.p/1");

  const Paths at_70000 = PathsOf(70000);
  ASSERT_EQ(at_70000.size(), 277u);
  EXPECT_EQ(at_70000[272], "tile/0/272");
  EXPECT_EQ(Paths(at_70000.begin() + 273, at_70000.end()),
            (Paths{"tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"}));
}

TEST(TilesTest, TheLargestTreeHasEightLevels) {
  EXPECT_EQ(TileWidthAt({7, 0}, kTreeSizeMax), 127u);
  EXPECT_EQ(TileWidthAt({8, 0}, kTreeSizeMax), 0u);
  EXPECT_EQ(TileWidthAt({0, (uint64_t{1} << 55) - 1}, kTreeSizeMax), 255u);
}

TEST(TilesTest, ReadingCutsToTheSizeAndReportsDamage) {
  MemoryTiles tiles;
  tiles.Put({0, 0}, std::vector<uint8_t>(3 * 32, 7));
  EXPECT_EQ(ReadTileAt(tiles, {0, 0}, 2)->size(), 64u);
  EXPECT_EQ(ReadTileAt(tiles, {0, 0}, 3)->size(), 96u);
  EXPECT_TRUE(absl::IsDataLoss(ReadTileAt(tiles, {0, 0}, 4).status()));
  EXPECT_TRUE(absl::IsNotFound(ReadTileAt(tiles, {0, 0}, 0).status()));
  EXPECT_TRUE(absl::IsNotFound(ReadTileAt(tiles, {0, 1}, 300).status()));
  tiles.Put({0, 0}, std::vector<uint8_t>(3 * 32 + 1, 7));
  EXPECT_TRUE(absl::IsDataLoss(ReadTileAt(tiles, {0, 0}, 2).status()));
}

}  // namespace
}  // namespace tributary::merkle
