#include "cli/revenue_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
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

// ---- CSV

v1::NodeStatus Chain() {
  v1::NodeStatus status;
  v1::Currency* euro = status.add_currencies();
  euro->set_code("EUR");
  euro->set_decimals(6);
  return status;
}

std::string WhyCsv(const std::string& text) {
  const auto lines = ParseRevenueCsv(text, "r.csv", Chain());
  if (lines.ok()) return "accepted";
  EXPECT_EQ(ExitCodeOf(lines.status()), ExitCode::kUsage);
  const std::string message(base::Message(lines.status()));
  return message.substr(0, message.find('\n'));
}

class RevenueCsvTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() / ("revenue-" + std::to_string(getpid()));
    std::filesystem::create_directories(dir_);
    std::ofstream(dir_ / "a.json") << R"({"claim": "0a00", "signature": "00"})"
                                   << "\n";
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }
  std::filesystem::path dir_;
};

TEST_F(RevenueCsvTest, ReadsEventsRefundsAndAttributions) {
  const std::string path = (dir_ / "r.csv").string();
  std::ofstream(path) << "reference,asset,currency,amount,occurred,refund_of,attribution\r\n"
                         "r1,hf:a/b,EUR,12.5,2025-01-31T12:00:00Z,,\r\n"
                         "r2,hf:a/b,EUR,1,,,a.json\r\n"
                         "r3,,EUR,0.25,,r1,\r\n";
  const auto lines = ReadRevenueFile(path, Chain());
  ASSERT_TRUE(lines.ok()) << lines.status();
  ASSERT_EQ(lines->size(), 3u);
  EXPECT_EQ((*lines)[0].amount_minor, 12'500'000u);
  EXPECT_EQ((*lines)[0].occurred_at_ms, 1'738'324'800'000u);
  EXPECT_TRUE((*lines)[0].IsPlain());
  ASSERT_EQ((*lines)[1].attribution.size(), 1u);
  EXPECT_EQ((*lines)[1].attribution[0].signature(), std::string(1, '\0'));
  EXPECT_FALSE((*lines)[1].IsPlain());
  EXPECT_EQ((*lines)[2].refund_of, "r1");
  EXPECT_EQ((*lines)[2].amount_minor, 250'000u);
  EXPECT_FALSE((*lines)[2].IsPlain());
}

TEST_F(RevenueCsvTest, NamesFileLineAndFault) {
  const std::string header = "asset,currency,amount_minor,reference,refund_of,attribution\n";
  EXPECT_EQ(WhyCsv(header + "hf:a/b,EUR,5,r,,\n"), "accepted");
  EXPECT_EQ(WhyCsv(""), "r.csv:1: there is no header");
  EXPECT_EQ(WhyCsv("asset,currency,reference\n"),
            "r.csv:1: amounts are in a column \"amount\" (such as 12.50) or \"amount_minor\", one "
            "of the two");
  EXPECT_EQ(WhyCsv("asset,currency,amount_minor,reference,why\n"),
            "r.csv:1: there is no use for a column \"why\"");
  EXPECT_EQ(WhyCsv("asset,amount_minor,reference\n"), "r.csv:1: there is no column \"currency\"");
  EXPECT_EQ(WhyCsv(header + "hf:a/b,EUR,0,r,,\n"),
            "r.csv:2: \"amount_minor\" is not within 1..2^63-1");
  EXPECT_EQ(WhyCsv(header + "hf:a/b,EUR,x,r,,\n"), "r.csv:2: \"x\" is no number of minor units");
  EXPECT_EQ(WhyCsv(header + ",EUR,5,r,,\n"), "r.csv:2: there is no asset");
  EXPECT_EQ(WhyCsv(header + ",,5,r,e,\n"), "accepted") << "of a refund the event says it";
  EXPECT_EQ(WhyCsv(header + "hf:a/b,EUR,5,r,,\nhf:a/b,EUR,5,r,,\n"),
            "r.csv:3: the reference \"r\" stands in line 2 already");
  EXPECT_EQ(WhyCsv("asset,currency,amount,reference\nhf:a/b,XYZ,5,r\n").substr(0, 9), "r.csv:2: ");
  EXPECT_EQ(WhyCsv(header + "hf:a/b,EUR,5,r,,none.json\n"), "r.csv:2: cannot open none.json");
}

}  // namespace
}  // namespace tributary::cli
