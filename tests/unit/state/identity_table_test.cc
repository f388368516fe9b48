#include "state/identity_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace tributary::state {
namespace {

// Few bits of the tag vary, so that probes collide, wrap around and are shifted back.
Tag96 CrowdedTag(std::mt19937_64& random) {
  Tag96 tag;
  tag.low = (random() % 8) << 29 | random() % 64;
  tag.high = static_cast<uint32_t>(random() % 3);
  return tag;
}

void CompareWithMap(IdentityTable::Width width, uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  IdentityTable table(width);
  std::map<Tag96, uint64_t> map;
  const uint64_t value_mask = width == IdentityTable::Width::kNarrow ? UINT32_MAX : UINT64_MAX;
  for (int step = 0; step < 20'000; ++step) {
    const Tag96 tag = CrowdedTag(random);
    // An empty slot is all zero, so the tag zero stands for low = 1: the map sees it likewise.
    const Tag96 seen = tag.low == 0 && tag.high == 0 ? Tag96{1, 0} : tag;
    if (random() % 3 != 0) {
      const uint64_t value = random() & value_mask;
      ASSERT_EQ(table.Insert(tag, value), map.emplace(seen, value).second);
    } else {
      ASSERT_EQ(table.Erase(tag), map.erase(seen) == 1);
    }
    ASSERT_EQ(table.size(), map.size());
    const Tag96 asked = CrowdedTag(random);
    const auto expected = map.find(asked.low == 0 && asked.high == 0 ? Tag96{1, 0} : asked);
    const auto found = table.Find(asked);
    ASSERT_EQ(found.has_value(), expected != map.end());
    if (found) {
      ASSERT_EQ(*found, expected->second);
    }
  }
  for (const auto& [tag, value] : map) ASSERT_EQ(table.Find(tag), value);
}

TEST(IdentityTableTest, IsAMapForAnyOrderOfInsertionsAndErasures) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    CompareWithMap(IdentityTable::Width::kNarrow, seed);
    CompareWithMap(IdentityTable::Width::kWide, seed);
  }
}

TEST(IdentityTableTest, ATagThatIsThereIsNotInsertedAgain) {
  IdentityTable table;
  EXPECT_TRUE(table.Insert({1, 2}, 3));
  EXPECT_FALSE(table.Insert({1, 2}, 4));
  EXPECT_EQ(table.Find({1, 2}), 3u);
  EXPECT_EQ(table.size(), 1u);
}

TEST(IdentityTableTest, ErasingWhatIsNotThereSaysSo) {
  IdentityTable table;
  EXPECT_FALSE(table.Erase({1, 2}));
  EXPECT_TRUE(table.Insert({1, 2}, 3));
  EXPECT_FALSE(table.Erase({2, 2}));
  EXPECT_TRUE(table.Erase({1, 2}));
  EXPECT_FALSE(table.Erase({1, 2}));
  EXPECT_EQ(table.Find({1, 2}), std::nullopt);
}

TEST(IdentityTableTest, ValuesKeepTheirWidth) {
  IdentityTable narrow(IdentityTable::Width::kNarrow);
  IdentityTable wide(IdentityTable::Width::kWide);
  EXPECT_TRUE(narrow.Insert({5, 5}, UINT32_MAX));
  EXPECT_TRUE(wide.Insert({5, 5}, UINT64_MAX));
  EXPECT_EQ(narrow.Find({5, 5}), UINT32_MAX);
  EXPECT_EQ(wide.Find({5, 5}), UINT64_MAX);
  EXPECT_DEATH(narrow.Insert({6, 6}, uint64_t{UINT32_MAX} + 1), "too wide");
}

TEST(IdentityTableTest, ClearForgetsEverything) {
  IdentityTable table;
  for (uint32_t i = 1; i < 1000; ++i) EXPECT_TRUE(table.Insert({i, i}, i));
  EXPECT_GT(table.MemoryBytes(), 999 * 20u);
  table.Clear();
  EXPECT_EQ(table.size(), 0u);
  for (uint32_t i = 1; i < 1000; ++i) EXPECT_EQ(table.Find({i, i}), std::nullopt);
  EXPECT_TRUE(table.Insert({1, 1}, 1));
}

}  // namespace
}  // namespace tributary::state
