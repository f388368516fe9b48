// The strict codec against libprotobuf, over generated messages and damaged ones.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>

#include "codec/ledger.h"
#include "property/codec/message_generator.h"
#include "tributary/v1/ledger.pb.h"

namespace tributary::codec {
namespace {

using testing::MessageGenerator;

// TRIBUTARY_SEED moves the whole test to other inputs; a failure prints the seed it needs.
uint64_t BaseSeed() {
  const char* text = std::getenv("TRIBUTARY_SEED");
  return text == nullptr ? 1 : std::strtoull(text, nullptr, 10);
}

template <class T, class P>
struct Pair {
  using Ours = T;
  using Theirs = P;
};

template <class P>
class CodecPropertyTest : public ::testing::Test {};

using Pairs =
    ::testing::Types<Pair<SignedTransaction, v1::SignedTransaction>,
                     Pair<TransactionBody, v1::TransactionBody>,
                     Pair<Registration, v1::Registration>, Pair<Record, v1::Record>,
                     Pair<AttributionClaim, v1::AttributionClaim>, Pair<Genesis, v1::Genesis>>;
TYPED_TEST_SUITE(CodecPropertyTest, Pairs);

TYPED_TEST(CodecPropertyTest, AValidMessageIsAcceptedAndLibprotobufWritesTheSameBytes) {
  for (uint64_t i = 0; i < 2'000; ++i) {
    const uint64_t seed = BaseSeed() * 1'000'000 + i;
    SCOPED_TRACE("seed " + std::to_string(seed));
    MessageGenerator generator(seed);
    const auto message = generator.template Make<typename TypeParam::Ours>();
    const std::string bytes = Encode(message);
    const auto decoded = Decode<typename TypeParam::Ours>(base::AsBytes(bytes));
    ASSERT_TRUE(decoded.ok()) << decoded.rejection().ToString();
    ASSERT_EQ(Encode(*decoded), bytes);
    typename TypeParam::Theirs theirs;
    ASSERT_TRUE(theirs.ParseFromString(bytes));
    ASSERT_EQ(theirs.SerializeAsString(), bytes);
  }
}

// One small damage, of a kind that transports, bugs and attackers make.
std::string Damage(std::string bytes, std::mt19937_64& random) {
  const auto below = [&random](size_t bound) { return bound == 0 ? 0 : random() % bound; };
  const size_t at = below(bytes.size());
  const size_t size = 1 + below(std::min<size_t>(bytes.size() - at, 40));
  switch (random() % 7) {
    case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8))); break;
    case 1: bytes[at] = static_cast<char>(random()); break;
    case 2: bytes.erase(at, size); break;
    case 3: bytes.insert(at, 1, static_cast<char>(random())); break;
    case 4: bytes.insert(at, bytes.substr(at, size)); break;
    case 5: bytes.resize(at); break;
    case 6: bytes.append(1 + below(4), static_cast<char>(random())); break;
  }
  return bytes;
}

TYPED_TEST(CodecPropertyTest, WhatIsAcceptedHasOneFormAndMeansTheSameToLibprotobuf) {
  std::map<uint16_t, int> refused;
  int accepted = 0;
  for (uint64_t i = 0; i < 20'000; ++i) {
    const uint64_t seed = BaseSeed() * 1'000'000 + i;
    SCOPED_TRACE("seed " + std::to_string(seed));
    MessageGenerator generator(seed, 2);
    std::mt19937_64 random(seed);
    const std::string bytes =
        Damage(Encode(generator.template Make<typename TypeParam::Ours>()), random);
    const auto decoded = Decode<typename TypeParam::Ours>(base::AsBytes(bytes));
    if (!decoded) {
      ++refused[decoded.rejection().number()];
      continue;
    }
    ++accepted;
    ASSERT_EQ(Encode(*decoded), bytes);
    typename TypeParam::Theirs theirs;
    ASSERT_TRUE(theirs.ParseFromString(bytes));
    ASSERT_EQ(theirs.SerializeAsString(), bytes);
  }
  std::printf("accepted %d, refused by rule:", accepted);
  for (const auto& [number, count] : refused) std::printf(" %d:%d", number, count);
  std::printf("\n");
  EXPECT_GT(accepted, 200) << "damage that is never accepted shows nothing";
  EXPECT_GT(refused.size(), 6u) << "damage that always breaks the same rule shows little";
}

}  // namespace
}  // namespace tributary::codec
