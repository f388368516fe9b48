// Unsigned 256-bit fixed point with 128 bits after the point, for the law of closeness: the exact
// flow, up to an error far below one atom.
#ifndef TRIBUTARY_TESTS_PROPERTY_REWARDS_FIXED_POINT_H_
#define TRIBUTARY_TESTS_PROPERTY_REWARDS_FIXED_POINT_H_

#include <array>
#include <cstdint>

#include "tributary/base/amount.h"
#include "tributary/base/types.h"

namespace tributary::rewards {

class FixedPoint {
 public:
  FixedPoint() = default;
  explicit FixedPoint(base::Uint128 whole) {
    for (size_t i = 0; i < 4; ++i) limbs_[4 + i] = static_cast<uint32_t>(whole >> (32 * i));
  }
  base::Uint128 Whole() const {
    base::Uint128 whole = 0;
    for (size_t i = 0; i < 4; ++i) whole |= base::Uint128{limbs_[4 + i]} << (32 * i);
    return whole;
  }
  FixedPoint& operator+=(const FixedPoint& other) {
    uint64_t carry = 0;
    for (size_t i = 0; i < limbs_.size(); ++i) {
      carry += uint64_t{limbs_[i]} + other.limbs_[i];
      limbs_[i] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
    return *this;
  }
  // This times share/10^9, rounded down at the 128th bit after the point.
  FixedPoint Times(uint32_t share) const {
    std::array<uint32_t, 9> product{};
    uint64_t carry = 0;
    for (size_t i = 0; i < limbs_.size(); ++i) {
      carry += uint64_t{limbs_[i]} * share;
      product[i] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
    product[8] = static_cast<uint32_t>(carry);
    FixedPoint out;
    uint64_t rest = 0;
    for (size_t i = 9; i-- > 0;) {
      rest = rest << 32 | product[i];
      if (i < 8) out.limbs_[i] = static_cast<uint32_t>(rest / base::kPpbOne);
      rest %= base::kPpbOne;
    }
    return out;
  }

 private:
  std::array<uint32_t, 8> limbs_{};  // least significant first
};

}  // namespace tributary::rewards

#endif  // TRIBUTARY_TESTS_PROPERTY_REWARDS_FIXED_POINT_H_
