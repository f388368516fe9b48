// FindSimilar on a real ledger.
#include <gtest/gtest.h>

#include "api/encode.h"
#include "api/handlers.h"
#include "codec/ids.h"
#include "unit/node/test_node.h"

namespace tributary::api {
namespace {

using testing::RecordSpec;

class SimilarTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Must("steward", {node_.chain.Register("ada"), node_.chain.Register("bob")});
  }
  void Must(std::string_view sender, const std::vector<codec::Operation>& operations) {
    const node::Decision decision = node_.Run(sender, operations);
    ASSERT_TRUE(std::holds_alternative<node::Committed>(decision.result));
  }
  // `own` of `minima` minima are this author's own, the others are everybody's.
  static std::string Sketch(size_t minima, size_t own, char mark) {
    std::string sketch;
    for (size_t i = 0; i < minima; ++i) {
      sketch += std::string(7, static_cast<char>(i + 1)) + (i < minima - own ? '=' : mark);
    }
    return sketch;
  }
  base::RecordId Submit(const std::string& author, const std::string& name,
                        const std::string& sketch) {
    codec::Record record = node_.chain.RecordOf(RecordSpec{name, {{author, base::kPpbOne}}, {}});
    record.sketch = node_.chain.arena().KeepBytes(sketch);
    const codec::Operation submit = node_.chain.SubmitBytes(record);
    Must(author, {submit});
    return codec::RecordIdOf(std::get<codec::SubmitRecord>(submit).record);
  }
  grpc::Status Find(const v1::FindSimilarRequest& request, v1::FindSimilarResponse* response) {
    ReadContext c(node_.ledger->view(), lineages_);
    response->Clear();
    const grpc::Status status = FindSimilar(c, request, response);
    EXPECT_TRUE(c.status().ok()) << c.status();
    return status;
  }

  testing::TestNode node_;
  LineageCache lineages_;
};

TEST_F(SimilarTest, NearCopiesAreNamedTheMostSimilarFirst) {
  const base::RecordId original = Submit("ada", "original", Sketch(32, 0, 'a'));
  Submit("bob", "half", Sketch(32, 16, 'b'));
  Submit("bob", "less", Sketch(32, 17, 'c'));
  Submit("bob", "near", Sketch(16, 1, 'd'));
  Submit("bob", "without", "");
  v1::FindSimilarRequest request;
  request.mutable_record()->set_id(AsString(original));
  v1::FindSimilarResponse response;
  ASSERT_TRUE(Find(request, &response).ok());
  EXPECT_EQ(response.candidates(), 3u);
  EXPECT_TRUE(response.complete());
  ASSERT_EQ(response.records_size(), 2);
  EXPECT_EQ(response.records(0).record_name(), "near");
  EXPECT_EQ(response.records(0).agree(), 15u);
  EXPECT_EQ(response.records(0).compared(), 16u) << "as far as the shorter one goes";
  EXPECT_EQ(response.records(0).authors(0).handle(), "bob");
  EXPECT_EQ(response.records(1).record_name(), "half");
  request.set_least_ppb(500'000'001);
  ASSERT_TRUE(Find(request, &response).ok());
  EXPECT_EQ(response.records_size(), 1);
  request.set_least_ppb(1);
  request.set_limit(2);
  ASSERT_TRUE(Find(request, &response).ok());
  EXPECT_EQ(response.records_size(), 2);
}

TEST_F(SimilarTest, ASketchIsComparedBeforeItIsRecorded) {
  Submit("ada", "original", Sketch(16, 0, 'a'));
  v1::FindSimilarRequest request;
  request.set_sketch(Sketch(16, 2, 'b'));
  v1::FindSimilarResponse response;
  ASSERT_TRUE(Find(request, &response).ok());
  ASSERT_EQ(response.records_size(), 1);
  EXPECT_EQ(response.records(0).agree(), 14u);
}

TEST_F(SimilarTest, WhatIsNoSketchIsRefused) {
  const base::RecordId plain = Submit("ada", "plain", "");
  v1::FindSimilarResponse response;
  v1::FindSimilarRequest request;
  EXPECT_EQ(Find(request, &response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  request.mutable_record()->set_id(AsString(plain));
  EXPECT_EQ(Find(request, &response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  request.set_sketch(Sketch(16, 0, 'a'));
  EXPECT_EQ(Find(request, &response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  request.clear_record();
  EXPECT_TRUE(Find(request, &response).ok());
  request.set_sketch(std::string(127, 'a'));
  EXPECT_EQ(Find(request, &response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  request.set_sketch(std::string(1'032, 'a'));
  EXPECT_EQ(Find(request, &response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace tributary::api
