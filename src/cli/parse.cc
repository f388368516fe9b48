#include "cli/parse.h"

#include <ctime>

#include "cli/exit_code.h"
#include "tributary/base/amount.h"
#include "tributary/base/hex.h"

namespace tributary::cli {
namespace {

constexpr size_t kIdDigits = 64;
constexpr std::string_view kContentPrefix = "sha256:";

std::string Quote(std::string_view text) { return "'" + std::string(text) + "'"; }

std::optional<std::string> IdBytes(std::string_view text) {
  if (text.size() != kIdDigits) return std::nullopt;
  const auto bytes = base::FromHex(text);
  if (!bytes) return std::nullopt;
  return std::string(base::AsText(*bytes));
}

bool IsDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Digits with at most `decimals` of them behind a point, as a whole number of the last place.
std::optional<uint64_t> ParseFixed(std::string_view text, uint32_t decimals) {
  const size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  if (!IsDigits(whole) || fraction.size() > decimals) return std::nullopt;
  if (point != std::string_view::npos && !IsDigits(fraction)) return std::nullopt;
  std::string digits(whole);
  digits += fraction;
  digits.append(decimals - fraction.size(), '0');
  return ParseNumber(digits);
}

}  // namespace

std::optional<uint64_t> ParseNumber(std::string_view text) {
  if (!IsDigits(text)) return std::nullopt;
  uint64_t number = 0;
  for (const char c : text) {
    if (__builtin_mul_overflow(number, uint64_t{10}, &number) ||
        __builtin_add_overflow(number, static_cast<uint64_t>(c - '0'), &number)) {
      return std::nullopt;
    }
  }
  return number;
}

absl::StatusOr<uint64_t> ParseTime(std::string_view text) {
  if (const auto number = ParseNumber(text)) return *number;
  std::tm parts{};
  const std::string copy(text);
  const char* end = nullptr;
  for (const char* format : {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"}) {
    parts = {};
    end = strptime(copy.c_str(), format, &parts);
    if (end != nullptr && *end == '\0') break;
    end = nullptr;
  }
  const std::time_t seconds = end != nullptr ? timegm(&parts) : -1;
  if (seconds < 0) {
    return UsageError(Quote(text) +
                      " is no time; write 2025-01-31, 2025-01-31T12:00:00Z, or "
                      "milliseconds since 1970");
  }
  return static_cast<uint64_t>(seconds) * 1'000;
}

v1::AccountRef ParseAccount(std::string_view text) {
  v1::AccountRef ref;
  if (auto id = IdBytes(text)) {
    ref.set_id(std::move(*id));
  } else {
    ref.set_handle(std::string(text));
  }
  return ref;
}

absl::StatusOr<v1::RecordRef> ParseRecord(std::string_view text) {
  v1::RecordRef ref;
  if (auto id = IdBytes(text)) {
    ref.set_id(std::move(*id));
    return ref;
  }
  if (text.substr(0, kContentPrefix.size()) == kContentPrefix) {
    auto hash = IdBytes(text.substr(kContentPrefix.size()));
    if (!hash) return UsageError(Quote(text) + " is no content hash; write sha256:64-HEX-DIGITS");
    ref.set_content_sha256(std::move(*hash));
    return ref;
  }
  if (text.substr(0, 1) == "#") {
    const auto number = ParseNumber(text.substr(1));
    if (!number) return UsageError(Quote(text) + " is no sequence number; write #17");
    ref.set_sequence(*number);
    return ref;
  }
  if (text.find(':') == std::string_view::npos) {
    return UsageError(Quote(text) +
                      " is no record; give its id (64 hex digits), an external id such as "
                      "hf:owner/name, sha256:HEX, or #17");
  }
  ref.set_external_id(std::string(text));
  return ref;
}

absl::StatusOr<uint64_t> ParseMajor(std::string_view text, uint32_t decimals) {
  const auto minor = ParseFixed(text, decimals);
  if (!minor) {
    return UsageError(Quote(text) + " is no amount; write a decimal number with at most " +
                      std::to_string(decimals) + " decimals, such as 12.50");
  }
  if (*minor >= uint64_t{1} << 63) {
    return UsageError(Quote(text) + " is too much for one operation; split it");
  }
  return *minor;
}

absl::StatusOr<uint32_t> ParsePpb(std::string_view text) {
  constexpr uint32_t kPercentDecimals = 7;
  std::string_view digits = text;
  std::optional<uint64_t> ppb;
  if (!digits.empty() && digits.back() == '%') {
    digits.remove_suffix(1);
    if (!digits.empty() && digits.back() == ' ') digits.remove_suffix(1);
    ppb = ParseFixed(digits, kPercentDecimals);
  } else {
    ppb = ParseNumber(digits);
  }
  if (!ppb || *ppb > base::kPpbOne) {
    return UsageError(Quote(text) +
                      " is no share; write 12.5% or parts per billion up to "
                      "1000000000");
  }
  return static_cast<uint32_t>(*ppb);
}

absl::StatusOr<v1::EventPlace> ParsePlace(std::string_view text) {
  std::vector<uint64_t> numbers;
  std::string_view rest = text;
  while (numbers.size() < 3) {
    const size_t dot = rest.find('.');
    const auto number = ParseNumber(rest.substr(0, dot));
    if (!number || (!numbers.empty() && *number > UINT32_MAX)) break;
    numbers.push_back(*number);
    if (dot == std::string_view::npos) rest = {};
    if (rest.empty()) break;
    rest.remove_prefix(dot + 1);
  }
  if (numbers.empty() || !rest.empty()) {
    return UsageError("'" + std::string(text) +
                      "' is no place of an event; write it as `revenue list` does");
  }
  numbers.resize(3);
  v1::EventPlace place;
  place.set_entry(numbers[0]);
  place.set_operation(static_cast<uint32_t>(numbers[1]));
  place.set_item(static_cast<uint32_t>(numbers[2]));
  return place;
}

}  // namespace tributary::cli
