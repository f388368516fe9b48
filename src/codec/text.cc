#include "codec/text.h"

#include <algorithm>
#include <cstdint>

#include "codec/limits.h"

namespace tributary::codec {
namespace {

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsOneOf(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

bool Within(std::string_view text, size_t min, size_t max) {
  return text.size() >= min && text.size() <= max;
}

// The length of the well-formed multi-byte sequence at the front of `text`, or 0.
// Source: the table of well-formed byte sequences of the Unicode standard (3-7).
size_t SequenceLength(std::string_view text) {
  const auto byte = [text](size_t i) -> uint8_t {
    return i < text.size() ? static_cast<uint8_t>(text[i]) : 0;
  };
  const auto tail = [byte](size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const uint8_t first = byte(0);
  const uint8_t second = byte(1);
  if (first >= 0xc2 && first <= 0xdf) return tail(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const bool overlong = first == 0xe0 && second < 0xa0;
    const bool surrogate = first == 0xed && second > 0x9f;
    return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const bool overlong = first == 0xf0 && second < 0x90;
    const bool beyond = first == 0xf4 && second > 0x8f;
    return tail(1) && tail(2) && tail(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool IsPlainText(std::string_view text) {
  while (!text.empty()) {
    const uint8_t first = static_cast<uint8_t>(text.front());
    if (first < 0x20 || first == 0x7f) return false;
    const size_t length = first < 0x80 ? 1 : SequenceLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool IsHandle(std::string_view text) {
  if (!Within(text, 1, kHandleBytesMax)) return false;
  if (!IsLower(text[0]) && !IsDigit(text[0])) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return IsLower(c) || IsDigit(c) || IsOneOf(c, "._-/:"); });
}

bool IsExternalId(std::string_view text) {
  if (!Within(text, kExternalIdBytesMin, kExternalIdBytesMax)) return false;
  const size_t colon = text.find(':');
  if (colon == 0 || colon == std::string_view::npos || colon + 1 == text.size()) return false;
  if (!IsLower(text[0]) && !IsUpper(text[0])) return false;
  const std::string_view scheme = text.substr(0, colon);
  return std::all_of(
             scheme.begin(), scheme.end(),
             [](char c) { return IsLower(c) || IsUpper(c) || IsDigit(c) || IsOneOf(c, "+-."); }) &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool IsChainId(std::string_view text) {
  return Within(text, 1, kChainIdBytesMax) && std::all_of(text.begin(), text.end(), [](char c) {
           return IsLower(c) || IsDigit(c) || IsOneOf(c, ".-/");
         });
}

bool IsCurrencyCode(std::string_view text) {
  return Within(text, kCurrencyCodeBytesMin, kCurrencyCodeBytesMax) && IsUpper(text[0]) &&
         std::all_of(text.begin(), text.end(), [](char c) { return IsUpper(c) || IsDigit(c); });
}

std::string FoldCase(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (IsUpper(c)) c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace tributary::codec
