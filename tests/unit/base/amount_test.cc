#include "tributary/base/amount.h"

#include <random>

#include "gtest/gtest.h"

namespace tributary::base {
namespace {

constexpr Uint128 kMax = ~Uint128{0};

// floor(total * share / 10^9) by schoolbook long division of a 160-bit product, a limb at a time:
// nothing in common with the shortcut that is tested.
Uint128 WideFloorShare(Uint128 total, uint32_t share) {
  uint32_t product[5] = {};
  uint64_t carry = 0;
  for (int i = 0; i < 4; ++i) {
    const uint64_t limb = static_cast<uint32_t>(total >> (32 * i));
    carry += limb * share;
    product[i] = static_cast<uint32_t>(carry);
    carry >>= 32;
  }
  product[4] = static_cast<uint32_t>(carry);
  Uint128 quotient = 0;
  uint64_t remainder = 0;
  for (int i = 4; i >= 0; --i) {
    remainder = remainder << 32 | product[i];
    quotient = quotient << 32 | remainder / kPpbOne;
    remainder %= kPpbOne;
  }
  return quotient;
}

// Small, large and middling values alike: the bit length is uniform.
Uint128 RandomUint128(std::mt19937_64& random) {
  const Uint128 bits = static_cast<Uint128>(random()) << 64 | random();
  return bits >> (random() % 128);
}

TEST(FloorShareTest, EqualsWideDivisionOnRandomValues) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 200'000; ++i) {
    const Uint128 total = RandomUint128(random);
    const auto share = static_cast<uint32_t>(random() % (uint64_t{kPpbOne} + 1));
    ASSERT_TRUE(FloorShare(Atoms(total), Ppb(share)).value() == WideFloorShare(total, share))
        << ToDecimal(total) << " * " << share;
  }
}

TEST(FloorShareTest, HoldsAtTheEdges) {
  for (const Uint128 total : {Uint128{0}, Uint128{1}, Uint128{kPpbOne - 1}, Uint128{kPpbOne},
                              Uint128{kPpbOne} + 1, (Uint128{1} << 120) - 1, kMax}) {
    EXPECT_TRUE(FloorShare(Atoms(total), Ppb(0)).IsZero());
    EXPECT_TRUE(FloorShare(Atoms(total), Ppb(kPpbOne)).value() == total) << ToDecimal(total);
    for (const uint32_t share : {1u, 2u, 333'333'333u, kPpbOne - 1}) {
      EXPECT_TRUE(FloorShare(Atoms(total), Ppb(share)).value() == WideFloorShare(total, share))
          << ToDecimal(total) << " * " << share;
    }
  }
}

TEST(FloorShareTest, PartsOfACompleteSplitNeverExceedTheWholeAndMissLessThanOneEach) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 2'000; ++round) {
    const Atoms total(RandomUint128(random));
    uint32_t left = kPpbOne;
    Uint128 sum = 0;
    Uint128 parts = 0;
    while (left > 0) {
      const auto share = static_cast<uint32_t>(1 + random() % left);
      left -= share;
      sum += FloorShare(total, Ppb(share)).value();
      ++parts;
    }
    ASSERT_TRUE(sum <= total.value());
    ASSERT_TRUE(total.value() - sum < parts);
  }
}

TEST(AtomsTest, AMinorUnitIsABillionAtoms) {
  EXPECT_TRUE(Atoms::FromMinor(MinorUnits(0)).IsZero());
  EXPECT_TRUE(Atoms::FromMinor(MinorUnits(1)).value() == 1'000'000'000u);
  EXPECT_EQ(ToDecimal(Atoms::FromMinor(MinorUnits(UINT64_MAX)).value()),
            "18446744073709551615000000000");
}

TEST(AtomsTest, AddsAndSubtractsUpToTheLimits) {
  EXPECT_TRUE((Atoms(kMax - 1) + Atoms(1)).value() == kMax);
  EXPECT_TRUE((Atoms(5) - Atoms(5)).IsZero());
  Atoms sum(7);
  sum += Atoms(3);
  sum -= Atoms(4);
  EXPECT_TRUE(sum == Atoms(6));
  EXPECT_TRUE(Atoms(5) < Atoms(6));
}

TEST(AtomsDeathTest, LeavingTheRangeAborts) {
  EXPECT_DEATH(Atoms(kMax) + Atoms(1), "amount overflow");
  EXPECT_DEATH(Atoms(4) - Atoms(5), "amount underflow");
}

TEST(DecimalTest, WritesAndReadsBack) {
  EXPECT_EQ(ToDecimal(Uint128{0}), "0");
  EXPECT_EQ(ToDecimal(kMax), "340282366920938463463374607431768211455");
  EXPECT_EQ(ToDecimal(Int128{-1}), "-1");
  EXPECT_EQ(ToDecimal(static_cast<Int128>(Uint128{1} << 127)),
            "-170141183460469231731687303715884105728");
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 10'000; ++i) {
    const Uint128 value = RandomUint128(random);
    const auto parsed = ParseDecimal(ToDecimal(value));
    ASSERT_TRUE(parsed && *parsed == value) << ToDecimal(value);
  }
}

TEST(DecimalTest, ParseRefusesEverythingElse) {
  EXPECT_TRUE(ParseDecimal("340282366920938463463374607431768211455"));
  for (const char* text :
       {"", " ", "+1", "-1", "01", "00", "1 ", " 1", "1.0", "1e3", "0x1", "１",
        "340282366920938463463374607431768211456", "340282366920938463463374607431768211460",
        "9999999999999999999999999999999999999999"}) {
    EXPECT_FALSE(ParseDecimal(text)) << "'" << text << "'";
  }
  EXPECT_FALSE(ParseDecimal(std::string_view("1\0", 2)));
}

TEST(FormatAtomsTest, ShowsMajorUnitsExactly) {
  EXPECT_EQ(FormatAtoms(Atoms(0), 6), "0.00");
  EXPECT_EQ(FormatAtoms(Atoms(1), 6), "0.000000000000001");
  EXPECT_EQ(FormatAtoms(Atoms(1), 0), "0.000000001");
  EXPECT_EQ(FormatAtoms(Atoms::FromMinor(MinorUnits(12'500'000)), 6), "12.50");
  EXPECT_EQ(FormatAtoms(Atoms::FromMinor(MinorUnits(12'345'678)), 6), "12.345678");
  EXPECT_EQ(FormatAtoms(Atoms::FromMinor(MinorUnits(1'000'000)), 6), "1.00");
  EXPECT_EQ(FormatAtoms(Atoms::FromMinor(MinorUnits(7)), 0), "7.00");
  EXPECT_EQ(FormatAtoms(Atoms(kMax), 9), "340282366920938463463.374607431768211455");
}

}  // namespace
}  // namespace tributary::base
