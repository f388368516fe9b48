// Proposals: who must approve, when they take effect, and what they cannot do.
#include <gtest/gtest.h>

#include "state/governance.h"
#include "state/invariants.h"
#include "state/rows.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

using base::RejectionCode;
using state::ProposalState;

constexpr uint64_t kEpochMs = 1'000'000;

// Three admins of whom two must approve.
struct Council {
  Council() : chain(Options()) {
    Must("steward", {chain.Register("ann")});
    chain.Commit();
  }
  static ChainOptions Options() {
    ChainOptions options;
    options.people.push_back({"admin2", {codec::Role::kAdmin}, {}});
    options.people.push_back({"admin3", {codec::Role::kAdmin}, {}});
    options.admin_threshold = 2;
    return options;
  }
  void Must(std::string_view sender, const std::vector<codec::Operation>& operations) {
    const auto refused = chain.Apply(sender, operations);
    ASSERT_FALSE(refused) << refused->ToString();
  }
  codec::Propose AtHeight(const std::vector<codec::Change>& changes, uint64_t ahead = 2) {
    codec::Propose propose;
    propose.changes = changes;
    propose.effective_height = base::Height(chain.Row().height + ahead);
    propose.reason = "a reason";
    return propose;
  }
  codec::Propose WithEpoch(const codec::Parameters& parameters, uint64_t epoch) {
    codec::Propose propose;
    propose.changes = {codec::SetParameters{parameters}};
    propose.effective_epoch = base::Epoch(epoch);
    propose.reason = "a reason";
    return propose;
  }
  codec::SetRole Role(std::string_view handle, codec::Role role, bool granted) {
    return {chain.IdOf(handle), role, granted};
  }
  state::ProposalRow Proposal(uint64_t number) {
    return state::ReadRow<state::ProposalRow>(chain.pages(), number);
  }
  bool Has(std::string_view handle, codec::Role role) {
    const auto account = chain.Account(handle);
    return state::HasRole(state::ReadRow<state::AccountRow>(chain.pages(), account->value()).roles,
                          role);
  }
  void ExpectState(uint64_t number, ProposalState state) {
    EXPECT_EQ(Proposal(number).state, static_cast<uint8_t>(state)) << number;
  }
  void ExpectFailed(uint64_t number, RejectionCode code) {
    ExpectState(number, ProposalState::kFailed);
    EXPECT_EQ(Proposal(number).failure, static_cast<uint16_t>(code));
  }

  Chain chain;
};

TEST(GovernanceTest, TakesEffectAtItsHeightWhereEnoughAdminsApproved) {
  Council council;
  council.Must("admin", {council.AtHeight({council.Role("ann", codec::Role::kSteward, true)}, 3)});
  council.Must("admin2", {codec::ApproveProposal{0}});
  council.chain.Commit();  // the height before the one before
  EXPECT_FALSE(council.Has("ann", codec::Role::kSteward));
  council.Must("steward", {council.chain.Register("filler")});
  council.chain.Commit();
  EXPECT_FALSE(council.Has("ann", codec::Role::kSteward));
  ASSERT_TRUE(council.chain.Commit()) << "it is a change of its own";
  EXPECT_TRUE(council.Has("ann", codec::Role::kSteward));
  council.ExpectState(0, ProposalState::kInEffect);
  EXPECT_EQ(council.Proposal(0).closed_height, council.chain.Row().height);
  EXPECT_EQ(council.Proposal(0).approved, 2U);
  EXPECT_EQ(council.chain.Row().open_proposals, 0U);
  EXPECT_FALSE(council.chain.Commit());
}

TEST(GovernanceTest, FailsVisiblyWhereTooFewApproved) {
  Council council;
  council.Must("admin", {council.AtHeight({council.Role("ann", codec::Role::kSteward, true)})});
  council.chain.Commit();
  council.chain.Commit();
  EXPECT_FALSE(council.Has("ann", codec::Role::kSteward));
  council.ExpectFailed(0, RejectionCode::kThreshold);
  EXPECT_EQ(council.Proposal(0).approved, 1U);
}

