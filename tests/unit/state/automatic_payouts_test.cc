// Payouts that a block requests by itself, and statements of reporters.
#include <gtest/gtest.h>

#include "index/rows.h"
#include "state/automatic_payouts.h"
#include "state/invariants.h"
#include "state/rows.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

using state::PayoutRow;

// In the scene 300,000 of the funds are free: bob has 394,000 available; the least payout is
// 20,000, in units of 10,000.
struct PayoutScene : Scene {
  void Prefer(std::string_view handle, uint64_t above_minor) {
    Must(handle, {codec::SetPayoutPreference{"USD", base::MinorUnits(above_minor)}});
  }
  std::vector<PayoutRow> Payouts() const {
    std::vector<PayoutRow> rows;
    const uint64_t count = chain.pages().RowCount({state::TableKind::kPayouts, 0});
    for (uint64_t row = 0; row < count; ++row) {
      rows.push_back(state::ReadRow<PayoutRow>(chain.pages(), row));
    }
    return rows;
  }
  // Reported and funded, and settled for bob: 60 % of 99 %.
  void Earn(uint64_t amount_minor, std::string_view reference) {
    Must("reporter", {chain.Revenue(tuned_id, amount_minor, reference)});
    chain.Advance(2'000'000);
    chain.Commit();
  }
  void Fund(uint64_t amount_minor, std::string_view reference) {
    Must("treasurer", {chain.Funding("reporter", amount_minor, reference)});
    chain.Commit();
  }
};

