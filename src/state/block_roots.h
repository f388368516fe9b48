// What a block did, as one hash each: the results of its transactions, and its settlements.
// The byte forms stand in docs/formats.md, section 2.
#ifndef TRIBUTARY_STATE_BLOCK_ROOTS_H_
#define TRIBUTARY_STATE_BLOCK_ROOTS_H_

#include <vector>

#include "state/effects.h"
#include "tributary/base/types.h"

namespace tributary::state {

base::Hash ResultsRoot(const std::vector<AppliedTransaction>& transactions);
base::Hash SettlementRoot(const std::vector<Settlement>& settlements);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_BLOCK_ROOTS_H_
