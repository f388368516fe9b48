// The asset level: how the matured gross of one asset is divided before lineage. It is exact: an
// atom is 10^-9 minor unit and shares are parts per billion, so m minor units * s ppb = m*s atoms.
#ifndef TRIBUTARY_REWARDS_ASSET_LEVEL_H_
#define TRIBUTARY_REWARDS_ASSET_LEVEL_H_

#include <span>
#include <vector>

#include "rewards/flow.h"
#include "tributary/base/amount.h"
#include "tributary/base/types.h"

namespace tributary::rewards {

// An absolute royalty of an ancestor on the gross of every descendant.
struct Royalty {
  base::RecordSeq record;
  base::Ppb share;
  friend bool operator==(const Royalty&, const Royalty&) = default;
};

struct GrossSplit {
  base::Atoms fee;
  std::vector<RecordAmount> royalties;  // in the order of the royalties given
  base::Atoms attributed;               // sum of the attribution lines
  base::Atoms net;                      // takes the lineage
};

// share of `gross_minor` minor units, exactly. Requires: gross_minor < 2^90.
base::Atoms ExactShare(base::Uint128 gross_minor, base::Ppb share);

// Fee and royalties on gross; attribution (amounts already on gross) and net out of the rest.
// Ensures: fee + royalties + attributed + net == gross_minor * 10^9.
// Requires: gross_minor < 2^90; fee, royalties and attribution are together at most the gross.
GrossSplit SplitGross(base::Uint128 gross_minor, base::Ppb fee, std::span<const Royalty> royalties,
                      std::span<const RecordAmount> attribution);

// How much of a debit (refunds of what has settled) the gross of an asset can bear, in minor units:
// all of it, but where `directed` atoms were attributed, only as much as leaves these payable out
// of the net. `net` is what fee and royalties leave of gross, in ppb. Requires: gross_minor < 2^90;
// directed <= gross_minor * net.
base::Uint128 NettedDebit(base::Uint128 debit_minor, base::Uint128 gross_minor, base::Ppb net,
                          base::Atoms directed);

}  // namespace tributary::rewards

#endif  // TRIBUTARY_REWARDS_ASSET_LEVEL_H_
