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
// Money leaves the ledger: taken off `place` where it waits, and counted as reversed.
void PostReversed(Overlay& overlay, base::CurrencyIndex currency, TotalsLine place,
                  base::Atoms amount);
// Money that left it had been paid on: what comes in next owes it.
void PostOwed(Overlay& overlay, base::CurrencyIndex currency, base::Atoms amount);
// Money changes its place. Requires: `from` holds at least `amount`.
void PostMoved(Overlay& overlay, base::CurrencyIndex currency, TotalsLine from, TotalsLine to,
               base::Atoms amount);
// reported - reversed + deposited, and the sum of all places less the debits. Equal, or the node
// halts.
base::Int128 SourcesOf(const TotalsRow& totals);
base::Int128 PlacesOf(const TotalsRow& totals);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_JOURNAL_H_
