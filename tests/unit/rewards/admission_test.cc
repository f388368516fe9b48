#include "rewards/admission.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <vector>

namespace tributary::rewards {
namespace {

using base::AccountId;
using base::Ppb;
using base::RecordId;
using base::RejectionCode;

template <class Id>
std::vector<Id> Ids(const std::vector<uint8_t>& first_bytes) {
  std::vector<Id> ids;
  for (const uint8_t byte : first_bytes) {
    Id id;
    id.bytes[0] = byte;
    ids.push_back(id);
  }
  return ids;
}

std::vector<uint32_t> Admit(uint32_t pass_through, const std::vector<uint32_t>& weights,
                            const std::vector<uint8_t>& ids) {
  const auto shares = AdmitShares(Ppb(pass_through), weights, Ids<RecordId>(ids));
  EXPECT_TRUE(shares.ok());
  std::vector<uint32_t> values;
  if (shares.ok()) {
    for (const Ppb share : *shares) values.push_back(share.value());
  }
  return values;
}

base::Rejection Refusal(uint32_t pass_through, const std::vector<uint32_t>& weights) {
  std::vector<uint8_t> ids(weights.size());
  std::iota(ids.begin(), ids.end(), uint8_t{0});
  const auto shares = AdmitShares(Ppb(pass_through), weights, Ids<RecordId>(ids), "op.");
  EXPECT_FALSE(shares.ok());
  return shares.rejection();
}

TEST(AdmitSharesTest, EqualWeightsOfAThirdGiveTheLastUnitToTheLowestId) {
  EXPECT_EQ(Admit(1'000'000'000, {1, 1, 1}, {9, 3, 5}),
            (std::vector<uint32_t>{333'333'333, 333'333'334, 333'333'333}));
}

TEST(AdmitSharesTest, TheLargestRemainderComesBeforeTheLowestId) {
  // 10 over weights 1, 2, 4: 1.43, 2.86, 5.71: floors 1, 2, 5, and two units left.
  EXPECT_EQ(Admit(10, {1, 2, 4}, {0, 1, 2}), (std::vector<uint32_t>{1, 3, 6}));
}

TEST(AdmitSharesTest, SeveralUnitsLeftGoToTheLowestIdsAmongEquals) {
  // 999,999,999 = 7 * 142,857,142 + 5.
  EXPECT_EQ(Admit(999'999'999, {1, 1, 1, 1, 1, 1, 1}, {6, 5, 4, 3, 2, 1, 0}),
            (std::vector<uint32_t>{142'857'142, 142'857'142, 142'857'143, 142'857'143, 142'857'143,
                                   142'857'143, 142'857'143}));
}

TEST(AdmitSharesTest, NoParentsAndNothingPassedThroughIsFine) {
  EXPECT_TRUE(Admit(0, {}, {}).empty());
}

TEST(AdmitSharesTest, TheLargestWeightsDoNotOverflow) {
  std::vector<uint32_t> weights(1024, UINT32_MAX);
  std::vector<RecordId> ids(1024);
  for (size_t i = 0; i < ids.size(); ++i) {
    ids[i].bytes[0] = static_cast<uint8_t>(i >> 8);
    ids[i].bytes[1] = static_cast<uint8_t>(i);
  }
  const auto shares = AdmitShares(Ppb(base::kPpbOne), weights, ids);
  ASSERT_TRUE(shares.ok());
  // 10^9 = 1024 * 976562 + 512.
  EXPECT_EQ((*shares)[0], Ppb(976'563));
  EXPECT_EQ((*shares)[511], Ppb(976'563));
  EXPECT_EQ((*shares)[512], Ppb(976'562));
}

TEST(AdmitSharesTest, RefusesPassThroughAboveTheWhole) {
  EXPECT_EQ(Refusal(1'000'000'001, {1}).code, RejectionCode::kPpbRange);
  EXPECT_EQ(Admit(1'000'000'000, {1}, {0}), std::vector<uint32_t>{1'000'000'000});
}

TEST(AdmitSharesTest, RefusesPassThroughWithoutParents) {
  const base::Rejection refusal = Refusal(1, {});
  EXPECT_EQ(refusal.code, RejectionCode::kPassThroughWithoutParents);
  EXPECT_EQ(refusal.field, "op.pass_through_ppb");
}

TEST(AdmitSharesTest, RefusesAZeroWeightNamingIt) {
  const base::Rejection refusal = Refusal(1000, {1, 0, 2});
  EXPECT_EQ(refusal.code, RejectionCode::kZeroWeight);
  EXPECT_EQ(refusal.field, "op.parents[1].weight");
}

TEST(AdmitSharesTest, RefusesAShareThatRoundsToZeroNamingIt) {
  const base::Rejection refusal = Refusal(1000, {1'000'000, 1});
  EXPECT_EQ(refusal.code, RejectionCode::kShareRoundsToZero);
  EXPECT_EQ(refusal.field, "op.parents[1].weight");
  EXPECT_EQ(Admit(0, {1, 7}, {0, 1}), (std::vector<uint32_t>{0, 0}));
  EXPECT_EQ(Refusal(1, {1, 1}).field, "op.parents[1].weight");
  EXPECT_EQ(Admit(2, {1, 1}, {0, 1}), (std::vector<uint32_t>{1, 1}));
}

TEST(AdmitSharesTest, SharesAddUpAndStayWithinOneUnitOfTheExactOnes) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    SCOPED_TRACE(round);
    const size_t count = 1 + random() % 20;
    std::vector<uint32_t> weights;
    std::vector<RecordId> ids(count);
    uint64_t sum = 0;
    for (size_t i = 0; i < count; ++i) {
      weights.push_back(static_cast<uint32_t>(random() >> (random() % 31)) | 1);
      sum += weights.back();
      ids[i].bytes[0] = static_cast<uint8_t>(random());
      ids[i].bytes[1] = static_cast<uint8_t>(i);
    }
    const uint32_t total = static_cast<uint32_t>(random() % 1'000'000'001);
    const std::vector<Ppb> shares = LargestRemainder(Ppb(total), weights, ids);
    uint64_t added = 0;
    for (size_t i = 0; i < count; ++i) {
      added += shares[i].value();
      const uint64_t exact = uint64_t{total} * weights[i];
      EXPECT_LE(uint64_t{shares[i].value()}, exact / sum + 1);
      EXPECT_GE(uint64_t{shares[i].value()}, exact / sum);
    }
    EXPECT_EQ(added, total);
  }
}

TEST(CheckAuthorSharesTest, AcceptsSharesThatAddUpExactly) {
  const std::vector<Ppb> shares = {Ppb(1), Ppb(999'999'999)};
  EXPECT_EQ(CheckAuthorShares(Ids<AccountId>({1, 2}), shares), std::nullopt);
}

TEST(CheckAuthorSharesTest, RefusesEachBreachNamingTheField) {
  const auto refusal = [](const std::vector<uint8_t>& accounts,
                          const std::vector<uint32_t>& shares) {
    std::vector<Ppb> ppb;
    for (const uint32_t share : shares) ppb.push_back(Ppb(share));
    const base::Verdict verdict = CheckAuthorShares(Ids<AccountId>(accounts), ppb, "r.");
    EXPECT_TRUE(verdict.has_value());
    return verdict ? std::make_pair(verdict->code, verdict->field)
                   : std::make_pair(RejectionCode{}, std::string());
  };
  using Expected = std::pair<RejectionCode, std::string>;
  EXPECT_EQ(refusal({}, {}), Expected(RejectionCode::kNoAuthors, "r.authors"));
  EXPECT_EQ(refusal({1, 2}, {1, 1'000'000'001}),
            Expected(RejectionCode::kPpbRange, "r.authors[1].share_ppb"));
  EXPECT_EQ(refusal({1, 2}, {1'000'000'000, 0}),
            Expected(RejectionCode::kAuthorShares, "r.authors[1].share_ppb"));
  EXPECT_EQ(refusal({1, 2}, {1, 999'999'998}), Expected(RejectionCode::kAuthorShares, "r.authors"));
  EXPECT_EQ(refusal({1, 2}, {1, 1'000'000'000}),
            Expected(RejectionCode::kAuthorShares, "r.authors"));
  EXPECT_EQ(refusal({1, 2, 1}, {1, 1, 999'999'998}),
            Expected(RejectionCode::kAuthorTwice, "r.authors[2].account"));
}

}  // namespace
}  // namespace tributary::rewards
