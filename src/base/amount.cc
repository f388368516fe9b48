#include "tributary/base/amount.h"

#include <algorithm>

namespace tributary::base {

std::string ToDecimal(Uint128 value) {
  std::string digits;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string ToDecimal(Int128 value) {
  if (value >= 0) return ToDecimal(static_cast<Uint128>(value));
  return "-" + ToDecimal(Uint128{0} - static_cast<Uint128>(value));
}

std::optional<Uint128> ParseDecimal(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  Uint128 value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    if (__builtin_mul_overflow(value, Uint128{10}, &value)) return std::nullopt;
    if (__builtin_add_overflow(value, static_cast<Uint128>(c - '0'), &value)) return std::nullopt;
  }
  return value;
}

std::string FormatAtoms(Atoms atoms, int decimals) {
  constexpr int kAtomDigits = 9;
  constexpr size_t kCents = 2;
  std::string digits = ToDecimal(atoms.value());
  const size_t fraction = static_cast<size_t>(decimals + kAtomDigits);
  if (digits.size() <= fraction) digits.insert(0, fraction + 1 - digits.size(), '0');
  std::string out = digits.substr(0, digits.size() - fraction);
  std::string rest = digits.substr(digits.size() - fraction);
  while (rest.size() > kCents && rest.back() == '0') rest.pop_back();
  return out + "." + rest;
}

}  // namespace tributary::base
