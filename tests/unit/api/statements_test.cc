// Statements of accounts, records and assets, settlements and the books at every height, on a real
// ledger: everything adds up to the atom.
#include <gtest/gtest.h>

#include <map>

#include "api/encode.h"
#include "api/handlers.h"
#include "api/statement_period.h"
#include "tributary/base/amount.h"
#include "unit/node/test_node.h"

namespace tributary::api {
namespace {

using base::Int128;
using testing::RecordSpec;
using testing::TestNode;

Int128 AtomsOf(const v1::Amount& amount) {
  std::string_view text = amount.atoms();
  const bool below = text.starts_with('-');
  if (below) text.remove_prefix(1);
  const auto atoms = static_cast<Int128>(base::ParseDecimal(text).value());
  return below ? -atoms : atoms;
}

testing::ChainOptions Options() {
  testing::ChainOptions options;
  options.currencies[0].minimum_payout_minor = base::MinorUnits(20'000);
  return options;
}

class StatementsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Must("steward",
         {node_.chain.Register("ada"), node_.chain.Register("bob"), node_.chain.Register("cy")});
    RecordSpec data{"data", {{"ada", base::kPpbOne}}, {}, 0, codec::RecordKind::kDataset};
    data.terms.royalty_ppb = royalty_;
    data_ = Submit("ada", data);
    model_ =
        Submit("bob", RecordSpec{"model", {{"bob", base::kPpbOne}}, {{data_, 1}}, 333'333'333});
    // Co-authored, and reaches the data by two ways.
    RecordSpec both{"both",
                    {{"ada", 400'000'000}, {"cy", 600'000'000}},
                    {{data_, 1}, {model_, 2}},
                    700'000'000};
    Must("ada", {node_.chain.Submit(both)}, {"cy"});
    both_ = node_.chain.RecordIdOf(both);
    Report(model_, 1'000'003, "m1");
    Report(both_, 777'777'777, "b1");
    node_.Pass(1'000'000);
    Report(model_, 19, "m2");
    Report(both_, 5, "b2", "EUR");
    Report(both_, 1, "b3");
    node_.Pass(1'000'000);
    Report(both_, 123'456'789, "b4");
    Report(model_, 7, "m3", "EUR");
    node_.Pass(40'000'000'000);  // another month: everything has settled
    Must("treasurer", {node_.chain.Funding("reporter", 700'000'000, "f1")});
    Must("ada", {node_.chain.Payout(20'000), node_.chain.Payout(30'000)});
    Must("treasurer", {codec::Operation(codec::ConfirmPayout{base::PayoutIndex(0), "wire-1"}),
                       codec::Operation(codec::FailPayout{base::PayoutIndex(1), "closed"})});
    Must("ada", {node_.chain.Payout(40'000)});
  }

  void Must(std::string_view sender, const std::vector<codec::Operation>& operations,
            const std::vector<std::string>& cosigners = {}) {
    const node::Decision decision = node_.Run(sender, operations, cosigners);
    ASSERT_TRUE(std::holds_alternative<node::Committed>(decision.result));
    v1::GetTrialBalanceResponse now;
    ASSERT_TRUE(Read(&GetTrialBalance, v1::GetTrialBalanceRequest(), &now).ok());
    seen_.push_back(now);
  }
  base::RecordId Submit(const std::string& author, const RecordSpec& spec) {
    Must(author, {node_.chain.Submit(spec)});
    return node_.chain.RecordIdOf(spec);
  }
  void Report(const base::RecordId& asset, uint64_t minor, std::string_view reference,
              std::string_view currency = "USD") {
    Must("reporter", {node_.chain.Revenue(asset, minor, reference, currency)});
  }

  template <class Request, class Response>
  grpc::Status Read(grpc::Status (*handler)(ReadContext&, const Request&, Response*),
                    const Request& request, Response* response) {
    ReadContext c(node_.ledger->view(), lineages_);
    const grpc::Status status = handler(c, request, response);
    EXPECT_TRUE(c.status().ok()) << c.status();
    return status;
  }
  // All pages; `lines` of each are put into `all`.
  template <class Request, class Response>
  Response ReadAll(grpc::Status (*handler)(ReadContext&, const Request&, Response*),
                   Request request) {
    Response all;
    for (int pages = 0; pages < 1'000; ++pages) {
      Response page;
      const grpc::Status status = Read(handler, request, &page);
      EXPECT_TRUE(status.ok()) << status.error_message();
      all.MergeFrom(page);
      if (!status.ok() || page.next_page_token().empty()) return all;
      request.set_page_token(page.next_page_token());
    }
    ADD_FAILURE() << "pages without end";
    return all;
  }
  v1::GetStatementRequest StatementOf(const std::string& handle) {
    v1::GetStatementRequest request;
    request.mutable_account()->set_handle(handle);
    request.set_currency("USD");
    return request;
  }
  v1::GetStatementResponse Statement(const v1::GetStatementRequest& request) {
    return ReadAll<v1::GetStatementRequest, v1::GetStatementResponse>(&GetStatement, request);
  }

  // By value: the elements outlive the response.
  std::vector<v1::StatementLine> LinesOf(const v1::GetStatementRequest& request) {
    const v1::GetStatementResponse statement = Statement(request);
    return {statement.lines().begin(), statement.lines().end()};
  }

  TestNode node_{Options()};
  LineageCache lineages_;
  std::vector<v1::GetTrialBalanceResponse> seen_;
  base::Ppb royalty_;  // of the data set
  base::RecordId data_, model_, both_;
};

Int128 Apart(Int128 a, Int128 b) { return a < b ? b - a : a - b; }

// What the lines do to the available balance.
Int128 Effect(const v1::GetStatementResponse& statement) {
  Int128 sum = 0;
  for (const v1::StatementLine& line : statement.lines()) {
    if (line.kind() == v1::STATEMENT_LINE_KIND_PAYOUT_REQUESTED) sum -= AtomsOf(line.amount());
    if (line.kind() == v1::STATEMENT_LINE_KIND_CREDIT) sum += AtomsOf(line.amount());
    if (line.kind() == v1::STATEMENT_LINE_KIND_ROYALTY) sum += AtomsOf(line.amount());
    if (line.kind() == v1::STATEMENT_LINE_KIND_PAYOUT_FAILED) sum += AtomsOf(line.amount());
  }
  return sum;
}

// The data set asks for a royalty of 5 %.
class RoyaltyStatementsTest : public StatementsTest {
 protected:
  RoyaltyStatementsTest() { royalty_ = base::Ppb(50'000'000); }
};

// 5 % of 902,234,574 minor units: nothing is rounded.
TEST_F(RoyaltyStatementsTest, RoyaltiesStandInLinesOfTheirOwn) {
  constexpr uint64_t kGrossMinor = 1'000'003 + 777'777'777 + 19 + 1 + 123'456'789;
  const Int128 owed = Int128{kGrossMinor} * 50'000'000;
  Int128 sum = 0;
  const v1::GetStatementResponse statement = Statement(StatementOf("ada"));
  for (const v1::StatementLine& line : statement.lines()) {
    if (line.kind() != v1::STATEMENT_LINE_KIND_ROYALTY) continue;
    EXPECT_EQ(line.record(), AsString(data_));
    sum += AtomsOf(line.amount());
  }
  EXPECT_EQ(sum, owed);
  v1::ExplainBalanceRequest balance;
  balance.mutable_account()->set_handle("ada");
  balance.set_currency("USD");
  v1::ExplainBalanceResponse explained;
  ASSERT_TRUE(Read(&ExplainBalance, balance, &explained).ok());
  Int128 royalties = 0;
  for (const v1::RecordCredit& credit : explained.records()) {
    const bool is_claimant = credit.record() == AsString(data_);
    EXPECT_TRUE(is_claimant || AtomsOf(credit.royalties()) == 0);
    royalties += AtomsOf(credit.royalties());
  }
  EXPECT_EQ(royalties, owed);
}

TEST_F(RoyaltyStatementsTest, APreviewShowsRoyaltiesAndAddsUp) {
  v1::PreviewSplitRequest request;
  request.mutable_asset()->set_id(AsString(both_));
  request.set_currency("USD");
  request.set_amount_minor(1'000);
  v1::SplitExplanation split;
  ASSERT_TRUE(Read(&PreviewSplit, request, &split).ok());
  EXPECT_EQ(split.royalty_claimants(), 1u);
  EXPECT_EQ(AtomsOf(split.royalties()), Int128{50'000'000'000});
  Int128 sum = AtomsOf(split.fee()) + AtomsOf(split.folded_recipients()) + AtomsOf(split.dust());
  Int128 royalties = 0;
  for (const v1::Recipient& recipient : split.recipients()) {
    Int128 lines = AtomsOf(recipient.folded_lines());
    for (const v1::Recipient::Line& line : recipient.lines()) {
      lines += AtomsOf(line.amount());
      if (line.royalty_ppb() == 0) continue;
      EXPECT_EQ(line.royalty_ppb(), 50'000'000u);
      EXPECT_EQ(line.paths_size(), 0);
      royalties += AtomsOf(line.amount());
    }
    EXPECT_EQ(lines, AtomsOf(recipient.amount()));
    sum += lines;
  }
  EXPECT_EQ(royalties, AtomsOf(split.royalties()));
  EXPECT_EQ(sum, AtomsOf(split.gross()));
}

TEST_F(RoyaltyStatementsTest, ARecordShowsItsTermsAndWhatItOwes) {
  v1::GetRecordRequest request;
  request.mutable_record()->set_id(AsString(both_));
  v1::RecordView view;
  ASSERT_TRUE(Read(&GetRecord, request, &view).ok());
  EXPECT_EQ(view.royalties_ppb(), 50'000'000u);
  EXPECT_EQ(view.royalty_claimants(), 1u);
  Must("ada",
       {node_.chain.Lower(data_, {base::Ppb(0), base::Ppb(10'000'000), base::Ppb(0)}, 100'000)});
  request.mutable_record()->set_id(AsString(data_));
  ASSERT_TRUE(Read(&GetRecord, request, &view).ok());
  EXPECT_EQ(view.terms().royalty_ppb(), 50'000'000u);
  ASSERT_EQ(view.lowered_terms_size(), 1);
  EXPECT_EQ(view.lowered_terms(0).terms().royalty_ppb(), 10'000'000u);
  EXPECT_EQ(view.royalties_ppb(), 0u);
}

TEST_F(StatementsTest, EveryPeriodAddsUpToTheBalanceAlsoOnPagesOfOneLine) {
  for (int by = 0; by <= v1::STATEMENT_PERIOD_MONTH; ++by) {
    v1::GetStatementRequest request = StatementOf("ada");
    request.set_by(static_cast<v1::StatementPeriod>(by));
    const v1::GetStatementResponse whole = Statement(request);
    ASSERT_EQ(whole.balances_size(), 1);
    EXPECT_EQ(Effect(whole), AtomsOf(whole.balances(0).available())) << by;
    request.set_page_size(1);
    const v1::GetStatementResponse paged = Statement(request);
    EXPECT_EQ(Effect(paged), Effect(whole)) << by;
    EXPECT_EQ(paged.balances_size(), 1) << "on the last page only";
  }
}

TEST_F(StatementsTest, PeriodsAreSettlementsEpochsAndMonths) {
  v1::GetStatementRequest request = StatementOf("ada");
  EXPECT_EQ(Statement(request).lines_size(), 6 + 5) << "two records in each of three settlements";
  request.set_by(v1::STATEMENT_PERIOD_SETTLEMENT);
  const auto by_settlement = Statement(request);
  EXPECT_EQ(by_settlement.lines_size(), 3 + 5) << "payouts stand for themselves";
  EXPECT_EQ(by_settlement.lines(0).count(), 2u);
  EXPECT_EQ(by_settlement.lines(0).period(), "settlement 0");
  EXPECT_TRUE(by_settlement.lines(0).record().empty());
  request.set_by(v1::STATEMENT_PERIOD_MONTH);
  const auto by_month = Statement(request);
  std::map<std::string, int> months;
  for (const auto& line : by_month.lines()) ++months[line.period()];
  EXPECT_EQ(months, (std::map<std::string, int>{{"2023-11", 1}, {"2025-02", 4}}))
      << "of the blocks that settled";
  request.set_by(static_cast<v1::StatementPeriod>(9));
  v1::GetStatementResponse response;
  EXPECT_EQ(Read(&GetStatement, request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(StatementsTest, TheRecordsOfAnAccountAddUpToItsCredits) {
  const auto all = Statement(StatementOf("ada"));
  Int128 sum = 0;
  for (const base::RecordId& record : {data_, model_, both_}) {
    v1::GetStatementRequest request = StatementOf("ada");
    request.mutable_record()->set_id(AsString(record));
    for (const v1::StatementLine& line : LinesOf(request)) {
      EXPECT_EQ(line.kind(), v1::STATEMENT_LINE_KIND_CREDIT);
      EXPECT_EQ(line.record(), AsString(record));
      sum += AtomsOf(line.amount());
    }
  }
  EXPECT_EQ(sum, AtomsOf(all.balances(0).credited()));
}

TEST_F(StatementsTest, AnAssetsLinesOtherAssetsAndRoundingAddUpToEachCredit) {
  std::map<uint64_t, Int128> by_asset;
  std::map<uint64_t, v1::StatementLine> lines;
  for (const base::RecordId& asset : {model_, both_}) {
    v1::GetStatementRequest request = StatementOf("ada");
    request.mutable_asset()->set_id(AsString(asset));
    for (const v1::StatementLine& line : LinesOf(request)) {
      EXPECT_EQ(AtomsOf(line.amount()) + AtomsOf(line.other()) + AtomsOf(line.rounding()),
                AtomsOf(line.credited()));
      by_asset[line.settlement()] += AtomsOf(line.amount());
      lines[line.settlement()] = line;
    }
  }
  ASSERT_EQ(lines.size(), 3u);
  for (const auto& [number, line] : lines) {
    const Int128 flow = AtomsOf(line.credited()) - AtomsOf(line.rounding());
    EXPECT_LE(by_asset[number], flow);
    EXPECT_LT(flow - by_asset[number], 8) << "floors of two flows against those of one";
    v1::GetStatementRequest request = StatementOf("ada");
    request.set_by(v1::STATEMENT_PERIOD_SETTLEMENT);
    for (const v1::StatementLine& whole : LinesOf(request)) {
      if (whole.kind() != v1::STATEMENT_LINE_KIND_CREDIT || whole.settlement() != number) continue;
      EXPECT_EQ(AtomsOf(whole.amount()), AtomsOf(line.credited()));
    }
  }
  v1::GetStatementRequest both = StatementOf("ada");
  both.mutable_asset()->set_id(AsString(model_));
  both.mutable_record()->set_id(AsString(data_));
  v1::GetStatementResponse response;
  EXPECT_EQ(Read(&GetStatement, both, &response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(StatementsTest, ARecordsBooksAddUpAndItsLinesComeCloseToThem) {
  for (const base::RecordId& record : {data_, model_, both_}) {
    v1::GetRecordStatementRequest request;
    request.mutable_record()->set_id(AsString(record));
    request.set_currency("USD");
    for (const uint32_t page_size : {0u, 1u}) {
      request.set_page_size(page_size);
      const auto statement = ReadAll<v1::GetRecordStatementRequest, v1::GetRecordStatementResponse>(
          &GetRecordStatement, request);
      ASSERT_EQ(statement.books_size(), 1);
      const v1::RecordBooks& books = statement.books(0);
      EXPECT_EQ(AtomsOf(books.inflow()) + AtomsOf(books.extra()),
                AtomsOf(books.passed_on()) + AtomsOf(books.credited()) + AtomsOf(books.dust()));
      Int128 inflow = 0, passed_on = 0, credited = 0;
      for (const v1::RecordStatementLine& line : statement.lines()) {
        inflow += AtomsOf(line.inflow());
        passed_on += AtomsOf(line.passed_on());
        credited += AtomsOf(line.credited());
        EXPECT_LE(AtomsOf(line.earned()), AtomsOf(line.inflow()));
      }
      EXPECT_EQ(credited, AtomsOf(books.credited())) << "exact";
      EXPECT_LT(Apart(AtomsOf(books.inflow()), inflow), 20) << "rounding";
      EXPECT_LT(Apart(AtomsOf(books.passed_on()), passed_on), 20) << "rounding";
    }
  }
}

TEST_F(StatementsTest, AnAssetsStatementLeadsToSettlementsAndTheseToItsEvents) {
  v1::GetAssetStatementRequest request;
  request.mutable_asset()->set_id(AsString(both_));
  request.set_page_size(1);
  const auto statement = ReadAll<v1::GetAssetStatementRequest, v1::GetAssetStatementResponse>(
      &GetAssetStatement, request);
  ASSERT_EQ(statement.lines_size(), 4) << "three epochs in USD, one in EUR";
  for (const v1::AssetStatementLine& line : statement.lines()) {
    EXPECT_EQ(AtomsOf(line.gross()), AtomsOf(line.fee()) + AtomsOf(line.net()) +
                                         AtomsOf(line.royalties()) + AtomsOf(line.attributed()));
    v1::ListRevenueRequest events_of;
    events_of.mutable_asset()->set_id(AsString(both_));
    events_of.set_currency(line.gross().currency());
    events_of.set_epoch(line.epoch());
    Int128 reported = 0;
    const auto events =
        ReadAll<v1::ListRevenueRequest, v1::ListRevenueResponse>(&ListRevenue, events_of);
    for (const v1::RevenueEvent& event : events.events()) {
      EXPECT_EQ(event.epoch(), line.epoch());
      EXPECT_EQ(event.state(), v1::REVENUE_STATE_SETTLED);
      EXPECT_EQ(event.reference().front(), 'b');
      reported += AtomsOf(event.amount());
    }
    EXPECT_EQ(reported, AtomsOf(line.gross()));
  }
  v1::ListRevenueRequest all;
  all.mutable_asset()->set_id(AsString(both_));
  all.set_page_size(1);
  EXPECT_EQ(
      (ReadAll<v1::ListRevenueRequest, v1::ListRevenueResponse>(&ListRevenue, all).events_size()),
      4);
}

TEST_F(StatementsTest, ASettlementSplitsIntoFeeCreditsAndDustAndNamesItsSources) {
  v1::ListSettlementsRequest list;
  list.set_page_size(2);
  const auto all =
      ReadAll<v1::ListSettlementsRequest, v1::ListSettlementsResponse>(&ListSettlements, list);
  ASSERT_EQ(all.settlements_size(), 5);
  EXPECT_EQ(all.settlements(0).number(), 4u) << "newest first";
  for (const v1::Settlement& one : all.settlements()) {
    EXPECT_EQ(AtomsOf(one.gross()),
              AtomsOf(one.fee()) + AtomsOf(one.credited()) + AtomsOf(one.dust_change()));
    v1::GetSettlementRequest request;
    request.set_number(one.number());
    request.set_page_size(1);
    const auto settlement =
        ReadAll<v1::GetSettlementRequest, v1::GetSettlementResponse>(&GetSettlement, request);
    Int128 gross = 0;
    for (const v1::SettlementSource& source : settlement.sources()) {
      gross += AtomsOf(source.gross());
      EXPECT_EQ(AtomsOf(source.gross()), AtomsOf(source.fee()) + AtomsOf(source.net()));
      EXPECT_EQ(AtomsOf(source.attributed()), 0);
    }
    EXPECT_EQ(gross, AtomsOf(one.gross()));
  }
  v1::GetSettlementRequest none;
  none.set_number(5);
  v1::GetSettlementResponse response;
  EXPECT_EQ(Read(&GetSettlement, none, &response).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(StatementsTest, TheBooksOfEachHeightAreThoseThatWereSeenThen) {
  ASSERT_GT(seen_.size(), 10u);
  v1::GetTrialBalanceRequest request;
  for (const v1::GetTrialBalanceResponse& then : seen_) {
    request.set_height(then.as_of().height());
    v1::GetTrialBalanceResponse now;
    ASSERT_TRUE(Read(&GetTrialBalance, request, &now).ok());
    EXPECT_EQ(now.SerializeAsString(), then.SerializeAsString()) << then.as_of().height();
    for (const v1::TrialBalance& books : now.currencies()) EXPECT_TRUE(books.balanced());
  }
  request.set_height(1);
  v1::GetTrialBalanceResponse genesis;
  ASSERT_TRUE(Read(&GetTrialBalance, request, &genesis).ok());
  EXPECT_EQ(AtomsOf(genesis.currencies(0).sources()), 0);
  request.set_height(seen_.back().as_of().height() + 1);
  EXPECT_EQ(Read(&GetTrialBalance, request, &genesis).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(StatementsTest, PayoutsAreFoundByNumberAndByReference) {
  v1::ListPayoutsRequest request;
  for (const uint64_t number : {2, 0, 99}) request.add_numbers(number);
  v1::ListPayoutsResponse response;
  ASSERT_TRUE(Read(&ListPayouts, request, &response).ok());
  ASSERT_EQ(response.payouts_size(), 2);
  EXPECT_EQ(response.payouts(0).number(), 2u);
  EXPECT_EQ(response.payouts(1).external_reference(), "wire-1");
  v1::ListPayoutsRequest by_reference;
  by_reference.add_external_references("wire-1");
  by_reference.add_external_references("wire-2");
  EXPECT_EQ(Read(&ListPayouts, by_reference, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT)
      << "without a currency";
  by_reference.set_currency("USD");
  v1::ListPayoutsResponse found;
  ASSERT_TRUE(Read(&ListPayouts, by_reference, &found).ok());
  ASSERT_EQ(found.payouts_size(), 1);
  EXPECT_EQ(found.payouts(0).number(), 0u);
  request.set_state(v1::PAYOUT_STATE_PAID);
  EXPECT_EQ(Read(&ListPayouts, request, &found).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(StatementsTest, TheMinimumOfACurrencyHoldsForRequests) {
  const node::Decision below = node_.Run("ada", {node_.chain.Payout(10'000)});
  const auto* refused = std::get_if<node::Refused>(&below.result);
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(refused->rejection.code, base::RejectionCode::kPayoutMinimum);
  Must("ada", {node_.chain.Payout(20'000)});
}

TEST(MonthTest, MonthsAreThoseOfTheCalendar) {
  EXPECT_EQ(MonthOf(0), "1970-01");
  EXPECT_EQ(MonthOf(2'678'399'999), "1970-01");
  EXPECT_EQ(MonthOf(2'678'400'000), "1970-02");
  EXPECT_EQ(MonthOf(951'782'400'000), "2000-02");  // the 29th
  EXPECT_EQ(MonthOf(951'868'800'000), "2000-03");
  EXPECT_EQ(MonthOf(1'704'067'199'999), "2023-12");
  EXPECT_EQ(MonthOf(1'704'067'200'000), "2024-01");
  EXPECT_EQ(MonthOf(4'107'542'399'999), "2100-02");  // no leap year
  EXPECT_EQ(MonthOf(4'107'542'400'000), "2100-03");
}

}  // namespace
}  // namespace tributary::api
