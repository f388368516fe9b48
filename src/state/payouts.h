// What confirming and failing a payout share.
#ifndef TRIBUTARY_STATE_PAYOUTS_H_
#define TRIBUTARY_STATE_PAYOUTS_H_

#include "state/context.h"

namespace tributary::state {

// Sender is a treasurer (kMissingRole), the payout exists (kPayoutUnknown) and is open
// (kPayoutClosed).
base::Checked<PayoutRow> RequireOpenPayout(Context& c, base::PayoutIndex payout);

// Closes a payout: its reserved amount goes to `to` of the account's balance and of the totals.
void ClosePayout(Context& c, base::PayoutIndex index, PayoutRow payout, PayoutState state,
                 base::Atoms BalanceRow::*balance_line, base::Atoms TotalsRow::*totals_line);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_PAYOUTS_H_
