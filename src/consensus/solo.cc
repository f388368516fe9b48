#include "consensus/solo.h"

#include <exception>
#include <utility>

#include "tributary/base/check.h"
#include "tributary/base/status.h"

namespace tributary::consensus {

SoloEngine::SoloEngine(node::Ledger& ledger, node::BlockLimits limits, spdlog::logger& logger,
                       std::function<void(const absl::Status&)> out_of_service)
    : ledger_(ledger),
      limits_(limits),
      logger_(logger),
      out_of_service_(std::move(out_of_service)) {}

SoloEngine::~SoloEngine() { Stop(); }

absl::Status SoloEngine::Start() {
  if (thread_.joinable()) return base::FailedPrecondition("the engine runs already");
  thread_ = std::thread([this] {
    try {
      Run();
    } catch (const std::exception& error) {
      logger_.critical("the writer's thread ended: {}", error.what());
      TRIBUTARY_CHECK(false, "an exception reached the writer's thread");
    }
  });
  return absl::OkStatus();
}

void SoloEngine::Stop() {
  if (!thread_.joinable()) return;
  ledger_.Stop();
  thread_.join();
}

void SoloEngine::Run() {
  while (ledger_.WaitForWork() == node::Ledger::Work::kBlock) {
    const absl::Status status = ledger_.MakeBlock(limits_);
    if (!status.ok() && out_of_service_) out_of_service_(status);
  }
  // What was accepted before the end is still decided.
  while (ledger_.mempool_usage().transactions > 0) {
    if (!ledger_.MakeBlock(limits_).ok()) break;
  }
  ledger_.Drain();
}

}  // namespace tributary::consensus
