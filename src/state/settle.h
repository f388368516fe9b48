// Settlement of an epoch: matured money moves down the lineage into balances.
#ifndef TRIBUTARY_STATE_SETTLE_H_
#define TRIBUTARY_STATE_SETTLE_H_

#include <vector>

#include "rewards/dispute.h"
#include "state/context.h"
#include "state/overlay.h"

namespace tributary::state {

// Settles what was reported in `epoch`, one settlement for each currency that has something, in
// ascending order of currency; then the epoch's pending money is gone. Nothing pending: no
// settlement.
void SettleEpoch(Overlay& overlay, BlockContext& block, base::Epoch epoch);

// The same for lines of one epoch that lay elsewhere, by the fee, terms and versions of `epoch`.
void SettleLines(Overlay& overlay, BlockContext& block, base::Epoch epoch,
                 const std::vector<PendingRow>& lines);

// What comes out of a pot in one currency.
struct PotPayment {
  base::RecordSeq record;
  uint32_t case_row;
  base::Atoms held;  // of which the rest becomes dust
  std::vector<rewards::RecordAmount> parents;
  std::vector<rewards::AuthorAmount> authors;
};
// Pays it out, as a settlement of its own: parents pass it on by the versions of the epoch that
// settled last.
void SettleRelease(Overlay& overlay, BlockContext& block, base::CurrencyIndex currency,
                   const PotPayment& payment);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_SETTLE_H_
