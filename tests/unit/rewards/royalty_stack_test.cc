#include "rewards/royalty_stack.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace tributary::rewards {
namespace {

using base::Ppb;
using base::RecordSeq;

using Stack = std::vector<Royalty>;

Royalty Of(uint32_t record, uint32_t share) { return {RecordSeq(record), Ppb(share)}; }

TEST(RoyaltyStackTest, AUnionHoldsEachRecordOnceAtTheLowerShare) {
  const Stack a = {Of(1, 10), Of(3, 30), Of(5, 50)};
  const Stack b = {Of(0, 1), Of(3, 29), Of(9, 90)};
  const Stack united = {Of(0, 1), Of(1, 10), Of(3, 29), Of(5, 50), Of(9, 90)};
  EXPECT_EQ(UniteStacks(a, b), united);
  EXPECT_EQ(UniteStacks(b, a), united);
  EXPECT_EQ(UniteStacks(a, a), a);
  EXPECT_EQ(UniteStacks(a, {}), a);
  EXPECT_EQ(UniteStacks({}, a), a);
  EXPECT_EQ(TotalPpb(united), 180u);
  EXPECT_EQ(TotalPpb({}), 0u);
}

TEST(RoyaltyStackTest, AUnionIsThatOfMaps) {
  std::mt19937 random(3);
  for (int round = 0; round < 500; ++round) {
    std::map<uint32_t, uint32_t> expected;
    Stack stacks[2];
    for (Stack& stack : stacks) {
      for (uint32_t record = 0; record < 40; ++record) {
        if (random() % 3 != 0) continue;
        const auto share = static_cast<uint32_t>(1 + random() % 5);
        stack.push_back(Of(record, share));
        const auto [at, is_new] = expected.emplace(record, share);
        if (!is_new) at->second = std::min(at->second, share);
      }
    }
    Stack wanted;
    for (const auto& [record, share] : expected) wanted.push_back(Of(record, share));
    ASSERT_EQ(UniteStacks(stacks[0], stacks[1]), wanted) << "round " << round;
  }
}

TEST(RoyaltyStackTest, SoManyLeastRoyaltiesFillTheCap) {
  for (const uint32_t cap :
       {1u, 999u, 1'000u, 1'001u, 300'000'000u, 999'999'999u, 1'000'000'000u}) {
    const uint64_t least = RoyaltyMin(Ppb(cap)).value();
    EXPECT_GE(least * kStackEntriesMax, cap);
    EXPECT_GT(least * (kStackEntriesMax + 1), cap);
    EXPECT_TRUE(least == 1 || (least - 1) * kStackEntriesMax < cap);
  }
}

}  // namespace
}  // namespace tributary::rewards
