// Cases: who may do what when, what the pot holds, and who gets it.
#include <gtest/gtest.h>

#include "state/case_end.h"
#include "state/identity_keys.h"
#include "state/invariants.h"
#include "state/rows.h"
#include "state/simulate_ruling.h"
#include "unit/state/court.h"

namespace tributary::testing {
namespace {

using base::RejectionCode;

constexpr uint64_t kEpochMs = 1'000'000;
constexpr base::Uint128 kMinor = base::kPpbOne;

struct Court : Scene {
  Court() { HoldCourt(*this); }
  void Sell(uint64_t amount, const std::string& reference) {
    Must("reporter", {chain.Revenue(tuned_id, amount, chain.arena().Keep(reference))});
  }
  void Settle() {
    chain.Advance(2 * kEpochMs);
    chain.Commit();
  }
  base::Uint128 Credited(std::string_view handle) const {
    return chain.Balance(handle).credited.value();
  }
  base::Uint128 Total(std::string_view handle) const {
    const auto row = chain.Balance(handle);
    return (row.available + row.reserved + row.bonded + row.paid).value();
  }
  state::CaseRow Case(uint64_t row = 0) const {
    return state::ReadRow<state::CaseRow>(chain.pages(), row);
  }
  void ExpectSound() {
    chain.Commit();
    const auto recount = state::RecountConservation(chain.pages(), chain.resident());
    EXPECT_TRUE(recount.ok()) << recount.message();
    const base::Hash root = chain.resident().StateRoot();
    chain.Rebuild();
    EXPECT_EQ(chain.resident().StateRoot(), root);
  }
};

void ExpectRefused(Court& court, RejectionCode code, std::string_view sender,
                   const codec::Operation& operation,
                   const std::vector<std::string>& cosigners = {}) {
  const auto refused = court.chain.Apply(sender, {operation}, cosigners);
  ASSERT_TRUE(refused.has_value()) << "accepted";
  EXPECT_EQ(refused->code, code) << refused->ToString();
}

constexpr uint64_t kBondMinor = 1'000'000;

TEST(DisputeTest, OnlyTheContestedSliceIsHeldBack) {
  Court court;
  court.Sell(1'000'000, "a");  // still pending when the case opens: included
  court.Must("cat", {OpenEdge(court)});
  const auto ann = court.Credited("ann"), bob = court.Credited("bob");
  court.chain.Advance(30'000);
  court.Must("bob", {Answer()});
  court.chain.Commit();
  EXPECT_EQ(court.chain.Totals().bonds.value(), kBondMinor * kMinor);
  // The scene's deadlines are shorter than an epoch: the ruling comes before anything settles.
  court.Must("arbiter", {RuleWith({1})});
  court.Settle();
  EXPECT_EQ(court.Credited("ann") - ann, 693'000 * kMinor);  // 70 % of 990,000
  EXPECT_EQ(court.Credited("bob") - bob, 297'000 * kMinor);
  EXPECT_EQ(court.chain.Totals().bonds.value(), 0u);
  court.ExpectSound();
}

TEST(DisputeTest, WithoutAnAnswerTheClaimWins) {
  Court court;
  court.Must("cat", {OpenAuthorship(court)});
  const auto bob = court.Credited("bob"), cat = court.Credited("cat");
  court.Sell(1'000'000, "a");
  court.Settle();
  EXPECT_EQ(court.Case().outcome, static_cast<uint8_t>(state::CaseOutcome::kUnanswered));
  EXPECT_EQ(court.Credited("bob"), bob);
  EXPECT_EQ(court.Credited("cat") - cat, 594'000 * kMinor);
  EXPECT_EQ(court.chain.Totals().bonds.value(), 0u);
  court.ExpectSound();
}

TEST(DisputeTest, WithoutARulingTheStatusQuoStandsAndBondsGoBack) {
  Court court;
  court.Must("cat", {OpenAuthorship(court)});
  court.Must("bob", {Answer()});
  const auto bob = court.Credited("bob"), cat = court.Total("cat");
  court.Sell(1'000'000, "a");
  court.Settle();
  EXPECT_EQ(court.Case().outcome, static_cast<uint8_t>(state::CaseOutcome::kUnruled));
  EXPECT_EQ(court.Credited("bob") - bob, 594'000 * kMinor);
  EXPECT_EQ(court.Total("cat"), cat);
  court.ExpectSound();
}

TEST(DisputeTest, ALostBondGoesToThoseWhoseLinesWereContested) {
  Court court;
  court.Must("cat", {OpenAuthorship(court)});
  court.Must("bob", {Answer()});
  const auto bob = court.Total("bob"), cat = court.Total("cat");
  court.Must("arbiter", {RuleWith({0})});
  court.chain.Commit();
  EXPECT_EQ(court.Total("bob") - bob, kBondMinor * kMinor);
  EXPECT_EQ(cat - court.Total("cat"), kBondMinor * kMinor);
  EXPECT_EQ(court.chain.Balance("cat").forfeited.value(), kBondMinor * kMinor);
  court.ExpectSound();
}

TEST(DisputeTest, EachStepNeedsItsTimeAndItsParty) {
  Court court;
  ExpectRefused(court, RejectionCode::kCaseUnknown, "bob", Answer());
  court.Must("cat", {OpenAuthorship(court)});
  ExpectRefused(court, RejectionCode::kCaseOpen, "dan",
                OpenOn(court.tuned_id, codec::CaseKind::kAuthorship,
                       AuthorsVector(court, {{"bob", 0}, {"dan", base::kPpbOne}})));
  ExpectRefused(court, RejectionCode::kAlreadyClaimed, "cat",
                JoinWith(AuthorsVector(court, {{"bob", 1}, {"cat", base::kPpbOne - 1}})));
  ExpectRefused(court, RejectionCode::kCaseUnanswered, "arbiter", RuleWith({0}));
  ExpectRefused(court, RejectionCode::kNotParty, "dan", Answer());
  ExpectRefused(court, RejectionCode::kNotParty, "bob", codec::WithdrawClaim{0});
  court.Must("bob", {Answer()});
  ExpectRefused(court, RejectionCode::kCaseAnswered, "bob", Answer());
  ExpectRefused(court, RejectionCode::kThreshold, "bob", RuleWith({0}));
  ExpectRefused(court, RejectionCode::kCaseChoices, "arbiter", RuleWith({2}));
  ExpectRefused(court, RejectionCode::kCaseChoices, "arbiter", RuleWith({0, 0}));
  ExpectRefused(court, RejectionCode::kCaseOpen, "bob", court.GoodAmendment());
  court.Must("arbiter", {RuleWith({1})});
  ExpectRefused(court, RejectionCode::kCaseClosed, "arbiter", RuleWith({1}));
  court.ExpectSound();
}

TEST(DisputeTest, AnAgreementNeedsThoseWhoseLinesFallAndTheClaimants) {
  Court court;
  court.Must("cat", {OpenAuthorship(court)});
  const codec::AgreeCase half{0,
                              AuthorsVector(court, {{"bob", 500'000'000}, {"cat", 500'000'000}})};
  ExpectRefused(court, RejectionCode::kLineFalls, "cat", half);
  ExpectRefused(court, RejectionCode::kMissingSignature, "bob", half);
  court.Must("bob", {half}, {"cat"});
  const auto bob = court.Credited("bob"), cat = court.Credited("cat");
  court.Sell(1'000'000, "a");
  court.Settle();
  EXPECT_EQ(court.Credited("bob") - bob, 297'000 * kMinor);
  EXPECT_EQ(court.Credited("cat") - cat, 297'000 * kMinor);
  court.ExpectSound();
}

TEST(DisputeTest, AMissingEdgeLeadsToAnEarlierRecordOnly) {
  Court court;
  const auto missing = [&court](const base::RecordId& parent) {
    return OpenOn(court.tuned_id, codec::CaseKind::kMissingEdge,
                  LinesVector({{court.base_id, 400'000'000}, {parent, 100'000'000}}, 500'000'000));
  };
  const RecordSpec late{"later", {{"cat", base::kPpbOne}}, {}, 0};
  court.Must("cat", {court.chain.Submit(late)});
  ExpectRefused(court, RejectionCode::kParentLater, "cat", missing(court.chain.RecordIdOf(late)));
  codec::OpenCase edge = missing(court.named_id);
  edge.kind = codec::CaseKind::kEdge;
  ExpectRefused(court, RejectionCode::kCaseSubject, "cat", edge);
  court.Must("cat", {missing(court.named_id)});
  const auto ann = court.Credited("ann"), bob = court.Credited("bob");
  court.Sell(1'000'000, "a");
  court.Settle();  // unanswered
  EXPECT_EQ(court.Credited("ann") - ann, 495'000 * kMinor);
  EXPECT_EQ(court.Credited("bob") - bob, 495'000 * kMinor);
  court.ExpectSound();
}

// The numbers of docs/rewards.md: dan registers a copy of cat's data set before she does, and bob
// trains a model on it that passes 40 % on.
class CopyTest : public ::testing::Test {
 protected:
  CopyTest() {
    const RecordSpec copy{"the copy", {{"dan", base::kPpbOne}}, {}, 0};
    court_.Must("dan", {court_.chain.Submit(copy)});
    copy_ = court_.chain.RecordIdOf(copy);
    const RecordSpec original{"the original", {{"cat", base::kPpbOne}}, {}, 0};
    court_.Must("cat", {court_.chain.Submit(original)});
    const RecordSpec model{"the model", {{"bob", base::kPpbOne}}, {{copy_, 1}}, 400'000'000};
    court_.Must("bob", {court_.chain.Submit(model)});
    model_ = court_.chain.RecordIdOf(model);
    dan_ = court_.Total("dan");
    cat_ = court_.Total("cat");
  }
  void Sell(std::string_view reference) {
    court_.Must("reporter", {court_.chain.Revenue(model_, 1'000'000, reference)});
  }
  // Cat opens her case ten seconds before the second sale settles, and dan answers after it.
  void Dispute() {
    Sell("the first sale");
    court_.Settle();
    EXPECT_EQ(Gain("dan", dan_), 396'000 * kMinor);
    Sell("the second sale");
    court_.chain.AdvanceTo(court_.chain.Row().epoch_end_ms + kEpochMs - 10'000);
    court_.Must("cat", {OpenOn(copy_, codec::CaseKind::kDuplicate,
                               AuthorsVector(court_, {{"dan", 0}, {"cat", base::kPpbOne}}))});
    court_.chain.Advance(20'000);
    court_.Must("dan", {Answer()});
    court_.chain.Commit();
    EXPECT_EQ(Gain("dan", dan_), 396'000 * kMinor);
    EXPECT_EQ(court_.chain.Totals().escrow.value(), 396'000 * kMinor);
  }
  base::Int128 Gain(std::string_view handle, base::Uint128 before) const {
    return static_cast<base::Int128>(court_.Total(handle)) - static_cast<base::Int128>(before);
  }
  base::Int128 Of(std::string_view handle, const state::SimulatedRuling& ruling) const {
    const auto account = court_.chain.Account(handle);
    base::Int128 sum = 0;
    for (const state::SimulatedChange& change : ruling.changes) {
      if (change.account == *account) sum += change.available + change.bonded;
    }
    return sum;
  }
  Court court_;
  base::RecordId copy_, model_;
  base::Uint128 dan_, cat_;
};

TEST_F(CopyTest, WorkedExampleACopyRegisteredBeforeItsOriginal) {
  Dispute();
  court_.Must("arbiter", {RuleWith({1})});
  court_.chain.Commit();
  EXPECT_EQ(court_.chain.Totals().escrow.value(), 0u);
  EXPECT_EQ(Gain("dan", dan_), 396'000 * kMinor);
  EXPECT_EQ(Gain("cat", cat_), 396'000 * kMinor);
  Sell("the third sale");
  court_.Settle();
  EXPECT_EQ(Gain("dan", dan_), 396'000 * kMinor);
  EXPECT_EQ(Gain("cat", cat_), 2 * 396'000 * kMinor);
  court_.ExpectSound();
}

TEST_F(CopyTest, ARejectedClaimLeavesTheCopyWhatItWouldHaveHad) {
  Dispute();
  court_.Must("arbiter", {RuleWith({0})});
  Sell("the third sale");
  court_.Settle();
  EXPECT_EQ(Gain("dan", dan_), (3 * 396'000 + kBondMinor) * kMinor);
  EXPECT_EQ(Gain("cat", cat_), -static_cast<base::Int128>(kBondMinor * kMinor));
  court_.ExpectSound();
}

// What a refused transaction had settled must not be in the block, or its header could not be made
// again from the log.
TEST_F(CopyTest, ARulingOfARefusedTransactionSettlesNothing) {
  Dispute();
  ExpectRefused(court_, RejectionCode::kUnneededSignature, "arbiter", RuleWith({1}), {"bob"});
  court_.Must("dan", {codec::Reserve{base::Hash{copy_.bytes}}});
  ASSERT_TRUE(court_.chain.Commit());
  EXPECT_TRUE(court_.chain.blocks().back().settlements.empty());
  EXPECT_EQ(court_.chain.Totals().escrow.value(), 396'000 * kMinor);
  court_.ExpectSound();
}

TEST_F(CopyTest, EachOutcomeIsKnownBeforeAnybodySigns) {
  Dispute();
  const auto simulate = [this](const std::vector<uint32_t>& choices) {
    auto result = state::SimulateRuling(court_.chain.pages(), court_.chain.resident(), 0, choices);
    EXPECT_TRUE(result.ok());
    return *result;
  };
  const base::Hash before = court_.chain.Digest();
  const auto upheld = simulate({1});
  const auto rejected = simulate({0});
  ASSERT_TRUE(upheld.ok() && rejected.ok());
  EXPECT_TRUE(upheld->pays_out);
  EXPECT_EQ(Of("cat", *upheld), 396'000 * kMinor);
  EXPECT_EQ(Of("dan", *upheld), 0);
  EXPECT_EQ(Of("dan", *rejected), (396'000 + kBondMinor) * kMinor);
  EXPECT_EQ(Of("cat", *rejected), -static_cast<base::Int128>(kBondMinor * kMinor));
  EXPECT_EQ(simulate({2}).rejection().code, RejectionCode::kCaseChoices);
  EXPECT_EQ(simulate({0, 0}).rejection().code, RejectionCode::kCaseChoices);
  EXPECT_EQ(court_.chain.Digest(), before);
}

}  // namespace
}  // namespace tributary::testing
