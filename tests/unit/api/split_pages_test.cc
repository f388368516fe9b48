// Explanations of large lineages page by page, through the handlers of the service.
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "api/encode.h"
#include "api/handlers.h"
#include "api/split_encoder.h"
#include "support/wide_lineage.h"
#include "unit/api/service_fixture.h"
#include "unit/node/test_node.h"

namespace tributary::api {
namespace {

using testing::TestNode;

constexpr uint32_t kAccounts = 1'500;
constexpr uint64_t kAmount = 9'000'000'000'000'000'000;
constexpr uint64_t kSeed = 11;

// 3,000 records; TRIBUTARY_EXPLAIN_RECORDS=100000 for the size that the documentation names.
uint32_t Records() {
  const char* text = std::getenv("TRIBUTARY_EXPLAIN_RECORDS");
  return text == nullptr ? 3'000 : static_cast<uint32_t>(std::strtoul(text, nullptr, 10));
}

base::Uint128 AtomsOf(const v1::Amount& amount) { return *base::ParseDecimal(amount.atoms()); }

class CountingStop final : public lineage::StopSignal {
 public:
  explicit CountingStop(uint64_t after) : after_(after) {}
  bool IsStopped() const override { return ++asked_ > after_; }

 private:
  const uint64_t after_;
  mutable uint64_t asked_ = 0;
};

class SplitPagesTest : public ::testing::Test {
 protected:
  SplitPagesTest() {
    const auto lineage = testing::MakeWideLineage(node_.chain, Records(), kAccounts, kSeed);
    for (const std::string& transaction : lineage.transactions) Run(transaction);
    top_ = lineage.top;
    request_.mutable_asset()->set_id(AsString(top_));
    request_.set_currency("USD");
    request_.set_amount_minor(kAmount);
    request_.set_paths_max(1);
  }
  void Run(const std::string& transaction) {
    const node::Decision decision = node_.Run(transaction);
    ASSERT_TRUE(std::holds_alternative<node::Committed>(decision.result));
  }
  grpc::Status Preview(v1::SplitExplanation* split, const lineage::StopSignal* stop = nullptr) {
    split->Clear();
    ReadContext context(node_.ledger->view(), cache_, stop);
    const grpc::Status status = PreviewSplit(context, request_, split);
    EXPECT_TRUE(context.status().ok());
    return status;
  }
  // Follows the tokens of `fetch`; every account once, never a larger amount than before.
  template <class Fetch>
  void ExpectCompletePages(Fetch&& fetch, size_t pages_min) {
    std::set<std::string> seen;
    base::Uint128 sum = 0;
    base::Uint128 last = ~base::Uint128{0};
    v1::SplitExplanation split;
    size_t pages = 0;
    do {
      fetch(split.next_page_token(), &split);
      ASSERT_FALSE(HasFatalFailure());
      base::Uint128 page = 0;
      for (const v1::Recipient& recipient : split.recipients()) {
        ASSERT_TRUE(seen.insert(recipient.account()).second) << recipient.handle();
        ASSERT_LE(AtomsOf(recipient.amount()), last);
        last = AtomsOf(recipient.amount());
        page += last;
      }
      ASSERT_EQ(
          page + AtomsOf(split.folded_recipients()) + AtomsOf(split.fee()) + AtomsOf(split.dust()),
          AtomsOf(split.gross()));
      sum += page;
      ++pages;
    } while (!split.next_page_token().empty());
    EXPECT_EQ(seen.size(), kAccounts);
    EXPECT_EQ(split.recipients_total(), kAccounts);
    EXPECT_EQ(split.records(), Records());
    EXPECT_EQ(sum + AtomsOf(split.fee()) + AtomsOf(split.dust()), AtomsOf(split.gross()));
    EXPECT_GE(pages, pages_min);
  }

