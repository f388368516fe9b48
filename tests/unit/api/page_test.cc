#include "api/page.h"
#include "tributary/v1/api.pb.h"

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
  const std::string token = MakeToken({'s', 7}, {1, 0, UINT64_MAX});
  const auto numbers = ParseToken(token, {'s', 7}, 3);
  ASSERT_TRUE(numbers.has_value());
  EXPECT_EQ(*numbers, (std::vector<uint64_t>{1, 0, UINT64_MAX}));
}

TEST(PageTest, WhatIsNoTokenOfTheQueryIsRefused) {
  ASSERT_TRUE(ParseToken("s7.1.2.3", {'s', 7}, 3).has_value());
  for (const char* token :
       {"", "s", "s7", "s7.1", "s7.1.2", "s7.1.2.3.4", "s7.1.2.3 ", "r7.1.2.3", "s8.1.2.3",
        "s71.2.3", "s7.1..3", "s7.-1.2.3", "s7.1.2.18446744073709551616", "s07.1.2.3"}) {
    EXPECT_FALSE(ParseToken(token, {'s', 7}, 3).has_value()) << token;
  }
}

TEST(PageTest, AQueryIsItsRequestWithoutThePage) {
  v1::ListPayoutsRequest request;
  request.set_currency("USD");
  const PageQuery query = QueryOf('p', request);
  request.set_page_size(7);
  request.set_page_token("p1.2");
  EXPECT_EQ(QueryOf('p', request).filter, query.filter);
  request.set_currency("EUR");
  EXPECT_NE(QueryOf('p', request).filter, query.filter);
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
