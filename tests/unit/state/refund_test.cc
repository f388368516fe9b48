// Attribution and refunds: what they do to pending money, flows and balances.
#include <gtest/gtest.h>

#include "codec/ids.h"
#include "state/invariants.h"
#include "state/rows.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

constexpr uint64_t kEpochMs = 1'000'000;
constexpr base::Uint128 kMinor = base::kPpbOne;

// A record of bob of which attribution may direct half, and what ann has beside: pending money can
// be told apart from that of the scene, which has settled.
struct MoneyScene : Scene {
  MoneyScene() { chain.AdvanceTo(ChainOptions().time_ms + 5 * kEpochMs); }

  void ReportAttributed(uint64_t amount_minor) {
    codec::ReportRevenue report = Attributed(GoodClaim());
    report.amount_minor = base::MinorUnits(amount_minor);
    Must("reporter", {report});
  }
  void Refund(std::string_view reference, uint64_t amount_minor) {
    const auto name = chain.arena().Keep("back-" + std::to_string(++refunds));
    Must("reporter", {codec::RefundRevenue{reference, base::MinorUnits(amount_minor), name}});
  }
  // To where what was reported in this epoch has settled.
  void Settle() {
    chain.Advance(2 * kEpochMs);
    chain.Commit();
  }
  base::Uint128 Credited(std::string_view handle) const {
    return chain.Balance(handle).credited.value();
  }
  base::Uint128 Inflow(const base::RecordId& record) const {
    const auto row = chain.resident().Find(state::Identity::kRecordId, base::Hash{record.bytes});
    return state::ReadRow<state::FlowRow>(chain.pages(), *row).inflow.value();
  }
  base::Uint128 Debit() const {
    if (chain.pages().RowCount({state::TableKind::kDebits, 0}) == 0) return 0;
    return state::ReadRow<state::DebitRow>(chain.pages(), 0).amount_minor.value();
  }
  void ExpectConserved() {
    chain.Commit();
    EXPECT_TRUE(state::RecountConservation(chain.pages(), chain.resident()).ok());
  }

  int refunds = 0;
};

TEST(AttributionTest, ItsPartOfGrossEntersTheNamedRecordsAndTheRestTakesTheLineage) {
  MoneyScene scene;
  const base::Uint128 tuned = scene.Inflow(scene.tuned_id);
  const base::Uint128 base = scene.Inflow(scene.base_id);
  scene.ReportAttributed(1'000);
  scene.Settle();
  // Of 1,000: fee 10; half by attribution, in the ratio 3 to 1; the rest to the asset.
  EXPECT_EQ(scene.Inflow(scene.tuned_id) - tuned, 490 * kMinor);
  EXPECT_EQ(scene.Inflow(scene.base_id) - base, (375 + 490 * 4 / 10) * kMinor);
  EXPECT_EQ(scene.Inflow(scene.named_id), 125 * kMinor);
  scene.ExpectConserved();
}

TEST(AttributionTest, AThousandRecordsCanBeNamed) {
  // What 1,024 influences take fits into one transaction.
  MoneyScene scene;
  codec::AttributionClaim claim = scene.GoodClaim();
  claim.influences.clear();
  for (int i = 0; i < 1'024; ++i) {
    const std::string name(scene.chain.arena().Keep("r" + std::to_string(i)));
    const RecordSpec spec{name, {{"ann", base::kPpbOne}}, {}, 0};
    scene.Must("ann", {scene.chain.Submit(spec)});
    claim.influences.push_back({scene.chain.RecordIdOf(spec), 1});
  }
  const base::RecordId last = claim.influences.back().record;
  scene.Must("reporter", {scene.Attributed(claim)});
  scene.Settle();
  EXPECT_GE(scene.Inflow(last), 488'281'000);
  EXPECT_LE(scene.Inflow(last), 488'282'000);
  claim.influences.push_back({scene.tuned_id, 1});
  claim.reference = "sale-3";
  const auto refused = scene.chain.Apply("reporter", {scene.Attributed(claim)});
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->code, base::RejectionCode::kWireCount);
  scene.ExpectConserved();
}

