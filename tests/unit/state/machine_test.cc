// Laws of the machine itself: time, grouping, atomicity, restart.
#include "state/machine.h"

#include <gtest/gtest.h>

#include <random>

#include "codec/ids.h"
#include "state/invariants.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

using base::RejectionCode;

constexpr uint64_t kEpochMs = 1'000'000;

// A random re-merging lineage of ten records of ann and bob, and revenue on it.
class LineageChain {
 public:
  explicit LineageChain(uint64_t seed) {
    std::mt19937_64 random(seed);
    scene.chain.AdvanceTo(scene.chain.time_ms() / kEpochMs * kEpochMs + 10 * kEpochMs);
    assets = {scene.base_id, scene.tuned_id};
    for (int i = 0; i < 10; ++i) {
      RecordSpec spec{"r" + std::to_string(i), {}, {}, 0};
      const auto first = static_cast<uint32_t>(1 + random() % (base::kPpbOne - 1));
      spec.authors = {{"ann", first}, {"bob", base::kPpbOne - first}};
      for (const base::RecordId& parent : assets) {
        if (random() % 3 == 0) {
          spec.parents.emplace_back(parent, static_cast<uint32_t>(1 + random() % 9));
        }
      }
      if (!spec.parents.empty()) spec.pass_through_ppb = 333'333'333;
      scene.Must("ann", {scene.chain.Submit(spec)}, {"bob"});
      assets.push_back(scene.chain.RecordIdOf(spec));
    }
    scene.chain.Commit();
  }

  void Report(uint64_t number, std::mt19937_64& random) {
    const base::RecordId asset = assets[random() % assets.size()];
    const uint64_t amount_minor = 1 + random() % 1'000'000;
    const char* currency = random() % 2 == 0 ? "USD" : "EUR";
    scene.Must("reporter",
               {scene.chain.Revenue(asset, amount_minor, "e" + std::to_string(number), currency)});
  }

  // Totals, balances and flows of both currencies.
  std::vector<base::Uint128> Money() const {
    std::vector<base::Uint128> money;
    for (uint16_t currency = 0; currency < 2; ++currency) {
      const auto totals = scene.chain.Totals(currency);
      for (const auto& amount : {totals.fees, totals.available, totals.pending, totals.dust}) {
        money.push_back(amount.value());
      }
      for (const char* handle : {"ann", "bob"}) {
        money.push_back(scene.chain.Balance(handle, currency).available.value());
      }
      for (uint64_t seq = 0; seq < scene.chain.resident().graph().size(); ++seq) {
        const auto flow = state::ReadRow<state::FlowRow>(scene.chain.pages(), seq, currency);
        money.push_back(flow.inflow.value());
        money.push_back(flow.extra.value());
      }
    }
    return money;
  }

  Scene scene;
  std::vector<base::RecordId> assets;
};

// `split`: a block for each event, and empty blocks between the epochs; else one block for each
// epoch.
std::vector<base::Uint128> RunGrouped(uint64_t seed, bool split) {
  LineageChain chain(seed);
  std::mt19937_64 random(seed + 1);
  uint64_t number = 0;
  for (int epoch = 0; epoch < 5; ++epoch) {
    const uint64_t start = chain.scene.chain.time_ms();
    for (int i = 0; i < 6; ++i) {
      if (split) chain.scene.chain.AdvanceTo(start + 10'000 * static_cast<uint64_t>(i));
      chain.Report(++number, random);
    }
    chain.scene.chain.AdvanceTo(start + kEpochMs);
  }
  if (split) {
    for (int i = 0; i < 8; ++i) chain.scene.chain.Advance(kEpochMs / 2);
  } else {
    chain.scene.chain.Advance(40 * kEpochMs);
  }
  chain.scene.chain.Commit();
  return chain.Money();
}

TEST(MachineLawTest, GroupingIntoBlocksNeverChangesWhatAnyoneIsOwed) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    EXPECT_EQ(RunGrouped(seed, true), RunGrouped(seed, false));
  }
}

TEST(MachineLawTest, ALateBlockSettlesEachEpochAsOfItsEnd) {
  Scene on_time;
  Scene late;
  for (Scene* scene : {&on_time, &late}) {
    scene->Must("reporter", {scene->chain.Revenue(scene->tuned_id, 777, "sale-2")});
    scene->chain.Advance(kEpochMs);
    scene->Must("reporter", {scene->chain.Revenue(scene->tuned_id, 333, "sale-3")});
    scene->chain.Commit();
  }
  on_time.chain.Advance(kEpochMs);
  on_time.chain.Advance(kEpochMs);
  on_time.chain.Advance(400 * kEpochMs);
  late.chain.Advance(402 * kEpochMs);
  on_time.chain.Commit();
  late.chain.Commit();
  EXPECT_EQ(late.chain.blocks().back().settlements.size(), 2u);
  for (const char* handle : {"ann", "bob"}) {
    EXPECT_EQ(on_time.chain.Balance(handle).available, late.chain.Balance(handle).available);
  }
  EXPECT_EQ(on_time.chain.Totals().fees, late.chain.Totals().fees);
  EXPECT_TRUE(late.chain.Totals().pending.IsZero());
}

