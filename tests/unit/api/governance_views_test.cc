// Governance and what others say of a record, as the reads show it.
#include <gtest/gtest.h>

#include "codec/ids.h"
#include "unit/api/reads.h"

namespace tributary::api {
namespace {

using testing::RecordSpec;

// Two of three admins must approve.
class GovernanceViewsTest : public ::testing::Test {
 protected:
  GovernanceViewsTest() : reads_(Options()), chain_(reads_.node.chain) {}
  static testing::ChainOptions Options() {
    testing::ChainOptions options;
    options.people.push_back({"admin2", {codec::Role::kAdmin}, {}});
    options.people.push_back({"admin3", {codec::Role::kAdmin}, {}});
    options.admin_threshold = 2;
    return options;
  }
  void SetUp() override { reads_.Must("steward", {chain_.Register("ann")}); }

  codec::Propose AtHeight(const std::vector<codec::Change>& changes, uint64_t ahead) {
    codec::Propose propose;
    propose.changes = changes;
    propose.effective_height =
        base::Height(reads_.node.ledger->view()->header().height.value() + ahead);
    propose.reason = "they know the work";
    return propose;
  }
  codec::Propose Fee(uint32_t ppb, uint64_t epoch) {
    codec::SetParameters change{Options().parameters};
    change.parameters.fee_ppb = base::Ppb(ppb);
    codec::Propose propose;
    propose.changes = {change};
    propose.effective_epoch = base::Epoch(epoch);
    propose.reason = "costs";
    return propose;
  }
  v1::ProposalView Proposal(uint64_t number) {
    v1::GetProposalRequest request;
    request.set_number(number);
    return reads_.Get(&GetProposal, request);
  }

