#include "node/recent.h"

#include <gtest/gtest.h>

namespace tributary::node {
namespace {

using base::TimeMs;

base::TxId Id(uint8_t n) {
  base::TxId id;
  id.bytes[0] = n;
  return id;
}
Decision RefusedAs(uint8_t n) {
  return {Id(n), Refused{base::Reject(base::RejectionCode::kWrongChain, "body"), base::Height(1)}};
}
Decision CommittedAs(uint8_t n) {
  return {Id(n), Committed{base::EntryIndex(n), base::Height(1), TimeMs(1), {}, 0, {}}};
}

TEST(RecentDecisionsTest, ARefusalIsForgottenAfterItsTimeAndACommitIsNot) {
  RecentDecisions recent({10, 1 << 20, 1'000});
  recent.Add(Id(1), TimeMs(5), RefusedAs(1), TimeMs(100));
  recent.Add(Id(2), TimeMs(5), CommittedAs(2), TimeMs(100));
  EXPECT_TRUE(recent.Find(Id(1), TimeMs(1'100)).has_value());
  EXPECT_FALSE(recent.Find(Id(1), TimeMs(1'101)).has_value());
  EXPECT_TRUE(recent.Find(Id(2), TimeMs(9'999)).has_value());
}

TEST(RecentDecisionsTest, ACommitReplacesARefusalAndIsNeverReplacedByOne) {
  RecentDecisions recent({10, 1 << 20, 1'000});
  recent.Add(Id(1), TimeMs(5), RefusedAs(1), TimeMs(0));
  recent.Add(Id(1), TimeMs(5), CommittedAs(1), TimeMs(0));
  recent.Add(Id(1), TimeMs(5), RefusedAs(1), TimeMs(0));
  EXPECT_TRUE(std::holds_alternative<Committed>(recent.Find(Id(1), TimeMs(0))->result));
}

TEST(RecentDecisionsTest, TheOldestGoesWhenThereAreTooMany) {
  RecentDecisions recent({2, 1 << 20, 1'000});
  for (uint8_t n = 1; n <= 3; ++n) recent.Add(Id(n), TimeMs(5), CommittedAs(n), TimeMs(0));
  EXPECT_FALSE(recent.Find(Id(1), TimeMs(0)).has_value());
  EXPECT_TRUE(recent.Find(Id(2), TimeMs(0)).has_value());
  EXPECT_TRUE(recent.Find(Id(3), TimeMs(0)).has_value());
}

TEST(RecentDecisionsTest, TroubleIsNoDecision) {
  RecentDecisions recent({2, 1 << 20, 1'000});
  recent.Add(Id(1), TimeMs(5), {Id(1), Trouble{}}, TimeMs(0));
  EXPECT_FALSE(recent.Find(Id(1), TimeMs(0)).has_value());
}

}  // namespace
}  // namespace tributary::node
