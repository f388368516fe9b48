// The gRPC listener: LedgerService, health and reflection.
#ifndef TRIBUTARY_API_GRPC_SERVER_H_
#define TRIBUTARY_API_GRPC_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "api/checkpoint.h"
#include "api/listen_address.h"
#include "api/request_counters.h"
#include "api/stream_slots.h"
#include "node/ledger.h"

namespace tributary::api {

inline constexpr int kMessageBytesMax = 4 << 20;

// Thread safety: Stop and SetServing from any thread; the rest from one.
class GrpcServer {
 public:
  // Listens and serves. What it is given outlives it; `signer` may be null.
  // Errors: kUnavailable where the address cannot be had.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(const ListenAddress& address,
                                                           node::Ledger& ledger, std::string engine,
                                                           const LogSigner* signer,
                                                           RequestCounters& counters,
                                                           const StreamLimits& streams = {});
  ~GrpcServer();

  // What health checks answer, for "" and for tributary.v1.LedgerService.
  void SetServing(bool serving);
  // Ends streams, lets running calls end for at most `grace_ms`, then cancels them.
  void Stop(uint64_t grace_ms);
  // The port, also where any was asked for.
  uint16_t port() const;

 private:
  class Impl;
  explicit GrpcServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tributary::api

#endif  // TRIBUTARY_API_GRPC_SERVER_H_
