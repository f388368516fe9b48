#include "node/block_clock.h"

#include <algorithm>
#include <string>

#include "tributary/base/status.h"

namespace tributary::node {
namespace {

uint64_t Distance(uint64_t a, uint64_t b) { return a > b ? a - b : b - a; }

}  // namespace

void BlockClock::Start(base::TimeMs last) {
  wall_ms_ = clock_.WallMs();
  steady_ms_ = clock_.SteadyMs();
  start_accepted_ = limits_.accept_jump || CheckStart(last.value(), wall_ms_).ok();
}

absl::StatusOr<base::TimeMs> BlockClock::Now(base::TimeMs last) {
  const uint64_t wall_ms = clock_.WallMs();
  if (start_accepted_) {
    TRIBUTARY_RETURN_IF_ERROR(CheckJump(wall_ms, clock_.SteadyMs()));
  } else {
    // A clock that was wrong from the start was never in step: setting it right is no jump.
    TRIBUTARY_RETURN_IF_ERROR(CheckStart(last.value(), wall_ms));
    start_accepted_ = true;
    wall_ms_ = wall_ms;
    steady_ms_ = clock_.SteadyMs();
  }
  return base::TimeMs(std::max(last.value(), wall_ms));
}

absl::Status BlockClock::CheckStart(uint64_t last_ms, uint64_t wall_ms) const {
  const bool ahead = wall_ms > last_ms && wall_ms - last_ms > limits_.downtime_ms_max;
  const bool behind = wall_ms < last_ms && last_ms - wall_ms > limits_.jump_ms_max;
  if (!ahead && !behind) return absl::OkStatus();
  return base::FailedPrecondition(
      "the clock says " + std::to_string(wall_ms) + " ms, the last block was at " +
      std::to_string(last_ms) + " ms: " +
      (ahead ? "further ahead than this node is normally down"
             : "behind by more than a clock may be") +
      ". Set the clock right, or, if it is, start with --accept-clock-jump");
}

absl::Status BlockClock::CheckJump(uint64_t wall_ms, uint64_t steady_ms) {
  const uint64_t expected_ms = wall_ms_ + (steady_ms - steady_ms_);
  if (Distance(wall_ms, expected_ms) > limits_.jump_ms_max) {
    return base::FailedPrecondition(
        "the clock jumped: it says " + std::to_string(wall_ms) + " ms where " +
        std::to_string(expected_ms) +
        " ms was due. Set the clock right, or, if it is, restart with --accept-clock-jump");
  }
  // In step: small corrections (a time daemon's) are followed.
  wall_ms_ = wall_ms;
  steady_ms_ = steady_ms;
  return absl::OkStatus();
}

}  // namespace tributary::node
