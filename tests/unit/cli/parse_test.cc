#include "cli/parse.h"

#include <gtest/gtest.h>

#include "cli/exit_code.h"

namespace tributary::cli {
namespace {

TEST(ParseTest, NumbersAreDigitsBelowTwoTo64) {
  EXPECT_EQ(ParseNumber("0"), 0u);
  EXPECT_EQ(ParseNumber("18446744073709551615"), UINT64_MAX);
  for (const char* bad : {"", "18446744073709551616", "-1", "+1", " 1", "1 ", "0x1", "1e3"}) {
    EXPECT_FALSE(ParseNumber(bad).has_value()) << bad;
  }
}

TEST(ParseTest, MajorUnitsBecomeMinorUnitsExactly) {
  EXPECT_EQ(*ParseMajor("12.50", 6), 12'500'000u);
  EXPECT_EQ(*ParseMajor("0.000001", 6), 1u);
  EXPECT_EQ(*ParseMajor("7", 9), 7'000'000'000u);
  EXPECT_EQ(*ParseMajor("9223372036854.775807", 6), (uint64_t{1} << 63) - 1);
  for (const char* bad : {"", ".", "1.", ".5", "-1", "1.0000001", "1,5", "9223372036854.775808",
                          "99999999999999999999"}) {
    EXPECT_EQ(ExitCodeOf(ParseMajor(bad, 6).status()), ExitCode::kUsage) << bad;
  }
}

TEST(ParseTest, SharesArePercentOrPartsPerBillion) {
  EXPECT_EQ(*ParsePpb("50%"), 500'000'000u);
  EXPECT_EQ(*ParsePpb("12.5 %"), 125'000'000u);
  EXPECT_EQ(*ParsePpb("0.0000001%"), 1u);
  EXPECT_EQ(*ParsePpb("100%"), 1'000'000'000u);
  EXPECT_EQ(*ParsePpb("1000000000"), 1'000'000'000u);
  for (const char* bad : {"", "%", "100.0000001%", "1000000001", "0.00000001%", "half"}) {
    EXPECT_FALSE(ParsePpb(bad).ok()) << bad;
  }
}

TEST(ParseTest, TimesAreMillisecondsOrCalendar) {
  EXPECT_EQ(*ParseTime("1700000000000"), 1'700'000'000'000u);
  EXPECT_EQ(*ParseTime("1970-01-02"), 86'400'000u);
  EXPECT_EQ(*ParseTime("2025-01-31T12:00:01Z"), 1'738'324'801'000u);
  for (const char* bad : {"", "yesterday", "2025-13-01", "2025-01-31T12:00:00", "1969-01-01"}) {
    EXPECT_FALSE(ParseTime(bad).ok()) << bad;
  }
}

TEST(ParseTest, RecordsAreNamedInFourWays) {
  const std::string hex(64, 'a');
  EXPECT_EQ(ParseRecord(hex)->id().size(), 32u);
  EXPECT_EQ(ParseRecord("sha256:" + hex)->content_sha256().size(), 32u);
  EXPECT_EQ(ParseRecord("#17")->sequence(), 17u);
  EXPECT_EQ(ParseRecord("hf:a/b")->external_id(), "hf:a/b");
  for (const char* bad : {"", "model", "#", "#x", "sha256:12"}) {
    EXPECT_EQ(ExitCodeOf(ParseRecord(bad).status()), ExitCode::kUsage) << bad;
  }
}

TEST(ParseTest, AccountsAreIdsOrHandles) {
  EXPECT_EQ(ParseAccount(std::string(64, '0')).id(), std::string(32, '\0'));
  EXPECT_EQ(ParseAccount("hf/ada").handle(), "hf/ada");
  EXPECT_EQ(ParseAccount(std::string(63, '0')).handle(), std::string(63, '0'));
}

}  // namespace
}  // namespace tributary::cli
