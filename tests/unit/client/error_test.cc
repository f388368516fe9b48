#include "tributary/client/error.h"

#include <gtest/gtest.h>

#include "client/status.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tributary/base/status.h"

namespace tributary::client {
namespace {

grpc::Status WithDetails(grpc::StatusCode code, const google::rpc::Status& details) {
  return {code, "the node's words", details.SerializeAsString()};
}

TEST(ErrorTest, ARefusalKeepsItsNumberFieldAndAdvice) {
  const base::Rejection rejection =
      base::Reject(base::RejectionCode::kParentUnknown, "operations[3].x", "record 1f3a");
  const absl::Status status = ToStatus(rejection);
  const auto refusal = RefusalOf(status);
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->number(), 404u);
  EXPECT_EQ(refusal->name(), "ParentUnknown");
  EXPECT_EQ(refusal->field(), "operations[3].x");
  EXPECT_EQ(refusal->detail(), "record 1f3a");
  EXPECT_EQ(Readable(status),
            "refused by rule 404 ParentUnknown at operations[3].x: a parent does not exist (record "
            "1f3a). Do: submit the parent first, or earlier in the same transaction.");
}

TEST(ErrorTest, ANodesDetailsSurviveTheWayFromGrpc) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  info.set_domain("tributary");
  info.set_reason("Overloaded");
  details.add_details()->PackFrom(info);
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(1);
  retry.mutable_retry_delay()->set_nanos(250'000'000);
  details.add_details()->PackFrom(retry);
  const absl::Status status = FromGrpc(WithDetails(grpc::StatusCode::RESOURCE_EXHAUSTED, details));
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(status), "Overloaded");
  EXPECT_EQ(RetryAfterMs(status), 1'250u);
  EXPECT_FALSE(RefusalOf(status).has_value());
  EXPECT_EQ(Readable(status), "the node's words");
}

TEST(ErrorTest, AFieldThatARequestGotWrongIsNamed) {
  google::rpc::Status details;
  google::rpc::BadRequest request;
  auto* violation = request.add_field_violations();
  violation->set_field("account.id");
  violation->set_description("32 bytes");
  details.add_details()->PackFrom(request);
  EXPECT_EQ(Readable(FromGrpc(WithDetails(grpc::StatusCode::INVALID_ARGUMENT, details))),
            "the node's words [account.id: 32 bytes]");
}

TEST(ErrorTest, DetailsOfAnotherDomainAndGarbageAreNoRefusal) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  info.set_domain("elsewhere");
  (*info.mutable_metadata())["number"] = "404";
  details.add_details()->PackFrom(info);
  EXPECT_FALSE(RefusalOf(FromGrpc(WithDetails(grpc::StatusCode::ABORTED, details))).has_value());
  const absl::Status garbage =
      FromGrpc({grpc::StatusCode::UNAVAILABLE, "down", std::string("\xff\xff\xff")});
  EXPECT_FALSE(RefusalOf(garbage).has_value());
  EXPECT_EQ(ReasonOf(garbage), "");
  EXPECT_EQ(Readable(garbage), "down");
}

TEST(ErrorTest, ANumberThatIsNoneIsNoRefusal) {
  for (const char* number : {"", "x", "-1", "4 4", "123456"}) {
    google::rpc::Status details;
    google::rpc::ErrorInfo info;
    info.set_domain("tributary");
    (*info.mutable_metadata())["number"] = number;
    details.add_details()->PackFrom(info);
    EXPECT_FALSE(RefusalOf(FromGrpc(WithDetails(grpc::StatusCode::ABORTED, details))).has_value())
        << number;
  }
}

}  // namespace
}  // namespace tributary::client
