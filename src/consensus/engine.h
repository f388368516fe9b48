// What decides when a block is made, and of which transactions.
#ifndef TRIBUTARY_CONSENSUS_ENGINE_H_
#define TRIBUTARY_CONSENSUS_ENGINE_H_

#include <string_view>

#include "absl/status/status.h"

namespace tributary::consensus {

// Thread safety: Start and Stop from one thread; the others from any.
class Engine {
 public:
  virtual ~Engine() = default;
  // Begins to make blocks, on the engine's own thread.
  virtual absl::Status Start() = 0;
  // Makes no more; returns when the block being made is committed and its clients are answered.
  virtual void Stop() = 0;
  // Short and lower-case, e.g. "solo".
  virtual std::string_view name() const = 0;
};

}  // namespace tributary::consensus

#endif  // TRIBUTARY_CONSENSUS_ENGINE_H_
