#include "node/block_clock.h"

#include <gtest/gtest.h>

#include "unit/node/fake_clock.h"

namespace tributary::node {
namespace {

using base::TimeMs;
using testing::FakeClock;

constexpr uint64_t kStart = 1'700'000'000'000;
constexpr ClockLimits kLimits{600'000, 86'400'000, false};

TEST(BlockClockTest, FollowsTheClockAndNeverGoesBehindTheLastBlock) {
  FakeClock clock(kStart);
  BlockClock blocks(clock, kLimits);
  blocks.Start(TimeMs(kStart - 5));
  EXPECT_EQ(*blocks.Now(TimeMs(kStart - 5)), TimeMs(kStart));
  clock.Pass(1'000);
  EXPECT_EQ(*blocks.Now(TimeMs(kStart)), TimeMs(kStart + 1'000));
  EXPECT_EQ(*blocks.Now(TimeMs(kStart + 2'000)), TimeMs(kStart + 2'000));
}

TEST(BlockClockTest, AJumpOfTheLimitIsFollowedAndOneMillisecondMoreIsNot) {
  for (const int64_t sign : {1, -1}) {
    FakeClock clock(kStart);
    BlockClock blocks(clock, kLimits);
    blocks.Start(TimeMs(kStart));
    clock.SetWall(kStart + static_cast<uint64_t>(sign * 600'001));
    const auto refused = blocks.Now(TimeMs(kStart));
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
    clock.SetWall(kStart + static_cast<uint64_t>(sign * 600'000));
    EXPECT_TRUE(blocks.Now(TimeMs(kStart)).ok());
  }
}

TEST(BlockClockTest, AClockThatComesBackIsFollowedAgain) {
  FakeClock clock(kStart);
  BlockClock blocks(clock, kLimits);
  blocks.Start(TimeMs(kStart));
  clock.SetWall(kStart + 3'600'000);
  EXPECT_FALSE(blocks.Now(TimeMs(kStart)).ok());
  clock.SetWall(kStart + 10);
  EXPECT_EQ(*blocks.Now(TimeMs(kStart)), TimeMs(kStart + 10));
}

TEST(BlockClockTest, ALongQuietTimeIsNoJump) {
  FakeClock clock(kStart);
  BlockClock blocks(clock, kLimits);
  blocks.Start(TimeMs(kStart));
  clock.Pass(30ull * 86'400'000);
  EXPECT_TRUE(blocks.Now(TimeMs(kStart)).ok());
}

TEST(BlockClockTest, AtStartALongDowntimeNeedsTheOperator) {
  FakeClock clock(kStart);
  BlockClock day(clock, kLimits);
  day.Start(TimeMs(kStart - 86'400'000));
  EXPECT_TRUE(day.Now(TimeMs(kStart - 86'400'000)).ok());
  BlockClock longer(clock, kLimits);
  longer.Start(TimeMs(kStart - 86'400'001));
  EXPECT_FALSE(longer.Now(TimeMs(kStart - 86'400'001)).ok());
  BlockClock accepted(clock, {600'000, 86'400'000, true});
  accepted.Start(TimeMs(kStart - 86'400'001));
  EXPECT_EQ(*accepted.Now(TimeMs(kStart - 86'400'001)), TimeMs(kStart));
}

TEST(BlockClockTest, AtStartAClockFarBehindTheLastBlockNeedsTheOperator) {
  FakeClock clock(kStart);
  BlockClock little(clock, kLimits);
  little.Start(TimeMs(kStart + 600'000));
  EXPECT_EQ(*little.Now(TimeMs(kStart + 600'000)), TimeMs(kStart + 600'000));
  BlockClock far(clock, kLimits);
  far.Start(TimeMs(kStart + 600'001));
  EXPECT_FALSE(far.Now(TimeMs(kStart + 600'001)).ok());
}

}  // namespace
}  // namespace tributary::node
