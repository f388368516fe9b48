// The arithmetic of one record in one currency: cumulative floor flow.
//
// A record keeps two totals for ever, C (what ever flowed in) and K (royalties, and what closed
// versions kept for the same authors). Whatever left it is a floor of these totals:
//     edge e:    O_e = floor(C * s_e / 10^9)
//     kept:      R   = floor(C * kept / 10^9)
//     author j:  A_j = floor((R + K) * a_j / 10^9)
// What no floor covers is its dust: (C - sum O_e - R) + (R + K - sum A_j), fewer atoms than it has
// edges and authors. So only C and K need storing: an old total is the same floor of the old C and
// K.
//
// Changing the version of a record's shares. Conserved, for one record and currency, is
//     C + K = sum O_e + sum A_j + dust,
// and no O_e or A_j may ever be taken back. A new version counts its own outs from zero, so it may
// only divide what has not gone out yet. The edge dust D = C - sum O_e - R arrives again like other
// money (`carry.inflow`): C = 0, and the sweep adds D to what it brings. (Were C set to D instead,
// floors of D would count as gone out already and would never be paid.)
//   * The authors stay the same: B = R + K is all that ever reached them, and A_j = floor(B * a_j)
//     is what they have. With K' = R + K and C' = 0 the new version's old totals are
//     floor((0 + K') * a_j) = A_j, exactly what they have; their dust stays where it was.
//   * The authors change: floor(B * a'_j) is not what a new author j has received. So the authors'
//     level closes too: K' = 0, and its dust B - sum A_j arrives again (`carry.extra`, to K). What
//     the old authors have they keep.
// In both cases the dust before equals the new version's dust and carry: not an atom is lost or
// made. The change shows when the first money arrives under the new version; a version under which
// nothing arrived leaves no trace. So when a settlement runs, or whether one does, makes no
// difference.
#ifndef TRIBUTARY_REWARDS_FLOW_H_
#define TRIBUTARY_REWARDS_FLOW_H_

#include <cstdint>
#include <span>

#include "lineage/split.h"
#include "tributary/base/amount.h"
#include "tributary/base/types.h"

namespace tributary::rewards {

// Totals of one record in one currency.
struct Flow {
  base::Atoms inflow;  // C
  base::Atoms extra;   // K
  friend bool operator==(const Flow&, const Flow&) = default;
};

// An amount of one record.
struct RecordAmount {
  base::RecordSeq record;
  base::Atoms amount;
  friend bool operator==(const RecordAmount&, const RecordAmount&) = default;
};

// A total as m*10^9 + f, so that floor(total*s/10^9) = m*s + floor(f*s/10^9) needs no wide
// division.
struct Parts {
  base::Uint128 m = 0;
  uint64_t f = 0;  // < 10^9

  static Parts Of(base::Atoms total);
  // floor(total * share / 10^9); modulo 2^128, exact for share <= 10^9.
  base::Uint128 Floor(uint32_t share) const { return m * share + f * share / base::kPpbOne; }
};

inline Parts Parts::Of(base::Atoms total) {
  // Division by a constant in 32-bit steps: 64-bit multiplications instead of a call.
  const base::Uint128 value = total.value();
  const uint64_t high = static_cast<uint64_t>(value >> 64);
  const uint64_t low = static_cast<uint64_t>(value);
  if (high == 0) [[likely]]
    return Parts{low / base::kPpbOne, low % base::kPpbOne};
  const uint64_t step1 = (high % base::kPpbOne) << 32 | low >> 32;
  const uint64_t step0 = (step1 % base::kPpbOne) << 32 | (low & 0xffffffff);
  return Parts{(base::Uint128{high / base::kPpbOne} << 64) +
                   (base::Uint128{step1 / base::kPpbOne} << 32) + step0 / base::kPpbOne,
               step0 % base::kPpbOne};
}

// floor(total * share / 10^9). Requires: share <= 10^9.
inline base::Atoms FlowOut(base::Atoms total, base::Ppb share) {
  return base::Atoms(Parts::Of(total).Floor(share.value()));
}

// What has left a record, or stays with it, for given totals.
base::Atoms KeptTotal(const Flow& flow, const lineage::Split& split);                   // R
base::Atoms AuthorTotal(const Flow& flow, const lineage::Split& split, size_t author);  // A_j
base::Atoms EdgeDust(const Flow& flow, const lineage::Split& split);    // C - sum O_e - R
base::Atoms AuthorDust(const Flow& flow, const lineage::Split& split);  // R + K - sum A_j
// EdgeDust + AuthorDust: fewer atoms than edges + authors.
base::Atoms DustOf(const Flow& flow, const lineage::Split& split);

// Where a record stands after its version has changed from `closed` to `next`.
struct ClosedVersion {
  Flow flow;   // totals of the new version before any money arrives
  Flow carry;  // arrives with the money: inflow in C, extra in K
};
ClosedVersion CloseVersion(const Flow& flow, const lineage::Split& closed,
                           const lineage::Split& next);

}  // namespace tributary::rewards

#endif  // TRIBUTARY_REWARDS_FLOW_H_
