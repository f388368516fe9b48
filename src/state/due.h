// What a block deals with before its entries: ends of epochs with the settlements that they bring,
// claims that take effect, freezes that end, and windows that have passed, each as of its nominal
// time; then proposals whose height this is.
#ifndef TRIBUTARY_STATE_DUE_H_
#define TRIBUTARY_STATE_DUE_H_

#include <cstdint>
#include <optional>

#include "state/context.h"
#include "state/overlay.h"
#include "state/parameters.h"

namespace tributary::state {

// In the order (nominal due time, kind, id), up to and including the block's time. A late block or
// a quiet week changes nothing in what anybody is owed.
void DealWithDue(Overlay& overlay, BlockContext& block);

// The oldest epoch whose revenue waits to mature; nothing where none does.
std::optional<uint64_t> OldestPendingEpoch(Overlay& overlay, const ChainRow& chain);

// Whether revenue of `epoch` waits to mature: it has not been settled.
inline bool WaitsToMature(Overlay& overlay, const ChainRow& chain, uint64_t epoch) {
  return MaturesWithEndOf(overlay, epoch) >= chain.epoch;
}

// Starts `epoch` at `start_ms`: notes its start and drops the events that its slot held.
void EnterEpoch(Overlay& overlay, ChainRow& chain, uint64_t epoch, uint64_t start_ms,
                uint64_t length_ms);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_DUE_H_
