// The main job on the machine alone: record, report, settle, fund, pay.
#include <gtest/gtest.h>

#include "state/overlay.h"
#include "support/chain.h"

namespace tributary::testing {
namespace {

using codec::Operation;

class MainJobTest : public ::testing::Test {
 protected:
  // base (ann) <- tuned (bob, passes 40 %) <- app (cat 75 %, dan 25 %, passes 50 %).
  void SetUp() override {
    ASSERT_EQ(std::nullopt,
              chain_.Apply("steward", {chain_.Register("ann"), chain_.Register("bob"),
                                       chain_.Register("cat"), chain_.Register("dan")}));
    const RecordSpec base_spec{"base", {{"ann", base::kPpbOne}}, {}, 0};
    base_ = chain_.RecordIdOf(base_spec);
    const RecordSpec tuned_spec{"tuned", {{"bob", base::kPpbOne}}, {{base_, 1}}, 400'000'000};
    tuned_ = chain_.RecordIdOf(tuned_spec);
    const RecordSpec app_spec{"app",
                              {{"cat", 750'000'000}, {"dan", 250'000'000}},
                              {{tuned_, 3}, {base_, 1}},
                              500'000'000};
    app_ = chain_.RecordIdOf(app_spec);
    ASSERT_EQ(chain_.Apply("ann", {chain_.Submit(base_spec)}), std::nullopt);
    ASSERT_EQ(chain_.Apply("bob", {chain_.Submit(tuned_spec)}), std::nullopt);
    ASSERT_EQ(chain_.Apply("cat", {chain_.Submit(app_spec)}, {"dan"}), std::nullopt);
    ASSERT_TRUE(chain_.Commit());
  }

  Chain chain_;
  base::RecordId base_, tuned_, app_;
};

TEST_F(MainJobTest, RevenueFlowsToEveryAncestorToTheAtom) {
  ASSERT_EQ(chain_.Apply("reporter", {chain_.Revenue(app_, 1'000'000, "r1")}), std::nullopt);
  chain_.Advance(1'000'000);
  ASSERT_FALSE(chain_.Commit()) << "the epoch has ended, but the money has not matured";
  chain_.Advance(1'000'000);
  ASSERT_TRUE(chain_.Commit());
  // 1,000,000 minor: fee 10,000; net 990,000. cat and dan keep half; tuned gets 3/8, base 1/8.
  constexpr base::Uint128 kMinor = base::kPpbOne;
  EXPECT_EQ(chain_.Totals().fees.value(), 10'000 * kMinor);
  EXPECT_EQ(chain_.Balance("cat").available.value(), 371'250 * kMinor);
  EXPECT_EQ(chain_.Balance("dan").available.value(), 123'750 * kMinor);
  EXPECT_EQ(chain_.Balance("bob").available.value(), 222'750 * kMinor);
  EXPECT_EQ(chain_.Balance("ann").available.value(), 272'250 * kMinor);
  EXPECT_EQ(chain_.Totals().dust.value(), 0u);
  EXPECT_EQ(chain_.Totals().pending.value(), 0u);
}

TEST_F(MainJobTest, APayoutIsReservedWithinWhatIsFundedAndPaidOnce) {
  ASSERT_EQ(chain_.Apply("reporter", {chain_.Revenue(app_, 1'000'000, "r1")}), std::nullopt);
  chain_.Advance(2'000'000);
  const auto unfunded = chain_.Apply("cat", {chain_.Payout(300'000)});
  ASSERT_TRUE(unfunded);
  EXPECT_EQ(unfunded->code, base::RejectionCode::kInsufficientFunds);
  ASSERT_EQ(chain_.Apply("treasurer", {chain_.Funding("reporter", 600'000, "bank-1")}),
            std::nullopt);
  ASSERT_EQ(chain_.Apply("cat", {chain_.Payout(300'000)}), std::nullopt);
  const codec::ConfirmPayout confirm{base::PayoutIndex(0), "wire-1"};
  ASSERT_EQ(chain_.Apply("treasurer", {Operation(confirm)}), std::nullopt);
  const auto again = chain_.Apply("treasurer", {Operation(confirm)});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->code, base::RejectionCode::kPayoutClosed);
  ASSERT_TRUE(chain_.Commit());
  EXPECT_EQ(chain_.Balance("cat").paid, base::Atoms::FromMinor(base::MinorUnits(300'000)));
  EXPECT_TRUE(chain_.Balance("cat").reserved.IsZero());
}

TEST_F(MainJobTest, APlantedAtomHaltsTheBlock) {
  ASSERT_EQ(chain_.Apply("reporter", {chain_.Revenue(app_, 1'000'000, "r1")}), std::nullopt);
  chain_.Advance(2'000'000);
  chain_.machine().set_fault_for_test([](state::Overlay& overlay) {
    auto balance = overlay.Get<state::BalanceRow>(6, 0);
    balance.available += base::Atoms(1);
    overlay.Put(6, balance, 0);
  });
  ASSERT_TRUE(chain_.machine().Begin(base::TimeMs(chain_.time_ms())).ok());
  const auto effects = chain_.machine().Finish();
  ASSERT_FALSE(effects.ok());
  EXPECT_EQ(effects.status().code(), absl::StatusCode::kInternal);
  EXPECT_NE(std::string(effects.status().message()).find("available"), std::string::npos);
}

}  // namespace
}  // namespace tributary::testing
