#include "cli/statement_lines.h"

#include <gtest/gtest.h>

namespace tributary::cli {
namespace {

v1::NodeStatus Chain() {
  v1::NodeStatus status;
  v1::Currency* usd = status.add_currencies();
  usd->set_code("USD");
  usd->set_decimals(6);
  return status;
}

v1::StatementLine Line(const std::string& period, base::Int128 amount, base::Int128 rounding) {
  v1::StatementLine line;
  line.set_kind(v1::STATEMENT_LINE_KIND_CREDIT);
  line.set_period(period);
  line.set_count(1);
  *line.mutable_amount() = MakeAmount("USD", amount, 6);
  *line.mutable_rounding() = MakeAmount("USD", rounding, 6);
  return line;
}

TEST(StatementLinesTest, AmountsAreWrittenAsANodeWritesThem) {
  const v1::Amount amount = MakeAmount("USD", -12'500'000'000, 6);
  EXPECT_EQ(amount.atoms(), "-12500000000");
  EXPECT_EQ(amount.minor(), "-12.5");
  EXPECT_EQ(amount.major(), "-0.0000125");
  EXPECT_EQ(SignedAtomsOf(amount), base::Int128{-12'500'000'000});
  EXPECT_EQ(MakeAmount("USD", 0, 6).minor(), "0");
  EXPECT_EQ(MakeAmount("USD", 3'000'000'000, 6).minor(), "3");
  EXPECT_FALSE(SignedAtomsOf(v1::Amount()));
}

TEST(StatementLinesTest, LinesOfOnePeriodOnTwoPagesAddUp) {
  LineMerger merger(Chain());
  google::protobuf::RepeatedPtrField<v1::StatementLine> lines;
  ASSERT_TRUE(merger.Append(Line("2025-01", 5, -2), &lines));
  ASSERT_TRUE(merger.Append(Line("2025-02", 1, 0), &lines));
  ASSERT_TRUE(merger.Append(Line("2025-01", 7, 1), &lines));
  v1::StatementLine other = Line("2025-01", 100, 0);
  other.set_kind(v1::STATEMENT_LINE_KIND_PAYOUT_PAID);
  ASSERT_TRUE(merger.Append(other, &lines));
  ASSERT_EQ(lines.size(), 3);
  EXPECT_EQ(lines[0].amount().atoms(), "12");
  EXPECT_EQ(lines[0].rounding().atoms(), "-1");
  EXPECT_EQ(lines[0].count(), 2u);
}

TEST(StatementLinesTest, LinesWithoutAPeriodStandForThemselves) {
  LineMerger merger(Chain());
  google::protobuf::RepeatedPtrField<v1::StatementLine> lines;
  ASSERT_TRUE(merger.Append(Line("", 5, 0), &lines));
  ASSERT_TRUE(merger.Append(Line("", 5, 0), &lines));
  EXPECT_EQ(lines.size(), 2);
}

}  // namespace
}  // namespace tributary::cli
