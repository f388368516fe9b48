// Each pattern in a made-up history, beside people who do nothing wrong.
#include "cli/gaming.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tributary::cli {
namespace {

constexpr uint64_t kHourMs = 3'600'000;

class GamingTest : public ::testing::Test {
 protected:
  // Twenty people, each with a data set and a model on it and on the data set before: what is
  // usual.
  void SetUp() override {
    for (int i = 0; i < 20; ++i) {
      const std::string who = "honest-" + std::to_string(i);
      std::vector<GamingRecord::Parent> parents = {{Add(who, {}), 300'000'000}};
      if (i > 0) parents.push_back({first_ + 2 * static_cast<size_t>(i) - 2, 100'000'000});
      Add(who, parents);
    }
  }
  size_t Add(const std::string& owner, std::vector<GamingRecord::Parent> parents) {
    GamingRecord record;
    record.name = "record-" + std::to_string(history_.records.size());
    record.id = std::string(32, static_cast<char>(history_.records.size()));
    record.owners = {owner};
    record.parents = std::move(parents);
    record.time_ms = time_ms_;
    time_ms_ += kHourMs;
    record.content = "content-" + std::to_string(history_.records.size());
    history_.records.push_back(std::move(record));
    return history_.records.size() - 1;
  }
  std::vector<Finding> Of(Pattern pattern) const {
    std::vector<Finding> found;
    for (const Finding& finding : FindGaming(history_).findings) {
      if (finding.pattern == pattern) found.push_back(finding);
    }
    return found;
  }

  GamingHistory history_;
  uint64_t time_ms_ = 1'700'000'000'000 / kHourMs * kHourMs;
  const size_t first_ = 0;
};

TEST_F(GamingTest, WhereNothingIsWrongNothingIsFound) {
  const GamingReport report = FindGaming(history_);
  EXPECT_TRUE(report.findings.empty()) << report.findings.front().what;
  EXPECT_EQ(report.looked_at[static_cast<size_t>(Pattern::kHops)], 20u);
  EXPECT_EQ(report.looked_at[static_cast<size_t>(Pattern::kBurst)], 40u);
}

TEST_F(GamingTest, HopsOfOnesOwnAreNamedWithWhatTheyCostTheParent) {
  const size_t one = Add("mallory", {{0, 400'000'000}});
  EXPECT_TRUE(Of(Pattern::kHops).empty());
  const size_t two = Add("mallory", {{one, 400'000'000}});
  EXPECT_TRUE(Of(Pattern::kHops).empty()) << "one hop is a base model and its fine-tuning";
  const size_t asset = Add("mallory", {{two, 400'000'000}});
  const auto found = Of(Pattern::kHops);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].measure, 2u);
  EXPECT_EQ(found[0].baseline, 0u);
  EXPECT_EQ(found[0].records, (std::vector<size_t>{asset, two, one, 0}));
  EXPECT_EQ(found[0].what,
            "mallory put 2 records of their own between record-42 and record-0, which gets 6.4 % "
            "of what arrives, not 40 %");
}

TEST_F(GamingTest, HopsThatOthersUseOrThatAddSomethingAreNoHops) {
  const size_t one = Add("ann", {{0, 400'000'000}});
  const size_t two = Add("ann", {{one, 400'000'000}});
  Add("ann", {{two, 400'000'000}});
  ASSERT_EQ(Of(Pattern::kHops).size(), 1u);
  Add("bob", {{one, 400'000'000}});
  EXPECT_TRUE(Of(Pattern::kHops).empty()) << "somebody else builds on one of them";
  const size_t three = Add("cat", {{2, 400'000'000}});
  const size_t four = Add("cat", {{three, 200'000'000}, {4, 200'000'000}});
  Add("cat", {{four, 400'000'000}});
  EXPECT_TRUE(Of(Pattern::kHops).empty()) << "one of them has a second parent";
}

TEST_F(GamingTest, ARingThatOnlyPaysItselfIsNamed) {
  const size_t a = Add("mallory", {});
  const size_t b = Add("trudy", {{a, 500'000'000}});
  const size_t c = Add("oscar", {{b, 500'000'000}});
  const size_t d = Add("mallory", {{c, 500'000'000}});
  const auto found = Of(Pattern::kRing);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].accounts.size(), 3u);
  EXPECT_EQ(found[0].measure, 1'000'000'000u);
  EXPECT_EQ(found[0].baseline, 0u);
  EXPECT_EQ(found[0].records, (std::vector<size_t>{b, c, d}));
  Add("honest-3", {{d, 500'000'000}});
  EXPECT_TRUE(Of(Pattern::kRing).empty()) << "somebody else builds on them";
}

