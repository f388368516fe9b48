// Attacks on the money itself that docs/governance.md says are resisted, each with its failure.
// Those on who was first, identities, corrections and lineages are in gaming_test.cc.
#include <gtest/gtest.h>

#include "codec/ids.h"
#include "state/invariants.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

using base::RejectionCode;
using base::Uint128;

constexpr uint64_t kEpochMs = 1'000'000;
constexpr Uint128 kMinor = base::kPpbOne;

struct Attack : Scene {
  void ExpectRefused(RejectionCode code, std::string_view sender, const codec::Operation& operation,
                     const std::vector<std::string>& cosigners = {}) {
    const auto refused = chain.Apply(sender, {operation}, cosigners);
    ASSERT_TRUE(refused.has_value()) << "accepted";
    EXPECT_EQ(refused->code, code) << refused->ToString();
  }
  base::RecordId Submit(std::string_view author, const RecordSpec& spec) {
    Must(author, {chain.Submit(spec)});
    return chain.RecordIdOf(spec);
  }
  void Earn(const base::RecordId& asset, uint64_t minor) {
    const auto name = chain.arena().Keep("attack-" + std::to_string(++sales));
    Must("reporter", {chain.Revenue(asset, minor, name)});
  }
  void Settle() {
    chain.Advance(2 * kEpochMs);
    chain.Commit();
  }
  Uint128 Credited(std::string_view handle) const { return chain.Balance(handle).credited.value(); }

  int sales = 0;
};

