#include "client/retry.h"

#include <algorithm>

#include "tributary/client/error.h"

namespace tributary::client {
namespace {

constexpr uint32_t kBackoffMsMax = 2'000;

bool WorthAnotherTry(const absl::Status& status) {
  if (status.code() == absl::StatusCode::kResourceExhausted) return true;
  // A node that cannot write waits for its operator; one that starts or stops, or a lost
  // connection, comes back by itself.
  return status.code() == absl::StatusCode::kUnavailable && ReasonOf(status) != "ReadOnly";
}

}  // namespace

std::optional<uint32_t> RetryPolicy::NextPauseMs(const absl::Status& status, uint32_t jitter) {
  if (!WorthAnotherTry(status)) return std::nullopt;
  const uint32_t asked = RetryAfterMs(status).value_or(0);
  const uint32_t base_ms = std::max(asked, backoff_ms_);
  // Up to a quarter more.
  const auto pause =
      static_cast<uint32_t>(base_ms + uint64_t{base_ms} * jitter / 4 / (uint64_t{1} << 32));
  backoff_ms_ = std::min(backoff_ms_ * 2, kBackoffMsMax);
  if (pause > left_ms_) return std::nullopt;
  left_ms_ -= pause;
  return pause;
}

}  // namespace tributary::client
