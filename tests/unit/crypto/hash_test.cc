#include "crypto/hash.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tributary/base/hex.h"

namespace tributary::crypto {
namespace {

using base::AsBytes;
using base::Hash;
using base::ToHex;

constexpr Tag kAllTags[] = {
    Tag::kTransaction, Tag::kTransactionId, Tag::kAccount,   Tag::kRecord,     Tag::kPossession,
    Tag::kAttribution, Tag::kReserve,       Tag::kHeader,    Tag::kContentKey, Tag::kExternalId,
    Tag::kReference,   Tag::kStateRoot,     Tag::kTableRoot, Tag::kResults,    Tag::kSettlement};

// Source: FIPS 180-2, appendix B.
TEST(Sha256Test, MatchesThePublishedVectors) {
  EXPECT_EQ(ToHex(Sha256({}).bytes),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(Sha256(AsBytes("abc")).bytes),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(
      ToHex(Sha256(AsBytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")).bytes),
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(HasherTest, DoesNotDependOnHowTheMessageIsCut) {
  const std::string text(1'000, 'x');
  Hasher hasher;
  for (size_t at = 0; at < text.size(); at += 7)
    hasher.Update(std::string_view(text).substr(at, 7));
  EXPECT_EQ(hasher.Finish(), Sha256(AsBytes(text)));
}

TEST(HasherTest, IsReadyForANewMessageAfterFinish) {
  Hasher hasher;
  hasher.Update("first").Finish();
  EXPECT_EQ(hasher.Update("abc").Finish(), Sha256(AsBytes("abc")));
}

TEST(HasherTest, StartsWithItsTagLikeTaggedHash) {
  Hasher hasher(Tag::kResults);
  EXPECT_EQ(hasher.Update("ab").Update("c").Finish(), TaggedHash(Tag::kResults, {AsBytes("abc")}));
}

TEST(TaggedHashTest, IsTheHashOfTagZeroByteAndParts) {
  const std::string whole = std::string("tributary/v1/record") + '\0' + "abcdef";
  EXPECT_EQ(TaggedHash(Tag::kRecord, {AsBytes("abc"), {}, AsBytes("def")}), Sha256(AsBytes(whole)));
}

TEST(TaggedHashTest, EveryTagIsDistinctAndNoneIsThePrefixOfAnotherWithItsZeroByte) {
  std::set<std::string_view> texts;
  std::set<Hash> hashes;
  for (const Tag tag : kAllTags) {
    EXPECT_EQ(TagText(tag).substr(0, 13), "tributary/v1/");
    EXPECT_EQ(TagText(tag).find('\0'), std::string_view::npos);
    texts.insert(TagText(tag));
    hashes.insert(TaggedHash(tag, {}));
  }
  EXPECT_EQ(texts.size(), std::size(kAllTags));
  EXPECT_EQ(hashes.size(), std::size(kAllTags));
}

TEST(TaggedHashTest, ADigestTypeHoldsTheSameBytes) {
  const auto id = TaggedDigest<base::RecordId>(Tag::kRecord, {AsBytes("abc")});
  EXPECT_EQ(id.bytes, TaggedHash(Tag::kRecord, {AsBytes("abc")}).bytes);
}

// Source: RFC 6962, section 2.1: SHA-256(0x00 || leaf), SHA-256(0x01 || left || right).
TEST(MerkleHashTest, LeavesAndNodesAreSeparatedAsInRfc6962) {
  EXPECT_EQ(ToHex(LeafHash({}).bytes),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  const Hash left = LeafHash(AsBytes("l"));
  const Hash right = LeafHash(AsBytes("r"));
  EXPECT_EQ(LeafHash(AsBytes("l")), Sha256(AsBytes(std::string_view("\0l", 2))));
  std::string node = "\x01";
  node += base::AsText(left.bytes);
  node += base::AsText(right.bytes);
  EXPECT_EQ(NodeHash(left, right), Sha256(AsBytes(node)));
  EXPECT_NE(NodeHash(left, right), NodeHash(right, left));
}

TEST(Sha256Test, ThreadsDoNotDisturbEachOther) {
  const Hash expected = LeafHash(AsBytes("abc"));
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&wrong, &expected, t] {
      for (int i = 0; i < 2'000; ++i) wrong[t] += LeafHash(AsBytes("abc")) == expected ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

}  // namespace
}  // namespace tributary::crypto
