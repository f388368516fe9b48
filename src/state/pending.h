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
void AddPending(Overlay& overlay, const PendingPlace& place, base::MinorUnits amount,
                const std::vector<AttributedShare>& shares);

// Takes a part of an event off again, its attribution in exact proportion.
// Requires: it is pending there.
void TakeOffPending(Overlay& overlay, const PendingPlace& place, base::MinorUnits amount,
                    const std::vector<AttributedShare>& shares);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_PENDING_H_
