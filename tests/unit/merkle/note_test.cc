#include "tributary/merkle/note.h"

#include <gtest/gtest.h>

#include "tributary/base/base64.h"
#include "unit/merkle/signing.h"

namespace tributary::merkle {
namespace {

using base::RejectionCode;
using testing::LogSigner;
using testing::NodeSigner;
using testing::Stranger;

const std::string kText = "ledger.example.com/attribution\n1\nabc=\n";

// "malformed at <field>: <detail>", or "ok".
std::string Outcome(std::string_view bytes) {
  const auto note = ParseNote(bytes);
  if (note.ok()) return "ok";
  EXPECT_EQ(note.rejection().code, RejectionCode::kNoteMalformed);
  return note.rejection().field + ": " + note.rejection().detail;
}

std::string Line(std::string_view name, std::string_view base64) {
  return "\xE2\x80\x94 " + std::string(name) + " " + std::string(base64) + "\n";
}

Note SignedNote() {
  Note note{kText, {}};
  note.signatures.push_back(SignNote(LogSigner().key, kText, LogSigner().function()));
  note.signatures.push_back(
      CosignNote(NodeSigner().key, kText, 1'700'000'000, NodeSigner().function()));
  return note;
}

std::optional<RejectionCode> CodeOf(const base::Checked<std::vector<GoodSignature>>& result) {
  if (result.ok()) return std::nullopt;
  return result.rejection().code;
}

// The verifier key that golang.org/x/mod/sumdb/note makes of the same seed.
constexpr char kGoVerifierKey[] =
    "ledger.example.com/attribution+4858bd4b+Afr4q1y0stIJ/g9+Li8UverfK5m+HOHatq9Ah/T/biyc";

TEST(VerifierKeyTest, EqualsThatOfTheGoImplementation) {
  EXPECT_EQ(FormatVerifierKey(LogSigner().key), kGoVerifierKey);
  const auto parsed = ParseVerifierKey(kGoVerifierKey);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(*parsed, LogSigner().key);
  EXPECT_EQ(parsed->Id(), 0x4858bd4bu);
}

TEST(VerifierKeyTest, TypeIsPartOfTheId) {
  NoteKey key = LogSigner().key;
  key.type = NoteKeyType::kCosignature;
  EXPECT_NE(key.Id(), LogSigner().key.Id());
  EXPECT_EQ(*ParseVerifierKey(FormatVerifierKey(key)), key);
}

TEST(VerifierKeyTest, RefusesAnythingElse) {
  const std::string good = kGoVerifierKey;
  std::vector<uint8_t> ecdsa(33, 2);
  for (const std::string& text :
       {std::string(), std::string("a"), std::string("a+b"), std::string("+4858bd4b+AA=="),
        good + "=", good + "\n", good.substr(0, good.size() - 4), "x" + good,
        "ledger.example.com/attribution+4858bd4c" + good.substr(39),
        "ledger.example.com/attribution+4858BD4B" + good.substr(39),
        "a+00000000+" + base::ToBase64(ecdsa), std::string("a b+4858bd4b+AfA=")}) {
    const auto parsed = ParseVerifierKey(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.rejection().code, RejectionCode::kKeyMalformed) << text;
  }
}

TEST(KeyNameTest, RefusesPlusSpacesOfAnyScriptAndBrokenUtf8) {
  for (const std::string_view name : {"a", "example.com/x", "M\xC3\xBCller", "\x7f", "log:1"}) {
    EXPECT_TRUE(IsNoteKeyName(name)) << name;
  }
  for (const std::string_view name :
       {"", "a+b", "a b", "a\tb", "a\nb",
        "a\xC2\xA0"
        "b",
        "a\xC2\x85", "\xE2\x80\x83", "\xE3\x80\x80", "\xE1\x9A\x80", "\xff", "\xC3", "\xC0\x80",
        "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE0\x80\xAF", "\x80"}) {
    EXPECT_FALSE(IsNoteKeyName(name)) << name;
  }
  EXPECT_TRUE(IsPortableKeyName("ledger.example.com/a-1"));
  EXPECT_TRUE(IsPortableKeyName(std::string(255, 'a')));
  EXPECT_FALSE(IsPortableKeyName(std::string(256, 'a')));
  EXPECT_FALSE(IsPortableKeyName(""));
  EXPECT_FALSE(IsPortableKeyName("Ledger"));
  EXPECT_FALSE(IsPortableKeyName("a_b"));
}

TEST(NoteTest, SignsFormatsParsesAndVerifies) {
  const Note note = SignedNote();
  const std::string bytes = FormatNote(note);
  const auto parsed = ParseNote(bytes);
  ASSERT_TRUE(parsed.ok()) << parsed.rejection().ToString();
  EXPECT_EQ(*parsed, note);
  EXPECT_EQ(FormatNote(*parsed), bytes);
  const std::vector<NoteKey> known = {NodeSigner().key, LogSigner().key};
  const auto good = VerifyNote(*parsed, known);
  ASSERT_TRUE(good.ok()) << good.rejection().ToString();
  ASSERT_EQ(good->size(), 2u);
  EXPECT_EQ((*good)[0].key, 1u);
  EXPECT_EQ((*good)[0].time_s, 0u);
  EXPECT_EQ((*good)[1].key, 0u);
  EXPECT_EQ((*good)[1].time_s, 1'700'000'000u);
}

TEST(NoteTest, LinesHaveTheLengthsOfTheFormat) {
  const Note note = SignedNote();
  EXPECT_EQ(note.signatures[0].signature.size(), 64u);
  EXPECT_EQ(note.signatures[1].signature.size(), 72u);
}

TEST(NoteTest, UnknownKeysAreIgnoredAndNoneIsNotEnough) {
  const Note note = SignedNote();
  EXPECT_TRUE(VerifyNote(note, std::vector<NoteKey>{LogSigner().key}).ok());
  EXPECT_EQ(CodeOf(VerifyNote(note, std::vector<NoteKey>{Stranger().key})),
            RejectionCode::kNoteUnsigned);
  EXPECT_EQ(CodeOf(VerifyNote(note, {})), RejectionCode::kNoteUnsigned);
  // Only the name or only the id is that of a known key: not known.
  NoteKey renamed = LogSigner().key;
  renamed.name = "other";
  EXPECT_EQ(CodeOf(VerifyNote(note, std::vector<NoteKey>{renamed})), RejectionCode::kNoteUnsigned);
}

TEST(NoteTest, OneBadSignatureOfAKnownKeySpoilsTheNote) {
  const std::vector<NoteKey> known = {LogSigner().key, NodeSigner().key};
  for (size_t line = 0; line < 2; ++line) {
    const size_t last = SignedNote().signatures[line].signature.size() - 1;
    for (const size_t byte : {size_t{0}, size_t{20}, last}) {
      Note note = SignedNote();
      note.signatures[line].signature[byte] ^= 1;
      EXPECT_EQ(CodeOf(VerifyNote(note, known)), RejectionCode::kNoteBadSignature);
    }
    Note note = SignedNote();
    note.signatures[line].signature.pop_back();
    EXPECT_EQ(CodeOf(VerifyNote(note, known)), RejectionCode::kNoteBadSignature);
  }
  Note note = SignedNote();
  note.text[0] ^= 1;
  EXPECT_EQ(CodeOf(VerifyNote(note, known)), RejectionCode::kNoteBadSignature);
}

TEST(NoteTest, ACosignatureFromBeyond2To63SecondsIsBad) {
  Note note = SignedNote();
  note.signatures[1].signature[0] = 0x80;
  EXPECT_EQ(CodeOf(VerifyNote(note, std::vector<NoteKey>{NodeSigner().key})),
            RejectionCode::kNoteBadSignature);
}

TEST(NoteTest, SplitsAtTheLastBlankLine) {
  const auto note = ParseNote("a\n\nb\n\n" + Line("n", "AAAAAAA="));
  ASSERT_TRUE(note.ok());
  EXPECT_EQ(note->text, "a\n\nb\n");
  ASSERT_EQ(note->signatures.size(), 1u);
  EXPECT_EQ(note->signatures[0].signature, std::vector<uint8_t>{0});
}

TEST(NoteTest, NamesWhatIsMalformed) {
  const std::string good = Line("n", "AAAAAAA=");
  EXPECT_EQ(Outcome("t\n\n" + good), "ok");
  EXPECT_EQ(Outcome(""), "note: no blank line before signatures");
  EXPECT_EQ(Outcome("t\n" + good), "note: no blank line before signatures");
  EXPECT_EQ(Outcome("t\n\n"), "signatures: none");
  EXPECT_EQ(Outcome("t\r\n\n" + good), "note: not UTF-8, or a control character");
  EXPECT_EQ(Outcome("t\t\n\n" + good), "note: not UTF-8, or a control character");
  EXPECT_EQ(Outcome("\xff\n\n" + good), "note: not UTF-8, or a control character");
  EXPECT_EQ(Outcome("t\n\n" + good.substr(0, good.size() - 1)),
            "signatures[0]: the last line does not end");
  EXPECT_EQ(Outcome("t\n\n" + good + "- n AAAAAAA=\n"),
            "signatures[1]: the line does not start with an em dash and a space");
  EXPECT_EQ(Outcome("t\n\n" + Line("", "AAAAAAA=")), "signatures[0]: no valid key name");
  EXPECT_EQ(Outcome("t\n\n" + Line("a+b", "AAAAAAA=")), "signatures[0]: no valid key name");
  EXPECT_EQ(Outcome("t\n\n\xE2\x80\x94 n\n"), "signatures[0]: no valid key name");
  for (const std::string_view base64 :
       {"", "AAAA", "AAAAAA==", "AAAAAAB=", "AAAAAAA", "AAAA AAA=", "AAAAAAA=AAAA", "AAAAAA-="}) {
    EXPECT_EQ(Outcome("t\n\n" + Line("n", base64)), "signatures[0]: no valid base64 signature");
  }
  EXPECT_EQ(Outcome("t\n\n" + good + Line("n", "AAAAAAE=")),
            "signatures[1]: a second signature of the same key");
}

TEST(NoteTest, AcceptsOneHundredSignaturesAndNoMore) {
  std::string bytes = "t\n\n";
  for (int i = 0; i < 100; ++i) bytes += Line("n" + std::to_string(i), "AAAAAAA=");
  EXPECT_EQ(Outcome(bytes), "ok");
  EXPECT_EQ(Outcome(bytes + Line("n", "AAAAAAA=")), "signatures[100]: more than 100");
}

TEST(NoteTest, AcceptsOneMillionBytesAndNoMore) {
  const std::string line = "\n\n" + Line("n", "AAAAAAA=");
  const std::string most(kNoteBytesMax - line.size(), 'a');
  EXPECT_EQ(Outcome(most + line), "ok");
  EXPECT_EQ(Outcome("a" + most + line), "note: larger than 1,000,000 bytes");
}

TEST(Base64Test, IsStrict) {
  const std::vector<uint8_t> bytes = {0xfb, 0xff, 0x00, 0x01};
  EXPECT_EQ(base::ToBase64(bytes), "+/8AAQ==");
  EXPECT_EQ(base::FromBase64("+/8AAQ=="), bytes);
  EXPECT_EQ(base::FromBase64(""), std::vector<uint8_t>{});
  for (size_t n = 0; n < 40; ++n) {
    const std::vector<uint8_t> some(n, static_cast<uint8_t>(n * 37));
    EXPECT_EQ(base::FromBase64(base::ToBase64(some)), some);
  }
  for (const std::string_view text : {"A", "AA", "AAA", "=", "====", "A===", "AA=A",
                                      "AAAA====", "AB==", "AAB=", "-_8AAQ==", "AA\n=", "AAAA\n"}) {
    EXPECT_EQ(base::FromBase64(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace tributary::merkle