TEST_F(GamingTest, ARingThatPassesOnToOthersIsNone) {
  const size_t a = Add("ann", {});
  const size_t b = Add("bob", {{a, 500'000'000}, {0, 112'000'000}});
  Add("ann", {{b, 500'000'000}});
  EXPECT_TRUE(Of(Pattern::kRing).empty()) << "a tenth and more goes to others";
}

TEST_F(GamingTest, OneAccountWithMostOfManyPartsIsNamed) {
  for (int i = 0; i < 3; ++i) {
    std::vector<GamingRecord::Parent> parents;
    for (size_t p = 0; p < 10; ++p) parents.push_back({2 * p, 50'000'000});
    Add("maker-" + std::to_string(i), parents);
  }
  EXPECT_TRUE(Of(Pattern::kConcentration).empty());
  std::vector<GamingRecord::Parent> parents = {{0, 50'000'000}, {2, 50'000'000}};
  for (int i = 0; i < 8; ++i) parents.push_back({Add("mallory", {}), 50'000'000});
  const size_t asset = Add("maker-9", parents);
  const auto found = Of(Pattern::kConcentration);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].accounts, (std::vector<std::string>{"mallory"}));
  EXPECT_EQ(found[0].measure, 800'000'000u);
  EXPECT_EQ(found[0].baseline, 100'000'000u);
  EXPECT_EQ(found[0].records.front(), asset);
  EXPECT_EQ(found[0].records.size(), 9u);
}

TEST_F(GamingTest, ABurstIsNamedAndWhatASponsorImportsIsNone) {
  const uint64_t from = time_ms_;
  for (int i = 0; i < 20; ++i) {
    time_ms_ = from + static_cast<uint64_t>(i) * 1'000;
    history_.records[Add("imported", {})].custodial = true;
    time_ms_ = from + static_cast<uint64_t>(i) * 1'000;
    Add("mallory", {});
    EXPECT_EQ(Of(Pattern::kBurst).size(), i < 19 ? 0u : 1u);
  }
  const auto found = Of(Pattern::kBurst);
  EXPECT_EQ(found[0].accounts, (std::vector<std::string>{"mallory"}));
  EXPECT_EQ(found[0].measure, 20u);
  EXPECT_EQ(found[0].baseline, 1u);
}

TEST_F(GamingTest, CopiesAreNamedByContentAndBySketchAmongOthersOnly) {
  for (uint64_t i = 0; i < 32; ++i) history_.records[0].sketch.push_back(1'000 + i);
  const size_t own = Add("honest-0", {});
  history_.records[own].sketch = history_.records[0].sketch;
  history_.records[own].content = history_.records[0].content;
  EXPECT_TRUE(Of(Pattern::kCopy).empty()) << "one's own";
  const size_t near = Add("mallory", {});
  history_.records[near].sketch = history_.records[0].sketch;
  for (size_t i = 24; i < 32; ++i) history_.records[near].sketch[i] = i;
  auto found = Of(Pattern::kCopy);
  ASSERT_EQ(found.size(), 2u) << "of both records of honest-0";
  EXPECT_EQ(found[0].measure, 750'000'000u);
  history_.records[near].sketch[23] = 0;
  EXPECT_TRUE(Of(Pattern::kCopy).empty()) << "below three quarters";
  history_.records[near].content = history_.records[2].content;
  found = Of(Pattern::kCopy);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].records, (std::vector<size_t>{2, near}));
}

TEST(HistogramTest, PercentilesAreNearestRankAndLeaveOut) {
  Histogram all, own;
  EXPECT_EQ(all.Percentile(50), 0u);
  for (const uint64_t value : {1, 2, 3, 4}) all.Add(value);
  EXPECT_EQ(all.Percentile(50), 2u);
  EXPECT_EQ(all.Percentile(51), 3u);
  EXPECT_EQ(all.Percentile(100), 4u);
  own.Add(1);
  own.Add(2);
  EXPECT_EQ(all.Percentile(50, own), 3u);
}

}  // namespace
}  // namespace tributary::cli
