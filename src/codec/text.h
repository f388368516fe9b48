// The syntax of names on the chain.
#ifndef TRIBUTARY_CODEC_TEXT_H_
#define TRIBUTARY_CODEC_TEXT_H_

#include <string>
#include <string_view>

namespace tributary::codec {

// Valid UTF-8 (no overlong forms, surrogates, or code points above U+10FFFF) without control
// characters U+0000..U+001F and U+007F.
bool IsPlainText(std::string_view text);

// 1..64 of a-z 0-9 . _ - / : that starts with a letter or digit.
bool IsHandle(std::string_view text);

// scheme:name, 3..200 printable ASCII characters without spaces; the scheme is a letter followed by
// letters, digits, '+', '-' or '.'; the name is not empty.
bool IsExternalId(std::string_view text);

// 1..50 of a-z 0-9 . - /
bool IsChainId(std::string_view text);

// 3..12 of A-Z 0-9 that starts with a letter.
bool IsCurrencyCode(std::string_view text);

// A-Z to a-z, all else unchanged: what "compared without case" means on this chain.
std::string FoldCase(std::string_view text);

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_TEXT_H_
