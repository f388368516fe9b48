// Amounts of money: exact, unsigned, 128 bits, with checked arithmetic only.
#ifndef TRIBUTARY_BASE_AMOUNT_H_
#define TRIBUTARY_BASE_AMOUNT_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tributary/base/check.h"
#include "tributary/base/types.h"

namespace tributary::base {

__extension__ typedef unsigned __int128 Uint128;
__extension__ typedef __int128 Int128;

// Atoms: 10^-9 of a minor unit, the unit of all accrual. One currency's lifetime total is below
// 2^90 minor units (2^120 atoms), so a sum or difference that leaves the range is a bug: operators
// abort. Input is compared against limits before it becomes an amount.
class Atoms {
 public:
  constexpr Atoms() = default;
  constexpr explicit Atoms(Uint128 value) : value_(value) {}
  // Whole minor units times 10^9; cannot overflow.
  static constexpr Atoms FromMinor(MinorUnits minor) {
    return Atoms(Uint128{minor.value()} * kPpbOne);
  }
  constexpr Uint128 value() const { return value_; }
  constexpr bool IsZero() const { return value_ == 0; }

  friend Atoms operator+(Atoms a, Atoms b) {
    Uint128 sum;
    TRIBUTARY_CHECK(!__builtin_add_overflow(a.value_, b.value_, &sum), "amount overflow");
    return Atoms(sum);
  }
  friend Atoms operator-(Atoms a, Atoms b) {
    TRIBUTARY_CHECK(a.value_ >= b.value_, "amount underflow");
    return Atoms(a.value_ - b.value_);
  }
  Atoms& operator+=(Atoms other) { return *this = *this + other; }
  Atoms& operator-=(Atoms other) { return *this = *this - other; }
  friend constexpr auto operator<=>(const Atoms&, const Atoms&) = default;

 private:
  Uint128 value_ = 0;
};

// floor(total * share / 10^9) without a wide division: with total = m*10^9 + f the result is
// m*share + floor(f*share/10^9). Requires share <= 10^9; then it is at most `total`.
inline Atoms FloorShare(Atoms total, Ppb share) {
  const Uint128 m = total.value() / kPpbOne;
  const uint64_t f = static_cast<uint64_t>(total.value() % kPpbOne);
  return Atoms(m * share.value() + f * share.value() / kPpbOne);
}

// Decimal digits, no sign, no leading zeros. Parse refuses anything else and overflow.
std::string ToDecimal(Uint128 value);
std::string ToDecimal(Int128 value);
std::optional<Uint128> ParseDecimal(std::string_view text);

// `atoms` of a currency with `decimals` (0..18) as a decimal number of major units, exact, for
// people: trailing zeros after the cents are dropped, e.g. "12.50", "0.000000001".
std::string FormatAtoms(Atoms atoms, int decimals);

}  // namespace tributary::base

#endif  // TRIBUTARY_BASE_AMOUNT_H_
