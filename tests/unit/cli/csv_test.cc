#include "cli/csv.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows Read(const std::string& text) {
  Problems problems("f.csv");
  Rows rows;
  for (CsvRow& row : ParseCsv(text, problems)) rows.push_back(std::move(row.cells));
  EXPECT_TRUE(problems.empty()) << problems.ToStatus();
  return rows;
}

std::string Why(const std::string& text) {
  Problems problems("f.csv");
  ParseCsv(text, problems);
  if (problems.empty()) return "accepted";
  const std::string message(base::Message(problems.ToStatus()));
  return message.substr(0, message.find('\n'));
}

TEST(CsvTest, LinesAreThoseOfTheStandard) {
  EXPECT_EQ(CsvLine({"a", "", "1.50"}), "a,,1.50\r\n");
  EXPECT_EQ(CsvLine({"a,b", "say \"hi\"", "two\nlines", " x"}),
            "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\" x\"\r\n");
  EXPECT_EQ(CsvLine({""}), "\"\"\r\n") << "a row, not an empty line";
}

TEST(CsvTest, NoTextOfOthersIsAFormula) {
  for (const std::string text : {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'quoted"}) {
    EXPECT_EQ(CsvText(text), "'" + text);
    EXPECT_EQ(CsvUntext(CsvText(text)), text);
  }
  for (const std::string text : {"", "plain", "a=b", "hf:owner/name", "o'clock"}) {
    EXPECT_EQ(CsvText(text), text);
    EXPECT_EQ(CsvUntext(text), text);
  }
}

TEST(CsvTest, ReadsQuotesBothLineEndsAndAMarkOfByteOrder) {
  const Rows expected = {{"a", "b"}, {"1", "x, \"y\""}, {"", "two\r\nlines"}};
  EXPECT_EQ(Read("a,b\r\n1,\"x, \"\"y\"\"\"\r\n,\"two\r\nlines\"\r\n"), expected);
  EXPECT_EQ(Read("\xef\xbb\xbf"
                 "a,b\n1,\"x, \"\"y\"\"\"\n\n,\"two\r\nlines\""),
            expected);
  EXPECT_EQ(Read(""), Rows());
  EXPECT_EQ(Read("\r\n\n"), Rows());
  EXPECT_EQ(Read("a\n\"\"\n"), (Rows{{"a"}, {""}}));
}

TEST(CsvTest, WhatIsWrittenReadsBack) {
  const Rows rows = {{"a", "b", "c"}, {"", " ", "\""}, {"x\ny", "1,2", "'=3"}, {"ü", "", ""}};
  std::string text;
  for (const auto& row : rows) text += CsvLine(row);
  EXPECT_EQ(Read(text), rows);
}

TEST(CsvTest, WhatIsNoCsvIsNamedWithItsLine) {
  EXPECT_EQ(Why("a,b\n1\n"), "f.csv:2: 1 cells, but the header has 2");
  EXPECT_EQ(Why("a,b\n1,2,3\n"), "f.csv:2: 3 cells, but the header has 2");
  EXPECT_EQ(Why("a\n\nx\"y\n"), "f.csv:3: a quote within a cell that is not quoted");
  EXPECT_EQ(Why("a\n\"x\"y\n"), "f.csv:2: text behind a closing quote");
  EXPECT_EQ(Why("a\n\"x\ny"), "f.csv:2: a quote is not closed");
  EXPECT_EQ(Why("a\nx\ry\n"),
            "f.csv:2: a cell holds control characters or bytes that are no UTF-8");
  EXPECT_EQ(Why("a\n\xff\n"),
            "f.csv:2: a cell holds control characters or bytes that are no UTF-8");
  EXPECT_EQ(Why(std::string("a\n\0\n", 4)),
            "f.csv:2: a cell holds control characters or bytes that are no UTF-8");
}

TEST(CsvTest, CellsAndColumnsAreBounded) {
  EXPECT_EQ(Why("a\n" + std::string(4'096, 'x') + "\n"), "accepted");
  EXPECT_EQ(Why("a\n" + std::string(4'097, 'x') + "\n"),
            "f.csv:2: a cell is longer than 4,096 bytes");
  EXPECT_EQ(Why("a\n\"" + std::string(1'000'000, 'x') + "\"\n"),
            "f.csv:2: a cell is longer than 4,096 bytes");
  EXPECT_EQ(Why(std::string(63, ',')), "accepted");
  EXPECT_EQ(Why(std::string(64, ',')), "f.csv:1: more than 64 cells");
}

TEST(CsvTest, AFileIsNewAndComplete) {
  const std::string path = ::testing::TempDir() + "/csv_test_" + std::to_string(getpid()) + ".csv";
  std::ostringstream standard;
  CsvOutput csv(standard);
  ASSERT_TRUE(csv.Open(path).ok());
  for (int i = 0; i < 20'000; ++i) csv.Row({std::to_string(i), "text"});
  ASSERT_TRUE(csv.Flush().ok());
  EXPECT_EQ(csv.rows(), 20'000u);
  const auto text = ReadCsvFile(path);
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(Read(*text).size(), 20'000u);
  CsvOutput again(standard);
  EXPECT_FALSE(again.Open(path).ok()) << "a file that exists is left alone";
  std::filesystem::remove(path);
  EXPECT_FALSE(ReadCsvFile(path).ok());
  CsvOutput out(standard);
  ASSERT_TRUE(out.Open("-").ok());
  out.Row({"x"});
  ASSERT_TRUE(out.Flush().ok());
  EXPECT_EQ(standard.str(), "x\r\n");
}

}  // namespace
}  // namespace tributary::cli
