// Terms: royalty stacks at admission and settlement, least shares, and lowering.
#include <gtest/gtest.h>

#include <algorithm>

#include "rewards/royalty_stack.h"
#include "state/invariants.h"
#include "state/royalties.h"
#include "support/chain.h"
#include "tributary/base/hex.h"

namespace tributary::testing {
namespace {

using base::Ppb;
using base::RejectionCode;

constexpr uint64_t kEpochMs = 1'000'000;
constexpr uint64_t kMinor = 1'000'000'000;  // atoms

codec::Terms Royalty(uint32_t ppb) { return {Ppb(0), Ppb(ppb), Ppb(0)}; }
codec::Terms MinShare(uint32_t ppb) { return {Ppb(0), Ppb(0), Ppb(ppb)}; }

class TermsTest : public ::testing::Test {
 protected:
  TermsTest() {
    chain.AdvanceTo(chain.time_ms() / kEpochMs * kEpochMs + kEpochMs);
    Must("steward", {chain.Register("ann"), chain.Register("bob"), chain.Register("cat")});
    chain.Commit();
  }

  void Must(std::string_view sender, const std::vector<codec::Operation>& operations) {
    const auto refused = chain.Apply(sender, operations);
    ASSERT_FALSE(refused) << refused->ToString();
  }
  // A record of `author` that passes `pass_through_ppb` in equal parts to its parents.
  RecordSpec Spec(const std::string& name, std::string_view author,
                  const std::vector<base::RecordId>& parents, uint32_t pass_through_ppb,
                  const codec::Terms& terms) {
    RecordSpec spec{name, {{std::string(author), base::kPpbOne}}, {}, pass_through_ppb};
    for (const base::RecordId& parent : parents) spec.parents.emplace_back(parent, 1);
    spec.terms = terms;
    return spec;
  }
  base::RecordId Submit(const std::string& name, std::string_view author,
                        const std::vector<base::RecordId>& parents = {},
                        uint32_t pass_through_ppb = 0, const codec::Terms& terms = {}) {
    const RecordSpec spec = Spec(name, author, parents, pass_through_ppb, terms);
    Must(author, {chain.Submit(spec)});
    return chain.RecordIdOf(spec);
  }
  base::Verdict Try(std::string_view author, const std::vector<base::RecordId>& parents,
                    uint32_t pass_through_ppb, const codec::Terms& terms) {
    return chain.Apply(author, {chain.Submit(Spec("tried " + std::to_string(++tries_), author,
                                                  parents, pass_through_ppb, terms))});
  }
  void Report(const base::RecordId& asset, uint64_t amount_minor) {
    Must("reporter", {chain.Revenue(asset, amount_minor, "e" + std::to_string(++events_))});
  }
  void Settle() {
    chain.Advance(3 * kEpochMs);
    chain.Commit();
    const auto recount = state::RecountConservation(chain.pages(), chain.resident());
    EXPECT_TRUE(recount.ok()) << recount;
  }
  base::Uint128 Credited(std::string_view handle) const {
    return chain.Balance(handle).credited.value();
  }
  uint64_t Rows(state::TableKind kind) const { return chain.resident().RowCount({kind, 0}); }

