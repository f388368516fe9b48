#include "cli/table.h"

#include <gtest/gtest.h>
#include <sstream>

namespace tributary::cli {
namespace {

TEST(TableTest, ColumnsAreAsWideAsTheirWidestCell) {
  Table table({{"name"}, {"n", Align::kRight}});
  table.Add({"ä", "1"});
  table.Add({"longer", "100"});
  std::ostringstream out;
  table.Print(out);
  EXPECT_EQ(out.str(), "name      n\nä         1\nlonger  100\n");
}

TEST(TableTest, WhatCouldCommandATerminalIsNotPrinted) {
  EXPECT_EQ(Printable("plain ä €"), "plain ä €");
  EXPECT_EQ(Printable("\x1b[2J"), "?[2J");
  EXPECT_EQ(Printable("a\xc2\x9b"
                      "b"),
            "a?b");
  EXPECT_EQ(Printable("a\xe2\x80\xae"
                      "b"),
            "a?b");
  EXPECT_EQ(Printable("\xff\xc3"), "??");
}

TEST(TableTest, SharesAreExactPercent) {
  EXPECT_EQ(Percent(0), "0 %");
  EXPECT_EQ(Percent(1'000'000'000), "100 %");
  EXPECT_EQ(Percent(125'000'000), "12.5 %");
  EXPECT_EQ(Percent(1), "0.0000001 %");
}

TEST(TableTest, ProductsOfSharesShowFourDigitsThatMatter) {
  EXPECT_EQ(PercentE18("1000000000000000000"), "100 %");
  EXPECT_EQ(PercentE18("123456789012345678"), "12.34 %");
  EXPECT_EQ(PercentE18("1"), "0.0000000000000001 %");
  EXPECT_EQ(PercentE18("0"), "0 %");
  EXPECT_EQ(PercentE18("x"), "?");
}

TEST(TableTest, TimesAreUtc) {
  EXPECT_EQ(Time(1'738'324'801'999), "2025-01-31 12:00:01Z");
  EXPECT_EQ(Time(0), "-");
}

}  // namespace
}  // namespace tributary::cli
