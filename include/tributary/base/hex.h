// Lower-case hexadecimal.
#ifndef TRIBUTARY_BASE_HEX_H_
#define TRIBUTARY_BASE_HEX_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tributary/base/types.h"

namespace tributary::base {

std::string ToHex(Bytes bytes);

// Accepts lower and upper case; nullopt for an odd length or any other character.
std::optional<std::vector<uint8_t>> FromHex(std::string_view text);

// Exactly 64 hex digits.
template <class D>
std::optional<D> DigestFromHex(std::string_view text) {
  const auto bytes = FromHex(text);
  if (!bytes || bytes->size() != D::kSize) return std::nullopt;
  return D::From(*bytes);
}

}  // namespace tributary::base

#endif  // TRIBUTARY_BASE_HEX_H_