TEST(DilutionTest, HopsOfOnesOwnLeaveARoyaltyAsItIs) {
  Attack attack;
  RecordSpec data{"royal", {{"ann", base::kPpbOne}}, {}, 0};
  data.terms.royalty_ppb = base::Ppb(50'000'000);
  const base::RecordId royal = attack.Submit("ann", data);
  base::RecordId at = royal;
  Uint128 before = attack.Credited("ann");
  std::vector<Uint128> lineage;
  for (int hops = 0; hops < 3; ++hops) {
    at = attack.Submit(
        "bob", {"hop" + std::to_string(hops), {{"bob", base::kPpbOne}}, {{at, 1}}, 100'000'000});
    attack.Earn(at, 1'000'000);
    attack.Settle();
    const Uint128 gained = attack.Credited("ann") - before;
    EXPECT_GE(gained, 50'000 * kMinor) << "the royalty, whatever lies between";
    lineage.push_back(gained - 50'000 * kMinor);
    before = attack.Credited("ann");
  }
  // Without a royalty the attack works: it is only visible.
  EXPECT_EQ(lineage[0] / 10, lineage[1]);
  EXPECT_EQ(lineage[1] / 10, lineage[2]);
}

TEST(DilutionTest, ACircleThatPaysItselfCannotBeBuilt) {
  Attack attack;
  RecordSpec first{"first", {{"ann", base::kPpbOne}}, {}, 0};
  RecordSpec second{
      "second", {{"bob", base::kPpbOne}}, {{attack.chain.RecordIdOf(first), 1}}, 500'000'000};
  // A record's id is the hash of what names its parents: to name a child is to know a hash before
  // its preimage. What is left is to name a record that does not exist yet.
  first.parents = {{attack.chain.RecordIdOf(second), 1}};
  first.pass_through_ppb = 500'000'000;
  attack.ExpectRefused(RejectionCode::kParentUnknown, "ann", attack.chain.Submit(first));
  // And an amendment leads to earlier records only, a pool's too.
  RecordSpec pool{"pool", {{"ann", base::kPpbOne}}, {{attack.base_id, 1}}, base::kPpbOne};
  pool.kind = codec::RecordKind::kPool;
  const base::RecordId pool_id = attack.Submit("ann", pool);
  const base::RecordId later =
      attack.Submit("bob", {"later", {{"bob", base::kPpbOne}}, {{pool_id, 1}}, 500'000'000});
  codec::AmendRecord amendment;
  amendment.record = pool_id;
  amendment.effective_epoch = base::Epoch(attack.chain.Row().epoch + 1);
  amendment.parents = {{attack.base_id, codec::Relation::kDerivedFrom, 1, {}},
                       {later, codec::Relation::kMember, 1, {}}};
  amendment.pass_through_ppb = base::Ppb(base::kPpbOne);
  amendment.authors = {{attack.chain.IdOf("ann"), base::Ppb(base::kPpbOne)}};
  attack.ExpectRefused(RejectionCode::kParentLater, "ann", amendment);
}

TEST(AttributionAttackTest, AnAttributorHasNoPartInWhatItDirects) {
  Attack attack;
  const base::RecordId own = attack.Submit("tied", {"own", {{"tied", base::kPpbOne}}, {}, 0});
  attack.Must("tied", {attack.chain.Register("puppet", "tied")});
  const base::RecordId puppets =
      attack.Submit("puppet", {"puppets", {{"puppet", base::kPpbOne}}, {}, 0});
  const auto report = [&attack](std::string_view attributor, const base::RecordId& named) {
    codec::AttributionClaim claim = attack.GoodClaim();
    claim.attributor = attack.chain.IdOf(attributor);
    claim.influences = {{named, 1}};
    codec::ReportRevenue made = attack.Attributed(claim);
    made.attribution->signature = KeyOf(attributor)
                                      .Sign(base::AsBytes(codec::AttributionMessage(
                                          attack.chain.chain_id, made.attribution->claim)));
    return made;
  };
  attack.ExpectRefused(RejectionCode::kAttributorTied, "reporter", report("tied", own));
  attack.ExpectRefused(RejectionCode::kAttributorTied, "reporter", report("tied", puppets));
  attack.Must("reporter", {report("tied", attack.base_id)});
}

TEST(AttributionAttackTest, AClaimServesOneEventOnly) {
  Attack attack;
  codec::ReportRevenue report = attack.Attributed(attack.GoodClaim());
  attack.Must("reporter", {report});
  report.reference = "sale-3";
  attack.ExpectRefused(RejectionCode::kAttributionMismatch, "reporter", report);
}

TEST(RevenueAttackTest, RevenueThatNeverComesPaysNobody) {
  Attack attack;
  attack.Earn(attack.tuned_id, 100'000'000);
  attack.Settle();
  EXPECT_GT(attack.chain.Balance("bob").available.value(), 59'000'000 * kMinor);
  attack.ExpectRefused(RejectionCode::kInsufficientFunds, "bob", attack.chain.Payout(50'000'000));
  // Nor can a reporter go on without end: what it owes has a limit.
  attack.ExpectRefused(RejectionCode::kCreditLimit, "small",
                       attack.chain.Revenue(attack.tuned_id, 1'001, "beyond"));
}

TEST(RevenueAttackTest, ARefundAfterTheSettlementTakesNothingFromContributors) {
  Attack attack;
  attack.Earn(attack.tuned_id, 1'000'000);
  attack.Settle();
  const Uint128 ann = attack.chain.Balance("ann").available.value();
  attack.Must("reporter",
              {codec::RefundRevenue{"attack-1", base::MinorUnits(1'000'000), "attack-back"}});
  attack.Settle();
  EXPECT_EQ(attack.chain.Balance("ann").available.value(), ann);
  EXPECT_TRUE(state::RecountConservation(attack.chain.pages(), attack.chain.resident()).ok());
}

TEST(CustodyAttackTest, ASponsorWhoClaimsAnAccountForItselfIsStopped) {
  Attack attack;
  RecordSpec spec{"for-keyless", {{"keyless", base::kPpbOne}}, {}, 0};
  spec.custodial = true;
  const base::RecordId record = attack.Submit("steward", spec);
  attack.Earn(record, 1'000'000);
  attack.Settle();
  const Uint128 earned = attack.chain.Balance("keyless").available.value();
  ASSERT_EQ(earned, 990'000 * kMinor);
  attack.Must("steward", {attack.Claim("keyless", "thief")});
  attack.chain.UseKey("keyless", "thief");
  const auto early = attack.chain.Apply("keyless", {attack.chain.Payout(20'000)});
  ASSERT_TRUE(early.has_value()) << "within the notice";
  attack.Must("arbiter", {codec::ObjectToClaim{attack.chain.IdOf("keyless"), "not its owner"}});
  attack.chain.Advance(100 * kEpochMs);
  attack.chain.Commit();
  const auto late = attack.chain.Apply("keyless", {attack.chain.Payout(20'000)});
  ASSERT_TRUE(late.has_value()) << "after an objection the key is never in force";
  EXPECT_EQ(attack.chain.Balance("keyless").available.value(), earned);
}

TEST(ArbiterAttackTest, WhoIsTiedToAPartyDoesNotCount) {
  Attack attack;
  attack.Grant("ann", codec::Role::kArbiter);  // the author of what tuned was built from
  attack.Grant("bob", codec::Role::kArbiter);  // the author of tuned
  codec::ReportIncident incident;
  incident.subject = attack.tuned_id;
  incident.category = "harm";
  incident.severity = 1;
  incident.evidence_sha256.bytes[0] = 1;
  attack.Must("small", {incident});
  attack.ExpectRefused(RejectionCode::kArbiterTied, "bob", codec::FreezeAsset{attack.tuned_id, 0});
  codec::RuleIncident dismissal;
  dismissal.reasons_sha256.bytes[0] = 1;
  attack.ExpectRefused(RejectionCode::kArbiterTied, "bob", dismissal);
  // Freezing a parent makes its authors parties, too.
  attack.ExpectRefused(RejectionCode::kArbiterTied, "ann", codec::FreezeAsset{attack.base_id, 0});
  attack.Must("ann", {codec::FreezeAsset{attack.tuned_id, 0}});
}

}  // namespace
}  // namespace tributary::testing