TEST(GovernanceTest, WhoIsNoLongerAdminHasNotApproved) {
  Council council;
  council.Must("admin", {council.AtHeight({council.Role("admin2", codec::Role::kAdmin, false)})});
  council.Must("admin3", {codec::ApproveProposal{0}});
  council.Must("admin2", {council.AtHeight({council.Role("ann", codec::Role::kSteward, true)}, 3)});
  council.Must("admin3", {codec::ApproveProposal{1}});
  council.chain.Commit();
  council.chain.Commit();
  EXPECT_FALSE(council.Has("admin2", codec::Role::kAdmin));
  council.chain.Commit();
  council.ExpectFailed(1, RejectionCode::kThreshold);
}

TEST(GovernanceTest, WhatWouldLeaveNoWayToGovernFailsWhenItIsDue) {
  Council council;
  council.Must("admin", {council.AtHeight({council.Role("admin2", codec::Role::kAdmin, false)})});
  council.Must("admin3", {codec::ApproveProposal{0}});
  // Each alone would leave two.
  council.Must("admin", {council.AtHeight({council.Role("admin3", codec::Role::kAdmin, false)})});
  council.Must("admin3", {codec::ApproveProposal{1}});
  council.chain.Commit();
  council.chain.Commit();
  council.ExpectState(0, ProposalState::kInEffect);
  council.ExpectFailed(1, RejectionCode::kUngovernable);
  EXPECT_TRUE(council.Has("admin3", codec::Role::kAdmin));
  EXPECT_EQ(council.chain.Row().admins, 2U);
}

TEST(GovernanceTest, ChangesOfOneProposalAreJudgedTogether) {
  Scene scene;
  scene.Govern({codec::SetRole{scene.chain.IdOf("admin"), codec::Role::kAdmin, false},
                codec::SetRole{scene.chain.IdOf("ann"), codec::Role::kAdmin, true}});
  scene.Must("ann", {scene.Proposal({codec::SetThresholds{1, 1}})});
  EXPECT_EQ(scene.chain.Apply("admin", {scene.Proposal({codec::SetThresholds{1, 1}})})->code,
            RejectionCode::kMissingRole);
}

TEST(GovernanceTest, ARefusedTransactionLeavesNoOpenProposal) {
  Council council;
  const auto good = council.AtHeight({codec::SetThresholds{1, 0}});
  const auto refused = council.chain.Apply("admin", {good, codec::ApproveProposal{7}});
  EXPECT_EQ(refused->code, RejectionCode::kProposalUnknown);
  council.Must("steward", {council.chain.Register("bob")});
  council.chain.Commit();
  EXPECT_EQ(council.chain.Row().open_proposals, 0U);
}

