// How many reads were answered, and how many were not.
#ifndef TRIBUTARY_API_REQUEST_COUNTERS_H_
#define TRIBUTARY_API_REQUEST_COUNTERS_H_

#include <array>
#include <atomic>
#include <cstdint>

namespace tributary::api {

// Reads by status code of gRPC (0..16).
// Thread safety: all members, from any thread.
struct RequestCounters {
  static constexpr int kCodes = 17;
  std::array<std::atomic<uint64_t>, kCodes> reads{};
  std::atomic<uint64_t> streams{0};  // begun

  void CountRead(int code) {
    if (code >= 0 && code < kCodes) reads[code].fetch_add(1, std::memory_order_relaxed);
  }
};

}  // namespace tributary::api

#endif  // TRIBUTARY_API_REQUEST_COUNTERS_H_
