// What must hold after every block, checked before it is committed.
#ifndef TRIBUTARY_STATE_INVARIANTS_H_
#define TRIBUTARY_STATE_INVARIANTS_H_

#include "absl/status/status.h"
#include "state/overlay.h"
#include "state/page_source.h"

namespace tributary::state {

// Conservation, for every currency: the journal's totals balance (reported - reversed + deposited =
// all places), and each change of a total equals what the changed pages of the tables themselves
// say, old against new: balances, flows (dust is computed from them and the graph), pending money,
// events, fundings. No balance's total credit falls. The cost is proportional to what the block
// changed. Errors: Internal, naming currency, line and both sides.
absl::Status CheckConservation(Overlay& overlay);

// The same over all rows of a committed state, from nothing: for audits and `tributaryd check`.
// Errors: Internal as above; DataLoss where pages cannot be read.
absl::Status RecountConservation(const PageSource& pages, const Resident& resident);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_INVARIANTS_H_
