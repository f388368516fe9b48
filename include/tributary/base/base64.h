// Base64 of RFC 4648 section 4, padded. Strict: one text for each byte string.
#ifndef TRIBUTARY_BASE_BASE64_H_
#define TRIBUTARY_BASE_BASE64_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tributary/base/types.h"

namespace tributary::base {

std::string ToBase64(Bytes bytes);

// nullopt for a length that is no multiple of 4, a character outside the alphabet (white space and
// the URL alphabet too), missing or misplaced padding, or unused bits that are not zero.
std::optional<std::vector<uint8_t>> FromBase64(std::string_view text);

}  // namespace tributary::base

#endif  // TRIBUTARY_BASE_BASE64_H_
