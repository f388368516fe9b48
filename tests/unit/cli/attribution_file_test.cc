#include "cli/attribution_file.h"

#include <gtest/gtest.h>
#include <sstream>

namespace tributary::cli {
namespace {

v1::Attribution Signed() {
  v1::AttributionClaim claim;
  claim.set_reference("sale-1");
  v1::Attribution attribution;
  attribution.set_claim(claim.SerializeAsString());
  attribution.set_signature(std::string(64, '\x01'));
  return attribution;
}

TEST(AttributionFileTest, WhatIsWrittenIsRead) {
  const auto read = ParseAttribution(WriteAttribution(Signed()));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->SerializeAsString(), Signed().SerializeAsString());
}

TEST(AttributionFileTest, WhatIsNoAttributionIsSaidToBeNone) {
  for (const char* text :
       {"", "[]", "{}", R"({"claim":"0a"})", R"({"claim":1,"signature":"00"})",
        R"({"claim":"0g","signature":"00"})", R"({"claim":"ff","signature":"00"})"}) {
    EXPECT_FALSE(ParseAttribution(text).ok()) << text;
  }
}

TEST(InfluenceTest, TheWeightStandsAfterTheLastEqualsSign) {
  const auto named = ParseInfluence("hf:a/b=7");
  ASSERT_TRUE(named.ok());
  EXPECT_EQ(named->record, "hf:a/b");
  EXPECT_EQ(named->weight, 7u);
  EXPECT_EQ(ParseInfluence("#3")->weight, 1u);
  EXPECT_EQ(ParseInfluence("#3=4294967295")->weight, UINT32_MAX);
  for (const char* text : {"#3=0", "#3=4294967296", "#3=x", "#3="}) {
    EXPECT_FALSE(ParseInfluence(text).ok()) << text;
  }
}

TEST(InfluenceTest, AFileNamesItsBadLines) {
  std::istringstream good("{\"record\":\"#1\",\"weight\":2}\n\n{\"record\":\"#2\",\"weight\":1}\n");
  const auto lines = ParseInfluences(good, "file");
  ASSERT_TRUE(lines.ok());
  EXPECT_EQ(lines->size(), 2u);
  std::istringstream bad("{\"record\":\"#1\",\"weight\":0}\n{\"weight\":1}\n");
  const auto status = ParseInfluences(bad, "file").status();
  EXPECT_NE(status.message().find("file:1:"), absl::string_view::npos);
  EXPECT_NE(status.message().find("file:2:"), absl::string_view::npos);
}

}  // namespace
}  // namespace tributary::cli
