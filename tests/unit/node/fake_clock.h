// A clock that tests set.
#ifndef TRIBUTARY_TESTS_UNIT_NODE_FAKE_CLOCK_H_
#define TRIBUTARY_TESTS_UNIT_NODE_FAKE_CLOCK_H_

#include <atomic>
#include <cstdint>

#include "node/clock.h"

namespace tributary::testing {

class FakeClock : public node::Clock {
 public:
  explicit FakeClock(uint64_t wall_ms) : wall_ms_(wall_ms) {}
  uint64_t WallMs() const override { return wall_ms_; }
  uint64_t SteadyMs() const override { return steady_ms_; }
  // Time passes: both clocks go on.
  void Pass(uint64_t ms) {
    wall_ms_ += ms;
    steady_ms_ += ms;
  }
  // Somebody sets the wall clock.
  void SetWall(uint64_t wall_ms) { wall_ms_ = wall_ms; }

 private:
  std::atomic<uint64_t> wall_ms_;
  std::atomic<uint64_t> steady_ms_{1'000};
};

}  // namespace tributary::testing

#endif  // TRIBUTARY_TESTS_UNIT_NODE_FAKE_CLOCK_H_
