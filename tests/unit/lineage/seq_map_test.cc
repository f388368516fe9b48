#include "lineage/seq_map.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace tributary::lineage {
namespace {

TEST(SeqMapTest, GivesItsElementsInDescendingOrder) {
  SeqMap<int> map(100'000);
  for (const uint32_t seq : {5u, 99'999u, 0u, 255u, 256u, 63u, 64u}) {
    map.At(seq) = static_cast<int>(seq) + 1;
  }
  std::vector<uint32_t> order;
  uint32_t seq = 0;
  int value = 0;
  while (map.PopHighest(&seq, &value)) {
    EXPECT_EQ(value, static_cast<int>(seq) + 1);
    order.push_back(seq);
  }
  EXPECT_EQ(order, (std::vector<uint32_t>{99'999, 256, 255, 64, 63, 5, 0}));
}

TEST(SeqMapTest, AnElementIsThereEvenWithValueZero) {
  SeqMap<int> map(10);
  EXPECT_FALSE(map.Contains(3));
  map.At(3);
  EXPECT_TRUE(map.Contains(3));
  EXPECT_EQ(*map.Find(3), 0);
  EXPECT_EQ(map.Find(2), nullptr);
  EXPECT_EQ(map.Find(1'000'000), nullptr);
}

TEST(SeqMapTest, AnEmptyMapGivesNothing) {
  SeqMap<int> map(0);
  uint32_t seq = 0;
  int value = 0;
  EXPECT_FALSE(map.PopHighest(&seq, &value));
  EXPECT_FALSE(map.PopLowest(&seq, &value));
}

// Against std::map, while elements are added below (or above) the one taken last.
TEST(SeqMapTest, BehavesLikeAnOrderedMapWhileItIsFilled) {
  for (uint32_t seed = 0; seed < 50; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const bool down = seed % 2 == 0;
    const uint32_t limit = 1 + random() % 3000;
    SeqMap<uint64_t> map(limit);
    std::map<uint32_t, uint64_t> model;
    const auto add = [&](uint32_t seq) {
      const uint64_t amount = random() % 5;
      map.At(seq) += amount;
      model[seq] += amount;
    };
    for (int i = 0; i < 20; ++i) add(static_cast<uint32_t>(random() % limit));
    uint32_t seq = 0;
    uint64_t value = 0;
    while (down ? map.PopHighest(&seq, &value) : map.PopLowest(&seq, &value)) {
      const auto expected = down ? std::prev(model.end()) : model.begin();
      ASSERT_EQ(seq, expected->first);
      ASSERT_EQ(value, expected->second);
      model.erase(expected);
      for (int i = 0; i < 2 && random() % 3 != 0; ++i) {
        if (down && seq > 0) add(static_cast<uint32_t>(random() % seq));
        if (!down && seq + 1 < limit) {
          add(seq + 1 + static_cast<uint32_t>(random() % (limit - seq - 1)));
        }
      }
    }
    EXPECT_TRUE(model.empty());
  }
}

}  // namespace
}  // namespace tributary::lineage