  Reads reads_;
  testing::Chain& chain_;
};

TEST_F(GovernanceViewsTest, AnOpenProposalSaysWhatChangesFromWhatToWhat) {
  const codec::SetRole role{chain_.IdOf("ann"), codec::Role::kArbiter, true};
  codec::SetLimits limits{chain_.IdOf("reporter"), 7, {{"USD", 5}, {"EUR", UINT64_MAX}}};
  const codec::Currency yen{"JPY", 6, base::MinorUnits(1'000'000), base::MinorUnits(0)};
  codec::SetValidator validator{{}, 3, chain_.IdOf("ann")};
  validator.public_key.bytes[5] = 1;
  reads_.Must("admin", {AtHeight({role, limits, yen, codec::SetThresholds{1, 1}, validator}, 3)});
  v1::ProposalView one = Proposal(0);
  EXPECT_EQ(one.state(), v1::PROPOSAL_STATE_OPEN);
  EXPECT_EQ(one.handle(), "admin");
  EXPECT_EQ(one.reason(), "they know the work");
  ASSERT_EQ(one.changes_size(), 5);
  EXPECT_EQ(one.changes(0).handle(), "ann");
  EXPECT_TRUE(one.changes(0).change().set_role().granted());
  EXPECT_FALSE(one.changes(0).before().set_role().granted());
  const v1::SetLimits& limits_now = one.changes(1).before().set_limits();
  EXPECT_EQ(limits_now.sponsor_quota(), 0u);
  ASSERT_EQ(limits_now.credit_limits_size(), 2);
  EXPECT_EQ(limits_now.credit_limits(0).limit_minor(), 1'000'000'000'000u);
  EXPECT_FALSE(one.changes(2).has_before()) << "the currency is new";
  EXPECT_EQ(one.changes(3).before().set_thresholds().admins(), 2u);
  EXPECT_FALSE(one.changes(4).has_before());
  ASSERT_EQ(one.approvals_size(), 1);
  EXPECT_EQ(one.admins_needed(), 2u);
  EXPECT_EQ(one.approvals_counted(), 1u);
  reads_.Must("admin2", {codec::ApproveProposal{0}});
  one = Proposal(0);
  ASSERT_EQ(one.approvals_size(), 2);
  EXPECT_EQ(one.approvals(0).handle(), "admin") << "in order";
  EXPECT_EQ(one.approvals_counted(), 2u);

  reads_.PassEpochs(2);
  one = Proposal(0);
  EXPECT_EQ(one.state(), v1::PROPOSAL_STATE_IN_EFFECT);
  EXPECT_EQ(one.closed_height(), one.effective_height());
  EXPECT_FALSE(one.changes(0).has_before()) << "it is not known any more";
  const v1::GovernanceView now = reads_.Get(&GetGovernance, v1::GetGovernanceRequest());
  EXPECT_EQ(now.admin_threshold(), 1u);
  EXPECT_EQ(now.admins(), 3u);
  EXPECT_EQ(now.arbiters(), 2u);
  EXPECT_EQ(now.currencies_size(), 3);
  ASSERT_EQ(now.validators_size(), 1);
  EXPECT_EQ(now.validators(0).power(), 3u);
  EXPECT_EQ(now.validators(0).proposal(), 0u);
  EXPECT_FALSE(now.validators(0).of_genesis());
  v1::GetAccountRequest reporter;
  reporter.mutable_account()->set_handle("reporter");
  EXPECT_EQ(reads_.Get(&GetAccount, reporter).quota().limit(), 7u);
}

TEST_F(GovernanceViewsTest, ParametersShowTheirHistory) {
  const uint64_t epoch = reads_.node.ledger->view()->chain().epoch;
  reads_.Must("admin", {Fee(20'000'000, epoch + 1)});
  EXPECT_EQ(Proposal(0).changes(0).before().set_parameters().parameters().fee_ppb(), 10'000'000u);
  reads_.Must("admin2", {codec::ApproveProposal{0}});
  reads_.PassEpochs(2);
  const v1::ProposalView one = Proposal(0);
  EXPECT_EQ(one.state(), v1::PROPOSAL_STATE_IN_EFFECT);
  EXPECT_EQ(one.changes(0).before().set_parameters().parameters().fee_ppb(), 10'000'000u)
      << "as before it took effect";
  const v1::GovernanceView now = reads_.Get(&GetGovernance, v1::GetGovernanceRequest());
  ASSERT_EQ(now.parameters_size(), 2);
  EXPECT_EQ(now.parameters(0).parameters().fee_ppb(), 20'000'000u);
  EXPECT_EQ(now.parameters(0).effective_epoch(), epoch + 1);
  EXPECT_EQ(now.parameters(1).parameters().fee_ppb(), 10'000'000u);
}

TEST_F(GovernanceViewsTest, WhatFailedOrWasWithdrawnStaysListed) {
  const codec::SetRole role{chain_.IdOf("ann"), codec::Role::kAuditor, true};
  reads_.Must("admin", {AtHeight({role}, 2)});
  reads_.Must("admin", {AtHeight({role}, 100)});
  reads_.Must("admin", {codec::WithdrawProposal{1}});
  reads_.Must("admin2", {AtHeight({role}, 100)});
  const v1::ProposalView failed = Proposal(0);
  EXPECT_EQ(failed.state(), v1::PROPOSAL_STATE_FAILED);
  EXPECT_EQ(failed.failure().number(), static_cast<uint32_t>(base::RejectionCode::kThreshold));
  EXPECT_EQ(failed.failure().name(), "Threshold");
  EXPECT_EQ(failed.failed_change(), 0u);
  EXPECT_EQ(failed.approvals_counted(), 1u);
  EXPECT_EQ(failed.admins_needed(), 2u);
  EXPECT_EQ(Proposal(1).state(), v1::PROPOSAL_STATE_WITHDRAWN);
  v1::ListProposalsRequest request;
  request.set_page_size(1);
  const auto all = reads_.All(&ListProposals, request);
  ASSERT_EQ(all.proposals_size(), 3);
  EXPECT_EQ(all.proposals(0).number(), 2u) << "newest first";
  request.set_state(v1::PROPOSAL_STATE_OPEN);
  const auto open = reads_.All(&ListProposals, request);
  ASSERT_EQ(open.proposals_size(), 1);
  EXPECT_EQ(open.proposals(0).number(), 2u);
  v1::GetProposalRequest beyond;
  beyond.set_number(3);
  v1::ProposalView none;
  EXPECT_EQ(reads_.Read(&GetProposal, beyond, &none).error_code(), grpc::StatusCode::NOT_FOUND);
}

// ---- Reservations, stances, countersignatures, attestations

class ReviewViewsTest : public ::testing::Test {
 protected:
  ReviewViewsTest() : reads_(Options()), chain_(reads_.node.chain) {}
  static testing::ChainOptions Options() {
    testing::ChainOptions options;
    options.parameters.countersign_required = true;
    options.parameters.new_identity_records = 3;
    options.parameters.sponsor_quota = 50;
    return options;
  }
  void SetUp() override {
    reads_.Must("steward", {chain_.Register("ann"), chain_.Register("bob")});
    base_ = reads_.Submit(
        "ann", RecordSpec{"base", {{"ann", base::kPpbOne}}, {}, 0, codec::RecordKind::kDataset});
  }
  v1::RecordView Record(const base::RecordId& id) {
    v1::GetRecordRequest request;
    request.mutable_record()->set_id(AsString(id));
    return reads_.Get(&GetRecord, request);
  }
  v1::LineageNode OnlyAncestor(const base::RecordId& id) {
    v1::ListLineageRequest request;
    request.mutable_record()->set_id(AsString(id));
    const auto all = reads_.All(&ListAncestors, request);
    EXPECT_EQ(all.nodes_size(), 1);
    return all.nodes_size() == 1 ? all.nodes(0) : v1::LineageNode();
  }

