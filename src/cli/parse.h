// Reads what people type: numbers, times, references, amounts.
#ifndef TRIBUTARY_CLI_PARSE_H_
#define TRIBUTARY_CLI_PARSE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "tributary/v1/api.pb.h"

namespace tributary::cli {

// Decimal digits only; nullopt for anything else and for 2^64 and more.
std::optional<uint64_t> ParseNumber(std::string_view text);

// Milliseconds since 1970: a number of them, or "2025-01-31", "2025-01-31T12:00:00Z".
absl::StatusOr<uint64_t> ParseTime(std::string_view text);

// 64 hex digits: an id; anything else: a handle.
v1::AccountRef ParseAccount(std::string_view text);

// 64 hex digits: an id; "sha256:HEX": content; "#17": sequence; "scheme:name": external id.
absl::StatusOr<v1::RecordRef> ParseRecord(std::string_view text);

// "17.0.3": entry, operation and item of an event, as `revenue list` shows them; what is left out
// is 0.
absl::StatusOr<v1::EventPlace> ParsePlace(std::string_view text);

// A decimal number of major units as minor units, exactly. Errors: no such number, more decimals
// than the currency has, or 2^63 minor units and more.
absl::StatusOr<uint64_t> ParseMajor(std::string_view text, uint32_t decimals);

// "50%", "12.5 %" or parts per billion such as "500000000", at most 10^9.
absl::StatusOr<uint32_t> ParsePpb(std::string_view text);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_PARSE_H_
