// Attacks that the documentation claims to resist, each with its failure.
#include <gtest/gtest.h>

#include "codec/ids.h"
#include "state/edges.h"
#include "state/identity_keys.h"
#include "state/rows.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

using base::RejectionCode;

base::Hash SaltOf(std::string_view name) { return base::Hash{KeyOf(name).public_key().bytes}; }

struct Race : Scene {
  codec::Record By(std::string_view handle) {
    codec::Record record = chain.RecordOf({"secret", {{std::string(handle), base::kPpbOne}}, {}});
    record.title = handle;
    return record;
  }
  void Reserve(std::string_view handle) {
    Must(handle, {codec::Reserve{codec::ReserveCommitment(chain.IdOf(handle), SaltOf(handle),
                                                          *By(handle).content_sha256)}});
  }
  codec::Operation Open(std::string_view handle) {
    codec::Record record = By(handle);
    record.reservation_salt = SaltOf(handle);
    return chain.SubmitBytes(record);
  }
  // Who has the content now.
  std::string Holder() {
    chain.Commit();
    const auto row = chain.resident().Find(state::Identity::kContent, state::ContentKey(By("ann")));
    const auto record = state::ReadRow<state::RecordRow>(chain.pages(), *row);
    const auto line = state::ReadRow<state::AuthorLineRow>(chain.pages(), record.first_author_line);
    return std::string(state::ReadRow<state::AccountRow>(chain.pages(), line.account).Handle());
  }
};

TEST(ReservationTest, WhoCopiesWhatIsBeingShownComesSecond) {
  for (const bool same_block : {true, false}) {
    Race race;
    race.Reserve("ann");
    race.chain.Commit();
    race.Must("bob", {race.chain.SubmitBytes(race.By("bob"))});  // ahead of ann's own
    if (!same_block) race.chain.Commit();
    race.Must("ann", {race.Open("ann")});
    EXPECT_EQ(race.Holder(), "ann");
    race.chain.Rebuild();
    EXPECT_EQ(race.Holder(), "ann");
    EXPECT_EQ(race.chain.Apply("small", {race.chain.SubmitBytes(race.By("small"))})->code,
              RejectionCode::kContentTaken);
  }
}

TEST(ReservationTest, TheEarlierOfTwoWins) {
  Race race;
  race.Reserve("ann");
  race.Reserve("bob");
  race.Must("ann", {race.Open("ann")});
  EXPECT_EQ(race.chain.Apply("bob", {race.Open("bob")})->code, RejectionCode::kContentTaken);
  Race other;
  other.Reserve("ann");
  other.Reserve("bob");
  other.Must("bob", {other.Open("bob")});
  other.Must("ann", {other.Open("ann")});
  EXPECT_EQ(other.Holder(), "ann");
}

TEST(ReservationTest, ARefusedTransactionTakesTheContentFromNobody) {
  for (const bool same_block : {true, false}) {
    Race race;
    race.Reserve("ann");
    race.Must("bob", {race.chain.SubmitBytes(race.By("bob"))});
    if (!same_block) race.chain.Commit();
    const auto refused = race.chain.Apply("ann", {race.Open("ann"), codec::ApproveProposal{9}});
    EXPECT_EQ(refused->code, RejectionCode::kMissingRole);
    EXPECT_EQ(race.Holder(), "bob");
    race.Must("ann", {race.Open("ann")});
    EXPECT_EQ(race.Holder(), "ann");
  }
}

TEST(QuotaTest, ASponsorCannotMultiplyItselfByIdentities) {
  Scene scene;
  scene.ChangeParameters([](codec::Parameters& p) { p.sponsor_quota = 4; });
  // Two of its own operations, which count against itself, and new identities' ones.
  scene.Must("steward2", {scene.chain.Register("s1", "steward2")});
  scene.Must("s1", {scene.chain.Submit({"x1", {{"s1", base::kPpbOne}}, {}}),
                    scene.chain.Submit({"x2", {{"s1", base::kPpbOne}}, {}})});
  EXPECT_EQ(scene.chain
                .Apply("s1", {scene.chain.Submit({"x3", {{"s1", base::kPpbOne}}, {}}),
                              scene.chain.Submit({"x4", {{"s1", base::kPpbOne}}, {}}),
                              scene.chain.Submit({"x5", {{"s1", base::kPpbOne}}, {}})})
                ->code,
            RejectionCode::kSponsorQuota);
  scene.chain.AdvanceTo(scene.chain.Row().epoch_end_ms);
  scene.Must("s1", {scene.chain.Submit({"x3", {{"s1", base::kPpbOne}}, {}})});
}