  Reads reads_;
  testing::Chain& chain_;
  base::RecordId base_;
};

TEST_F(ReviewViewsTest, AReservationSaysWhoseItIsAndWhatOpenedIt) {
  RecordSpec spec{"secret", {{"bob", base::kPpbOne}}, {}, 0, codec::RecordKind::kDataset};
  codec::Record record = chain_.RecordOf(spec);
  base::Hash salt;
  salt.bytes[3] = 9;
  const base::Hash commitment =
      codec::ReserveCommitment(chain_.IdOf("bob"), salt, *record.content_sha256);
  v1::GetReservationRequest request;
  request.set_commitment(AsString(commitment));
  v1::ReservationView none;
  EXPECT_EQ(reads_.Read(&GetReservation, request, &none).error_code(), grpc::StatusCode::NOT_FOUND);
  reads_.Must("bob", {codec::Reserve{commitment}});
  v1::ReservationView view = reads_.Get(&GetReservation, request);
  EXPECT_EQ(view.handle(), "bob");
  EXPECT_EQ(view.expires_ms() - view.reserved_ms(), Options().parameters.reserve_ms);
  EXPECT_TRUE(view.record().empty());
  record.reservation_salt = salt;
  reads_.Must("bob", {chain_.SubmitBytes(record)});
  view = reads_.Get(&GetReservation, request);
  ASSERT_EQ(view.record().size(), 32u);
  const base::RecordId id{base::Hash::From(base::AsBytes(view.record())).bytes};
  EXPECT_TRUE(Record(id).reserved());
  EXPECT_FALSE(Record(base_).reserved());
}

TEST_F(ReviewViewsTest, StancesAndCountersignaturesAreShownWithTheEdge) {
  const base::RecordId note = reads_.Submit("bob", RecordSpec{"note",
                                                              {{"bob", base::kPpbOne}},
                                                              {{base_, 1}},
                                                              100'000'000,
                                                              codec::RecordKind::kCorrection});
  EXPECT_FALSE(Record(note).counts());
  EXPECT_TRUE(Record(base_).counts());
  EXPECT_TRUE(OnlyAncestor(note).direct());
  EXPECT_EQ(OnlyAncestor(note).stance(), v1::EDGE_STANCE_UNSPECIFIED);
  reads_.Must("ann", {codec::Countersign{note, base_},
                      codec::SetEdgeStance{note, base_, codec::EdgeStance::kDisavowed}});
  const v1::RecordView view = Record(note);
  EXPECT_TRUE(view.counts());
  EXPECT_TRUE(view.parents(0).countersigned());
  EXPECT_EQ(view.parents(0).stance(), v1::EDGE_STANCE_DISAVOWED);
  EXPECT_EQ(OnlyAncestor(note).stance(), v1::EDGE_STANCE_DISAVOWED);
  EXPECT_TRUE(OnlyAncestor(note).countersigned());
  v1::ListLineageRequest down;
  down.mutable_record()->set_id(AsString(base_));
  EXPECT_EQ(reads_.All(&ListDescendants, down).nodes(0).stance(), v1::EDGE_STANCE_DISAVOWED);
}

TEST_F(ReviewViewsTest, AttestationsAreListedNewestFirst) {
  EXPECT_FALSE(Record(base_).has_attested());
  codec::AttestLineage attest{base_, codec::AttestationVerdict::kIncomplete, {}};
  attest.report_sha256.bytes[0] = 1;
  reads_.Must("steward2", {attest});
  attest.verdict = codec::AttestationVerdict::kComplete;
  reads_.Must("steward2", {attest});
  const v1::RecordView view = Record(base_);
  EXPECT_EQ(view.attested().verdict(), v1::ATTESTATION_VERDICT_COMPLETE);
  EXPECT_EQ(view.attestations(), 2u);
  v1::ListAttestationsRequest request;
  request.mutable_asset()->set_id(AsString(base_));
  request.set_page_size(1);
  const auto all = reads_.All(&ListAttestations, request);
  ASSERT_EQ(all.attestations_size(), 2);
  EXPECT_EQ(all.attestations(0).verdict(), v1::ATTESTATION_VERDICT_COMPLETE);
  EXPECT_EQ(all.attestations(1).verdict(), v1::ATTESTATION_VERDICT_INCOMPLETE);
  EXPECT_EQ(all.attestations(0).handle(), "steward2");
}

TEST_F(ReviewViewsTest, AnAccountShowsItsQuotas) {
  v1::GetAccountRequest request;
  request.mutable_account()->set_handle("steward");
  v1::AccountView view = reads_.Get(&GetAccount, request);
  EXPECT_EQ(view.quota().limit(), 50u);
  EXPECT_EQ(view.quota().as_set(), 0u);
  EXPECT_EQ(view.quota().used(), 3u) << "two registrations, and ann's record";
  EXPECT_EQ(view.records_per_epoch(), 0u) << "nobody sponsors it";
  request.mutable_account()->set_handle("ann");
  view = reads_.Get(&GetAccount, request);
  EXPECT_EQ(view.records_per_epoch(), 3u);
  EXPECT_EQ(view.records_in_epoch(), 1u);
  reads_.Must("steward", {codec::RaiseIdentity{chain_.IdOf("ann"), 8}});
  EXPECT_EQ(reads_.Get(&GetAccount, request).records_per_epoch(), 8u);
  reads_.PassEpochs(1);
  EXPECT_EQ(reads_.Get(&GetAccount, request).records_in_epoch(), 0u) << "a new epoch";
}

}  // namespace
}  // namespace tributary::api
