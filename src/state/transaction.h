// One transaction against the overlay.
#ifndef TRIBUTARY_STATE_TRANSACTION_H_
#define TRIBUTARY_STATE_TRANSACTION_H_

#include "state/context.h"

namespace tributary::state {

// Most ids that the replay window holds; beyond it transactions are refused for a while.
inline constexpr uint64_t kLiveTxIdsMax = 4'000'000;

// Ids are kept by the minute of their valid_until, and dropped when it has passed.
inline constexpr uint64_t kMinuteMs = 60'000;

// Applies all operations, or none. The order of checks: valid_until, duplicate, sender, signers,
// signatures, room in the replay window, the operations in order, signatures that nothing needed.
base::Verdict ApplyTransaction(Overlay& overlay, BlockContext& block,
                               const PreparedTransaction& transaction);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_TRANSACTION_H_
