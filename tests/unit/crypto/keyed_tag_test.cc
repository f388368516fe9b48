#include "crypto/keyed_tag.h"

#include <gtest/gtest.h>

#include <numeric>

namespace tributary::crypto {
namespace {

TagKey CountingKey() {
  TagKey key;
  std::iota(key.begin(), key.end(), uint8_t{0});
  return key;
}

// Source: vectors_sip128 of the SipHash reference implementation, inputs of 0 and 1 bytes.
TEST(KeyedTagTest, IsTheFrontOfTheReferenceSipHash128) {
  const Tag96 empty = KeyedTag96(CountingKey(), {});
  EXPECT_EQ(empty.low, 0xe6a825ba047f81a3u);
  EXPECT_EQ(empty.high, 0x1472f66du);
  const uint8_t zero[] = {0};
  EXPECT_EQ(KeyedTag96(CountingKey(), zero).low, 0x44af996bd8c187dau);
}

TEST(KeyedTagTest, DependsOnKeyAndBytes) {
  const uint8_t bytes[] = {1, 2, 3};
  TagKey other = CountingKey();
  other[15] ^= 1;
  EXPECT_EQ(KeyedTag96(CountingKey(), bytes), KeyedTag96(CountingKey(), bytes));
  EXPECT_NE(KeyedTag96(CountingKey(), bytes), KeyedTag96(other, bytes));
  EXPECT_NE(KeyedTag96(CountingKey(), bytes), KeyedTag96(CountingKey(), {bytes, 2}));
}

}  // namespace
}  // namespace tributary::crypto
