// The engine of a network of validators: CometBFT orders the blocks, this node executes them.
//
// CometBFT runs beside the daemon, unmodified. Either the daemon supervises it, or somebody else
// runs it and it connects to the same socket.
#ifndef TRIBUTARY_CONSENSUS_COMETBFT_H_
#define TRIBUTARY_CONSENSUS_COMETBFT_H_

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "absl/status/status.h"
#include "consensus/abci_server.h"
#include "consensus/application.h"
#include "consensus/bundler.h"
#include "consensus/child_process.h"
#include "consensus/comet_rpc.h"
#include "consensus/engine.h"
#include "consensus/join.h"
#include "node/ledger.h"
#include "node/snapshots.h"
#include "spdlog/logger.h"

namespace tributary::consensus {

struct CometOptions {
  std::string home;         // CometBFT's --home
  std::string abci_socket;  // we listen; its proxy_app
  std::string rpc_socket;   // it listens; its rpc.laddr
  std::string program = "cometbft";
  bool supervise = true;       // false: somebody else runs it
  uint64_t stall_ms = 60'000;  // without a new block: it is restarted, later each time
  uint64_t stop_ms = 10'000;   // that it has to end
  PeerFilter may_connect;
  std::string snapshots_dir;
  size_t snapshots_keep = 2;
  uint64_t snapshot_interval = 0;  // in CometBFT's blocks; 0: none are made
  BundlerOptions bundler;
};

class CometEngine : public Engine {
 public:
  // As SoloEngine. What a node that joined began goes on with the engine.
  CometEngine(node::Ledger& ledger, CometOptions options, spdlog::logger& logger,
              std::function<void(const absl::Status&)> out_of_service = {}, Joined joined = {});
  ~CometEngine() override;

  absl::Status Start() override;
  void Stop() override;
  std::string_view name() const override { return "cometbft"; }

 private:
  using Moment = std::chrono::steady_clock::time_point;

  void Supervise();
  // Runs the program until it ends, stands still, or we stop. Returns why, empty: we stop.
  std::string RunOnce(bool* advanced, uint64_t stall_ms);
  // The process that is taken over, or a new one.
  absl::StatusOr<std::unique_ptr<ChildProcess>> TakeChild();
  // False: we stop.
  bool WaitMs(uint64_t ms);

  node::Ledger& ledger_;
  const CometOptions options_;
  spdlog::logger& logger_;
  const std::function<void(const absl::Status&)> out_of_service_;
  const CometRpc rpc_;
  node::Snapshots snapshots_;
  Application application_;
  Joined joined_;
  std::unique_ptr<AbciServer> server_;
  std::unique_ptr<Bundler> bundler_;
  std::thread supervisor_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;  // guarded by mutex_
};

}  // namespace tributary::consensus

#endif  // TRIBUTARY_CONSENSUS_COMETBFT_H_
