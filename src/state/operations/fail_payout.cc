#include "state/context.h"
#include "state/payouts.h"

namespace tributary::state {

base::Verdict ApplyOperation(Context& c, const codec::FailPayout& operation) {
  const auto payout = RequireOpenPayout(c, operation.payout);
  if (!payout) return payout.rejection();
  ClosePayout(c, operation.payout, *payout, PayoutState::kFailed, &BalanceRow::available,
              &TotalsRow::available);
  return std::nullopt;
}

}  // namespace tributary::state
