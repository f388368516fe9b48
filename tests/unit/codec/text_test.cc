#include "codec/text.h"

#include <gtest/gtest.h>

namespace tributary::codec {
namespace {

TEST(PlainTextTest, AcceptsEveryWellFormedLength) {
  for (const std::string_view text :
       {"", " ~", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(IsPlainText(text)) << text;
  }
}

TEST(PlainTextTest, RefusesOverlongSurrogatesBeyondAndCut) {
  for (const std::string_view text :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf", "\xe0\xa0",
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xff", "\xf0\x90\x80"}) {
    EXPECT_FALSE(IsPlainText(text));
  }
}

TEST(PlainTextTest, RefusesControlCharacters) {
  EXPECT_FALSE(IsPlainText(std::string_view("\0", 1)));
  EXPECT_FALSE(IsPlainText("\x1f"));
  EXPECT_TRUE(IsPlainText("\x20"));
  EXPECT_TRUE(IsPlainText("\x7e"));
  EXPECT_FALSE(IsPlainText("\x7f"));
}

TEST(HandleTest, IsLowerCaseAndStartsWithALetterOrDigit) {
  for (const std::string_view good : {"a", "0", "ann.b_c-d", "hf:owner/name"}) {
    EXPECT_TRUE(IsHandle(good)) << good;
  }
  for (const std::string_view bad :
       {"", "A", ".a", "-a", "/a", ":a", "_a", "a b", "a@", "\u00e9"}) {
    EXPECT_FALSE(IsHandle(bad)) << bad;
  }
  EXPECT_TRUE(IsHandle(std::string(64, 'a')));
  EXPECT_FALSE(IsHandle(std::string(65, 'a')));
}

TEST(ExternalIdTest, IsSchemeColonName) {
  for (const std::string_view good :
       {"a:b", "hf:Owner/Name", "HF:x", "doi:10.1/x:y", "x+y-z.1:n"}) {
    EXPECT_TRUE(IsExternalId(good)) << good;
  }
  for (const std::string_view bad :
       {"", "ab", "abc", ":ab", "ab:", "1a:b", "h_f:b", "hf:a b", "hf:\x7f", "hf:\u00e9"}) {
    EXPECT_FALSE(IsExternalId(bad)) << bad;
  }
  EXPECT_TRUE(IsExternalId("a:" + std::string(198, 'b')));
  EXPECT_FALSE(IsExternalId("a:" + std::string(199, 'b')));
}

TEST(ChainIdTest, IsLowerCaseDigitsDotDashSlash) {
  EXPECT_TRUE(IsChainId("tributary.example/main-1"));
  for (const std::string_view bad : {"", "A", "a_b", "a:b", "a b"}) EXPECT_FALSE(IsChainId(bad));
}

TEST(CurrencyCodeTest, IsUpperCaseAndStartsWithALetter) {
  for (const std::string_view good : {"EUR", "U2D", "ABCDEFGHIJKL"})
    EXPECT_TRUE(IsCurrencyCode(good));
  for (const std::string_view bad : {"", "EU", "ABCDEFGHIJKLM", "eur", "1EU"}) {
    EXPECT_FALSE(IsCurrencyCode(bad)) << bad;
  }
}

TEST(FoldCaseTest, FoldsAsciiAlone) {
  EXPECT_EQ(FoldCase("HF:Own\u00c9r@[`Z"), "hf:own\u00c9r@[`z");
}

}  // namespace
}  // namespace tributary::codec
