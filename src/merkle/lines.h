// Helpers for the line-based formats of this folder.
#ifndef TRIBUTARY_MERKLE_LINES_H_
#define TRIBUTARY_MERKLE_LINES_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "tributary/base/types.h"

namespace tributary::merkle {

// Removes the first line from `text` and returns it without its newline; nullopt, and nothing
// removed, if there is no newline.
std::optional<std::string_view> TakeLine(std::string_view& text);

// `text` without `prefix`; nullopt if it does not start so.
std::optional<std::string_view> After(std::string_view text, std::string_view prefix);

// A tree size or an index: decimal, no sign, no leading zeros, at most 2^63-1.
std::optional<uint64_t> ParseSize(std::string_view text);

// Exactly 32 bytes in strict base64.
std::optional<base::Hash> ParseHash(std::string_view text);

}  // namespace tributary::merkle

#endif  // TRIBUTARY_MERKLE_LINES_H_
