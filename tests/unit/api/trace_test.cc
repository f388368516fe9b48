// Incidents and the trace of responsibility as the reads show them, on a real ledger.
#include <gtest/gtest.h>

#include <map>

#include "api/encode.h"
#include "api/handlers.h"
#include "codec/ids.h"
#include "codec/ledger.h"
#include "tributary/base/amount.h"
#include "unit/node/test_node.h"

namespace tributary::api {
namespace {

using base::Uint128;
using testing::RecordSpec;
using testing::TestNode;

constexpr uint64_t kWholeMinor = 1'000'000'000;  // its atoms are parts per 10^18
constexpr Uint128 kWhole = Uint128{kWholeMinor} * base::kPpbOne;

Uint128 Parts(const std::string& text) { return base::ParseDecimal(text).value(); }

testing::ChainOptions Options() {
  testing::ChainOptions options;
  options.people.push_back({"mia", {codec::Role::kAttributor}, {}});
  options.people.push_back({"arbiter2", {codec::Role::kArbiter}, {}});
  options.arbiter_threshold = 2;
  options.parameters.freeze_ms = 5'000'000;
  return options;
}

// ada's data has a royalty of 5 %. bob's model passes 40 % to it, by an evaluation of eve's, and
// lets attribution direct half of its gross. cy's item stands alone.
class TraceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"ada", "bob", "cy", "eve"}) {
      Must("steward", {node_.chain.Register(name)});
    }
    RecordSpec data{"data", {{"ada", base::kPpbOne}}, {}, 0, codec::RecordKind::kDataset};
    data.terms.royalty_ppb = base::Ppb(50'000'000);
    Must("ada", {node_.chain.Submit(data)});
    data_ = node_.chain.RecordIdOf(data);
    RecordSpec spec{
        "model", {{"bob", 700'000'000}, {"ada", 300'000'000}}, {{data_, 1}}, 400'000'000};
    spec.terms.alpha_max_ppb = base::Ppb(500'000'000);
    codec::Record model = node_.chain.RecordOf(spec);
    model.parents[0].evidence = codec::Evidence{"trak", -7, base::Hash{}, node_.chain.IdOf("eve")};
    model.parents[0].evidence->report_sha256->bytes[0] = 9;
    const codec::Operation submit = node_.chain.SubmitBytes(model);
    model_ = codec::RecordIdOf(std::get<codec::SubmitRecord>(submit).record);
    Must("bob", {submit}, {"ada"});
    const RecordSpec item{"item", {{"cy", base::kPpbOne}}, {}, 0, codec::RecordKind::kDataItem};
    Must("cy", {node_.chain.Submit(item)});
    item_ = node_.chain.RecordIdOf(item);
  }

  void Must(std::string_view sender, const std::vector<codec::Operation>& operations,
            const std::vector<std::string>& cosigners = {}) {
    const node::Decision decision = node_.Run(sender, operations, cosigners);
    const auto* refused = std::get_if<node::Refused>(&decision.result);
    ASSERT_TRUE(std::holds_alternative<node::Committed>(decision.result))
        << (refused == nullptr ? "" : refused->rejection.ToString());
  }
  // Of the model: a fifth of gross goes to the item.
  codec::Operation Attributed(std::string_view reference) {
    codec::AttributionClaim claim;
    claim.asset = model_;
    claim.reporter = node_.chain.IdOf("reporter");
    claim.reference = reference;
    claim.attributor = node_.chain.IdOf("mia");
    claim.method = "trak";
    claim.alpha_ppb = base::Ppb(200'000'000);
    claim.influences = {{item_, 1}};
    codec::ReportRevenue report{model_,
                                "USD",
                                base::MinorUnits(kWholeMinor),
                                base::TimeMs(node_.chain.time_ms()),
                                reference,
                                codec::Attribution{}};
    report.attribution->claim = node_.chain.arena().KeepBytes(codec::Encode(claim));
    report.attribution->signature = testing::KeyOf("mia").Sign(
        base::AsBytes(codec::AttributionMessage(node_.chain.chain_id, report.attribution->claim)));
    return report;
  }
  codec::Operation Incident(const base::RecordId& subject, uint32_t severity = 3) {
    codec::ReportIncident report{subject, "advice", severity, {}, "https://example.org/evidence"};
    report.evidence_sha256.bytes[0] = 1;
    return report;
  }
  // By the only admin, with the next block.
  void Govern(const std::vector<codec::Change>& changes) {
    codec::Propose propose;
    propose.changes = changes;
    propose.effective_height = base::Height(node_.ledger->view()->header().height.value() + 2);
    propose.reason = "as agreed";
    Must("admin", {propose});
    Must("steward", {node_.chain.Register("tick" + std::to_string(ticks_++))});
  }

  template <class Request, class Response>
  grpc::Status Read(grpc::Status (*handler)(ReadContext&, const Request&, Response*),
                    const Request& request, Response* response) {
    ReadContext c(node_.ledger->view(), lineages_);
    const grpc::Status status = handler(c, request, response);
    EXPECT_TRUE(c.status().ok()) << c.status();
    return status;
  }
  v1::TraceResponsibilityResponse Trace(const v1::TraceResponsibilityRequest& request) {
    v1::TraceResponsibilityResponse response;
    const grpc::Status status = Read(TraceResponsibility, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  v1::TraceResponsibilityResponse TraceModel() {
    v1::TraceResponsibilityRequest request;
    request.mutable_asset()->set_id(AsString(model_));
    return Trace(request);
  }
  v1::IncidentView Get(uint64_t number) {
    v1::GetIncidentRequest request;
    request.set_number(number);
    v1::IncidentView view;
    EXPECT_TRUE(Read(GetIncident, request, &view).ok());
    return view;
  }
  static std::map<std::string, Uint128> ByAuthor(const v1::TraceResponsibilityResponse& trace) {
    std::map<std::string, Uint128> sums;
    for (const auto& record : trace.records()) {
      for (const auto& author : record.authors()) {
        if (author.amount_e18() != "0") sums[author.handle()] += Parts(author.amount_e18());
      }
    }
    return sums;
  }
  static std::map<std::string, Uint128> ByRecipient(const v1::SplitExplanation& split) {
    std::map<std::string, Uint128> sums;
    for (const auto& one : split.recipients()) sums[one.handle()] = Parts(one.amount().atoms());
    return sums;
  }
  static const v1::TracedAccount* AccountIn(const v1::TraceResponsibilityResponse& trace,
                                            const std::string& handle) {
    for (const auto& account : trace.accounts()) {
      if (account.handle() == handle) return &account;
    }
    ADD_FAILURE() << handle << " is not traced";
    return &v1::TracedAccount::default_instance();
  }

  TestNode node_{Options()};
  LineageCache lineages_;
  base::RecordId data_, model_, item_;
  int ticks_ = 0;
};

TEST_F(TraceTest, ThoseWhoEarnAreThoseItIsTracedToWithTheSharesOfThePreview) {
  const auto trace = TraceModel();
  v1::PreviewSplitRequest preview;
  preview.mutable_asset()->set_id(AsString(model_));
  preview.set_currency("USD");
  preview.set_amount_minor(kWholeMinor);
  v1::SplitExplanation split;
  ASSERT_TRUE(Read(PreviewSplit, preview, &split).ok());
  EXPECT_EQ(ByAuthor(trace), ByRecipient(split));
  EXPECT_EQ(trace.fee_e18(), split.fee().atoms());
  EXPECT_EQ(trace.rounding_e18(), split.dust().atoms());
  Uint128 sum = Parts(trace.fee_e18()) + Parts(trace.rounding_e18());
  for (const auto& [who, parts] : ByAuthor(trace)) sum += parts;
  EXPECT_EQ(sum, kWhole);
  ASSERT_EQ(trace.records_size(), 2);
  EXPECT_EQ(trace.records(0).name(), "model");
  EXPECT_EQ(trace.records(1).royalty_e18(), "50000000000000000");
  EXPECT_EQ(trace.records(1).depth_min(), 1u);
}

TEST_F(TraceTest, AnEventIsTracedByTheFlowThatSplitIt) {
  Must("reporter", {Attributed("sale")});
  v1::TraceResponsibilityRequest request;
  request.mutable_reporter()->set_handle("reporter");
  request.set_reference("sale");
  const auto trace = Trace(request);
  v1::ExplainRevenueRequest explain;
  explain.mutable_reporter()->set_handle("reporter");
  explain.set_reference("sale");
  v1::ExplainRevenueResponse event;
  ASSERT_TRUE(Read(ExplainRevenue, explain, &event).ok());
  EXPECT_EQ(ByAuthor(trace), ByRecipient(event.split()));
  EXPECT_EQ(ByAuthor(trace).count("cy"), 1u);
  EXPECT_EQ(trace.event().reporter_handle(), "reporter");
  EXPECT_EQ(trace.event().attribution().handle(), "mia");
  for (const char* who : {"reporter", "mia", "steward"}) AccountIn(trace, who);
  // The same by its place; and the asset names who reported it.
  v1::TraceResponsibilityRequest by_place;
  *by_place.mutable_place() = trace.event().place();
  EXPECT_EQ(Trace(by_place).SerializeAsString(), trace.SerializeAsString());
  ASSERT_EQ(TraceModel().reporters_size(), 1);
  EXPECT_EQ(TraceModel().reporters(0), AsString(node_.chain.IdOf("reporter")));
}

TEST_F(TraceTest, RecordsShowTheirSignersEvidenceStanceAndAttestation) {
  Must("ada", {codec::SetEdgeStance{model_, data_, codec::EdgeStance::kDisavowed},
               codec::Countersign{model_, data_}});
  codec::AttestLineage attest{model_, codec::AttestationVerdict::kIncomplete, {}};
  Must("steward2", {attest});
  attest.verdict = codec::AttestationVerdict::kComplete;
  attest.report_sha256.bytes[0] = 5;
  Must("steward2", {attest});
  const auto trace = TraceModel();
  const v1::TracedRecord& model = trace.records(0);
  ASSERT_EQ(model.signers_size(), 2);
  EXPECT_EQ(model.signers(0).handle(), "bob");
  EXPECT_EQ(model.signers(1).handle(), "ada");
  ASSERT_EQ(model.parents_size(), 1);
  const v1::TracedEdge& edge = model.parents(0);
  EXPECT_EQ(edge.share_ppb(), 400'000'000u);
  EXPECT_EQ(edge.stance(), v1::EDGE_STANCE_DISAVOWED);
  EXPECT_TRUE(edge.countersigned());
  EXPECT_EQ(edge.evidence().method(), "trak");
  EXPECT_EQ(edge.evidence().score_nano(), -7);
  EXPECT_EQ(edge.evaluator_handle(), "eve");
  ASSERT_EQ(model.attestations_size(), 2);
  EXPECT_EQ(model.attestations(0).verdict(), v1::ATTESTATION_VERDICT_COMPLETE);
  EXPECT_EQ(model.attestations(0).handle(), "steward2");
  EXPECT_EQ(model.attestations(1).verdict(), v1::ATTESTATION_VERDICT_INCOMPLETE);
  for (const char* who : {"ada", "bob", "eve", "steward", "steward2"}) AccountIn(trace, who);
  EXPECT_EQ(trace.accounts_size(), 5);
}

TEST_F(TraceTest, PeopleAreTracedToTheirSponsorsAndTheActsThatAdmittedThem) {
  Govern({codec::SetRole{node_.chain.IdOf("bob"), codec::Role::kSteward, true},
          codec::SetLimits{node_.chain.IdOf("bob"), 50, {}}});
  const auto trace = TraceModel();
  const v1::TracedAccount* bob = AccountIn(trace, "bob");
  EXPECT_EQ(bob->sponsor_handle(), "steward");
  ASSERT_EQ(bob->acts_size(), 1);
  EXPECT_EQ(bob->acts(0), 0u);
  EXPECT_EQ(AccountIn(trace, "ada")->acts_size(), 0);
  EXPECT_TRUE(AccountIn(trace, "steward")->sponsor().empty());
  ASSERT_EQ(trace.acts_size(), 1);
  EXPECT_EQ(trace.acts(0).content().reason(), "as agreed");
  EXPECT_EQ(trace.acts(0).content().changes_size(), 2);
  ASSERT_EQ(trace.acts(0).approved_by_size(), 1);
  EXPECT_EQ(trace.acts(0).approved_by(0).handle(), "admin");
  EXPECT_TRUE(trace.governance_complete());
}

TEST_F(TraceTest, ValidatorsAreThoseOfTheHeightOfTheRecord) {
  codec::SetValidator validator{{}, 10, node_.chain.IdOf("eve")};
  validator.public_key.bytes = testing::KeyOf("eve").public_key().bytes;
  Govern({validator});
  const RecordSpec spec{"later", {{"bob", base::kPpbOne}}, {{model_, 1}}, 500'000'000};
  Must("bob", {node_.chain.Submit(spec)});
  validator.power = 0;
  codec::SetValidator other{{}, 7, node_.chain.IdOf("cy")};
  other.public_key.bytes = testing::KeyOf("cy").public_key().bytes;
  Govern({other});
  Govern({validator});
  v1::TraceResponsibilityRequest request;
  request.mutable_asset()->set_id(AsString(node_.chain.RecordIdOf(spec)));
  const auto trace = Trace(request);
  ASSERT_EQ(trace.records_size(), 3);
  EXPECT_EQ(trace.records(1).validators_since(), 0u) << "there was none yet";
  ASSERT_EQ(trace.validator_sets_size(), 1);
  const v1::ValidatorSetView& set = trace.validator_sets(0);
  EXPECT_EQ(trace.records(0).validators_since(), set.since_height());
  EXPECT_LE(set.since_height(), trace.records(0).position().height());
  ASSERT_EQ(set.validators_size(), 1);
  EXPECT_EQ(set.validators(0).handle(), "eve");
  EXPECT_EQ(set.validators(0).power(), 10u) << "as it was then";
  EXPECT_FALSE(set.validators(0).of_genesis());
  AccountIn(trace, "eve");
}

TEST_F(TraceTest, PagesTogetherAreTheWhole) {
  Must("reporter", {Attributed("sale")});
  v1::TraceResponsibilityRequest request;
  request.mutable_reporter()->set_handle("reporter");
  request.set_reference("sale");
  const auto whole = Trace(request);
  ASSERT_EQ(whole.records_size(), 3);
  request.set_page_size(1);
  for (int i = 0; i < 3; ++i) {
    const auto page = Trace(request);
    ASSERT_EQ(page.records_size(), 1);
    EXPECT_EQ(page.total(), 3u);
    EXPECT_EQ(page.records(0).SerializeAsString(), whole.records(i).SerializeAsString());
    EXPECT_EQ(page.next_page_token().empty(), i == 2);
    request.set_page_token(page.next_page_token());
  }
  request.clear_page_token();
  const std::string token = Trace(request).next_page_token();
  v1::TraceResponsibilityRequest other;
  other.mutable_asset()->set_id(AsString(model_));
  other.set_page_token(token);
  v1::TraceResponsibilityResponse response;
  EXPECT_EQ(Read(TraceResponsibility, other, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(TraceTest, WhatIsNotAskedForCleanlyIsRefused) {
  v1::TraceResponsibilityResponse response;
  v1::TraceResponsibilityRequest both;
  both.mutable_asset()->set_id(AsString(model_));
  both.set_reference("sale");
  EXPECT_EQ(Read(TraceResponsibility, both, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Read(TraceResponsibility, v1::TraceResponsibilityRequest(), &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  v1::TraceResponsibilityRequest epoch;
  epoch.mutable_place()->set_entry(1);
  epoch.set_epoch(0);
  EXPECT_EQ(Read(TraceResponsibility, epoch, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  epoch.clear_epoch();
  EXPECT_EQ(Read(TraceResponsibility, epoch, &response).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(TraceTest, AnIncidentShowsItsFreezeAndThenItsRuling) {
  Must("reporter", {node_.chain.Revenue(model_, 1'000'000, "sale")});
  Must("cy", {Incident(model_)});
  v1::IncidentView incident = Get(0);
  EXPECT_EQ(incident.state(), v1::INCIDENT_STATE_OPEN);
  EXPECT_EQ(incident.subject_name(), "model");
  EXPECT_EQ(incident.reporter_handle(), "cy");
  EXPECT_EQ(incident.category(), "advice");
  EXPECT_EQ(incident.severity(), 3u);
  EXPECT_EQ(incident.evidence_uri(), "https://example.org/evidence");
  EXPECT_FALSE(incident.has_freeze());
  EXPECT_FALSE(incident.has_ruling());

  Must("arbiter", {codec::FreezeAsset{model_, 0}}, {"arbiter2"});
  incident = Get(0);
  EXPECT_TRUE(incident.freeze().in_force());
  ASSERT_EQ(incident.freeze().frozen_size(), 1);
  EXPECT_EQ(incident.freeze().frozen(0).minor(), "1000000");
  EXPECT_EQ(incident.freeze().until_ms(), incident.freeze().since().time_ms() + 5'000'000);
  ASSERT_EQ(incident.freeze().signers_size(), 2);
  EXPECT_EQ(incident.freeze().signers(1).handle(), "arbiter2");

  codec::RuleIncident ruling;
  ruling.upheld = true;
  ruling.compensations = {{node_.chain.IdOf("eve"), "USD", base::MinorUnits(250'000)}};
  ruling.reasons_sha256.bytes[0] = 3;
  Must("arbiter", {ruling}, {"arbiter2"});
  Must("steward", {node_.chain.Register("later")});
  incident = Get(0);
  EXPECT_EQ(incident.state(), v1::INCIDENT_STATE_UPHELD);
  EXPECT_FALSE(incident.freeze().in_force());
  EXPECT_EQ(incident.freeze().frozen_size(), 0);
  ASSERT_EQ(incident.ruling().compensations_size(), 1);
  EXPECT_EQ(incident.ruling().compensations(0).handle(), "eve");
  EXPECT_EQ(incident.ruling().compensations(0).amount().minor(), "250000");
  EXPECT_EQ(incident.ruling().signers_size(), 2);
  ASSERT_EQ(TraceModel().incidents_size(), 1);
  EXPECT_EQ(TraceModel().incidents(0).number(), 0u);
}

TEST_F(TraceTest, IncidentsAreListedByRecordAndStateNewestFirst) {
  Must("cy", {Incident(model_, 1), Incident(data_, 2), Incident(model_, 4)});
  v1::ListIncidentsRequest request;
  request.set_page_size(1);
  std::vector<uint64_t> seen;
  do {
    v1::ListIncidentsResponse page;
    ASSERT_TRUE(Read(ListIncidents, request, &page).ok());
    for (const auto& one : page.incidents()) seen.push_back(one.number());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen, (std::vector<uint64_t>{2, 1, 0}));
  v1::ListIncidentsRequest of_model;
  of_model.mutable_record()->set_id(AsString(model_));
  of_model.set_state(v1::INCIDENT_STATE_OPEN);
  v1::ListIncidentsResponse response;
  ASSERT_TRUE(Read(ListIncidents, of_model, &response).ok());
  ASSERT_EQ(response.incidents_size(), 2);
  EXPECT_EQ(response.incidents(0).severity(), 4u);
  of_model.set_state(v1::INCIDENT_STATE_UPHELD);
  response.Clear();
  ASSERT_TRUE(Read(ListIncidents, of_model, &response).ok());
  EXPECT_EQ(response.incidents_size(), 0);
  v1::GetIncidentRequest none;
  none.set_number(3);
  v1::IncidentView view;
  EXPECT_EQ(Read(GetIncident, none, &view).error_code(), grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace tributary::api