TEST(MachineLawTest, AQuietTimeWithNothingDueMakesNoHeader) {
  Scene scene;
  scene.chain.Advance(60'000);
  scene.chain.Commit();
  const auto height = scene.chain.resident().header().height;
  const base::Hash before = scene.chain.Digest();
  scene.chain.Advance(uint64_t{700} * kEpochMs);
  EXPECT_FALSE(scene.chain.Commit());
  EXPECT_EQ(scene.chain.resident().header().height, height);
  EXPECT_EQ(scene.chain.Digest(), before);
}

TEST(MachineLawTest, NextDueIsWhenABlockWouldChangeSomething) {
  Scene scene;
  scene.chain.Advance(60'000);  // the pending claim takes effect
  scene.chain.Commit();
  EXPECT_EQ(NextDue(scene.chain.pages(), scene.chain.resident()), std::nullopt);
  scene.Must("reporter", {scene.chain.Revenue(scene.tuned_id, 1, "sale-2")});
  scene.chain.Commit();
  const auto due = NextDue(scene.chain.pages(), scene.chain.resident());
  ASSERT_TRUE(due);
  EXPECT_EQ(due->value(), scene.chain.Row().epoch_end_ms + kEpochMs);
  scene.chain.AdvanceTo(due->value() - 1);
  EXPECT_FALSE(scene.chain.Commit());
  scene.chain.AdvanceTo(due->value());
  EXPECT_TRUE(scene.chain.Commit());
  EXPECT_EQ(NextDue(scene.chain.pages(), scene.chain.resident()), std::nullopt);
}

// Each kind of change in one transaction whose last operation is refused.
TEST(MachineLawTest, ATransactionIsUndoneAsAWhole) {
  ChainOptions options = SceneOptions();
  options.people.push_back(
      {"boss",
       {codec::Role::kSteward, codec::Role::kReporter, codec::Role::kTreasurer},
       {{"USD", 1'000'000}}});
  Chain tried(options);
  Chain spared(options);
  for (Chain* chain : {&tried, &spared}) {
    const RecordSpec spec{"mine", {{"boss", base::kPpbOne}}, {}, 0};
    const std::vector<codec::Operation> first = {
        chain->Register("kept", "boss", true), chain->Submit(spec),
        chain->Revenue(chain->RecordIdOf(spec), 100'000, "a")};
    ASSERT_EQ(chain->Apply("boss", first), std::nullopt);
    chain->Advance(2 * kEpochMs);
    chain->Commit();
    const RecordSpec child{
        "child", {{"boss", base::kPpbOne}}, {{chain->RecordIdOf(spec), 1}}, 1'000};
    codec::ClaimAccount claim{chain->IdOf("kept"), KeyOf("kept").public_key(), {}};
    claim.possession = KeyOf("kept").Sign(
        base::AsBytes(codec::PossessionMessage(chain->chain_id, claim.account, claim.public_key)));
    std::vector<codec::Operation> all = {chain->Register("lost", "boss", true),
                                         chain->Submit(child),
                                         chain->Revenue(chain->RecordIdOf(child), 5, "b"),
                                         chain->Funding("boss", 50'000, "bank"),
                                         chain->Payout(20'000),
                                         claim,
                                         codec::ObjectToClaim{claim.account, "no"},
                                         claim,
                                         codec::ConfirmPayout{base::PayoutIndex(9), "wire"}};
    const std::string refused = chain->Sign("boss", all);
    if (chain == &tried) {
      const auto verdict = chain->Apply(refused);
      ASSERT_TRUE(verdict);
      EXPECT_EQ(verdict->code, RejectionCode::kPayoutUnknown) << verdict->ToString();
      EXPECT_EQ(verdict->field, "operations[8].confirm_payout.payout");
    }
    all.pop_back();
    ASSERT_EQ(chain->Apply("boss", all), std::nullopt);
    ASSERT_TRUE(chain->Commit());
  }
  EXPECT_EQ(tried.blocks().back().header_bytes, spared.blocks().back().header_bytes);
  EXPECT_EQ(tried.Digest(), spared.Digest());
}

TEST(MachineLawTest, ARefusedTransactionMaySucceedLaterUnchanged) {
  Scene scene;
  const std::string bytes = scene.chain.Sign("bob", {scene.chain.Payout(310'000)});
  const auto refused = scene.chain.Apply(bytes);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, RejectionCode::kInsufficientFunds);
  scene.Must("treasurer", {scene.chain.Funding("reporter", 10'000, "bank-2")});
  EXPECT_EQ(scene.chain.Apply(bytes), std::nullopt);
}

TEST(MachineLawTest, AClaimTakesEffectAtItsNominalTime) {
  for (const bool in_time : {false, true}) {
    Scene scene;
    scene.chain.UseKey("late", "late/1");
    const uint64_t due_ms = scene.chain.time_ms() + 60'000;
    scene.chain.AdvanceTo(in_time ? due_ms : due_ms - 1);
    const auto verdict = scene.chain.Apply("late", {scene.Rotation("late", "late/2")});
    ASSERT_EQ(!verdict, in_time);
    if (verdict) {
      EXPECT_EQ(verdict->code, RejectionCode::kCustodialSigner);
    }
  }
}

TEST(MachineLawTest, AnObjectionEndsAClaimForGood) {
  Scene scene;
  scene.Must("steward2", {codec::ObjectToClaim{scene.chain.IdOf("late"), "not theirs"}});
  scene.chain.Advance(60'000);
  EXPECT_TRUE(scene.chain.resident().due().empty());
  scene.chain.UseKey("late", "late/1");
  const auto verdict = scene.chain.Apply("late", {scene.Rotation("late", "late/2")});
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->code, RejectionCode::kCustodialSigner);
  scene.Must("steward", {scene.Claim("late", "late/3")});
}

TEST(MachineLawTest, BothKeysAreInForceUntilTheOverlapEnds) {
  for (const uint64_t step : {uint64_t{999}, uint64_t{1'000}}) {
    Scene scene;
    scene.Must("ann", {scene.Rotation("ann", "ann/1", 1'000)});
    scene.chain.Advance(step);
    const codec::ObjectToClaim nothing{scene.chain.IdOf("ann"), "x"};
    const auto by_old_key = scene.chain.Apply("ann", {nothing});
    ASSERT_TRUE(by_old_key);
    EXPECT_EQ(by_old_key->code,
              step < 1'000 ? RejectionCode::kNoClaimPending : RejectionCode::kBadSignature);
    scene.chain.UseKey("ann", "ann/1");
    const auto by_new_key = scene.chain.Apply("ann", {nothing});
    ASSERT_TRUE(by_new_key);
    EXPECT_EQ(by_new_key->code, RejectionCode::kNoClaimPending);
  }
}

TEST(MachineLawTest, WithoutOverlapTheOldKeyEndsAtOnce) {
  Scene scene;
  scene.Must("ann", {scene.Rotation("ann", "ann/1")});
  const auto verdict = scene.chain.Apply("ann", {scene.Rotation("ann", "ann/2")});
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->code, RejectionCode::kBadSignature);
  scene.chain.UseKey("ann", "ann/1");
  scene.Must("ann", {scene.Rotation("ann", "ann/2")});
}

TEST(MachineLawTest, TransactionIdsAreDroppedOnceTheirMinuteHasPassed) {
  Scene scene;
  const uint64_t ids = scene.chain.Row().live_txids;
  const uint64_t until_ms = scene.chain.time_ms() + scene.chain.valid_for_ms;
  scene.Must("steward", {scene.chain.Register("new")});
  scene.chain.Commit();
  EXPECT_EQ(scene.chain.Row().live_txids, ids + 1);
  const uint64_t minute_end_ms = (until_ms / 60'000 + 1) * 60'000;
  scene.chain.AdvanceTo(minute_end_ms - 1);
  scene.Must("steward", {scene.chain.Register("newer")});
  scene.chain.Commit();
  EXPECT_GT(scene.chain.Row().live_txids, 1u);
  scene.chain.AdvanceTo(minute_end_ms);
  scene.Must("steward", {scene.chain.Register("newest")});
  scene.chain.Commit();
  EXPECT_EQ(scene.chain.Row().live_txids, 2u);
}

TEST(MachineLawTest, ARestartChangesNothing) {
  Scene restarted;
  Scene running;
  std::mt19937_64 random(1);
  for (int i = 0; i < 20; ++i) {
    const uint64_t amount_minor = 1 + random() % 100'000;
    const uint64_t step_ms = random() % (2 * kEpochMs);
    for (Scene* scene : {&restarted, &running}) {
      scene->chain.Advance(step_ms);
      const std::string reference = "e" + std::to_string(i);
      scene->Must("reporter", {scene->chain.Revenue(scene->tuned_id, amount_minor, reference)});
      scene->chain.Commit();
    }
    restarted.chain.Rebuild();
    ASSERT_EQ(restarted.chain.blocks().back().header_bytes,
              running.chain.blocks().back().header_bytes);
    ASSERT_EQ(restarted.chain.resident().due(), running.chain.resident().due());
  }
  EXPECT_TRUE(state::RecountConservation(restarted.chain.pages(), restarted.chain.resident()).ok());
}

TEST(MachineLawTest, APageThatCannotBeReadIsAStatusAndNoVerdict) {
  Scene scene;
  scene.chain.pages().set_failed(true);
  const absl::Status begun = scene.chain.machine().Begin(base::TimeMs(scene.chain.time_ms()));
  EXPECT_EQ(begun.code(), absl::StatusCode::kDataLoss);
  scene.chain.pages().set_failed(false);
  scene.Must("steward", {scene.chain.Register("new")});
  EXPECT_TRUE(scene.chain.Commit());
}

TEST(MachineLawTest, BlockTimeNeverFalls) {
  Scene scene;
  const base::TimeMs before(scene.chain.resident().header().time_ms.value() - 1);
  EXPECT_DEATH((void)scene.chain.machine().Begin(before), "backwards");
}

}  // namespace
}  // namespace tributary::testing
