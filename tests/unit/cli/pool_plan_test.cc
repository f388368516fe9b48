#include "cli/pool_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "cli/exit_code.h"
#include "crypto/hash.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

base::RecordId RecordNumber(uint64_t number) {
  return base::RecordId{crypto::Sha256(base::AsBytes("r" + std::to_string(number))).bytes};
}

std::vector<Member> Members(size_t count, uint32_t weight = 1) {
  std::vector<Member> members;
  for (size_t i = 0; i < count; ++i) members.push_back({RecordNumber(i), weight});
  return members;
}

const Curator kCurator{base::AccountId{crypto::Sha256(base::AsBytes("curator")).bytes}, "moss"};

absl::StatusOr<std::vector<MemberLine>> Parse(const std::string& text) {
  std::istringstream in(text);
  return ParseMembers(in, "m.txt");
}

template <class T>
std::string Why(const absl::StatusOr<T>& made) {
  if (made.ok()) return "accepted";
  EXPECT_EQ(ExitCodeOf(made.status()), ExitCode::kUsage);
  return std::string(base::Message(made.status()));
}

TEST(PoolFileTest, ALineIsARecordAndPerhapsAWeight) {
  const auto members = Parse("# a comment\nhf:a/b 3\n\n#17\nhf:a/c 4294967295\r\n");
  ASSERT_TRUE(members.ok());
  ASSERT_EQ(members->size(), 3u);
  EXPECT_EQ((*members)[0].record, "hf:a/b");
  EXPECT_EQ((*members)[0].weight, 3u);
  EXPECT_EQ((*members)[1].record, "#17");
  EXPECT_EQ((*members)[1].weight, 1u);
  EXPECT_EQ((*members)[2].weight, UINT32_MAX);
}

TEST(PoolFileTest, ABadLineIsNamed) {
  EXPECT_EQ(Why(Parse("")), "m.txt names no member");
  EXPECT_EQ(Why(Parse("hf:a/b\nhf:a/c 0\n")).substr(0, 12), "m.txt line 2");
  EXPECT_EQ(Why(Parse("hf:a/b 4294967296\n")).substr(0, 12), "m.txt line 1");
  EXPECT_EQ(Why(Parse("hf:a/b  3\n")).substr(0, 12), "m.txt line 1");
  EXPECT_EQ(Why(Parse("nonsense\n")).substr(0, 12), "m.txt line 1");
}

TEST(PoolPlanTest, PagesAreFullAndDoNotDependOnTheOrder) {
  auto members = Members(2'001);
  const auto pages = MakePages(kCurator, members);
  ASSERT_TRUE(pages.ok());
  ASSERT_EQ(pages->size(), 3u);
  EXPECT_EQ((*pages)[0].weight, 1'000u);
  EXPECT_EQ((*pages)[2].weight, 1u);
  EXPECT_EQ((*pages)[0].record.message().parents_size(), 1'000);
  std::reverse(members.begin(), members.end());
  const auto again = MakePages(kCurator, members);
  ASSERT_TRUE(again.ok());
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ((*again)[i].id, (*pages)[i].id);
}

TEST(PoolPlanTest, AFullPageOfTheHeaviestRecordsFitsIntoATransaction) {
  auto members = Members(1'000, UINT32_MAX / 1'000);
  const auto pages = MakePages(kCurator, members);
  ASSERT_TRUE(pages.ok());
  EXPECT_LT((*pages)[0].record.Bytes().size(), 60'000u);
}

TEST(PoolPlanTest, PoolsOfOthersAndOfOtherNamesHaveOtherRecords) {
  const auto one = MakePages(kCurator, Members(3));
  const auto renamed = MakePages({kCurator.account, "fern"}, Members(3));
  const auto of_another = MakePages({base::AccountId{}, "moss"}, Members(3));
  EXPECT_NE((*one)[0].id, (*renamed)[0].id);
  EXPECT_NE((*one)[0].id, (*of_another)[0].id);
}

TEST(PoolPlanTest, WhatTheChainWouldRefuseIsRefusedHere) {
  auto twice = Members(3);
  twice.push_back(twice[1]);
  EXPECT_NE(Why(MakePages(kCurator, twice)).find("stands twice"), std::string::npos);
  EXPECT_EQ(Why(MakePages(kCurator, {{RecordNumber(1), UINT32_MAX - 5}, {RecordNumber(2), 5}})),
            "accepted");
  EXPECT_NE(Why(MakePages(kCurator, {{RecordNumber(1), UINT32_MAX - 5}, {RecordNumber(2), 6}}))
                .find("above 4,294,967,295"),
            std::string::npos);
  EXPECT_EQ(Why(MakePages(kCurator, {{RecordNumber(1), 999'999'999}, {RecordNumber(2), 1}})),
            "accepted");
  EXPECT_NE(Why(MakePages(kCurator, {{RecordNumber(1), 1'000'000'000}, {RecordNumber(2), 1}}))
                .find("lighter than a billionth"),
            std::string::npos);
}

TEST(PoolPlanTest, AVersionHoldsAThousandPagesBesideTheOneBefore) {
  EXPECT_EQ(Why(MakeVersion(kCurator, 2, Members(1'001, 1'000))), "accepted");
  EXPECT_NE(Why(MakeVersion(kCurator, 2, Members(1'002, 1'000))).find("pool of pools"),
            std::string::npos);
}

TEST(PoolPlanTest, APoolHasAPlainName) {
  EXPECT_TRUE(CheckPoolName("moss-2.a_b").ok());
  EXPECT_TRUE(CheckPoolName(std::string(60, 'a')).ok());
  for (const std::string& bad : {std::string(), std::string(61, 'a'), std::string("Moss"),
                                 std::string("a/b"), std::string("a b")}) {
    EXPECT_FALSE(CheckPoolName(bad).ok()) << bad;
  }
  EXPECT_EQ(VersionName("moss", 3), "pool:moss/3");
}

TEST(PoolPlanTest, ErrorsAddUpAlongAPath) {
  EXPECT_EQ(EdgeErrorE15(base::kPpbOne), 0u);
  EXPECT_EQ(EdgeErrorE15(1), 1'000'000'000'000'000u);
  EXPECT_EQ(EdgeErrorE15(1'000'001), 1'000'000'001u);
  // A thousand members in a thousand pages, equally: about two millionths.
  EXPECT_EQ(ErrorPpb(2 * EdgeErrorE15(1'000'000)), 2'002u);
  EXPECT_EQ(ErrorPpb(EdgeErrorE15(1)), UINT64_MAX);
}

}  // namespace
}  // namespace tributary::cli
