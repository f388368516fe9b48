// Amendments: which shares are in force when, and whose signature they need.
#include <gtest/gtest.h>

#include "rewards/flow.h"
#include "state/identity_keys.h"
#include "state/invariants.h"
#include "state/rows.h"
#include "state/versions.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

constexpr uint64_t kEpochMs = 1'000'000;

base::RecordSeq SeqOf(const Scene& scene, const base::RecordId& id) {
  const auto row = scene.chain.resident().Find(state::Identity::kRecordId, state::AsKey(id));
  return base::RecordSeq(static_cast<uint32_t>(*row));
}

codec::Author AuthorOf(const Scene& scene, std::string_view handle, uint32_t share) {
  return {scene.chain.IdOf(handle), base::Ppb(share)};
}

// What the account was credited since the scene was built, in atoms.
class Earned {
 public:
  explicit Earned(const Scene& scene) : scene_(scene), ann_(Now("ann")), bob_(Now("bob")) {}
  base::Uint128 ann() const { return Now("ann") - ann_; }
  base::Uint128 bob() const { return Now("bob") - bob_; }

 private:
  base::Uint128 Now(std::string_view handle) const {
    return scene_.chain.Balance(handle).credited.value();
  }
  const Scene& scene_;
  base::Uint128 ann_, bob_;
};

void ExpectSound(Scene& scene) {
  scene.chain.Commit();
  const auto recount = state::RecountConservation(scene.chain.pages(), scene.chain.resident());
  EXPECT_TRUE(recount.ok()) << recount.message();
  const base::Hash root = scene.chain.resident().StateRoot();
  scene.chain.Rebuild();
  EXPECT_EQ(scene.chain.resident().StateRoot(), root);
}

// Revenue of 1,000,000 minor units on tuned in the current epoch and in the next three; a settled
// epoch gives 990,000 of them to bob and ann.
void ReportOverFourEpochs(Scene& scene, bool late) {
  for (int i = 0; i < 4; ++i) {
    scene.Must("reporter",
               {scene.chain.Revenue(scene.tuned_id, 1'000'000, "r" + std::to_string(i))});
    scene.chain.Advance(kEpochMs);
    if (!late) scene.chain.Commit();
  }
  scene.chain.Advance(late ? 50 * kEpochMs : kEpochMs);
  scene.chain.Commit();
}

TEST(AmendmentTest, RevenueSettlesByTheVersionOfItsEpoch) {
  for (const bool late : {false, true}) {
    SCOPED_TRACE(late);
    Scene scene;
    codec::AmendRecord amendment = scene.GoodAmendment();  // 40 % to ann until now, then 50 %
    amendment.effective_epoch = base::Epoch(amendment.effective_epoch.value() + 1);
    scene.Must("bob", {amendment});
    const Earned earned(scene);
    ReportOverFourEpochs(scene, late);
    const base::Uint128 minor = base::kPpbOne;
    EXPECT_EQ(earned.ann(), minor * (396'000 * 2 + 495'000 * 2));
    EXPECT_EQ(earned.bob(), minor * (594'000 * 2 + 495'000 * 2));
    ExpectSound(scene);
  }
}

