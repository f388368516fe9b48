#include "tributary/base/hex.h"

#include "gtest/gtest.h"

namespace tributary::base {
namespace {

TEST(HexTest, WritesLowerCaseAndReadsBothCases) {
  const std::vector<uint8_t> bytes = {0x00, 0x01, 0x7f, 0x80, 0xab, 0xff};
  EXPECT_EQ(ToHex(bytes), "00017f80abff");
  EXPECT_EQ(FromHex("00017f80abff"), bytes);
  EXPECT_EQ(FromHex("00017F80aBFF"), bytes);
  EXPECT_EQ(ToHex({}), "");
  EXPECT_EQ(FromHex(""), std::vector<uint8_t>{});
}

TEST(HexTest, EveryByteReadsBack) {
  for (int value = 0; value < 256; ++value) {
    const std::vector<uint8_t> bytes = {static_cast<uint8_t>(value)};
    EXPECT_EQ(FromHex(ToHex(bytes)), bytes);
  }
}

TEST(HexTest, RefusesOddLengthAndEveryOtherCharacter) {
  EXPECT_FALSE(FromHex("0"));
  EXPECT_FALSE(FromHex("000"));
  int accepted = 0;
  for (int c = 0; c < 256; ++c) {
    const std::string first = {static_cast<char>(c), '0'};
    const std::string second = {'0', static_cast<char>(c)};
    EXPECT_EQ(FromHex(first).has_value(), FromHex(second).has_value()) << c;
    accepted += FromHex(first) ? 1 : 0;
  }
  EXPECT_EQ(accepted, 22);
}

TEST(HexTest, ADigestHasExactlySixtyFourDigits) {
  const std::string text(64, 'a');
  const auto id = DigestFromHex<RecordId>(text);
  ASSERT_TRUE(id);
  EXPECT_EQ(ToHex(id->view()), text);
  EXPECT_FALSE(DigestFromHex<RecordId>(text.substr(2)));
  EXPECT_FALSE(DigestFromHex<RecordId>(text + "aa"));
  EXPECT_FALSE(DigestFromHex<RecordId>(text.substr(1)));
  EXPECT_FALSE(DigestFromHex<RecordId>("g" + text.substr(1)));
  EXPECT_FALSE(DigestFromHex<RecordId>(""));
}

}  // namespace
}  // namespace tributary::base
