// Time as an input: the wall clock, and one that no operator sets.
#ifndef TRIBUTARY_NODE_CLOCK_H_
#define TRIBUTARY_NODE_CLOCK_H_

#include <cstdint>

namespace tributary::node {

// Thread safety: all members, from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  // Milliseconds since 1970-01-01 UTC.
  virtual uint64_t WallMs() const = 0;
  // Milliseconds since some moment before the process began; never goes back, goes on while the
  // machine sleeps.
  virtual uint64_t SteadyMs() const = 0;
};

class SystemClock : public Clock {
 public:
  uint64_t WallMs() const override;
  uint64_t SteadyMs() const override;
};

}  // namespace tributary::node

#endif  // TRIBUTARY_NODE_CLOCK_H_
