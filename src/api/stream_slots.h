// How many streams may read at a time. Each holds what it has read and not yet sent, so their
// number bounds the memory that slow or idle readers can hold.
#ifndef TRIBUTARY_API_STREAM_SLOTS_H_
#define TRIBUTARY_API_STREAM_SLOTS_H_

#include <atomic>
#include <cstdint>
#include <memory>

namespace tributary::api {

struct StreamLimits {
  uint64_t readers_max = 128;        // StreamEntries and StreamCredits, of all clients together
  uint64_t settlements_max = 1'000;  // that StreamCredits looks at before others have their turn
};

// Thread safety: all members, from any thread.
class StreamSlots {
 public:
  // Taken until it is destroyed. Ownership: the slots outlive it.
  class Slot {
   public:
    explicit Slot(std::atomic<uint64_t>& taken) : taken_(taken) {}
    ~Slot() { taken_.fetch_sub(1); }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;

   private:
    std::atomic<uint64_t>& taken_;
  };

  explicit StreamSlots(const StreamLimits& limits) : limits_(limits) {}
  // Null where all are taken.
  std::unique_ptr<Slot> Take() {
    if (taken_.fetch_add(1) < limits_.readers_max) return std::make_unique<Slot>(taken_);
    taken_.fetch_sub(1);
    return nullptr;
  }
  uint64_t taken() const { return taken_; }
  const StreamLimits& limits() const { return limits_; }

 private:
  const StreamLimits limits_;
  std::atomic<uint64_t> taken_{0};
};

}  // namespace tributary::api

#endif  // TRIBUTARY_API_STREAM_SLOTS_H_
