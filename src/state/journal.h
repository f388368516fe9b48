// Double entry: every operation that moves money posts here, from one line of the totals to
// another.
#ifndef TRIBUTARY_STATE_JOURNAL_H_
#define TRIBUTARY_STATE_JOURNAL_H_

#include "state/overlay.h"
#include "state/tables.h"
#include "tributary/base/types.h"

namespace tributary::state {

using TotalsLine = base::Atoms TotalsRow::*;

// Money enters the ledger: `source` is reported or deposited, `place` where it is now.
void PostReceived(Overlay& overlay, base::CurrencyIndex currency, TotalsLine source,
                  TotalsLine place, base::Atoms amount);
// Money changes its place. Requires: `from` holds at least `amount`.
void PostMoved(Overlay& overlay, base::CurrencyIndex currency, TotalsLine from, TotalsLine to,
               base::Atoms amount);
// reported - reversed + deposited, and the sum of all places. Equal, or the node halts.
base::Atoms SourcesOf(const TotalsRow& totals);
base::Atoms PlacesOf(const TotalsRow& totals);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_JOURNAL_H_
