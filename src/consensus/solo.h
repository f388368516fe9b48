// The engine of a single node: group commit. The next block is whatever arrived while the last one
// was being synced; there is no timer while there is work, and no block where nothing changes.
#ifndef TRIBUTARY_CONSENSUS_SOLO_H_
#define TRIBUTARY_CONSENSUS_SOLO_H_

#include <functional>
#include <string_view>
#include <thread>

#include "absl/status/status.h"
#include "consensus/engine.h"
#include "node/ledger.h"
#include "spdlog/logger.h"

namespace tributary::consensus {

class SoloEngine : public Engine {
 public:
  // `out_of_service`, if set, is called on the engine's thread when a block could not be made, with
  // the reason; the engine goes on waiting, for the clock may come back.
  // Ownership: `ledger` and `logger` outlive the engine.
  SoloEngine(node::Ledger& ledger, node::BlockLimits limits, spdlog::logger& logger,
             std::function<void(const absl::Status&)> out_of_service = {});
  ~SoloEngine() override;

  absl::Status Start() override;
  void Stop() override;
  std::string_view name() const override { return "solo"; }

 private:
  void Run();

  node::Ledger& ledger_;
  const node::BlockLimits limits_;
  spdlog::logger& logger_;
  const std::function<void(const absl::Status&)> out_of_service_;
  std::thread thread_;
};

}  // namespace tributary::consensus

#endif  // TRIBUTARY_CONSENSUS_SOLO_H_
