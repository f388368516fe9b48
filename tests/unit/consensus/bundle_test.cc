#include "consensus/bundle.h"

#include <gtest/gtest.h>

#include <random>

#include "codec/limits.h"

namespace tributary::consensus {
namespace {

std::vector<std::string_view> Views(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

TEST(BundleTest, WhatIsEncodedIsDecodedToTheSame) {
  const std::vector<std::string> transactions = {"one", std::string(1, '\0'),
                                                 std::string(codec::kTransactionBytesMax, 'x')};
  const std::string bytes = EncodeBundle(7, Views(transactions));
  EXPECT_EQ(bytes.substr(0, 13), std::string("TB\x01\x07\0\0\0\x03\0\x03\0\0\0", 13));
  const auto bundle = DecodeBundle(bytes);
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  EXPECT_EQ(bundle->attempt, 7u);
  EXPECT_EQ(bundle->transactions, Views(transactions));
}

TEST(BundleTest, AnotherAttemptHasAnotherHash) {
  EXPECT_NE(BundleHash(EncodeBundle(0, {"a"})), BundleHash(EncodeBundle(1, {"a"})));
}

TEST(BundleTest, EveryCutAndEveryAddedByteIsRefused) {
  const std::string bytes = EncodeBundle(0, {"abc", "d"});
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeBundle(std::string_view(bytes).substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(DecodeBundle(bytes + '\0').ok());
}

TEST(BundleTest, BoundsAreExact) {
  // Two transactions of the greatest length do not fit into 128 KiB; with one byte less per part
  // they do.
  const std::string whole(codec::kTransactionBytesMax, 'x');
  const size_t room = kBundleBytesMax - kBundleHeaderBytes - 8 - whole.size();
  const std::string rest(room, 'y');
  const std::string bytes = EncodeBundle(0, {whole, rest});
  EXPECT_EQ(bytes.size(), kBundleBytesMax);
  EXPECT_TRUE(DecodeBundle(bytes).ok());
  std::string longer = bytes + 'z';
  longer[kBundleHeaderBytes + 4 + whole.size()] =
      static_cast<char>(static_cast<uint8_t>(longer[kBundleHeaderBytes + 4 + whole.size()]) + 1);
  EXPECT_FALSE(DecodeBundle(longer).ok());

  const std::vector<std::string_view> most(kBundleTransactionsMax, "t");
  std::string many = EncodeBundle(0, most);
  EXPECT_TRUE(DecodeBundle(many).ok());
  many[7] = '\x01';  // 1,025
  many += std::string("\x01\0\0\0t", 5);
  EXPECT_FALSE(DecodeBundle(many).ok());
}

TEST(BundleTest, AnyChangedByteIsRefusedOrChangesWhatIsSaid) {
  const std::string bytes = EncodeBundle(3, {"abc", "defg"});
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    const auto bundle = DecodeBundle(changed);
    if (bundle.ok()) {
      EXPECT_EQ(EncodeBundle(bundle->attempt, bundle->transactions), changed) << at;
    }
  }
}

}  // namespace
}  // namespace tributary::consensus
