#include "crypto/ed25519.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <string>
#include <utility>

#include "tributary/base/hex.h"

namespace tributary::crypto {
namespace {

using base::AsBytes;
using base::PublicKey;
using base::SignatureBytes;

template <class F>
F FromHexText(std::string_view hex) {
  const auto bytes = base::FromHex(hex);
  F out;
  EXPECT_TRUE(bytes.has_value() && bytes->size() == out.bytes.size()) << hex;
  if (bytes) std::copy(bytes->begin(), bytes->end(), out.bytes.begin());
  return out;
}

KeyPair KeyFrom(std::string_view seed_hex) {
  return KeyPair::FromSeed(FromHexText<base::Hash>(seed_hex).bytes);
}

// Source: RFC 8032, section 7.1, tests 1 and 2.
constexpr std::string_view kSeed1 =
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
constexpr std::string_view kSeed2 =
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";

TEST(Ed25519Test, MatchesThePublishedVectors) {
  const KeyPair first = KeyFrom(kSeed1);
  EXPECT_EQ(base::ToHex(first.public_key().bytes),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(base::ToHex(first.Sign({}).bytes),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
  const uint8_t message[] = {0x72};
  const KeyPair second = KeyFrom(kSeed2);
  EXPECT_EQ(base::ToHex(second.Sign(message).bytes),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

TEST(Ed25519Test, VerifiesItsOwnSignatureAndNoOther) {
  const KeyPair key = KeyFrom(kSeed1);
  const SignatureBytes signature = key.Sign(AsBytes("message"));
  EXPECT_TRUE(Verify(key.public_key(), AsBytes("message"), signature));
  EXPECT_FALSE(Verify(key.public_key(), AsBytes("Message"), signature));
  EXPECT_FALSE(Verify(key.public_key(), AsBytes("message "), signature));
  EXPECT_FALSE(Verify(KeyFrom(kSeed2).public_key(), AsBytes("message"), signature));
}

TEST(Ed25519Test, EveryFlippedBitOfASignatureIsSeen) {
  const KeyPair key = KeyFrom(kSeed1);
  const SignatureBytes signature = key.Sign(AsBytes("message"));
  for (size_t bit = 0; bit < 512; ++bit) {
    SignatureBytes damaged = signature;
    damaged.bytes[bit / 8] = static_cast<uint8_t>(damaged.bytes[bit / 8] ^ (1u << bit % 8));
    EXPECT_FALSE(Verify(key.public_key(), AsBytes("message"), damaged)) << bit;
  }
}

// S + L signs the same message by the bare equation: accepted, a signature would have two forms.
TEST(Ed25519Test, ASignatureWithAnUnreducedScalarIsRefused) {
  const KeyPair key = KeyFrom(kSeed1);
  SignatureBytes signature = key.Sign(AsBytes("message"));
  const auto order =
      FromHexText<base::Hash>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  unsigned carry = 0;
  for (size_t i = 0; i < 32; ++i) {
    carry += signature.bytes[32 + i] + order.bytes[i];
    signature.bytes[32 + i] = static_cast<uint8_t>(carry);
    carry >>= 8;
  }
  EXPECT_FALSE(Verify(key.public_key(), AsBytes("message"), signature));
}

TEST(Ed25519Test, KeysOfSmallOrderVerifyNothing) {
  PublicKey identity;
  identity.bytes[0] = 1;
  SignatureBytes signature;
  signature.bytes[0] = 1;  // R = identity, S = 0: holds for every message by the bare equation
  EXPECT_FALSE(Verify(identity, AsBytes("message"), signature));
}

TEST(UsableKeyTest, AcceptsKeysMadeFromSeeds) {
  EXPECT_TRUE(IsUsableKey(KeyFrom(kSeed1).public_key()));
  EXPECT_TRUE(IsUsableKey(KeyFrom(kSeed2).public_key()));
}

TEST(UsableKeyTest, RefusesSmallOrderNotCanonicalAndOffTheCurve) {
  EXPECT_FALSE(IsUsableKey(PublicKey{})) << "order 4";
  PublicKey identity;
  identity.bytes[0] = 1;
  EXPECT_FALSE(IsUsableKey(identity)) << "order 1";
  EXPECT_FALSE(IsUsableKey(
      FromHexText<PublicKey>("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")))
      << "order 8";
  EXPECT_FALSE(IsUsableKey(
      FromHexText<PublicKey>("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")))
      << "p + 1";
  PublicKey off;
  off.bytes[0] = 2;
  EXPECT_FALSE(IsUsableKey(off)) << "no point has y = 2";
}

TEST(KeyPairTest, MovingHandsTheKeyOver) {
  KeyPair key = KeyFrom(kSeed1);
  const SignatureBytes expected = key.Sign(AsBytes("m"));
  KeyPair moved = std::move(key);
  EXPECT_EQ(moved.Sign(AsBytes("m")), expected);
  KeyPair other = KeyFrom(kSeed2);
  other = std::move(moved);
  EXPECT_EQ(other.Sign(AsBytes("m")), expected);
  EXPECT_EQ(other.public_key(), KeyFrom(kSeed1).public_key());
}

TEST(KeyPairTest, ASeedOfAnotherLengthIsABug) {
  const std::string seed(31, 's');
  EXPECT_DEATH(KeyPair::FromSeed(AsBytes(seed)), "32 bytes");
}

TEST(WipeTest, LeavesZeros) {
  std::string secret = "secret";
  Wipe(secret.data(), secret.size());
  EXPECT_EQ(secret, std::string(6, '\0'));
}

TEST(TaggedMessageTest, IsTagZeroByteAndParts) {
  EXPECT_EQ(TaggedMessage(Tag::kTransaction, {AsBytes("ab"), AsBytes("c")}),
            std::string("tributary/v1/transaction\0abc", 28));
}

}  // namespace
}  // namespace tributary::crypto
