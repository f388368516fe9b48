#include "tributary/base/status.h"

#include "gtest/gtest.h"
#include "tributary/base/check.h"

namespace tributary::base {
namespace {

TEST(StatusTest, KeepsCodeAndMessage) {
  const absl::Status status = DataLoss("page 7 of table accounts");
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Message(status), "page 7 of table accounts");
  EXPECT_EQ(Unavailable("x").code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(InvalidArgument("x").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(FailedPrecondition("x").code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(NotFound("x").code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ResourceExhausted("x").code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(Internal("x").code(), absl::StatusCode::kInternal);
}

absl::Status Outer(const absl::Status& inner, bool* reached) {
  TRIBUTARY_RETURN_IF_ERROR(inner);
  *reached = true;
  return absl::OkStatus();
}

TEST(StatusTest, AnErrorReturnsAtOnce) {
  bool reached = false;
  EXPECT_EQ(Outer(NotFound("x"), &reached), NotFound("x"));
  EXPECT_FALSE(reached);
  EXPECT_TRUE(Outer(absl::OkStatus(), &reached).ok());
  EXPECT_TRUE(reached);
}

TEST(CheckDeathTest, AFailedCheckSaysWhereAndWhatAndAborts) {
  EXPECT_DEATH(TRIBUTARY_CHECK(1 + 1 == 3, "arithmetic"),
               "status_test.cc:[0-9]+: check failed: arithmetic \\(1 \\+ 1 == 3\\)");
}

TEST(CheckTest, EvaluatesItsConditionOnce) {
  int count = 0;
  TRIBUTARY_CHECK(++count == 1, "once");
  EXPECT_EQ(count, 1);
}

}  // namespace
}  // namespace tributary::base
