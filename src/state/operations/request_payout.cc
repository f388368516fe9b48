#include "state/context.h"
#include "state/payouts.h"

namespace tributary::state {
namespace {

using base::RejectionCode;

base::Verdict CheckAmount(const Context& c, base::MinorUnits amount, const CurrencyRow& currency) {
  if (amount.value() % currency.payout_unit_minor != 0) {
    return c.Reject(RejectionCode::kPayoutUnit, "amount_minor",
                    "the unit is " + std::to_string(currency.payout_unit_minor));
  }
  if (amount.value() < currency.minimum_payout_minor) {
    return c.Reject(RejectionCode::kPayoutMinimum, "amount_minor",
                    "the minimum is " + std::to_string(currency.minimum_payout_minor));
  }
  return std::nullopt;
}

}  // namespace

base::Verdict ApplyOperation(Context& c, const codec::RequestPayout& operation) {
  const auto index = c.RequireCurrency(operation.currency, "currency");
  if (!index) return index.rejection();
  const auto currency = c.overlay.Get<CurrencyRow>(index->value());
  if (auto bad = CheckAmount(c, operation.amount_minor, currency)) return bad;
  const base::Atoms amount = base::Atoms::FromMinor(operation.amount_minor);
  const BalanceRow balance = GetBalance(c.overlay, *index, c.sender);
  if (balance.available < amount) {
    return c.Reject(RejectionCode::kInsufficientBalance, "amount_minor",
                    "available is " + base::ToDecimal(balance.available.value()) + " atoms");
  }
  const auto totals = c.overlay.Get<TotalsRow>(index->value());
  if (totals.paid + totals.reserved + amount > totals.funded) {
    return c.Reject(RejectionCode::kInsufficientFunds, "amount_minor",
                    "funded and not yet reserved or paid: " +
                        base::ToDecimal(FreeFunds(totals).value()) + " atoms");
  }
  c.applied.payouts.push_back(
      AddPayout(c.overlay, *index, c.sender, operation.amount_minor, c.block.time, c.entry()));
  return std::nullopt;
}

}  // namespace tributary::state
