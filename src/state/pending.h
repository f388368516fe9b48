// Money that waits to mature: sums by asset, currency and epoch, and what attribution directs.
#ifndef TRIBUTARY_STATE_PENDING_H_
#define TRIBUTARY_STATE_PENDING_H_

#include <vector>

#include "state/attribution.h"
#include "state/overlay.h"
#include "tributary/base/types.h"

namespace tributary::state {

struct PendingPlace {
  base::RecordSeq asset;
  base::CurrencyIndex currency;
  base::Epoch epoch;
};

// Adds an event to what is pending there: its gross, and the exact part of each attributed record.
// What a frozen asset earns is added to what is frozen.
void AddPending(Overlay& overlay, const PendingPlace& place, base::MinorUnits amount,
                const std::vector<AttributedShare>& shares);

// Whether an event's money is still there to be taken off: it waits to mature or is frozen, and no
// ruling has taken from what its asset earned in that epoch.
bool IsPending(Overlay& overlay, const ChainRow& chain, const PendingPlace& place);

// Takes a part of an event off again, its attribution in exact proportion.
// Requires: IsPending.
void TakeOffPending(Overlay& overlay, const PendingPlace& place, base::MinorUnits amount,
                    const std::vector<AttributedShare>& shares);

// The same for one row of a slot, whatever asset it came from.
void AddPendingLine(Overlay& overlay, uint16_t slot, const PendingRow& line);
void TakeOffPendingLine(Overlay& overlay, uint16_t slot, const PendingRow& line);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_PENDING_H_
