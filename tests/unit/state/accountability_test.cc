// Freezes and compensations: what stops, what goes on, and that nothing is lost.
#include <gtest/gtest.h>

#include <random>

#include "state/freeze.h"
#include "state/invariants.h"
#include "state/rows.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

constexpr uint64_t kEpochMs = 1'000'000;
constexpr base::Uint128 kMinor = base::kPpbOne;

struct Harm : Scene {
  explicit Harm(uint64_t freeze_ms = 10 * kEpochMs) {
    ChangeParameters([freeze_ms](codec::Parameters& p) { p.freeze_ms = freeze_ms; });
  }
  void Report(uint64_t number_of_epoch = 0) {
    codec::ReportIncident incident;
    incident.subject = tuned_id;
    incident.category = "harm";
    incident.severity = 4;
    incident.evidence_sha256.bytes[0] = static_cast<uint8_t>(number_of_epoch + 1);
    Must("ann", {incident});
  }
  void Freeze(uint64_t incident = 0) {
    Must("arbiter", {codec::FreezeAsset{tuned_id, incident}});
    chain.Commit();
  }
  void Rule(bool upheld, const std::vector<codec::Compensation>& compensations = {}) {
    codec::RuleIncident ruling;
    ruling.upheld = upheld;
    ruling.compensations = compensations;
    ruling.reasons_sha256.bytes[0] = 1;
    Must("arbiter", {ruling});
    chain.Commit();
    chain.Commit();  // the freeze has ended
  }
  void Earn(uint64_t amount) {
    const auto name = chain.arena().Keep("earn-" + std::to_string(++sales));
    Must("reporter", {chain.Revenue(tuned_id, amount, name)});
  }
  void EarnAttributed(uint64_t amount) {
    codec::AttributionClaim claim = GoodClaim();
    claim.reference = chain.arena().Keep("earn-" + std::to_string(++sales));
    codec::ReportRevenue report = Attributed(claim);
    report.reference = claim.reference;
    report.amount_minor = base::MinorUnits(amount);
    Must("reporter", {report});
  }
  void Refund(int sale, uint64_t amount) {
    const auto reference = chain.arena().Keep("earn-" + std::to_string(sale));
    const auto name = chain.arena().Keep("back-" + std::to_string(++refunds));
    Must("reporter", {codec::RefundRevenue{reference, base::MinorUnits(amount), name}});
  }
  void Pass(uint64_t epochs) {
    chain.Advance(epochs * kEpochMs);
    chain.Commit();
  }
  base::Uint128 Credited(std::string_view handle) const {
    return chain.Balance(handle).credited.value();
  }
  void ExpectConserved() {
    chain.Commit();
    EXPECT_TRUE(state::RecountConservation(chain.pages(), chain.resident()).ok());
    const base::Hash before = chain.Digest();
    chain.Rebuild();
    EXPECT_EQ(chain.Digest(), before);
  }

  int sales = 0, refunds = 0;
};