// The numbers of docs/rewards.md.
TEST(AmendmentTest, WorkedExampleAnAmendmentDueBetweenTwoLateBlocks) {
  for (const bool late : {false, true}) {
    SCOPED_TRACE(late);
    Scene scene;
    ASSERT_EQ(scene.chain.Row().epoch, 2u);
    codec::AmendRecord amendment = scene.GoodAmendment();
    amendment.effective_epoch = base::Epoch(4);
    scene.Must("bob", {amendment});
    const Earned earned(scene);
    const auto wait_until = [&scene, late](uint64_t epoch) {
      const uint64_t now = scene.chain.Row().epoch;
      if (late) scene.chain.Advance((epoch - now) * kEpochMs);
      for (uint64_t e = now; !late && e < epoch; ++e) {
        scene.chain.Advance(kEpochMs);
        scene.chain.Commit();
      }
    };
    scene.chain.Commit();
    wait_until(3);
    scene.Must("reporter", {scene.chain.Revenue(scene.tuned_id, 1'000'000, "epoch 3")});
    scene.chain.Commit();
    wait_until(9);
    scene.Must("reporter", {scene.chain.Revenue(scene.tuned_id, 1'000'000, "epoch 9")});
    scene.chain.Commit();
    EXPECT_EQ(earned.ann(), base::Uint128{base::kPpbOne} * 396'000);
    EXPECT_EQ(earned.bob(), base::Uint128{base::kPpbOne} * 594'000);
    wait_until(30);
    scene.chain.Commit();
    EXPECT_EQ(earned.ann(), base::Uint128{base::kPpbOne} * (396'000 + 495'000));
    EXPECT_EQ(earned.bob(), base::Uint128{base::kPpbOne} * (594'000 + 495'000));
    ExpectSound(scene);
  }
}

TEST(AmendmentTest, ARestartBetweenAmendmentAndEffectChangesNothing) {
  Scene scene;
  Scene restarted;
  for (Scene* one : {&scene, &restarted}) {
    codec::AmendRecord later = one->GoodAmendment();
    later.effective_epoch = base::Epoch(later.effective_epoch.value() + 2);
    later.pass_through_ppb = base::Ppb(777'777'777);
    one->Must("bob", {one->GoodAmendment(), later});
    one->Must("bob", {codec::WithdrawAmendment{one->tuned_id, later.effective_epoch}});
    one->Must("bob", {later});
    one->chain.Commit();
    if (one == &restarted) one->chain.Rebuild();
    ReportOverFourEpochs(*one, false);
  }
  EXPECT_EQ(scene.chain.Digest(), restarted.chain.Digest());
  ExpectSound(restarted);
}

TEST(AmendmentTest, OneThatIsWithdrawnLeavesNoTraceInMoney) {
  Scene scene;
  Scene plain;
  for (Scene* one : {&scene, &plain}) {
    const Earned earned(*one);
    if (one == &scene) {
      codec::AmendRecord amendment = one->GoodAmendment();
      amendment.authors = {AuthorOf(*one, "ann", base::kPpbOne)};
      amendment.effective_epoch = base::Epoch(amendment.effective_epoch.value() + 1);
      one->Must("bob", {amendment}, {"ann"});
      one->chain.Advance(kEpochMs);
      one->Must("bob", {codec::WithdrawAmendment{one->tuned_id, amendment.effective_epoch}},
                {"ann"});
    } else {
      one->chain.Advance(kEpochMs);
    }
    ReportOverFourEpochs(*one, false);
    EXPECT_EQ(earned.bob(), base::Uint128{base::kPpbOne} * 594'000 * 4);
  }
  const auto seq = SeqOf(scene, scene.tuned_id).value();
  const auto a = state::ReadRow<state::FlowRow>(scene.chain.pages(), seq);
  const auto b = state::ReadRow<state::FlowRow>(plain.chain.pages(), seq);
  EXPECT_EQ(a.inflow, b.inflow);
  EXPECT_EQ(a.extra, b.extra);
  ExpectSound(scene);
}

TEST(AmendmentTest, ARefusedTransactionLeavesNoVersion) {
  Scene scene;
  codec::AmendRecord bad = scene.GoodAmendment();
  bad.effective_epoch = base::Epoch(0);
  const auto refused = scene.chain.Apply("bob", {scene.GoodAmendment(), bad});
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->code, base::RejectionCode::kEffectiveEpoch);
  scene.Must("steward", {scene.chain.Register("somebody")});
  scene.chain.Commit();
  EXPECT_FALSE(scene.chain.resident().graph().HasVersions(SeqOf(scene, scene.tuned_id)));
  EXPECT_EQ(scene.chain.pages().RowCount({state::TableKind::kVersions, 0}), 0u);
  EXPECT_EQ(scene.chain.pages().RowCount({state::TableKind::kAmended, 0}), 0u);
}

TEST(AmendmentTest, ABlockThatIsDroppedLeavesNoVersion) {
  Scene scene;
  state::Machine& machine = scene.chain.machine();
  scene.Must("bob", {scene.GoodAmendment()});
  machine.Drop();
  EXPECT_FALSE(scene.chain.resident().graph().HasVersions(SeqOf(scene, scene.tuned_id)));
}

TEST(AmendmentTest, ALineFallsWithTheSignatureOfItsHolder) {
  Scene scene;
  codec::AmendRecord amendment = scene.GoodAmendment();
  amendment.pass_through_ppb = base::Ppb(100'000'000);
  scene.Must("bob", {amendment}, {"ann"});
  ExpectSound(scene);
}

TEST(AmendmentTest, TheSponsorSignsForAHolderWithoutAKey) {
  Scene scene;
  RecordSpec item{"item", {{"keyless", base::kPpbOne}}, {}, 0};
  item.custodial = true;
  scene.Must("steward", {scene.chain.Submit(item)});
  const base::RecordId item_id = scene.chain.RecordIdOf(item);
  const RecordSpec child{"child", {{"bob", base::kPpbOne}}, {{item_id, 1}}, 500'000'000};
  scene.Must("bob", {scene.chain.Submit(child)});
  codec::AmendRecord amendment = scene.GoodAmendment();
  amendment.record = scene.chain.RecordIdOf(child);
  amendment.parents[0].record = item_id;
  amendment.pass_through_ppb = base::Ppb(499'999'999);
  const auto refused = scene.chain.Apply("bob", {amendment});
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->code, base::RejectionCode::kLineFalls);
  scene.Must("bob", {amendment}, {"steward"});
}

TEST(AmendmentTest, AKeptLineMayFallToNothing) {
  Scene scene;
  codec::AmendRecord amendment = scene.GoodAmendment();
  amendment.pass_through_ppb = base::Ppb(base::kPpbOne);
  scene.Must("bob", {amendment});
  const Earned earned(scene);
  scene.chain.Advance(kEpochMs);
  ReportOverFourEpochs(scene, false);
  EXPECT_EQ(earned.bob(), 0u);
  EXPECT_EQ(earned.ann(), base::Uint128{base::kPpbOne} * 990'000 * 4);
  ExpectSound(scene);
}

TEST(AmendmentTest, FormerAuthorsKeepWhatTheyHaveAndNewOnesGetTheDust) {
  Scene scene;
  codec::AmendRecord three = scene.GoodAmendment();
  three.pass_through_ppb = base::Ppb(333'333'333);
  three.authors = {AuthorOf(scene, "bob", 333'333'334), AuthorOf(scene, "ann", 666'666'666)};
  scene.Must("bob", {three}, {"ann"});
  codec::AmendRecord all = scene.GoodAmendment();
  all.effective_epoch = base::Epoch(three.effective_epoch.value() + 1);
  all.authors = {AuthorOf(scene, "ann", base::kPpbOne)};
  scene.Must("bob", {all}, {"ann"});
  scene.chain.Advance(kEpochMs);
  scene.Must("reporter", {scene.chain.Revenue(scene.tuned_id, 7, "odd")});
  scene.chain.Advance(kEpochMs);
  scene.Must("reporter", {scene.chain.Revenue(scene.tuned_id, 7, "odd too")});
  scene.chain.Advance(2 * kEpochMs);
  scene.chain.Commit();
  const uint64_t seq = SeqOf(scene, scene.tuned_id).value();
  EXPECT_EQ(state::ReadRow<state::FlowVersionRow>(scene.chain.pages(), 0).version, 2u);
  EXPECT_LT(state::ReadRow<state::FlowRow>(scene.chain.pages(), seq).inflow.value(),
            base::Uint128{base::kPpbOne} * 8);
  ExpectSound(scene);
}

TEST(AmendmentTest, ListsOfAnAuthorAreCompleteByTheirChains) {
  Scene scene;
  codec::AmendRecord gift = scene.GoodAmendment();
  gift.authors = {AuthorOf(scene, "ann", base::kPpbOne)};
  const auto ann = scene.chain.Account("ann")->value();
  const auto before = state::ReadRow<state::AccountRow>(scene.chain.pages(), ann);
  EXPECT_EQ(before.last_version_line, state::kNone32);
  scene.Must("bob", {gift}, {"ann"});
  scene.chain.Commit();
  const auto after = state::ReadRow<state::AccountRow>(scene.chain.pages(), ann);
  EXPECT_EQ(after.record_count, before.record_count + 1);
  EXPECT_EQ(after.last_author_line, before.last_author_line);
  const auto line =
      state::ReadRow<state::VersionLineRow>(scene.chain.pages(), after.last_version_line);
  EXPECT_EQ(line.account, ann);
  EXPECT_EQ(line.previous, state::kNone32);
  const auto version = state::ReadRow<state::VersionRow>(scene.chain.pages(), line.version);
  EXPECT_EQ(version.record, SeqOf(scene, scene.tuned_id).value());
}

TEST(AmendmentTest, APoolTakesInOlderRecordsAndLeavesOutWhoSigns) {
  Scene scene;
  RecordSpec spec{"pool", {{"bob", base::kPpbOne}}, {{scene.base_id, 1}}, base::kPpbOne};
  spec.kind = codec::RecordKind::kPool;
  scene.Must("bob", {scene.chain.Submit(spec)});
  codec::AmendRecord wider = scene.GoodAmendment();
  wider.record = scene.chain.RecordIdOf(spec);
  wider.pass_through_ppb = base::Ppb(base::kPpbOne);
  wider.parents.push_back({scene.tuned_id, codec::Relation::kMember, 3, std::nullopt});
  scene.Must("bob", {wider}, {"ann"});  // the line of base falls to a quarter
  codec::AmendRecord narrower = wider;
  narrower.effective_epoch = base::Epoch(wider.effective_epoch.value() + 1);
  narrower.parents.erase(narrower.parents.begin());
  scene.Must("bob", {narrower}, {"ann"});
  scene.chain.Commit();
  const auto& graph = scene.chain.resident().graph();
  const auto pool = SeqOf(scene, wider.record);
  EXPECT_EQ(graph.EdgesOf(pool, wider.effective_epoch).size(), 2u);
  EXPECT_EQ(graph.EdgesOf(pool, narrower.effective_epoch).size(), 1u);
  ExpectSound(scene);
}

// A claimant that the pool owes already may come in by another way.
TEST(AmendmentTest, APoolTakesInWhatIsOwedAlready) {
  Scene scene;
  RecordSpec asking{"asking", {{"ann", base::kPpbOne}}, {}, 0};
  asking.terms.royalty_ppb = base::Ppb(50'000'000);
  const base::RecordId asking_id = scene.chain.RecordIdOf(asking);
  RecordSpec one{"one child", {{"ann", base::kPpbOne}}, {{asking_id, 1}}, 1};
  RecordSpec other{"another child", {{"ann", base::kPpbOne}}, {{asking_id, 1}}, 1};
  scene.Must("ann",
             {scene.chain.Submit(asking), scene.chain.Submit(one), scene.chain.Submit(other)});
  RecordSpec pool{"pool", {{"bob", base::kPpbOne}}, {}, base::kPpbOne};
  pool.parents = {{scene.chain.RecordIdOf(one), 1}};
  pool.kind = codec::RecordKind::kPool;
  scene.Must("bob", {scene.chain.Submit(pool)});
  codec::AmendRecord wider = scene.GoodAmendment();
  wider.record = scene.chain.RecordIdOf(pool);
  wider.pass_through_ppb = base::Ppb(base::kPpbOne);
  wider.parents = {{pool.parents[0].first, codec::Relation::kDerivedFrom, 1, std::nullopt},
                   {scene.chain.RecordIdOf(other), codec::Relation::kMember, 1, std::nullopt},
                   {asking_id, codec::Relation::kMember, 1, std::nullopt}};
  scene.Must("bob", {wider}, {"ann"});
  ExpectSound(scene);
}

// Also where the lowering stands in the same block, and for what descends from it.
TEST(AmendmentTest, APoolTakesInWhoAsksForNothingByThen) {
  Scene scene;
  RecordSpec asking{"asking", {{"ann", base::kPpbOne}}, {}, 0};
  asking.terms.royalty_ppb = base::Ppb(50'000'000);
  const base::RecordId asking_id = scene.chain.RecordIdOf(asking);
  RecordSpec child{"child", {{"ann", base::kPpbOne}}, {{asking_id, 1}}, 1};
  RecordSpec pool{"pool", {{"bob", base::kPpbOne}}, {}, 0};
  pool.kind = codec::RecordKind::kPool;
  scene.Must("ann", {scene.chain.Submit(asking), scene.chain.Submit(child)});
  scene.Must("bob", {scene.chain.Submit(pool)});
  codec::AmendRecord wider = scene.GoodAmendment();
  wider.record = scene.chain.RecordIdOf(pool);
  wider.pass_through_ppb = base::Ppb(base::kPpbOne);
  wider.parents = {{scene.chain.RecordIdOf(child), codec::Relation::kMember, 1, std::nullopt}};
  const auto lowered = [&scene, &asking_id, &wider](uint64_t epochs_later) {
    const uint64_t ahead = wider.effective_epoch.value() - scene.chain.Row().epoch;
    return scene.chain.Lower(asking_id, {base::Ppb(0), base::Ppb(0), base::Ppb(0)},
                             ahead + epochs_later);
  };
  const auto refused = scene.chain.Apply("ann", {lowered(1), wider}, {"bob"});
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, base::RejectionCode::kAmendmentRoyalty);
  scene.Must("ann", {lowered(0), wider}, {"bob"});
  ExpectSound(scene);
}

}  // namespace
}  // namespace tributary::testing
