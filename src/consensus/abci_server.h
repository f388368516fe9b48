// The ABCI socket: CometBFT connects to it with four connections, each a strict sequence of
// requests and answers.
//
// Every connection has a thread of its own, so that a slow query delays nobody else. Within a
// connection answers leave in the order of the requests; checks of transactions that arrived
// together are done in parallel.
#ifndef TRIBUTARY_CONSENSUS_ABCI_SERVER_H_
#define TRIBUTARY_CONSENSUS_ABCI_SERVER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "abci/types.pb.h"
#include "absl/status/statusor.h"
#include "spdlog/logger.h"

namespace tributary::consensus {

// Called from several threads at once; never throws.
using AbciHandler =
    std::function<tendermint::abci::Response(const tendermint::abci::Request& request)>;

struct AbciServerOptions {
  std::string socket;           // path; at most 100 characters
  size_t connections_max = 16;  // beyond it a new one is closed at once
  size_t check_threads = 2;     // for transactions that arrive together
};

// Thread safety: Stop may be called from any thread, once.
class AbciServer {
 public:
  // Listens. A socket file that nobody listens on any more is replaced; the new one is for this
  // user alone. Errors: kFailedPrecondition where somebody listens there; kUnavailable where it
  // cannot be made.
  static absl::StatusOr<std::unique_ptr<AbciServer>> Start(AbciServerOptions options,
                                                           AbciHandler handler,
                                                           spdlog::logger& logger);
  // Closes the connections, waits for running requests, and removes the socket file.
  ~AbciServer();
  void Stop();

 private:
  class Impl;
  explicit AbciServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tributary::consensus

#endif  // TRIBUTARY_CONSENSUS_ABCI_SERVER_H_
