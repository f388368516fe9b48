// A node that has no store yet joins a network: CometBFT finds a snapshot at its peers, and brings
// it piece by piece ("state sync"). The header hash in it must be the application hash that
// CometBFT's light client confirmed, and everything else follows from that header.
//
// Until the store is there, nothing else of the node runs. Then the engine takes over the socket
// and the process, in the midst of CometBFT's hand-over.
#ifndef TRIBUTARY_CONSENSUS_JOIN_H_
#define TRIBUTARY_CONSENSUS_JOIN_H_

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "consensus/abci_server.h"
#include "consensus/child_process.h"
#include "consensus/peer_filter.h"
#include "spdlog/logger.h"
#include "storage/snapshot.h"

namespace tributary::consensus {

// Passes requests on to whoever is responsible now.
// Thread safety: all members.
class HandlerSwitch {
 public:
  // Waits while nobody is responsible.
  tendermint::abci::Response operator()(const tendermint::abci::Request& request);
  // Nobody: an empty handler. Requests that run already are not waited for.
  void Set(AbciHandler handler);
  // Requests that wait are answered by an exception, now and later.
  void Close();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  AbciHandler handler_;
  bool closed_ = false;
};

// What an engine takes over.
struct Joined {
  std::shared_ptr<HandlerSwitch> handler;
  std::unique_ptr<AbciServer> server;
  std::unique_ptr<ChildProcess> child;  // null where somebody else runs it
};

struct JoinOptions {
  std::string dir;  // of the store that is made
  storage::Options storage;
  std::string home;
  std::string abci_socket;
  std::string rpc_socket;
  std::string program = "cometbft";
  bool supervise = true;
  uint64_t stop_ms = 10'000;
  PeerFilter may_connect;
};

// Thread safety: none but that of the requests that it answers. The thread that calls Start and
// Wait must live as long as the process that they start.
class Join {
 public:
  static absl::StatusOr<std::unique_ptr<Join>> Start(JoinOptions options, spdlog::logger& logger);
  // Ends the process, unless it was taken over.
  ~Join();

  // True: the store is there. False: not within the time. An engine that ends is started again.
  bool Wait(uint64_t ms);
  // Requires: Wait returned true.
  Joined Take();
  // What the socket hands on; for tests without one.
  tendermint::abci::Response Handle(const tendermint::abci::Request& request);

 private:
  Join(JoinOptions options, spdlog::logger& logger);
  int32_t Offer(const tendermint::abci::RequestOfferSnapshot& request);
  void Apply(const tendermint::abci::RequestApplySnapshotChunk& request,
             tendermint::abci::ResponseApplySnapshotChunk* out);
  void StartChild();

  const JoinOptions options_;
  spdlog::logger& logger_;
  Joined joined_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  std::unique_ptr<storage::SnapshotRestore> restore_;
  bool done_ = false;
};

}  // namespace tributary::consensus

#endif  // TRIBUTARY_CONSENSUS_JOIN_H_
