#include "state/context.h"
#include "state/identity_keys.h"
#include "state/payouts.h"

namespace tributary::state {

base::Verdict ApplyOperation(Context& c, const codec::ConfirmPayout& operation) {
  auto payout = RequireOpenPayout(c, operation.payout);
  if (!payout) return payout.rejection();
  const auto currency = c.overlay.Get<CurrencyRow>(payout->currency);
  const base::Hash reference = PayoutReferenceKey(CodeOf(currency), operation.external_reference);
  if (const auto taken = c.overlay.Find(Identity::kPayoutReference, reference)) {
    return c.Reject(base::RejectionCode::kExternalReferenceTaken, "external_reference",
                    "payout " + std::to_string(*taken));
  }
  payout->reference_key = reference;
  c.overlay.AddIdentity(Identity::kPayoutReference, reference, operation.payout.value());
  ClosePayout(c, operation.payout, *payout, PayoutState::kPaid, &BalanceRow::paid,
              &TotalsRow::paid);
  return std::nullopt;
}

}  // namespace tributary::state
