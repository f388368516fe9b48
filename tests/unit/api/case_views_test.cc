// Cases as the reads show them: what is held, what a ruling would do, and what it did.
#include <gtest/gtest.h>

#include <map>

#include "google/rpc/error_details.pb.h"
#include "unit/api/reads.h"
#include "unit/api/service_fixture.h"

namespace tributary::api {
namespace {

using base::Int128;
using testing::RecordSpec;

constexpr Int128 kMinor = 1'000'000'000;  // atoms
constexpr Int128 kBond = 5'000 * kMinor;

// bob's tuned model passes 40 % to ann's base. cat claims to have made it.
class CaseViewsTest : public ::testing::Test {
 protected:
  CaseViewsTest() : reads_(Options()) {}
  static testing::ChainOptions Options() {
    testing::ChainOptions options;
    options.parameters.case_response_ms = 100'000'000;
    options.parameters.case_ruling_ms = 100'000'000;
    options.parameters.bond_floor_minor = base::MinorUnits(5'000);
    options.parameters.bond_ppb = base::Ppb(0);
    return options;
  }
  void SetUp() override {
    testing::Chain& chain = reads_.node.chain;
    for (const char* name : {"ann", "bob", "cat", "dan"}) {
      reads_.Must("steward", {chain.Register(name)});
    }
    // A bond is of what one has earned.
    const RecordSpec own{"own", {{"cat", 500'000'000}, {"bob", 500'000'000}}, {}};
    reads_.Must("cat", {chain.Submit(own)}, {"bob"});
    reads_.Must("reporter", {chain.Revenue(chain.RecordIdOf(own), 20'000, "s0")});
    reads_.PassEpochs(3);
    base_ = reads_.Submit(
        "ann", RecordSpec{"base", {{"ann", base::kPpbOne}}, {}, 0, codec::RecordKind::kDataset});
    tuned_ = reads_.Submit(
        "bob", RecordSpec{"tuned", {{"bob", base::kPpbOne}}, {{base_, 1}}, 400'000'000});
    codec::OpenCase open;
    open.subject = base::Hash{tuned_.bytes};
    open.kind = codec::CaseKind::kAuthorship;
    open.candidate.emplace().lines = {
        {base::Hash{chain.IdOf("bob").bytes}, base::Ppb(0)},
        {base::Hash{chain.IdOf("cat").bytes}, base::Ppb(base::kPpbOne)}};
    open.currency = "USD";
    open.evidence_sha256.bytes[0] = 1;
    reads_.Must("cat", {open});
    reads_.Must("reporter", {chain.Revenue(tuned_, 1'000'000, "s1")});
    reads_.PassEpochs(3);
  }
  void Answer() {
    codec::RespondToCase respond;
    respond.statement_sha256.bytes[0] = 3;
    reads_.Must("bob", {respond});
  }
  void Rule(uint32_t claim) {
    codec::RuleCase rule;
    rule.reasons_sha256.bytes[0] = 4;
    rule.choices = {{claim}};
    reads_.Must("arbiter", {rule});
  }
  v1::CaseView Case() { return reads_.Get(&GetCase, v1::GetCaseRequest()); }
  grpc::Status Simulate(const std::vector<uint32_t>& choices, v1::SimulateRulingResponse* to,
                        uint64_t number = 0) {
    v1::SimulateRulingRequest request;
    request.set_number(number);
    for (const uint32_t choice : choices) request.add_choices(choice);
    return reads_.Read(&SimulateRuling, request, to);
  }
  // Available and bonded, by handle.
  using Changes = std::map<std::string, std::pair<Int128, Int128>>;
  Changes Simulated(uint32_t choice) {
    v1::SimulateRulingResponse response;
    EXPECT_TRUE(Simulate({choice}, &response).ok());
    Changes changes;
    for (const v1::SimulatedChange& one : response.changes()) {
      changes[one.handle()] = {AtomsOf(one.available()), AtomsOf(one.bonded())};
    }
    return changes;
  }
  std::pair<Int128, Int128> Balance(const std::string& handle) {
    v1::GetBalanceRequest request;
    request.mutable_account()->set_handle(handle);
    request.set_currency("USD");
    const v1::Balance balance = reads_.Get(&GetBalance, request).balances(0);
    return {AtomsOf(balance.available()), AtomsOf(balance.bonded())};
  }
  int CountCases(const v1::ListCasesRequest& request) {
    return reads_.All(&ListCases, request).cases_size();
  }

  Reads reads_;
  base::RecordId base_, tuned_;
};

TEST_F(CaseViewsTest, AnOpenCaseSaysWhatIsAskedForAndWhatIsHeld) {
  v1::CaseView one = Case();
  EXPECT_EQ(one.state(), v1::CASE_STATE_OPEN);
  EXPECT_EQ(one.kind(), v1::CASE_KIND_AUTHORSHIP);
  EXPECT_TRUE(one.authors());
  EXPECT_EQ(one.record(), AsString(tuned_));
  EXPECT_EQ(one.segments(), 1u);
  ASSERT_EQ(one.claims_size(), 1);
  EXPECT_EQ(one.claims(0).handle(), "cat");
  EXPECT_EQ(one.claims(0).state(), v1::CLAIM_STATE_STANDING);
  EXPECT_EQ(AtomsOf(one.claims(0).bond()), kBond);
  ASSERT_EQ(one.claims(0).lines_size(), 2);
  ASSERT_EQ(one.status_quo_size(), 1);
  EXPECT_EQ(one.status_quo(0).name(), "bob");
  ASSERT_EQ(one.pot_size(), 1);
  EXPECT_EQ(AtomsOf(one.pot(0)), 594'000 * kMinor) << "60 % of 990,000: what bob would keep";
  EXPECT_GT(one.due_ms(), one.opened_ms());
  v1::GetRecordRequest record;
  record.mutable_record()->set_id(AsString(tuned_));
  ASSERT_EQ(reads_.Get(&GetRecord, record).open_cases_size(), 1);
  Answer();
  one = Case();
  EXPECT_EQ(one.state(), v1::CASE_STATE_ANSWERED);
  EXPECT_EQ(one.respondent_handle(), "bob");
}

TEST_F(CaseViewsTest, CasesAreListedByRecordAccountAndState) {
  codec::OpenCase on_base;
  on_base.subject = base::Hash{base_.bytes};
  on_base.kind = codec::CaseKind::kAuthorship;
  testing::Chain& chain = reads_.node.chain;
  on_base.candidate.emplace().lines = {
      {base::Hash{chain.IdOf("ann").bytes}, base::Ppb(500'000'000)},
      {base::Hash{chain.IdOf("bob").bytes}, base::Ppb(500'000'000)}};
  on_base.currency = "USD";
  on_base.evidence_sha256.bytes[0] = 2;
  reads_.Must("bob", {on_base});
  v1::ListCasesRequest request;
  request.set_page_size(1);
  const v1::ListCasesResponse all = reads_.All(&ListCases, request);
  ASSERT_EQ(all.cases_size(), 2);
  EXPECT_EQ(all.cases(0).number(), 1u) << "newest first";
  request.mutable_account()->set_handle("cat");
  EXPECT_EQ(CountCases(request), 1);
  request.mutable_account()->set_handle("dan");
  EXPECT_EQ(CountCases(request), 0);
  request.clear_account();
  request.mutable_record()->set_id(AsString(base_));
  EXPECT_EQ(CountCases(request), 1);
  request.set_state(v1::CASE_STATE_ENDED);
  EXPECT_EQ(CountCases(request), 0);
  v1::ListCasesResponse response;
  request.set_page_token("w1");
  EXPECT_EQ(reads_.Read(&ListCases, request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  v1::CaseView none;
  v1::GetCaseRequest beyond;
  beyond.set_number(2);
  EXPECT_EQ(reads_.Read(&GetCase, beyond, &none).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(CaseViewsTest, ASimulatedRulingIsWhatTheRulingThenDoes) {
  Answer();
  const Changes rejected = Simulated(0);
  EXPECT_EQ(rejected, (Changes{{"bob", {594'000 * kMinor + kBond, 0}}, {"cat", {0, -kBond}}}));
  const Changes upheld = Simulated(1);
  EXPECT_EQ(upheld, (Changes{{"cat", {594'000 * kMinor + kBond, -kBond}}}));
  v1::SimulateRulingResponse response;
  const auto reason = [](const grpc::Status& status) {
    return DetailOf<google::rpc::ErrorInfo>(status).reason();
  };
  EXPECT_EQ(reason(Simulate({2}, &response)), "CaseChoices");
  EXPECT_EQ(reason(Simulate({0, 0}, &response)), "CaseChoices");
  EXPECT_EQ(reason(Simulate({0}, &response, 1)), "CaseUnknown");
  const auto before = Balance("cat");
  Rule(1);
  const auto after = Balance("cat");
  EXPECT_EQ(after.first - before.first, upheld.at("cat").first);
  EXPECT_EQ(after.second - before.second, upheld.at("cat").second);
  EXPECT_EQ(reason(Simulate({1}, &response)), "CaseClosed");
}

TEST_F(CaseViewsTest, WhatThePotPaidIsNamedWhereverItIsShown) {
  Answer();
  Rule(1);
  const v1::CaseView one = Case();
  EXPECT_EQ(one.state(), v1::CASE_STATE_ENDED);
  EXPECT_EQ(one.outcome(), v1::CASE_OUTCOME_RULED);
  ASSERT_EQ(one.choices_size(), 1);
  EXPECT_EQ(one.choices(0), 1u);
  EXPECT_EQ(one.pot_size(), 0);
  EXPECT_EQ(one.claims(0).state(), v1::CLAIM_STATE_UPHELD);
  EXPECT_EQ(one.status_quo(0).name(), "cat");

  const auto settlements = reads_.All(&ListSettlements, v1::ListSettlementsRequest());
  ASSERT_EQ(settlements.settlements_size(), 3);
  for (const v1::Settlement& s : settlements.settlements()) {
    EXPECT_EQ(AtomsOf(s.gross()) + AtomsOf(s.released()), AtomsOf(s.fee()) + AtomsOf(s.credited()) +
                                                              AtomsOf(s.dust_change()) +
                                                              AtomsOf(s.held_change()));
  }
  const v1::Settlement& paid = settlements.settlements(0);
  EXPECT_TRUE(paid.of_pot());
  EXPECT_EQ(paid.case_number(), 0u);
  EXPECT_EQ(AtomsOf(paid.released()), 594'000 * kMinor);
  EXPECT_FALSE(settlements.settlements(1).of_pot());
  EXPECT_EQ(AtomsOf(settlements.settlements(1).held_change()), 594'000 * kMinor);
  v1::GetSettlementRequest settlement;
  settlement.set_number(paid.number());
  const auto shown = reads_.All(&GetSettlement, settlement);
  ASSERT_EQ(shown.sources_size(), 1);
  EXPECT_EQ(AtomsOf(shown.sources(0).released()), 594'000 * kMinor);
  EXPECT_EQ(AtomsOf(shown.sources(0).attributed()), 0);

  v1::GetStatementRequest statement;
  statement.mutable_account()->set_handle("cat");
  statement.set_currency("USD");
  const auto lines = reads_.All(&GetStatement, statement).lines();
  ASSERT_EQ(lines.size(), 2);
  EXPECT_FALSE(lines[0].of_pot());
  EXPECT_TRUE(lines[1].of_pot());
  EXPECT_EQ(AtomsOf(lines[1].amount()), 594'000 * kMinor);
  v1::ExplainBalanceRequest explain;
  explain.mutable_account()->set_handle("cat");
  explain.set_currency("USD");
  const auto records = reads_.All(&ExplainBalance, explain).records();
  ASSERT_EQ(records.size(), 2);
  EXPECT_EQ(AtomsOf(records[0].of_pots()), 594'000 * kMinor);
  v1::GetRecordStatementRequest of_record;
  of_record.mutable_record()->set_id(AsString(tuned_));
  of_record.set_currency("USD");
  const auto record_lines = reads_.All(&GetRecordStatement, of_record).lines();
  ASSERT_EQ(record_lines.size(), 2);
  EXPECT_TRUE(record_lines[1].of_pot());
  EXPECT_EQ(AtomsOf(record_lines[1].credited()), 594'000 * kMinor);
}

}  // namespace
}  // namespace tributary::api
