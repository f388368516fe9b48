// Money of frozen assets. While an asset is frozen, what it earns, and what it had pending, lies in
// kFrozen and does not mature; when the freeze ends each epoch goes on as if it had never stopped:
// what has matured meanwhile settles at once, by the versions of its own epoch, and the rest goes
// back to where it waits.
#ifndef TRIBUTARY_STATE_FREEZE_H_
#define TRIBUTARY_STATE_FREEZE_H_

#include <optional>
#include <vector>

#include "state/context.h"

namespace tributary::state {

struct FrozenAsset {
  uint64_t row;  // of kFrozenAssets
  FrozenAssetRow value;
};
// Nothing where the asset was never frozen.
std::optional<FrozenAsset> FindFrozenAsset(Overlay& overlay, base::RecordSeq asset);
// Whether revenue of `epoch` with the asset is frozen now.
bool IsFrozen(Overlay& overlay, base::RecordSeq asset, base::Epoch epoch);

// Takes the asset's pending money out of its epochs, and lets it go at `until_ms` at the latest.
// Revenue that was frozen once stays where it is. Requires: the asset is not frozen.
void Freeze(Context& c, base::RecordSeq asset, uint32_t incident, uint64_t until_ms);
// The freeze ends at once: what is due is dealt with before the next block's entries.
void EndFreezeNow(Context& c, const FrozenAsset& frozen);
// What becomes due when a freeze ends.
void Thaw(Overlay& overlay, BlockContext& block, const DueItem& item);

// Adds to, or takes off, the line of `line` for (asset, epoch); made where it is not there.
enum class FrozenChange { kAdd, kTakeOff };
void ChangeFrozen(Overlay& overlay, const FrozenRow& line, FrozenChange change);

// What is frozen of the asset's gross in a currency, in minor units.
base::Uint128 FrozenGross(Overlay& overlay, const FrozenAsset& frozen,
                          base::CurrencyIndex currency);
// Takes it off, oldest epoch first; what attribution directed shrinks in proportion.
// Requires: that much is frozen.
void TakeCompensation(Overlay& overlay, const FrozenAsset& frozen, base::CurrencyIndex currency,
                      base::Uint128 amount_minor);

// floor(a * b / c), for b <= c and c below 2^127: no product is that wide.
base::Uint128 MulDivFloor(base::Uint128 a, base::Uint128 b, base::Uint128 c);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_FREEZE_H_
