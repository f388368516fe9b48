#include "tributary/merkle/checkpoint.h"

#include <gtest/gtest.h>

#include "tributary/base/hex.h"
#include "tributary/merkle/verify.h"
#include "unit/merkle/signing.h"

namespace tributary::merkle {
namespace {

using base::RejectionCode;
using testing::kOrigin;
using testing::LogSigner;
using testing::NodeSigner;
using testing::Stranger;

// Signed by golang.org/x/mod/sumdb/note with the same seed.
constexpr char kGoCheckpoint[] =
    "ledger.example.com/attribution\n"
    "70000\n"
    "B1kWeg+Y416ALUb/fH0p0sPwOmOiVt62q7/zV6kbY7E=\n"
    "\n"
    "\xE2\x80\x94 ledger.example.com/attribution "
    "SFi9S9dllXjsfpFcjnY/4FsEXWagelevuCyKnyR2t70vnyAFxBxGFxXjHAVXRaGZlNK4CTwy1if4qNBXbEh8ldOe/Qw="
    "\n";

Checkpoint At70000() {
  return {kOrigin,
          70000,
          *base::DigestFromHex<base::Hash>(
              "0759167a0f98e35e802d46ff7c7d29d2c3f03a63a256deb6abbff357a91b63b1"),
          {}};
}

CheckpointPolicy Policy() { return {kOrigin, LogSigner().key, {}, 0}; }

std::string Outcome(std::string_view text) {
  const auto checkpoint = ParseCheckpointText(text);
  if (checkpoint.ok()) {
    EXPECT_EQ(CheckpointText(*checkpoint), text);
    return "ok";
  }
  EXPECT_EQ(checkpoint.rejection().code, RejectionCode::kCheckpointMalformed);
  return checkpoint.rejection().field;
}

std::optional<RejectionCode> CodeOf(const base::Checked<VerifiedCheckpoint>& result) {
  if (result.ok()) return std::nullopt;
  return result.rejection().code;
}

std::string Cosigned(const std::vector<NoteSignature>& lines) {
  Note note{CheckpointText(At70000()), lines};
  return FormatNote(note);
}

NoteSignature LogLine() {
  return SignNote(LogSigner().key, CheckpointText(At70000()), LogSigner().function());
}
NoteSignature NodeLine() {
  return CosignNote(NodeSigner().key, CheckpointText(At70000()), 1234, NodeSigner().function());
}

TEST(CheckpointTest, BytesEqualThoseOfTheGoImplementation) {
  EXPECT_EQ(SignCheckpoint(At70000(), LogSigner().key, LogSigner().function()), kGoCheckpoint);
  const auto verified = VerifyCheckpoint(kGoCheckpoint, Policy());
  ASSERT_TRUE(verified.ok()) << verified.rejection().ToString();
  EXPECT_EQ(verified->checkpoint, At70000());
}

TEST(CheckpointTest, ParsesOnlyTheOneForm) {
  const std::string root = "B1kWeg+Y416ALUb/fH0p0sPwOmOiVt62q7/zV6kbY7E=\n";
  EXPECT_EQ(Outcome("o\n1\n" + root), "ok");
  EXPECT_EQ(Outcome("o\n9223372036854775807\n" + root), "ok");
  EXPECT_EQ(Outcome("o\n1\n" + root + "extension\nanother line\n"), "ok");
  EXPECT_EQ(Outcome("o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"), "ok");
  EXPECT_EQ(Outcome("o\n0\n" + root), "root");
  EXPECT_EQ(Outcome(""), "origin");
  EXPECT_EQ(Outcome("\n1\n" + root), "origin");
  EXPECT_EQ(Outcome("a b\n1\n" + root), "origin");
  EXPECT_EQ(Outcome("a+b\n1\n" + root), "origin");
  EXPECT_EQ(Outcome("o\n"), "size");
  for (const std::string_view size : {"", "-1", "+1", "01", "00", "1 ", " 1", "0x1", "1.0",
                                      "9223372036854775808", "99999999999999999999999999"}) {
    EXPECT_EQ(Outcome("o\n" + std::string(size) + "\n" + root), "size") << size;
  }
  EXPECT_EQ(Outcome("o\n1\n"), "root");
  EXPECT_EQ(Outcome("o\n1\nAAAA\n"), "root");
  EXPECT_EQ(Outcome("o\n1\nB1kWeg+Y416ALUb/fH0p0sPwOmOiVt62q7/zV6kbY7F=\n"), "root");
  EXPECT_EQ(Outcome("o\n1\n" + root.substr(0, root.size() - 1)), "root");
  EXPECT_EQ(Outcome("o\n1\n" + root + "\n"), "extensions");
  EXPECT_EQ(Outcome("o\n1\n" + root + "x"), "extensions");
}

TEST(CheckpointTest, TheLogItselfMustHaveSigned) {
  CheckpointPolicy policy = Policy();
  policy.cosigners = {NodeSigner().key};
  EXPECT_EQ(CodeOf(VerifyCheckpoint(Cosigned({NodeLine()}), policy)), RejectionCode::kNoteUnsigned);
  EXPECT_EQ(CodeOf(VerifyCheckpoint(Cosigned({LogLine()}), policy)), std::nullopt);
}

TEST(CheckpointTest, AsksForTheCosignersOfThePolicy) {
  CheckpointPolicy policy = Policy();
  policy.cosigners = {Stranger().key, NodeSigner().key};
  policy.cosigners_min = 1;
  EXPECT_EQ(CodeOf(VerifyCheckpoint(Cosigned({LogLine()}), policy)), RejectionCode::kNoteUnsigned);
  const auto verified = VerifyCheckpoint(Cosigned({LogLine(), NodeLine()}), policy);
  ASSERT_TRUE(verified.ok());
  ASSERT_EQ(verified->cosignatures.size(), 1u);
  EXPECT_EQ(verified->cosignatures[0].key, 1u);
  EXPECT_EQ(verified->cosignatures[0].time_s, 1234u);
  policy.cosigners_min = 2;
  EXPECT_EQ(CodeOf(VerifyCheckpoint(Cosigned({LogLine(), NodeLine()}), policy)),
            RejectionCode::kNoteUnsigned);
}

TEST(CheckpointTest, RefusesAnotherLogsCheckpointUnderTheSameKey) {
  CheckpointPolicy policy = Policy();
  policy.origin = "other.example.com";
  EXPECT_EQ(CodeOf(VerifyCheckpoint(kGoCheckpoint, policy)), RejectionCode::kCheckpointOrigin);
}

TEST(CheckpointTest, RefusesEveryFlippedBit) {
  const std::string good = kGoCheckpoint;
  for (size_t i = 0; i < good.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ (1 << bit));
      ASSERT_FALSE(VerifyCheckpoint(bad, Policy()).ok()) << "byte " << i << " bit " << bit;
    }
  }
}

TEST(CheckpointTest, ASignedNoteThatIsNoCheckpointIsRefused) {
  Note note{"hello\n", {}};
  note.signatures.push_back(SignNote(LogSigner().key, note.text, LogSigner().function()));
  EXPECT_EQ(CodeOf(VerifyCheckpoint(FormatNote(note), Policy())),
            RejectionCode::kCheckpointMalformed);
}

}  // namespace
}  // namespace tributary::merkle