  TestNode node_;
  LineageCache cache_;
  base::RecordId top_;
  v1::PreviewSplitRequest request_;
  int pages_ = 0;
};

TEST_F(SplitPagesTest, ThePagesOfAPreviewAreCompleteWithoutARepetition) {
  request_.set_recipients_max(400);
  const auto fetch = [this](std::string token, v1::SplitExplanation* split) {
    request_.set_page_token(token);
    const grpc::Status status = Preview(split);
    ASSERT_TRUE(status.ok()) << status.error_message();
    ASSERT_LE(split->recipients_size(), 400);
    // What is committed between two pages, also another epoch, changes nothing in the next.
    node_.Pass(400'000);
    Run(node_.chain.Sign("steward", {node_.chain.Register("p" + std::to_string(pages_++))}));
  };
  ExpectCompletePages(fetch, 4);
}

TEST_F(SplitPagesTest, AMessageThatIsFullEndsThePage) {
  request_.set_recipients_max(10'000);
  const auto fetch = [this](std::string token, v1::SplitExplanation* split) {
    request_.set_page_token(token);
    ASSERT_TRUE(Preview(split).ok());
    ASSERT_GT(split->recipients_size(), 0);
    ASSERT_LT(split->ByteSizeLong(), 4u << 20);
  };
  ExpectCompletePages(fetch, Records() >= 100'000 ? 10 : 1);
}

TEST_F(SplitPagesTest, ThePagesOfAnEventAreComplete) {
  Run(node_.chain.Sign("reporter", {node_.chain.Revenue(top_, 999'999'999, "event")}));
  v1::ExplainRevenueRequest request;
  request.mutable_reporter()->set_handle("reporter");
  request.set_reference("event");
  request.set_recipients_max(700);
  const auto fetch = [&](std::string token, v1::SplitExplanation* split) {
    request.set_page_token(token);
    ReadContext context(node_.ledger->view(), cache_);
    v1::ExplainRevenueResponse response;
    const grpc::Status status = ExplainRevenue(context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    *split = response.split();
  };
  ExpectCompletePages(fetch, 3);
}

TEST_F(SplitPagesTest, ATokenOfAnotherQuestionIsRefused) {
  request_.set_recipients_max(10);
  v1::SplitExplanation split;
  ASSERT_TRUE(Preview(&split).ok());
  request_.set_page_token(split.next_page_token());
  EXPECT_TRUE(Preview(&split).ok());
  request_.set_amount_minor(kAmount - 1);
  grpc::Status status = Preview(&split);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_NE(status.error_message().find("amount"), std::string::npos) << status.error_message();
  request_.set_amount_minor(kAmount);
  request_.set_epoch(77);
  status = Preview(&split);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_NE(status.error_message().find("epoch"), std::string::npos) << status.error_message();
  request_.clear_epoch();
  request_.set_page_token("l7");
  EXPECT_EQ(Preview(&split).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(SplitPagesTest, APageBehindTheLastIsEmptyAndAddsUp) {
  request_.set_recipients_max(10);
  v1::SplitExplanation split;
  ASSERT_TRUE(Preview(&split).ok());
  // The last number of a token is where it goes on.
  std::string token = split.next_page_token();
  token = token.substr(0, token.rfind('.') + 1) + std::to_string(kAccounts);
  request_.set_page_token(token);
  ASSERT_TRUE(Preview(&split).ok());
  EXPECT_EQ(split.recipients_size(), 0);
  EXPECT_TRUE(split.next_page_token().empty());
  EXPECT_EQ(AtomsOf(split.folded_recipients()) + AtomsOf(split.fee()) + AtomsOf(split.dust()),
            AtomsOf(split.gross()));
}

TEST_F(SplitPagesTest, ARequestWhoseCallerHasGoneStops) {
  v1::SplitExplanation split;
  const CountingStop at_once(0);
  EXPECT_EQ(Preview(&split, &at_once).error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_EQ(split.recipients_size(), 0);
  // Later: while recipients are being written.
  const CountingStop later(20);
  EXPECT_EQ(Preview(&split, &later).error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_LT(split.recipients_size(), 100);
  const CountingStop never(1'000'000'000);
  EXPECT_TRUE(Preview(&split, &never).ok());
  v1::SplitExplanation whole;
  ASSERT_TRUE(Preview(&whole, nullptr).ok());
  EXPECT_GT(whole.recipients_size(), 20);
  EXPECT_EQ(split.SerializeAsString(), whole.SerializeAsString());
}

TEST_F(SplitPagesTest, MoreRecordsOrEdgesThanOneRequestMayLookAtAreALimitThatSaysHowToAskForLess) {
  v1::SplitExplanation split;
  ReadContext context(node_.ledger->view(), cache_);
  SplitQuery query;
  query.asset = *context.view().FindRecord(top_);
  query.amount = base::MinorUnits(kAmount);
  ASSERT_TRUE(EncodeSplit(context, query, &split).ok());
  query.limits.records_max = split.records();
  EXPECT_TRUE(EncodeSplit(context, query, &split).ok()) << "as many as there are";
  query.limits.records_max = split.records() - 1;
  const grpc::Status status = EncodeSplit(context, query, &split);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::OUT_OF_RANGE);
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(status).reason(), "LimitReached");
  EXPECT_NE(status.error_message().find("ask PreviewSplit for one of its parents"),
            std::string::npos);
  query.limits = {};
  query.limits.edges_max = split.records() - 2;  // each record but the asset is a parent
  EXPECT_EQ(EncodeSplit(context, query, &split).error_code(), grpc::StatusCode::OUT_OF_RANGE);
}

}  // namespace
}  // namespace tributary::api