TEST(FreezeTest, PendingRevenueStopsMaturingUntilTheDeadlineAndThenSettlesAtOnce) {
  Harm frozen, free;
  for (Harm* scene : {&frozen, &free}) {
    scene->Earn(1'000);
    scene->EarnAttributed(2'000);
    if (scene == &frozen) {
      scene->Report();
      scene->Freeze();
    }
    scene->Pass(1);
    scene->Earn(3'000);
    scene->EarnAttributed(500);
    scene->Pass(5);
  }
  EXPECT_EQ(frozen.Credited("bob"), 594'000 * kMinor) << "only what had settled before";
  EXPECT_GT(free.Credited("bob"), 594'000 * kMinor);
  frozen.Earn(100);  // of the epoch in which the freeze ends
  free.Earn(100);
  frozen.ExpectConserved();
  frozen.Pass(8);
  free.Pass(8);
  for (const char* who : {"ann", "bob"}) {
    EXPECT_EQ(frozen.Credited(who), free.Credited(who)) << who;
  }
  EXPECT_EQ(frozen.chain.Totals().fees, free.chain.Totals().fees);
  EXPECT_EQ(frozen.chain.Totals().dust, free.chain.Totals().dust);
  EXPECT_TRUE(frozen.chain.Totals().pending.IsZero());
  frozen.ExpectConserved();
}

TEST(FreezeTest, EachEpochSettlesByItsOwnVersions) {
  Harm scene;
  scene.Report();
  scene.Earn(1'000'000);
  scene.Freeze();
  codec::AmendRecord amendment = scene.GoodAmendment();  // 50 % from the next epoch on
  scene.Must("bob", {amendment});
  scene.Pass(1);
  scene.Earn(1'000'000);
  const base::Uint128 ann = scene.Credited("ann");
  scene.Pass(12);
  EXPECT_EQ(scene.Credited("ann") - ann, (396'000 + 495'000) * kMinor);
  scene.ExpectConserved();
}

TEST(FreezeTest, OtherAssetsGoOn) {
  Harm scene;
  const RecordSpec other{"other", {{"bob", base::kPpbOne}}, {{scene.base_id, 1}}, 500'000'000};
  scene.Must("bob", {scene.chain.Submit(other)});
  scene.EarnAttributed(1'000);
  scene.Must("reporter", {scene.chain.Revenue(scene.chain.RecordIdOf(other), 1'000, "o")});
  scene.Report();
  scene.Freeze();
  const base::Uint128 ann = scene.Credited("ann");
  scene.Pass(3);
  EXPECT_EQ(scene.Credited("ann") - ann, 495 * kMinor);
  scene.ExpectConserved();
}

TEST(FreezeTest, ItEndsByItselfAndRevenueThatWasFrozenIsNotAgain) {
  Harm scene(kEpochMs / 10);
  scene.Earn(1'000);
  scene.Report(0);
  scene.Report(1);
  scene.Freeze(0);
  scene.chain.Advance(kEpochMs / 10);
  scene.chain.Commit();
  scene.Freeze(1);
  scene.Earn(1'000);  // of the same epoch
  scene.Pass(2);
  EXPECT_EQ(scene.Credited("bob"), (594'000 + 2 * 594) * kMinor);
  scene.ExpectConserved();
}

TEST(FreezeTest, RefundsOfFrozenRevenueAreTakenOff) {
  Harm scene;
  scene.Earn(1'000);
  scene.EarnAttributed(1'000);
  scene.Report();
  scene.Freeze();
  scene.Pass(4);  // it would have settled
  scene.Refund(2, 1'000);
  scene.Refund(1, 400);
  scene.chain.Commit();
  EXPECT_TRUE(scene.chain.Totals().debits.IsZero());
  scene.Pass(10);
  EXPECT_EQ(scene.chain.Totals().fees.value(), (10'000 + 6) * kMinor);
  scene.ExpectConserved();
}

TEST(CompensationTest, ComesOutOfTheFrozenRevenueAndTheRestGoesOn) {
  Harm scene;
  scene.EarnAttributed(1'000);
  scene.Report();
  scene.Freeze();
  scene.Pass(1);
  scene.Earn(1'000);
  scene.Pass(4);
  const base::Uint128 bob = scene.Credited("bob");
  scene.Rule(true, {{scene.chain.IdOf("keyless"), "USD", base::MinorUnits(700)},
                    {scene.chain.IdOf("small"), "USD", base::MinorUnits(300)}});
  EXPECT_EQ(scene.chain.Balance("keyless").available.value(), 700 * kMinor);
  EXPECT_EQ(scene.chain.Balance("small").available.value(), 300 * kMinor);
  EXPECT_TRUE(scene.chain.Totals().pending.IsZero());
  // The older epoch bore it; of the younger bob keeps 60 % of the net.
  EXPECT_EQ(scene.Credited("bob") - bob, 594 * kMinor);
  scene.ExpectConserved();
}

TEST(CompensationTest, AttributionShrinksInProportionAndALaterRefundIsADebit) {
  Harm scene;
  scene.EarnAttributed(1'000);
  scene.Report();
  scene.Freeze();
  const base::Uint128 ann = scene.Credited("ann");
  scene.Rule(true, {{scene.chain.IdOf("keyless"), "USD", base::MinorUnits(500)}});
  scene.Refund(1, 1'000);  // half of it has been paid to who was harmed
  scene.ExpectConserved();
  EXPECT_EQ(scene.chain.Totals().debits.value(), 1'000 * kMinor);
  scene.Earn(3'000);
  scene.Pass(3);
  EXPECT_TRUE(scene.chain.Totals().debits.IsZero());
  EXPECT_GT(scene.Credited("ann"), ann);
  scene.ExpectConserved();
}

TEST(CompensationTest, MulDivFloorIsExact) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 10'000; ++i) {
    const uint64_t c = random() % 1'000'000'007 + 1;
    const uint64_t b = random() % (c + 1);
    const uint64_t a = random();
    EXPECT_EQ(state::MulDivFloor(a, b, c), base::Uint128{a} * b / c) << a << " " << b << " " << c;
  }
  const base::Uint128 wide = base::Uint128{1} << 120;
  EXPECT_EQ(state::MulDivFloor(wide, wide / 4, wide / 2), wide / 2);
  EXPECT_EQ(state::MulDivFloor(wide, 0, 1), base::Uint128{0});
}

}  // namespace
}  // namespace tributary::testing
