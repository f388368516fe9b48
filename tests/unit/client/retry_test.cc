#include "client/retry.h"

#include <gtest/gtest.h>
#include <algorithm>

#include "client/status.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tributary/base/status.h"

namespace tributary::client {
namespace {

absl::Status Trouble(grpc::StatusCode code, const std::string& reason, int64_t retry_ms) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  info.set_domain("tributary");
  info.set_reason(reason);
  details.add_details()->PackFrom(info);
  if (retry_ms > 0) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(retry_ms / 1'000);
    retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(retry_ms % 1'000) * 1'000'000);
    details.add_details()->PackFrom(retry);
  }
  return FromGrpc({code, "x", details.SerializeAsString()});
}

TEST(RetryPolicyTest, WaitsAtLeastAsLongAsTheNodeAsks) {
  RetryPolicy policy(10'000);
  const auto status = Trouble(grpc::StatusCode::RESOURCE_EXHAUSTED, "Overloaded", 700);
  EXPECT_EQ(policy.NextPauseMs(status, 0), 700u);
  const auto jittered = policy.NextPauseMs(status, UINT32_MAX);
  ASSERT_TRUE(jittered.has_value());
  EXPECT_GE(*jittered, 870u);
  EXPECT_LE(*jittered, 875u);
}

TEST(RetryPolicyTest, BacksOffTwiceAsLongEachTimeUpToTwoSeconds) {
  RetryPolicy policy(1'000'000);
  const auto down = base::Unavailable("down");
  uint32_t expected = 50;
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(policy.NextPauseMs(down, 0), expected);
    expected = std::min(expected * 2, 2'000u);
  }
}

TEST(RetryPolicyTest, GivesUpWhenTheTimeIsUsedUp) {
  RetryPolicy policy(100);
  const auto down = base::Unavailable("down");
  EXPECT_EQ(policy.NextPauseMs(down, 0), 50u);
  EXPECT_FALSE(policy.NextPauseMs(down, 0).has_value());
  RetryPolicy spent(100);
  spent.Spend(51);
  EXPECT_FALSE(spent.NextPauseMs(down, 0).has_value());
  EXPECT_FALSE(RetryPolicy(0).NextPauseMs(down, 0).has_value());
}

TEST(RetryPolicyTest, WhatWillNotChangeByItselfIsNotTriedAgain) {
  const auto read_only = Trouble(grpc::StatusCode::UNAVAILABLE, "ReadOnly", 0);
  EXPECT_FALSE(RetryPolicy(1'000).NextPauseMs(read_only, 0).has_value());
  const auto starting = Trouble(grpc::StatusCode::UNAVAILABLE, "NotServing", 0);
  EXPECT_TRUE(RetryPolicy(1'000).NextPauseMs(starting, 0).has_value());
  for (const auto code : {absl::StatusCode::kInvalidArgument, absl::StatusCode::kNotFound,
                          absl::StatusCode::kFailedPrecondition, absl::StatusCode::kDataLoss,
                          absl::StatusCode::kDeadlineExceeded}) {
    EXPECT_FALSE(RetryPolicy(1'000).NextPauseMs(base::MakeStatus(code, "x"), 0).has_value());
  }
}

}  // namespace
}  // namespace tributary::client
