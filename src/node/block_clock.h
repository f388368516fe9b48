// Block time: never behind the last block, and never led astray by a clock that jumped.
//
// A block time that is too late can never be taken back: epochs end, transactions expire. So a wall
// clock that moves against the steady clock by more than a limit is not followed, and at start-up
// one that is further from the last block than a node is normally down. The operator acknowledges
// both with a flag of `tributaryd start`.
#ifndef TRIBUTARY_NODE_BLOCK_CLOCK_H_
#define TRIBUTARY_NODE_BLOCK_CLOCK_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "node/clock.h"
#include "tributary/base/types.h"

namespace tributary::node {

struct ClockLimits {
  uint64_t jump_ms_max = 600'000;         // against the steady clock, either way, while running
  uint64_t downtime_ms_max = 86'400'000;  // from the last block to the clock at start-up
  bool accept_jump = false;               // the operator has looked at the clock: it is right
};

// Thread safety: none; the writer's thread owns it.
class BlockClock {
 public:
  BlockClock(const Clock& clock, ClockLimits limits) : clock_(clock), limits_(limits) {}

  // To be called once, with the time of the last block.
  void Start(base::TimeMs last);

  // The time for the next block: max(last, wall clock).
  // Errors: FailedPrecondition while the clock is not to be trusted, with both times in the text.
  // It is asked anew each time: a clock that has come back is followed again.
  absl::StatusOr<base::TimeMs> Now(base::TimeMs last);

 private:
  absl::Status CheckStart(uint64_t last_ms, uint64_t wall_ms) const;
  absl::Status CheckJump(uint64_t wall_ms, uint64_t steady_ms);

  const Clock& clock_;
  ClockLimits limits_;
  bool start_accepted_ = false;
  uint64_t wall_ms_ = 0;  // both clocks when they were last found in step
  uint64_t steady_ms_ = 0;
};

}  // namespace tributary::node

#endif  // TRIBUTARY_NODE_BLOCK_CLOCK_H_