TEST(GovernanceTest, CurrenciesLimitsAndValidatorsChange) {
  Scene scene;
  const auto key = KeyOf("v").public_key();
  scene.Govern({codec::Currency{"GBP", 6, base::MinorUnits(100), base::MinorUnits(0)},
                codec::SetLimits{scene.chain.IdOf("small"), 77, {{"GBP", 500}, {"USD", 2'000}}},
                codec::SetValidator{key, 10, scene.chain.IdOf("steward")}});
  EXPECT_EQ(
      scene.chain.Apply("small", {scene.chain.Revenue(scene.tuned_id, 501, "g", "GBP")})->code,
      RejectionCode::kCreditLimit);
  scene.Must("small", {scene.chain.Revenue(scene.tuned_id, 500, "g", "GBP"),
                       scene.chain.Revenue(scene.tuned_id, 2'000, "u", "USD")});
  scene.chain.Commit();
  scene.chain.Rebuild();
  const auto row = scene.chain.resident().Find(state::Identity::kValidator, base::Hash{key.bytes});
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(state::ReadRow<state::ValidatorRow>(scene.chain.pages(), *row).power, 10U);
  const auto gone = codec::SetValidator{key, 0, scene.chain.IdOf("steward")};
  EXPECT_EQ(scene.chain.Apply("admin", {scene.Proposal({gone})})->code,
            RejectionCode::kUngovernable);
  EXPECT_TRUE(state::RecountConservation(scene.chain.pages(), scene.chain.resident()).ok());
}

// Parameters: what each epoch earned is split by those of that epoch, however late.
struct ParameterScene : Council {
  ParameterScene() : parameters(ChainOptions().parameters) {
    const RecordSpec spec{"model", {{"ann", base::kPpbOne}}, {}, 0};
    model = chain.RecordIdOf(spec);
    Must("ann", {chain.Submit(spec)});
  }
  void Change(uint64_t epoch) {
    Must("admin", {WithEpoch(parameters, epoch)});
    Must("admin2", {codec::ApproveProposal{proposals++}});
  }
  void Earn(uint64_t amount) {
    const auto name = chain.arena().Keep("sale-" + std::to_string(++sales));
    Must("reporter", {chain.Revenue(model, amount, name)});
  }
  uint64_t Start() const { return ChainOptions().time_ms; }
  uint64_t Fees() const {
    return static_cast<uint64_t>(chain.Totals().fees.value() / base::kPpbOne);
  }

  codec::Parameters parameters;
  base::RecordId model;
  uint64_t proposals = 0, sales = 0;
};

TEST(ParametersTest, EachEpochHasItsOwnFeeHoweverLateItSettles) {
  ParameterScene scene;
  scene.parameters.fee_ppb = base::Ppb(20'000'000);
  scene.Change(1);
  scene.Earn(1'000);  // of epoch 0, at 1 %
  scene.chain.AdvanceTo(scene.Start() + kEpochMs);
  scene.Earn(1'000);  // of epoch 1, at 2 %
  scene.chain.AdvanceTo(scene.Start() + 20 * kEpochMs);
  scene.chain.Commit();
  EXPECT_EQ(scene.Fees(), 10U + 20U);
}

TEST(ParametersTest, TheLengthOfEpochsChangesWithTheEpochAlsoWhenNoBlockSeesIt) {
  ParameterScene late, timely;
  for (ParameterScene* scene : {&late, &timely}) {
    scene->parameters.epoch_ms = 10 * kEpochMs;
    scene->Change(3);
  }
  for (int epoch = 1; epoch <= 5; ++epoch) {
    timely.chain.AdvanceTo(timely.Start() + static_cast<uint64_t>(epoch) * kEpochMs);
    timely.chain.Commit();
  }
  for (ParameterScene* scene : {&late, &timely}) {
    scene->chain.AdvanceTo(scene->Start() + 24 * kEpochMs);
    scene->Earn(1'000);
    scene->chain.Commit();
    // Three short epochs, then 3..13, 13..23, 23..33.
    EXPECT_EQ(scene->chain.Row().epoch, 5U);
    EXPECT_EQ(scene->chain.Row().epoch_end_ms, scene->Start() + 33 * kEpochMs);
  }
}

TEST(ParametersTest, NoRevenueSettlesBeforeThatOfAnEarlierEpoch) {
  ParameterScene scene;
  scene.parameters.maturity_epochs = 4;
  scene.Change(1);
  scene.parameters.maturity_epochs = 0;
  scene.Change(2);
  scene.chain.AdvanceTo(scene.Start() + kEpochMs);
  scene.Earn(1'000);  // of epoch 1: with the end of epoch 5
  scene.chain.AdvanceTo(scene.Start() + 2 * kEpochMs);
  scene.Earn(2'000);  // of epoch 2: W is 0, but epoch 1 comes first
  scene.chain.AdvanceTo(scene.Start() + 6 * kEpochMs - 1);
  scene.chain.Commit();
  EXPECT_EQ(scene.Fees(), 0U);
  scene.chain.AdvanceTo(scene.Start() + 6 * kEpochMs);
  scene.Earn(4'000);  // of epoch 6
  scene.chain.Commit();
  EXPECT_EQ(scene.Fees(), 30U);
  scene.chain.AdvanceTo(scene.Start() + 7 * kEpochMs);
  scene.chain.Commit();
  EXPECT_EQ(scene.Fees(), 70U);
}

TEST(ParametersTest, TheNextDueTimeKnowsOfProposals) {
  ParameterScene scene;
  scene.chain.Commit();
  EXPECT_FALSE(state::NextDue(scene.chain.pages(), scene.chain.resident()).has_value());
  scene.Change(3);
  scene.chain.Commit();
  EXPECT_EQ(state::NextDue(scene.chain.pages(), scene.chain.resident()),
            base::TimeMs(scene.Start() + 3 * kEpochMs));
  scene.Must("admin", {scene.AtHeight({codec::SetThresholds{1, 0}})});
  scene.chain.Commit();
  EXPECT_EQ(state::NextDue(scene.chain.pages(), scene.chain.resident()),
            base::TimeMs(scene.chain.time_ms()));
}

}  // namespace
}  // namespace tributary::testing
