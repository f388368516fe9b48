#include "node/clock.h"

#include <ctime>

namespace tributary::node {
namespace {

uint64_t ReadMs(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000 + static_cast<uint64_t>(now.tv_nsec) / 1'000'000;
}

}  // namespace

uint64_t SystemClock::WallMs() const { return ReadMs(CLOCK_REALTIME); }
uint64_t SystemClock::SteadyMs() const { return ReadMs(CLOCK_BOOTTIME); }

}  // namespace tributary::node
