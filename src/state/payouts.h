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

// The least that can be paid out at a time; a whole number of units.
uint64_t LeastPayoutMinor(const CurrencyRow& currency);
// What of the funds is neither reserved nor paid, in atoms.
base::Atoms FreeFunds(const TotalsRow& totals);

// Reserves an amount and adds its payout, requested by `entry`; returns its number.
// Requires: it is available, and within the free funds.
uint64_t AddPayout(Overlay& overlay, base::CurrencyIndex currency, base::AccountIndex account,
                   base::MinorUnits amount, base::TimeMs time, uint64_t entry);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_PAYOUTS_H_
