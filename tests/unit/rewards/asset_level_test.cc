#include "rewards/asset_level.h"

#include <gtest/gtest.h>

#include "unit/rewards/graph_builder.h"

namespace tributary::rewards {
namespace {

using base::Atoms;
using base::Ppb;
using base::RecordSeq;
using base::Uint128;

TEST(SplitGrossTest, DividesFeeRoyaltiesAttributionAndNetExactly) {
  // 19 units, 1 % fee, three royalties of 5 %, 2 % attributed.
  const std::vector<Royalty> royalties = {{RecordSeq(3), Ppb(50'000'000)},
                                          {RecordSeq(1), Ppb(50'000'000)},
                                          {RecordSeq(0), Ppb(50'000'000)}};
  const std::vector<RecordAmount> attribution = {Amount(2, 380'000'000)};
  const GrossSplit split = SplitGross(19, Ppb(10'000'000), royalties, attribution);
  EXPECT_EQ(split.fee, Atoms(190'000'000));
  EXPECT_EQ(split.royalties,
            (std::vector<RecordAmount>{Amount(3, 950'000'000), Amount(1, 950'000'000),
                                       Amount(0, 950'000'000)}));
  EXPECT_EQ(split.attributed, Atoms(380'000'000));
  EXPECT_EQ(split.net, Atoms(Uint128{19'000'000'000} - 190'000'000 - 2'850'000'000 - 380'000'000));
}

TEST(SplitGrossTest, AHundredMicropaymentsOweTheSameAsTheirSum) {
  const std::vector<Royalty> royalties = {{RecordSeq(0), Ppb(50'000'000)}};
  Atoms royalty;
  Atoms net;
  for (int i = 0; i < 100; ++i) {
    const GrossSplit one = SplitGross(19, Ppb(3), royalties, {});
    royalty += one.royalties[0].amount;
    net += one.net;
  }
  const GrossSplit all = SplitGross(1900, Ppb(3), royalties, {});
  EXPECT_EQ(all.royalties[0].amount, royalty);
  EXPECT_EQ(all.net, net);
}

TEST(SplitGrossTest, TheWholeGrossMayGoAwayBeforeTheLineage) {
  const std::vector<Royalty> royalties = {{RecordSeq(0), Ppb(999'999'999)}};
  EXPECT_EQ(SplitGross(7, Ppb(1), royalties, {}).net, Atoms());
}

TEST(SplitGrossTest, TheLargestLifetimeTotalFits) {
  const Uint128 gross = (Uint128{1} << 90) - 1;
  const GrossSplit split = SplitGross(gross, Ppb(1), {}, {});
  EXPECT_EQ(split.fee.value() + split.net.value(), gross * base::kPpbOne);
}

TEST(SplitGrossDeathTest, MoreThanTheWholeEndsTheProgram) {
  const std::vector<Royalty> royalties = {{RecordSeq(0), Ppb(1'000'000'000)}};
  EXPECT_DEATH(SplitGross(7, Ppb(1), royalties, {}), "underflow");
  EXPECT_DEATH(SplitGross(Uint128{1} << 90, Ppb(1), {}, {}), "lifetime");
}

TEST(NettedDebitTest, WithoutAttributionTheWholeGrossMayBearIt) {
  EXPECT_EQ(NettedDebit(7, 10, Ppb(990'000'000), Atoms()), 7u);
  EXPECT_EQ(NettedDebit(10, 10, Ppb(990'000'000), Atoms()), 10u);
  EXPECT_EQ(NettedDebit(11, 10, Ppb(990'000'000), Atoms()), 10u);
  EXPECT_EQ(NettedDebit(11, 10, Ppb(0), Atoms()), 10u);
}

TEST(NettedDebitTest, WhatWasAttributedStaysPayableToTheAtom) {
  const Ppb net(600'000'000);
  for (uint64_t directed = 1; directed <= 6'000'000'000; directed += 99'999'999) {
    const Uint128 netted = NettedDebit(1'000, 10, net, Atoms(directed));
    EXPECT_GE(ExactShare(10 - netted, net), Atoms(directed));
    EXPECT_LT(ExactShare(10 - netted, net), Atoms(directed) + ExactShare(1, net));
  }
  EXPECT_EQ(NettedDebit(1'000, 10, net, Atoms(6'000'000'000)), 0u);
}

TEST(NettedDebitDeathTest, MoreThanTheNetIsAFault) {
  EXPECT_DEATH(NettedDebit(1, 10, Ppb(600'000'000), Atoms(6'000'000'001)), "underflow");
}

}  // namespace
}  // namespace tributary::rewards
