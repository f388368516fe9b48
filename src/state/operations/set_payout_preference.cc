#include <algorithm>

#include "state/context.h"
#include "state/payouts.h"

namespace tributary::state {

base::Verdict ApplyOperation(Context& c, const codec::SetPayoutPreference& operation) {
  const auto currency = c.RequireCurrency(operation.currency, "currency");
  if (!currency) return currency.rejection();
  BalanceRow balance = GetBalance(c.overlay, *currency, c.sender);
  // Below the least payout nothing can be paid, so a balance waits until it has reached that.
  const uint64_t least_minor = LeastPayoutMinor(c.overlay.Get<CurrencyRow>(currency->value()));
  const uint64_t above_minor = operation.automatic_above_minor.value();
  balance.automatic_above_minor = above_minor == 0 ? 0 : std::max(above_minor, least_minor);
  PutBalance(c.overlay, *currency, c.sender, balance);
  return std::nullopt;
}

}  // namespace tributary::state
