#include "tributary/base/types.h"

#include <type_traits>

#include "gtest/gtest.h"

namespace tributary::base {
namespace {

// Ids that hash different things, and numbers that count different things, never mix.
static_assert(!std::is_convertible_v<Height, Epoch>);
static_assert(!std::is_constructible_v<Height, Epoch>);
static_assert(!std::is_convertible_v<uint64_t, Height>);
static_assert(!std::is_convertible_v<Height, uint64_t>);
static_assert(!std::is_convertible_v<AccountId, RecordId>);
static_assert(!std::is_constructible_v<RecordId, AccountId>);
static_assert(!std::is_convertible_v<PublicKey, Hash>);
static_assert(sizeof(RecordSeq) == 4 && sizeof(Height) == 8 && sizeof(Hash) == 32);
static_assert(std::is_trivially_copyable_v<Hash> && std::is_trivially_copyable_v<Ppb>);

TEST(StrongTest, ComparesAndCountsByValue) {
  EXPECT_EQ(Height().value(), 0u);
  EXPECT_LT(Height(1), Height(2));
  EXPECT_EQ(Height(1).Next(), Height(2));
  EXPECT_EQ(CurrencyIndex(65535).Next(), CurrencyIndex(0));
}

TEST(DigestTest, ComparesAsUnsignedBytesFirstByteFirst) {
  RecordId low;
  RecordId high;
  low.bytes[31] = 0xff;
  high.bytes[0] = 0x80;
  EXPECT_LT(low, high);
  EXPECT_TRUE(RecordId().IsZero());
  EXPECT_FALSE(low.IsZero());
  EXPECT_EQ(RecordId::From(low.view()), low);
}

TEST(BytesTest, TextAndBytesAreViewsOfTheSameMemory) {
  const std::string_view text("a\0\xff", 3);
  const Bytes bytes = AsBytes(text);
  ASSERT_EQ(bytes.size(), 3u);
  EXPECT_EQ(bytes[2], 0xff);
  EXPECT_EQ(AsText(bytes), text);
  EXPECT_EQ(AsText(bytes).data(), text.data());
}

}  // namespace
}  // namespace tributary::base
