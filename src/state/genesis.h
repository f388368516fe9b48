// The first state of a chain, from its genesis.
#ifndef TRIBUTARY_STATE_GENESIS_H_
#define TRIBUTARY_STATE_GENESIS_H_

#include "codec/ledger.h"
#include "state/context.h"
#include "state/overlay.h"

namespace tributary::state {

// Fills the tables. Rejects what one field alone cannot show: kGenesisInvalid with the field and
// the bound, kHandleTaken, kKeySmallOrder, kCurrencyUnknown.
base::Verdict ApplyGenesis(Overlay& overlay, BlockContext& block, const codec::Genesis& genesis);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_GENESIS_H_