  Chain chain;
  int events_ = 0;
  int tries_ = 0;
};

// Five diamonds, one on top of the other: 15 ancestors, to which 124 paths lead.
TEST_F(TermsTest, FiveStackedDiamondsAtOnePercentOweFifteenPercent) {
  std::vector<base::RecordId> tops;
  for (int i = 0; i < 5; ++i) {
    const std::string name = "diamond " + std::to_string(i);
    const auto foot = Submit(name + " foot", "ann", tops, 0, Royalty(10'000'000));
    tops = {Submit(name + " left", "bob", {foot}, 0, Royalty(10'000'000)),
            Submit(name + " right", "bob", {foot}, 0, Royalty(10'000'000))};
  }
  Report(Submit("asset", "cat", tops), 1'000'000);
  Settle();
  EXPECT_EQ(chain.Totals().fees.value(), 10'000 * kMinor);
  EXPECT_EQ(Credited("ann"), 5 * 10'000 * kMinor);
  EXPECT_EQ(Credited("bob"), 10 * 10'000 * kMinor);
  EXPECT_EQ(Credited("cat"), 840'000 * kMinor);
  EXPECT_EQ(chain.Totals().dust.value(), 0u);
}

TEST_F(TermsTest, ARoyaltyIsOnGrossAndIsNotPassedOn) {
  const auto root = Submit("root", "ann");
  const auto asking = Submit("asking", "bob", {root}, 1'000'000'000, Royalty(100'000'000));
  Report(Submit("asset", "cat", {asking}, 500'000'000), 1'000);
  Settle();
  // Fee 10, royalty 100, net 890; half of that to `asking`, which passes on all of it.
  EXPECT_EQ(Credited("bob"), 100 * kMinor);
  EXPECT_EQ(Credited("ann"), 445 * kMinor);
  EXPECT_EQ(Credited("cat"), 445 * kMinor);
}

TEST_F(TermsTest, ARecordDoesNotOweItsOwnRoyalty) {
  Report(Submit("asking", "ann", {}, 0, Royalty(100'000'000)), 1'000);
  Settle();
  EXPECT_EQ(Credited("ann"), 990 * kMinor);
}

TEST_F(TermsTest, CreditsSayWhatOfThemCameAsRoyalties) {
  const auto asking = Submit("asking", "ann", {}, 0, Royalty(100'000'000));
  Report(Submit("asset", "bob", {asking}, 300'000'000), 1'000);
  Settle();
  const auto& credits = chain.blocks().back().settlements.at(0).credits;
  ASSERT_EQ(credits.size(), 2u);
  EXPECT_EQ(credits[0].amount.value(), 367 * kMinor);
  EXPECT_EQ(credits[0].royalty.value(), 100 * kMinor);
  EXPECT_EQ(credits[1].amount.value(), 623 * kMinor);
  EXPECT_TRUE(credits[1].royalty.IsZero());
}

TEST_F(TermsTest, TheRoyaltiesOfAncestorsMayReachTheCapAndNoMore) {
  const auto one = Submit("one", "ann", {}, 0, Royalty(300'000'000));
  const auto two = Submit("two", "ann", {one}, 0, Royalty(200'000'000));
  const auto full = Submit("full", "ann", {two}, 0, Royalty(500'000));
  Submit("both", "ann", {one, two});
  const auto refused = Try("ann", {full}, 0, {});
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, RejectionCode::kRoyaltyCap);
  EXPECT_NE(refused->detail.find("500500000 of at most 500000000"), std::string::npos)
      << refused->detail;
  // Largest first.
  EXPECT_LT(refused->detail.find(base::ToHex(one.view())),
            refused->detail.find(base::ToHex(full.view())));
  // All that remains is asked for, and nothing is left over.
  Report(Submit("asset", "bob", {two}), 1'000);
  Settle();
  EXPECT_EQ(Credited("ann"), 500 * kMinor);
  EXPECT_EQ(Credited("bob"), 490 * kMinor);
}

TEST_F(TermsTest, ALongListOfClaimantsIsCutShort) {
  std::vector<base::RecordId> parents;
  for (int i = 0; i < 20; ++i) {
    parents.push_back(Submit("p" + std::to_string(i), "ann", {}, 0, Royalty(30'000'000)));
  }
  const auto refused = Try("ann", parents, 0, {});
  ASSERT_TRUE(refused);
  EXPECT_NE(refused->detail.find(" and 12 more"), std::string::npos) << refused->detail;
  EXPECT_LT(refused->detail.size(), 1'000u);
}

TEST_F(TermsTest, TheLeastRoyaltyIsAThousandthOfTheCapAndTheMostTheCap) {
  Submit("least", "ann", {}, 0, Royalty(500'000));
  Submit("most", "ann", {}, 0, Royalty(500'000'000));
  EXPECT_EQ(rewards::RoyaltyMin(Ppb(500'000'000)), Ppb(500'000));
  EXPECT_EQ(rewards::RoyaltyMin(Ppb(500'000'001)), Ppb(500'001));
  EXPECT_EQ(rewards::RoyaltyMin(Ppb(1)), Ppb(1));
}

TEST_F(TermsTest, AChildMayPassOnExactlyTheLeastShare) {
  const auto asking = Submit("asking", "ann", {}, 0, MinShare(250'000'000));
  const auto other = Submit("other", "ann");
  EXPECT_FALSE(Try("bob", {asking, other}, 500'000'000, {}));
  const auto refused = Try("bob", {asking, other}, 499'999'998, {});
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, RejectionCode::kMinShare);
  EXPECT_NE(refused->detail.find(base::ToHex(asking.view())), std::string::npos);
  EXPECT_NE(refused->detail.find("at least 250000000 ppb; its share is 249999999"),
            std::string::npos);
}

TEST_F(TermsTest, ALineageMayBeDeclaredWithoutPassingAnythingOn) {
  const auto parent = Submit("parent", "ann");
  Report(Submit("asset", "bob", {parent}), 1'000);
  Settle();
  EXPECT_EQ(Credited("ann"), 0u);
  EXPECT_EQ(Credited("bob"), 990 * kMinor);
  chain.Rebuild();
}

TEST_F(TermsTest, EqualStacksAreStoredOnce) {
  const auto one = Submit("one", "ann", {}, 0, Royalty(10'000'000));
  const auto two = Submit("two", "ann", {}, 0, Royalty(20'000'000));
  Submit("a", "bob", {one, two});
  const auto b = Submit("b", "bob", {two, one});
  Submit("c", "bob", {b});
  Submit("d", "bob", {b, one});
  EXPECT_FALSE(Try("bob", {b, two}, 0, {}));
  chain.Commit();
  EXPECT_EQ(Rows(state::TableKind::kRoyaltyStacks), 1u);
  EXPECT_EQ(Rows(state::TableKind::kRoyaltyEntries), 2u);
  Submit("e", "bob", {one});
  chain.Commit();
  EXPECT_EQ(Rows(state::TableKind::kRoyaltyStacks), 2u);
}

TEST_F(TermsTest, ALoweredRoyaltyHoldsFromItsEpochOnForStacksThatAreThere) {
  const auto asking = Submit("asking", "ann", {}, 0, Royalty(300'000'000));
  const auto asset = Submit("asset", "bob", {asking});
  Report(asset, 1'000);
  Must("ann", {chain.Lower(asking, Royalty(100'000'000), 1)});
  Report(asset, 1'000);
  chain.Advance(kEpochMs);
  Report(asset, 1'000);
  Settle();
  EXPECT_EQ(Credited("ann"), (300 + 300 + 100) * kMinor);
  EXPECT_EQ(Credited("bob"), (690 + 690 + 890) * kMinor);
  chain.Rebuild();
  Report(asset, 1'000);
  Settle();
  EXPECT_EQ(Credited("ann"), 800 * kMinor);
}

TEST_F(TermsTest, ALoweredRoyaltyMakesRoomUnderTheCap) {
  const auto one = Submit("one", "ann", {}, 0, Royalty(300'000'000));
  const auto two = Submit("two", "ann", {}, 0, Royalty(300'000'000));
  EXPECT_EQ(Try("bob", {one, two}, 0, {})->code, RejectionCode::kRoyaltyCap);
  Must("ann", {chain.Lower(one, Royalty(200'000'000), 1)});
  EXPECT_EQ(Try("bob", {one, two}, 0, {})->code, RejectionCode::kRoyaltyCap);
  chain.Advance(kEpochMs);
  EXPECT_FALSE(Try("bob", {one, two}, 0, {}));
}

TEST_F(TermsTest, ALoweredLeastShareHoldsFromItsEpochOn) {
  const auto asking = Submit("asking", "ann", {}, 0, MinShare(500'000'000));
  Must("ann", {chain.Lower(asking, MinShare(400'000'000), 1)});
  EXPECT_EQ(Try("bob", {asking}, 400'000'000, {})->code, RejectionCode::kMinShare);
  chain.Advance(kEpochMs);
  EXPECT_EQ(Try("bob", {asking}, 399'999'999, {})->code, RejectionCode::kMinShare);
  EXPECT_FALSE(Try("bob", {asking}, 400'000'000, {}));
}

TEST_F(TermsTest, ALoweringThatIsRefusedWithItsTransactionLeavesNothing) {
  const auto asking = Submit("asking", "ann", {}, 0, Royalty(300'000'000));
  chain.Commit();
  const auto refused = chain.Apply(
      "ann", {chain.Lower(asking, Royalty(100'000'000), 1), chain.Lower(asking, {}, 0)});
  ASSERT_TRUE(refused);
  EXPECT_FALSE(chain.Apply("ann", {chain.Lower(asking, Royalty(200'000'000), 1)}));
  chain.Commit();
  EXPECT_EQ(Rows(state::TableKind::kLoweredTerms), 1u);
  EXPECT_EQ(chain.resident().terms().At(base::RecordSeq(0), base::Epoch(chain.Row().epoch + 1)),
            (state::Terms{Ppb(0), Ppb(200'000'000), Ppb(0)}));
}

// Ten parents whose stacks hold a thousand claimants each, the same for all.
TEST_F(TermsTest, AThousandClaimantsAreAdmittedAndPaid) {
  std::vector<base::RecordId> claimants;
  std::vector<codec::Operation> operations;
  for (int i = 0; i < 1'000; ++i) {
    const auto spec = Spec("claimant " + std::to_string(i), "ann", {}, 0, Royalty(500'000));
    claimants.push_back(chain.RecordIdOf(spec));
    operations.push_back(chain.Submit(spec));
    if (operations.size() == 250) {
      Must("ann", operations);
      operations.clear();
    }
  }
  std::vector<base::RecordId> parents;
  for (int i = 0; i < 10; ++i) {
    parents.push_back(Submit("parent " + std::to_string(i), "bob", claimants));
    std::rotate(claimants.begin(), claimants.begin() + 1, claimants.end());
  }
  const auto asset = Submit("asset", "cat", parents);
  const auto full = Submit("full", "ann", {}, 0, Royalty(500'000));
  EXPECT_EQ(Try("ann", {asset, full}, 0, {})->code, RejectionCode::kRoyaltyCap);
  chain.Commit();
  EXPECT_EQ(Rows(state::TableKind::kRoyaltyStacks), 1u);
  for (int i = 0; i < 20; ++i) Report(i % 2 == 0 ? asset : parents[0], 1'000);
  Settle();
  EXPECT_EQ(Credited("ann"), 10'000 * kMinor);
  EXPECT_EQ(Credited("cat"), 10 * 490 * kMinor);
  EXPECT_EQ(Credited("bob"), 10 * 490 * kMinor);
  chain.Rebuild();
}

}  // namespace
}  // namespace tributary::testing