TEST(RefundTest, BeforeMaturityItIsAsIfThatPartHadNeverBeenReported) {
  MoneyScene refunded;
  MoneyScene smaller;
  refunded.ReportAttributed(1'000);
  refunded.chain.Advance(kEpochMs);  // the last epoch in which it is pending
  refunded.Refund("sale-2", 300);
  refunded.Refund("sale-2", 33);
  smaller.ReportAttributed(667);
  smaller.chain.Advance(kEpochMs);
  EXPECT_EQ(refunded.chain.Balance("bob").credited, smaller.chain.Balance("bob").credited);
  for (MoneyScene* scene : {&refunded, &smaller}) scene->Settle();
  for (const char* handle : {"ann", "bob"}) {
    EXPECT_EQ(refunded.Credited(handle), smaller.Credited(handle)) << handle;
  }
  EXPECT_EQ(refunded.Inflow(refunded.named_id), smaller.Inflow(smaller.named_id));
  EXPECT_EQ(refunded.chain.Totals().fees, smaller.chain.Totals().fees);
  EXPECT_EQ(refunded.Debit(), 0);
  refunded.ExpectConserved();
}

TEST(RefundTest, AnEventRefundedWholeBeforeMaturitySettlesToNothing) {
  MoneyScene scene;
  const base::Uint128 before = scene.Credited("ann") + scene.Credited("bob");
  scene.ReportAttributed(1'000);
  scene.Refund("sale-2", 1'000);
  scene.Settle();
  EXPECT_EQ(scene.Credited("ann") + scene.Credited("bob"), before);
  EXPECT_TRUE(scene.chain.Totals().pending.IsZero());
  scene.ExpectConserved();
}

TEST(RefundTest, AfterMaturityTheAssetsNextRevenueBearsItAndNobodyIsClawedBack) {
  MoneyScene scene;
  const base::Uint128 ann = scene.Credited("ann");
  const base::Uint128 bob = scene.Credited("bob");
  const base::Atoms fees = scene.chain.Totals().fees;
  scene.Refund("sale-1", 700'000);
  scene.Settle();
  EXPECT_EQ(scene.Credited("ann"), ann);
  EXPECT_EQ(scene.Credited("bob"), bob);
  EXPECT_EQ(scene.Debit(), 700'000);
  EXPECT_EQ(scene.chain.Totals().debits.value(), 700'000 * kMinor);
  // Another asset does not bear it.
  scene.Must("reporter", {scene.chain.Revenue(scene.named_id, 100, "other")});
  // Two settlements do not suffice; the third has 100 left to split.
  for (const auto& [amount_minor, left] :
       std::vector<std::pair<uint64_t, uint64_t>>{{300'000, 400'000}, {399'999, 1}, {101, 0}}) {
    const auto reference = scene.chain.arena().Keep("next-" + std::to_string(left));
    scene.Must("reporter", {scene.chain.Revenue(scene.tuned_id, amount_minor, reference)});
    scene.Settle();
    EXPECT_EQ(scene.Debit(), left);
  }
  EXPECT_EQ(scene.Credited("ann") - ann, 99 * kMinor + 99 * kMinor * 4 / 10);
  EXPECT_EQ(scene.Credited("bob") - bob, 99 * kMinor * 6 / 10);
  // No fee on what was netted: 1 % of 100 twice.
  EXPECT_EQ(scene.chain.Totals().fees - fees, base::Atoms(2 * kMinor));
  EXPECT_TRUE(scene.chain.Totals().debits.IsZero());
  scene.ExpectConserved();
}

TEST(RefundTest, ADebitWaitsRatherThanTouchWhatWasAttributed) {
  MoneyScene scene;
  const base::Uint128 tuned = scene.Inflow(scene.tuned_id);
  scene.Refund("sale-1", 1'000'000);
  scene.ReportAttributed(1'000);
  scene.Settle();
  // 500 were attributed; 1 % goes to the network: at 506 gross minor units, 505.05... are needed.
  EXPECT_EQ(scene.Debit(), 1'000'000 - 494);
  EXPECT_EQ(scene.Inflow(scene.named_id), 125 * kMinor);
  EXPECT_EQ(scene.Inflow(scene.tuned_id) - tuned, 506 * kMinor * 99 / 100 - 500 * kMinor);
  scene.ExpectConserved();
}

TEST(RefundTest, TheReporterOwesLessAndMayReportAsMuchAgain) {
  MoneyScene scene;
  scene.Must("small", {scene.chain.Revenue(scene.tuned_id, 1'000, "a")});
  scene.Must("small", {codec::RefundRevenue{"a", base::MinorUnits(400), "b"}});
  scene.Must("small", {scene.chain.Revenue(scene.tuned_id, 400, "c")});
  EXPECT_TRUE(scene.chain.Apply("small", {scene.chain.Revenue(scene.tuned_id, 1, "d")}));
  scene.ExpectConserved();
}

TEST(RefundTest, ARestartBetweenReportRefundAndSettlementChangesNothing) {
  std::vector<base::Hash> digests;
  for (const bool restart : {false, true}) {
    MoneyScene scene;
    const auto pause = [&scene, restart] {
      scene.chain.Commit();
      if (restart) scene.chain.Rebuild();
    };
    scene.ReportAttributed(1'000);
    pause();
    scene.Refund("sale-2", 123);
    scene.Refund("sale-1", 10'000);
    pause();
    scene.Settle();
    pause();
    scene.Must("reporter", {scene.chain.Revenue(scene.tuned_id, 20'000, "next")});
    scene.Settle();
    EXPECT_TRUE(scene.chain.Apply("reporter",
                                  {codec::RefundRevenue{"sale-2", base::MinorUnits(1), "back-1"}}));
    scene.ExpectConserved();
    digests.push_back(scene.chain.Digest());
  }
  EXPECT_EQ(digests[0], digests[1]);
}

TEST(RefundTest, WhatAttributionNamedGoesWithTheEpochOfItsEvent) {
  MoneyScene scene;
  scene.ReportAttributed(1'000);
  scene.chain.Commit();
  const auto slot = static_cast<uint16_t>(scene.chain.Row().epoch % state::kEventSlots);
  EXPECT_EQ(scene.chain.pages().RowCount({state::TableKind::kInfluences, slot}), 2);
  scene.chain.Advance(state::kEventSlots * kEpochMs);
  scene.Must("reporter", {scene.chain.Revenue(scene.tuned_id, 1, "later")});
  scene.chain.Commit();
  EXPECT_EQ(scene.chain.pages().RowCount({state::TableKind::kInfluences, slot}), 0);
  scene.ExpectConserved();
}

// ------------------------------------------------------------------------------------------------
// Signatures inside operations

std::unique_ptr<state::PreparedTransaction> Preverified(const Scene& scene, std::string bytes) {
  auto prepared = state::Prepare(std::move(bytes), scene.chain.chain_id);
  TRIBUTARY_CHECK(prepared.ok(), "prepare");
  state::Preverify(**prepared, scene.chain.resident(), scene.chain.pages(),
                   base::TimeMs(scene.chain.time_ms()));
  return *std::move(prepared);
}

TEST(ProofTest, SignaturesInsideOperationsAreVerifiedBeforehand) {
  Scene scene;
  scene.chain.Commit();
  const auto rotation =
      Preverified(scene, scene.chain.Sign("ann", {scene.Rotation("ann", "ann/1")}));
  ASSERT_EQ(rotation->proven.size(), 1);
  EXPECT_EQ(rotation->proven[0].key, KeyOf("ann/1").public_key());
  const auto accounts =
      Preverified(scene, scene.chain.Sign("steward", {scene.chain.Register("a", "steward", true),
                                                      scene.chain.Register("b"),
                                                      scene.Claim("keyless", "keyless/1")}));
  ASSERT_EQ(accounts->proven.size(), 2);
  EXPECT_EQ(accounts->proven[0].operation, 1);
  EXPECT_EQ(accounts->proven[1].operation, 2);
  const auto report =
      Preverified(scene, scene.chain.Sign("reporter", {scene.chain.Revenue(scene.tuned_id, 1, "x"),
                                                       scene.Attributed(scene.GoodClaim())}));
  ASSERT_EQ(report->proven.size(), 1);
  EXPECT_EQ(report->proven[0].operation, 1);
  EXPECT_EQ(report->proven[0].key, KeyOf("attributor").public_key());
}

TEST(ProofTest, NoWorkForASenderWhoHasNotSigned) {
  Scene scene;
  scene.chain.Commit();
  scene.chain.UseKey("ann", "another");
  const auto prepared =
      Preverified(scene, scene.chain.Sign("ann", {scene.Rotation("ann", "ann/1")}));
  EXPECT_TRUE(prepared->proven.empty());
}

TEST(ProofTest, AProofOfAKeyThatIsNotInForceAnyMoreCountsNothing) {
  Scene scene;
  scene.chain.Commit();
  const auto report =
      Preverified(scene, scene.chain.Sign("reporter", {scene.Attributed(scene.GoodClaim())}));
  ASSERT_EQ(report->proven.size(), 1);
  scene.Must("attributor", {scene.Rotation("attributor", "attributor/1")});
  const auto verdict = scene.chain.machine().Apply(*report);
  ASSERT_TRUE(verdict.ok());
  ASSERT_TRUE(verdict->has_value());
  EXPECT_EQ((*verdict)->code, base::RejectionCode::kAttributionSignature);
}

}  // namespace
}  // namespace tributary::testing
