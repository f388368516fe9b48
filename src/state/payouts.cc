#include "state/payouts.h"

#include <algorithm>

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

uint64_t LeastPayoutMinor(const CurrencyRow& currency) {
  return std::max(currency.payout_unit_minor, currency.minimum_payout_minor);
}

base::Atoms FreeFunds(const TotalsRow& totals) {
  const base::Atoms committed = totals.paid + totals.reserved;
  return totals.funded < committed ? base::Atoms() : totals.funded - committed;
}

uint64_t AddPayout(Overlay& overlay, base::CurrencyIndex currency, base::AccountIndex account,
                   base::MinorUnits amount, base::TimeMs time, uint64_t entry) {
  const base::Atoms atoms = base::Atoms::FromMinor(amount);
  BalanceRow balance = GetBalance(overlay, currency, account);
  balance.available -= atoms;
  balance.reserved += atoms;
  PutBalance(overlay, currency, account, balance);
  PayoutRow payout;
  payout.account = account.value();
  payout.currency = currency.value();
  payout.state = static_cast<uint8_t>(PayoutState::kRequested);
  payout.amount_minor = amount.value();
  payout.requested_ms = time.value();
  payout.requested_entry = entry;
  PostMoved(overlay, currency, &TotalsRow::available, &TotalsRow::reserved, atoms);
  return overlay.Append(payout);
}

}  // namespace tributary::state
