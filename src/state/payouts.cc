#include "state/payouts.h"

#include "state/journal.h"

namespace tributary::state {

using base::RejectionCode;

base::Checked<PayoutRow> RequireOpenPayout(Context& c, base::PayoutIndex payout) {
  if (auto bad = c.RequireSenderRole({codec::Role::kTreasurer})) return *std::move(bad);
  if (payout.value() >= c.overlay.RowCount({TableKind::kPayouts, 0})) {
    return c.Reject(RejectionCode::kPayoutUnknown, "payout", std::to_string(payout.value()));
  }
  const auto row = c.overlay.Get<PayoutRow>(payout.value());
  if (row.state == static_cast<uint8_t>(PayoutState::kRequested)) return row;
  const bool paid = row.state == static_cast<uint8_t>(PayoutState::kPaid);
  return c.Reject(RejectionCode::kPayoutClosed, "payout", paid ? "it is paid" : "it has failed");
}

void ClosePayout(Context& c, base::PayoutIndex index, PayoutRow payout, PayoutState state,
                 base::Atoms BalanceRow::*balance_line, base::Atoms TotalsRow::*totals_line) {
  const base::CurrencyIndex currency(payout.currency);
  const base::AccountIndex account(payout.account);
  const base::Atoms amount = base::Atoms::FromMinor(base::MinorUnits(payout.amount_minor));
  BalanceRow balance = GetBalance(c.overlay, currency, account);
  balance.reserved -= amount;
  balance.*balance_line += amount;
  PutBalance(c.overlay, currency, account, balance);
  payout.state = static_cast<uint8_t>(state);
  payout.closed_ms = c.block.time.value();
  payout.closed_entry = c.entry();
  c.overlay.Put(index.value(), payout);
  c.applied.payouts.push_back(index.value());
  PostMoved(c.overlay, currency, &TotalsRow::reserved, totals_line, amount);
}

}  // namespace tributary::state