TEST(AutomaticPayoutTest, ABalanceThatHasReachedItsMarkIsRequestedAtTheEndOfTheBlock) {
  PayoutScene scene;
  const size_t before = scene.Payouts().size();
  const base::Atoms available = scene.chain.Balance("bob").available;
  scene.Prefer("bob", 100'000);
  ASSERT_TRUE(scene.chain.Commit());
  ASSERT_EQ(scene.Payouts().size(), before + 1);
  const PayoutRow payout = scene.Payouts().back();
  // The funds allow less than is available: as many units as they cover.
  EXPECT_EQ(payout.amount_minor, 300'000u);
  EXPECT_EQ(payout.account, scene.chain.Account("bob")->value());
  EXPECT_EQ(payout.state, static_cast<uint8_t>(state::PayoutState::kRequested));
  const state::BlockEffects& block = scene.chain.blocks().back();
  EXPECT_EQ(payout.requested_entry, block.first_entry.value() + block.entries.size() - 1)
      << "the header";
  EXPECT_EQ(block.automatic_payouts, (std::vector<uint64_t>{before}));
  EXPECT_EQ(available - scene.chain.Balance("bob").available,
            base::Atoms::FromMinor(base::MinorUnits(300'000)));
  bool listed = false;
  for (const index::Row& row : index::IndexRows(block)) {
    listed = listed || row.key == index::PayoutStateKey(state::PayoutState::kRequested,
                                                        base::PayoutIndex(before));
  }
  EXPECT_TRUE(listed);
  EXPECT_TRUE(state::RecountConservation(scene.chain.pages(), scene.chain.resident()).ok());
}

TEST(AutomaticPayoutTest, OneMinorUnitBelowTheMarkWaits) {
  PayoutScene scene;
  const auto minor =
      static_cast<uint64_t>(scene.chain.Balance("bob").available.value() / base::kPpbOne);
  const size_t before = scene.Payouts().size();
  scene.Prefer("bob", minor + 1);
  scene.chain.Commit();
  EXPECT_EQ(scene.Payouts().size(), before);
  scene.Prefer("bob", minor);
  scene.chain.Commit();
  EXPECT_EQ(scene.Payouts().size(), before + 1);
}

TEST(AutomaticPayoutTest, TheMarkIsAtLeastTheLeastPayoutAndZeroEndsIt) {
  PayoutScene scene;
  scene.Prefer("ann", 1);
  EXPECT_TRUE(scene.chain.Commit());
  EXPECT_EQ(scene.chain.Balance("ann").automatic_above_minor, 20'000u);
  scene.Prefer("ann", 0);
  scene.chain.Commit();
  EXPECT_EQ(scene.chain.Balance("ann").automatic_above_minor, 0u);
  const size_t before = scene.Payouts().size();
  scene.Earn(1'000'000, "more");
  scene.Fund(1'000'000, "bank-2");
  EXPECT_EQ(scene.Payouts().size(), before);
}

TEST(AutomaticPayoutTest, WithoutFundsEverybodyWaitsInOrderAndAFundingReleasesThem) {
  PayoutScene scene;
  scene.Prefer("bob", 20'000);
  scene.chain.Commit();
  scene.Earn(1'000'000, "more");  // nothing is free
  const size_t before = scene.Payouts().size();
  scene.Prefer("ann", 20'000);
  scene.chain.Commit();
  EXPECT_EQ(scene.Payouts().size(), before);
  EXPECT_FALSE(scene.chain.Commit()) << "nothing to do without funds";
  scene.chain.Rebuild();
  // ann is before bob, whatever came first.
  scene.Fund(500'000, "bank-2");
  ASSERT_EQ(scene.Payouts().size(), before + 1);
  EXPECT_EQ(scene.Payouts().back().account, scene.chain.Account("ann")->value());
  EXPECT_EQ(scene.Payouts().back().amount_minor, 500'000u);
  scene.Fund(500'000, "bank-3");
  ASSERT_EQ(scene.Payouts().size(), before + 3);
  EXPECT_EQ(scene.Payouts().back().account, scene.chain.Account("bob")->value());
}

TEST(AutomaticPayoutTest, AFailedOneIsRequestedAgain) {
  PayoutScene scene;
  scene.Prefer("bob", 20'000);
  scene.chain.Commit();
  const uint64_t number = scene.Payouts().size() - 1;
  scene.Must("treasurer", {codec::FailPayout{base::PayoutIndex(number), "returned"}});
  scene.chain.Commit();
  ASSERT_EQ(scene.Payouts().size(), number + 2);
  EXPECT_EQ(scene.Payouts().back().amount_minor, 300'000u);
}

TEST(AutomaticPayoutTest, WhatOneBlockLeavesTheNextOneDoes) {
  constexpr size_t kPeople = state::kAutomaticPayoutsMax + 5;
  constexpr size_t kAuthors = 50;
  ChainOptions options;
  for (size_t i = 0; i < kPeople; ++i) options.people.push_back({"p" + std::to_string(i), {}, {}});
  Chain chain(options);
  const auto must = [&chain](std::string_view sender, const std::vector<codec::Operation>& all,
                             const std::vector<std::string>& cosigners = {}) {
    const auto refused = chain.Apply(sender, all, cosigners);
    ASSERT_FALSE(refused) << refused->ToString();
  };
  const uint64_t each = 20'000;
  for (size_t first = 0; first < kPeople; first += kAuthors) {
    RecordSpec spec{"r" + std::to_string(first), {}, {}, 0};
    std::vector<std::string> others;
    const size_t count = std::min(kAuthors, kPeople - first);
    auto left = base::kPpbOne;
    for (size_t i = 0; i < count; ++i) {
      const std::string name = "p" + std::to_string(first + i);
      const auto share = static_cast<uint32_t>(left / (count - i));
      left -= share;
      spec.authors.emplace_back(name, share);
      if (i > 0) others.push_back(name);
      must(name, {codec::SetPayoutPreference{"USD", base::MinorUnits(10'000)}});
    }
    must(spec.authors.front().first, {chain.Submit(spec)}, others);
    const auto reference = chain.arena().Keep("sale-" + spec.name);
    must("reporter", {chain.Revenue(chain.RecordIdOf(spec), each * count, reference)});
  }
  const uint64_t total = each * kPeople;
  must("treasurer", {chain.Funding("reporter", total, "bank")});
  chain.Advance(2'000'000);
  ASSERT_TRUE(chain.Commit());
  EXPECT_EQ(chain.blocks().back().automatic_payouts.size(), state::kAutomaticPayoutsMax);
  EXPECT_EQ(state::NextDue(chain.pages(), chain.resident()), base::TimeMs(chain.time_ms()));
  ASSERT_TRUE(chain.Commit()) << "a block for the rest alone";
  EXPECT_EQ(chain.blocks().back().automatic_payouts.size(), 5u);
  EXPECT_FALSE(chain.Commit());
  chain.Rebuild();
  EXPECT_FALSE(chain.Commit());
}

TEST(StatementTest, PeriodsBetweenOthersFillGapsAlsoAfterARestart) {
  Scene scene;
  scene.chain.AdvanceTo(ChainOptions().time_ms + 9'000'000);
  const auto of = [&scene](uint64_t from, uint64_t to, const base::RecordId& asset) {
    return codec::SubmitStatement{asset, "USD", base::Epoch(from), base::Epoch(to),
                                  base::MinorUnits(7)};
  };
  scene.Must("reporter", {of(6, 8, scene.tuned_id), of(0, 2, scene.tuned_id)});
  scene.chain.Rebuild();
  EXPECT_TRUE(scene.chain.Apply("reporter", {of(3, 6, scene.tuned_id)}));
  scene.Must("reporter", {of(3, 5, scene.tuned_id), of(0, 8, scene.base_id)});
  scene.Must("small", {of(0, 8, scene.tuned_id)});
  scene.chain.Commit();
  EXPECT_EQ(scene.chain.resident().statements().size(), 5u);
  const auto row = state::ReadRow<state::StatementRow>(scene.chain.pages(), 2);
  EXPECT_EQ(row.first_epoch, 3u);
  EXPECT_EQ(row.total_minor, 7u);
}

}  // namespace
}  // namespace tributary::testing
