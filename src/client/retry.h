// When a failed call is tried again, and after how long.
#ifndef TRIBUTARY_CLIENT_RETRY_H_
#define TRIBUTARY_CLIENT_RETRY_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"

namespace tributary::client {

// The pauses of one call. Jitter is a number in 0..2^32-1 that the caller draws for each question:
// many clients must not come back in step.
class RetryPolicy {
 public:
  explicit RetryPolicy(uint32_t retry_for_ms) : left_ms_(retry_for_ms) {}

  // How long to wait before the next attempt, or nullopt: give up and report `status`.
  std::optional<uint32_t> NextPauseMs(const absl::Status& status, uint32_t jitter);
  // Takes time that an attempt has used off what is left.
  void Spend(uint64_t elapsed_ms) { left_ms_ = elapsed_ms < left_ms_ ? left_ms_ - elapsed_ms : 0; }

 private:
  uint64_t left_ms_;
  uint32_t backoff_ms_ = 50;
};

}  // namespace tributary::client

#endif  // TRIBUTARY_CLIENT_RETRY_H_
