#include "tributary/merkle/tlog_proof.h"

#include <gtest/gtest.h>

#include "merkle/log_proofs.h"
#include "tributary/merkle/verify.h"
#include "unit/merkle/naive.h"
#include "unit/merkle/signing.h"

namespace tributary::merkle {
namespace {

using base::RejectionCode;
using testing::kOrigin;
using testing::LeafOf;
using testing::LogSigner;

constexpr uint64_t kSize = 300;

CheckpointPolicy Policy() { return {kOrigin, LogSigner().key, {}, 0}; }

TlogProof ProofOf(uint64_t index) {
  LogTree tree;
  MemoryTiles tiles;
  testing::Grow(tree, kSize, tiles);
  TlogProof proof;
  proof.index = index;
  proof.hashes = *InclusionProof(tiles, index, kSize);
  proof.checkpoint =
      SignCheckpoint({kOrigin, kSize, tree.Root(), {}}, LogSigner().key, LogSigner().function());
  return proof;
}

std::string Outcome(std::string_view bytes) {
  const auto proof = ParseTlogProof(bytes);
  if (proof.ok()) {
    EXPECT_EQ(FormatTlogProof(*proof), bytes);
    return "ok";
  }
  EXPECT_EQ(proof.rejection().code, RejectionCode::kProofFileMalformed);
  return proof.rejection().field;
}

std::optional<RejectionCode> CodeOf(const base::Checked<VerifiedCheckpoint>& result) {
  if (result.ok()) return std::nullopt;
  return result.rejection().code;
}

TEST(TlogProofTest, RoundTripsAndVerifies) {
  for (const uint64_t index : {0u, 255u, 256u, 299u}) {
    TlogProof proof = ProofOf(index);
    if (index == 255) proof.extra = {1, 2, 3};
    const auto parsed = ParseTlogProof(FormatTlogProof(proof));
    ASSERT_TRUE(parsed.ok()) << parsed.rejection().ToString();
    EXPECT_EQ(*parsed, proof);
    const auto verified = VerifyTlogProof(*parsed, LeafOf(index), Policy());
    ASSERT_TRUE(verified.ok()) << verified.rejection().ToString();
    EXPECT_EQ(verified->checkpoint.size, kSize);
  }
}

TEST(TlogProofTest, BeginsAsTheSpecificationSays) {
  TlogProof proof = ProofOf(299);
  proof.extra = {0xff};
  EXPECT_TRUE(
      FormatTlogProof(proof).starts_with("c2sp.org/tlog-proof@v1\nextra /w==\nindex 299\n"));
}

TEST(TlogProofTest, RefusesAnotherEntryIndexProofOrKey) {
  const TlogProof good = ProofOf(17);
  EXPECT_EQ(CodeOf(VerifyTlogProof(good, LeafOf(18), Policy())), RejectionCode::kProofMismatch);
  TlogProof bad = good;
  bad.index = 18;
  EXPECT_EQ(CodeOf(VerifyTlogProof(bad, LeafOf(17), Policy())), RejectionCode::kProofMismatch);
  bad.index = kSize;
  EXPECT_EQ(CodeOf(VerifyTlogProof(bad, LeafOf(17), Policy())), RejectionCode::kProofRange);
  bad = good;
  bad.hashes.pop_back();
  EXPECT_EQ(CodeOf(VerifyTlogProof(bad, LeafOf(17), Policy())), RejectionCode::kProofLength);
  bad = good;
  bad.checkpoint[0] ^= 1;
  EXPECT_EQ(CodeOf(VerifyTlogProof(bad, LeafOf(17), Policy())), RejectionCode::kNoteBadSignature);
  CheckpointPolicy strange = Policy();
  strange.log = testing::Stranger().key;
  EXPECT_EQ(CodeOf(VerifyTlogProof(good, LeafOf(17), strange)), RejectionCode::kNoteUnsigned);
}

TEST(TlogProofTest, NamesWhatIsMalformed) {
  const std::string head = "c2sp.org/tlog-proof@v1\n";
  const std::string hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
  EXPECT_EQ(Outcome(head + "index 0\n\nx"), "ok");
  EXPECT_EQ(Outcome(head + "extra AAAA\nindex 7\n" + hash + hash + "\nx"), "ok");
  EXPECT_EQ(Outcome(""), "header");
  EXPECT_EQ(Outcome("c2sp.org/tlog-proof@v1"), "header");
  EXPECT_EQ(Outcome("c2sp.org/tlog-proof@v2\nindex 0\n\nx"), "header");
  EXPECT_EQ(Outcome(head + "extra \nindex 0\n\nx"), "extra");
  EXPECT_EQ(Outcome(head + "extra A\nindex 0\n\nx"), "extra");
  EXPECT_EQ(Outcome(head + "extra AAAA\nextra AAAA\nindex 0\n\nx"), "index");
  EXPECT_EQ(Outcome(head), "index");
  EXPECT_EQ(Outcome(head + "extra AAAA\n"), "index");
  for (const std::string_view index : {"", "00", "01", "-1", "+1", "1 ", "9223372036854775808"}) {
    EXPECT_EQ(Outcome(head + "index " + std::string(index) + "\n\nx"), "index") << index;
  }
  EXPECT_EQ(Outcome(head + "index 9223372036854775807\n\nx"), "ok");
  EXPECT_EQ(Outcome(head + "index 0\nAAAA\n\nx"), "hashes[0]");
  EXPECT_EQ(Outcome(head + "index 0\n" + hash + " " + hash + "\nx"), "hashes[1]");
  EXPECT_EQ(Outcome(head + "index 0\n" + hash), "checkpoint");
  EXPECT_EQ(Outcome(head + "index 0\n\n"), "checkpoint");
}

TEST(TlogProofTest, Accepts63HashesAndNoMore) {
  std::string text = "c2sp.org/tlog-proof@v1\nindex 0\n";
  const std::string hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
  for (int i = 0; i < 63; ++i) text += hash;
  EXPECT_EQ(Outcome(text + "\nx"), "ok");
  EXPECT_EQ(Outcome(text + hash + "\nx"), "hashes[63]");
}

}  // namespace
}  // namespace tributary::merkle
