#include "cli/revenue_file.h"

#include <gtest/gtest.h>
#include <sstream>

#include "cli/exit_code.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

std::string Why(const std::string& text) {
  std::istringstream in(text);
  const auto lines = ParseRevenue(in, "r.jsonl");
  if (lines.ok()) return "accepted";
  EXPECT_EQ(ExitCodeOf(lines.status()), ExitCode::kUsage);
  const std::string message(base::Message(lines.status()));
  return message.substr(0, message.find('\n'));
}

std::string Line(const std::string& reference, const std::string& amount = "5") {
  return R"({"asset": "hf:a/b", "currency": "EUR", "amount_minor": )" + amount +
         R"(, "reference": ")" + reference + "\"}\n";
}

TEST(RevenueFileTest, ReadsEventsInOrder) {
  std::istringstream in(Line("r1") + "\n" + Line("r2"));
  const auto lines = ParseRevenue(in, "r.jsonl");
  ASSERT_TRUE(lines.ok());
  ASSERT_EQ(lines->size(), 2u);
  EXPECT_EQ((*lines)[1].reference, "r2");
  EXPECT_EQ((*lines)[0].amount_minor, 5u);
}

TEST(RevenueFileTest, NamesFileLineAndFault) {
  EXPECT_EQ(Why(Line("r1") + Line("r1")),
            "r.jsonl:2: the reference \"r1\" stands in line 1 already");
  EXPECT_EQ(Why(Line("r", "0")), "r.jsonl:1: \"amount_minor\" is not within 1..2^63-1");
  EXPECT_EQ(Why(Line("r", "9223372036854775808")),
            "r.jsonl:1: \"amount_minor\" is not within 1..2^63-1");
  EXPECT_EQ(Why(Line("r", "9223372036854775807")), "accepted");
  EXPECT_EQ(Why(Line("r", "-1")), "r.jsonl:1: a number is negative");
  EXPECT_EQ(Why(Line(std::string(65, 'r'))),
            "r.jsonl:1: \"reference\" is not 1 to 64 bytes of text");
  EXPECT_EQ(Why(Line(std::string(64, 'r'))), "accepted");
  EXPECT_EQ(Why("{}"), "r.jsonl:1: \"asset\" is missing");
  EXPECT_EQ(Why("[]"), "r.jsonl:1: the line is a list, not an object");
}

}  // namespace
}  // namespace tributary::cli
