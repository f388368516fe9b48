// Payouts that a block requests by itself, for accounts that have asked for it.
#ifndef TRIBUTARY_STATE_AUTOMATIC_PAYOUTS_H_
#define TRIBUTARY_STATE_AUTOMATIC_PAYOUTS_H_

#include <cstdint>

#include "state/context.h"
#include "state/overlay.h"

namespace tributary::state {

// Bounds what a block does by itself at its end; the next block goes on.
inline constexpr size_t kAutomaticPayoutsMax = 1'000;

// At the end of a block: by currency, then by account, each balance that has reached what its
// holder set is requested, in whole units, as far as the free funds go. Where they do not cover a
// payout it is cut to them; where they are below the least payout of the currency, everybody waits
// and keeps its place. Notes the payouts in `block`; their request is the block's header.
void RequestAutomaticPayouts(Overlay& overlay, BlockContext& block);

// Whether the committed state left some of them for another block.
bool AutomaticPayoutsWait(Overlay& overlay);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_AUTOMATIC_PAYOUTS_H_
