#include "api/page.h"

#include <gtest/gtest.h>

#include "api/listen_address.h"

namespace tributary::api {
namespace {

TEST(PageTest, SizesAreBounded) {
  EXPECT_EQ(PageSize(0), 100u);
  EXPECT_EQ(PageSize(1), 1u);
  EXPECT_EQ(PageSize(1'000), 1'000u);
  EXPECT_EQ(PageSize(1'001), 1'000u);
}

TEST(PageTest, TokensComeBackAsTheyWereMade) {
  const std::string token = MakeToken('s', {1, 0, UINT64_MAX});
  const auto numbers = ParseToken(token, 's', 3);
  ASSERT_TRUE(numbers.has_value());
  EXPECT_EQ(*numbers, (std::vector<uint64_t>{1, 0, UINT64_MAX}));
}

TEST(PageTest, WhatIsNoTokenOfTheMethodIsRefused) {
  for (const char* token : {"", "s", "s1", "s1.2", "s1.2.3.4", "s1.2.3 ", "r1.2.3", "s1..3",
                            "s-1.2.3", "s1.2.18446744073709551616"}) {
    EXPECT_FALSE(ParseToken(token, 's', 3).has_value()) << token;
  }
}

TEST(ListenAddressTest, LoopbackIsTakenAndNothingElse) {
  for (const char* good : {"127.0.0.1:1", "127.1.2.3:65535", "[::1]:0", "localhost:7400"}) {
    EXPECT_TRUE(ParseListenAddress(good).ok()) << good;
  }
  for (const char* bad : {"0.0.0.0:1", "10.0.0.1:1", "[::]:1", "::1:1", "127.0.0.1",
                          "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:1x", "example.org:1", ":1"}) {
    EXPECT_EQ(ParseListenAddress(bad).status().code(), absl::StatusCode::kInvalidArgument) << bad;
  }
}

TEST(ListenAddressTest, AnAddressOfTheNetworkIsRefusedForWantOfTls) {
  const auto status = ParseListenAddress("192.0.2.1:7400").status();
  EXPECT_NE(std::string(status.message()).find("TLS"), std::string::npos);
}

}  // namespace
}  // namespace tributary::api
