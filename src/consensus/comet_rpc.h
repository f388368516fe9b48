// The few calls of CometBFT's JSON-RPC that a node makes, over its unix socket.
#ifndef TRIBUTARY_CONSENSUS_COMET_RPC_H_
#define TRIBUTARY_CONSENSUS_COMET_RPC_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tributary::consensus {

// Thread safety: all members, from any thread; each call has a connection of its own.
class CometRpc {
 public:
  // `socket`: path of rpc.laddr without "unix://". `timeout_ms`: of each call as a whole.
  explicit CometRpc(std::string socket, uint64_t timeout_ms = 5'000)
      : socket_(std::move(socket)), timeout_ms_(timeout_ms) {}

  // Puts a transaction into the engine's pool, where it is checked first. Ok, too, where it is
  // there already. Ok is no promise: a pool that filled meanwhile forgets it, so send again until
  // committed. Errors: kUnavailable where the engine cannot be reached; kResourceExhausted where
  // its pool is full; kInvalidArgument where the check refused it.
  absl::Status BroadcastTx(std::string_view tx) const;

  // The height of its last block.
  absl::StatusOr<uint64_t> Height() const;

 private:
  absl::StatusOr<std::string> Call(std::string body) const;

  const std::string socket_;
  const uint64_t timeout_ms_;
};

}  // namespace tributary::consensus

#endif  // TRIBUTARY_CONSENSUS_COMET_RPC_H_