TEST(QuotaTest, ItsOwnLimitComesBeforeTheChains) {
  Scene scene;
  scene.Govern({codec::SetLimits{scene.chain.IdOf("steward2"), 1, {}}});
  scene.Must("steward2", {scene.chain.Register("s1", "steward2")});
  EXPECT_EQ(scene.chain.Apply("s1", {scene.chain.Submit({"x", {{"s1", base::kPpbOne}}, {}})})->code,
            RejectionCode::kSponsorQuota);
}

TEST(IdentityTest, ANewOneIsLimitedUntilItsSponsorRaisesIt) {
  Scene scene;
  scene.ChangeParameters([](codec::Parameters& p) { p.new_identity_records = 1; });
  const auto submit = [&scene](const std::string& name) {
    return scene.chain.Apply("ann", {scene.chain.Submit({name, {{"ann", base::kPpbOne}}, {}})});
  };
  EXPECT_FALSE(submit("one"));
  EXPECT_EQ(submit("two")->code, RejectionCode::kIdentityLimited);
  scene.Must("steward", {codec::RaiseIdentity{scene.chain.IdOf("ann"), 2}});
  EXPECT_FALSE(submit("two"));
  EXPECT_EQ(submit("three")->code, RejectionCode::kIdentityLimited);
  scene.Must("steward", {codec::RaiseIdentity{scene.chain.IdOf("ann"), 0}});
  EXPECT_FALSE(submit("three"));
  EXPECT_FALSE(submit("four"));
}

TEST(CountersignTest, ACorrectionNobodyAskedForEarnsNothingUntilItIsCountersigned) {
  Scene scene;
  scene.ChangeParameters([](codec::Parameters& p) { p.countersign_required = true; });
  const codec::Record correction = scene.CorrectionOf(scene.tuned_id, "correction");
  scene.Must("ann", {scene.chain.SubmitBytes(correction)});
  const base::RecordId id = codec::RecordIdOf(base::AsBytes(codec::Encode(correction)));
  EXPECT_EQ(scene.chain.Apply("reporter", {scene.chain.Revenue(id, 1'000, "c")})->code,
            RejectionCode::kNotCountersigned);
  EXPECT_EQ(scene.chain.Apply("ann", {codec::Countersign{id, scene.tuned_id}})->code,
            RejectionCode::kNotAuthor);
  scene.Must("bob", {codec::Countersign{id, scene.tuned_id}});
  scene.Must("reporter", {scene.chain.Revenue(id, 1'000, "c")});
}

TEST(StanceTest, TheParentsOwnerSaysWhatItThinksOfAnEdge) {
  Scene scene;
  codec::SetEdgeStance stance;
  stance.child = scene.tuned_id;
  stance.parent = scene.base_id;
  for (const auto value : {codec::EdgeStance::kDisavowed, codec::EdgeStance::kAcknowledged}) {
    stance.stance = value;
    scene.Must("ann", {stance});
    scene.chain.Commit();
    const auto row =
        scene.chain.resident().Find(state::Identity::kRecordId, base::Hash{scene.tuned_id.bytes});
    const auto record = state::ReadRow<state::RecordRow>(scene.chain.pages(), *row);
    const auto edge = state::ReadRow<state::EdgeRow>(scene.chain.pages(), record.first_edge);
    EXPECT_EQ(edge.stance, static_cast<uint8_t>(value));
  }
}

TEST(AttestationTest, RevenueCountsOnlyWhereAnIndependentStewardSaysTheLineageIsComplete) {
  Scene scene;
  scene.ChangeParameters([](codec::Parameters& p) { p.attestation_required = true; });
  codec::AttestLineage attestation{scene.tuned_id, codec::AttestationVerdict::kComplete,
                                   SaltOf("report")};
  const auto earn = [&scene](std::string_view reference) {
    return scene.chain.Apply("reporter", {scene.chain.Revenue(scene.tuned_id, 1'000, reference)});
  };
  EXPECT_EQ(scene.chain.Apply("steward", {attestation})->code, RejectionCode::kStewardTied);
  EXPECT_EQ(earn("a")->code, RejectionCode::kAssetNotAttested);
  scene.Must("steward2", {attestation});
  EXPECT_FALSE(earn("a"));
  attestation.verdict = codec::AttestationVerdict::kIncomplete;
  scene.Must("steward2", {attestation});
  EXPECT_EQ(earn("b")->code, RejectionCode::kAssetNotAttested);
}

}  // namespace
}  // namespace tributary::testing
