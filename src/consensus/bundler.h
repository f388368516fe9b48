// Gathers what this node's clients submitted into bundles and has the consensus engine order them.
//
// A bundle closes at 64 KiB, or a few milliseconds after its first transaction came. It is kept
// until each of its transactions was decided, and sent again until then: the engine's pool forgets.
#ifndef TRIBUTARY_CONSENSUS_BUNDLER_H_
#define TRIBUTARY_CONSENSUS_BUNDLER_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "consensus/bundle_cache.h"
#include "node/ledger.h"
#include "spdlog/logger.h"

namespace tributary::consensus {

struct BundlerOptions {
  uint64_t linger_ms = 3;      // that a bundle waits for more
  uint64_t resend_ms = 3'000;  // doubles with each attempt, up to resend_ms_max
  uint64_t resend_ms_max = 30'000;
  uint64_t outstanding_bytes_max = 16u << 20;  // sent and not decided; beyond it nothing is taken
  uint64_t stop_ms = 3'000;  // that what was sent has to be decided when the node stops
};

// Thread safety: Start and Stop from one thread.
class Bundler {
 public:
  // Hands a bundle to the engine; the errors are those of CometRpc::BroadcastTx.
  using Send = std::function<absl::Status(std::string_view bundle)>;

  // Ownership: what it is given outlives it.
  Bundler(node::Ledger& ledger, BundleCache& cache, Send send, BundlerOptions options,
          spdlog::logger& logger);
  ~Bundler();
  void Start();
  // Takes nothing more, waits a little for what was sent, and answers whoever still waits.
  // Requires: the ledger's Stop was called.
  void Stop();

 private:
  using Moment = std::chrono::steady_clock::time_point;
  struct Outstanding {
    node::Ledger::Items items;
    uint64_t bytes = 0;
    uint32_t attempt = 0;
    Moment send_at;  // again, or for the first time
  };

  void Run();
  void Gather();
  void SendDue();
  // Drops what was decided; gives up what has expired, or everything where the node does not serve.
  void Sweep();
  void SendNow(Outstanding& bundle);

  node::Ledger& ledger_;
  BundleCache& cache_;
  const Send send_;
  const BundlerOptions options_;
  spdlog::logger& logger_;
  std::list<Outstanding> outstanding_;  // the thread's
  uint64_t outstanding_bytes_ = 0;
  Moment next_sweep_;
  bool complained_ = false;
  std::thread thread_;
};

}  // namespace tributary::consensus

#endif  // TRIBUTARY_CONSENSUS_BUNDLER_H_
