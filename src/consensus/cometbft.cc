#include "consensus/cometbft.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "tributary/base/status.h"

namespace tributary::consensus {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

constexpr uint64_t kLookEveryMs = 100;
constexpr uint64_t kBackOffMs = 500;
constexpr uint64_t kBackOffMsMax = 30'000;
constexpr uint64_t kStallMsMax = 3'600'000;

}  // namespace

CometEngine::CometEngine(node::Ledger& ledger, CometOptions options, spdlog::logger& logger,
                         std::function<void(const absl::Status&)> out_of_service, Joined joined)
    : ledger_(ledger),
      options_(std::move(options)),
      logger_(logger),
      out_of_service_(std::move(out_of_service)),
      rpc_(options_.rpc_socket),
      snapshots_(ledger.store(), options_.snapshots_dir, options_.snapshots_keep, logger),
      application_(ledger,
                   ApplicationOptions{64u << 20, options_.may_connect, &snapshots_,
                                      options_.snapshot_interval},
                   logger),
      joined_(std::move(joined)) {}

CometEngine::~CometEngine() { Stop(); }

absl::Status CometEngine::Start() {
  if (server_) return base::FailedPrecondition("the engine runs already");
  const auto handle = [this](const abci::Request& request) {
    abci::Response response = application_.Handle(request);
    if (response.has_exception() && ledger_.mode() != node::Mode::kServing && out_of_service_) {
      out_of_service_(base::Unavailable(ledger_.mode_reason()));
    }
    return response;
  };
  if (joined_.server) {
    server_ = std::move(joined_.server);
    joined_.handler->Set(handle);
  } else {
    auto server = AbciServer::Start({options_.abci_socket}, handle, logger_);
    if (!server.ok()) return server.status();
    server_ = *std::move(server);
  }
  bundler_ = std::make_unique<Bundler>(
      ledger_, application_.cache(),
      [this](std::string_view bundle) { return rpc_.BroadcastTx(bundle); }, options_.bundler,
      logger_);
  bundler_->Start();
  if (options_.supervise) supervisor_ = std::thread([this] { Supervise(); });
  return absl::OkStatus();
}

void CometEngine::Stop() {
  if (!server_) return;
  ledger_.Stop();
  bundler_->Stop();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (supervisor_.joinable()) supervisor_.join();
  server_.reset();
}

bool CometEngine::WaitMs(uint64_t ms) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, Milliseconds(ms), [this] { return stopping_; });
}

void CometEngine::Supervise() {
  uint64_t back_off_ms = kBackOffMs;
  uint64_t stall_ms = options_.stall_ms;
  for (;;) {
    bool advanced = false;
    const std::string why = RunOnce(&advanced, stall_ms);
    if (why.empty()) return;
    if (ledger_.mode() != node::Mode::kServing) {
      logger_.error("the consensus engine is not started again: the node takes no transactions");
      return;
    }
    // A network that stands still is not helped by restarting one engine again and again.
    stall_ms = advanced ? options_.stall_ms : std::min(stall_ms * 2, kStallMsMax);
    back_off_ms = advanced ? kBackOffMs : std::min(back_off_ms * 2, kBackOffMsMax);
    logger_.warn("the consensus engine {}; it is started again in {} ms", why, back_off_ms);
    if (!WaitMs(back_off_ms)) return;
  }
}

absl::StatusOr<std::unique_ptr<ChildProcess>> CometEngine::TakeChild() {
  if (joined_.child) return std::move(joined_.child);
  // A socket file of an engine that was killed keeps the next one from starting.
  unlink(options_.rpc_socket.c_str());
  auto child = ChildProcess::Start({options_.program, "start", "--home", options_.home},
                                   options_.home + "/cometbft.log");
  if (child.ok()) logger_.info("the consensus engine runs as process {}", (*child)->pid());
  return child;
}

std::string CometEngine::RunOnce(bool* advanced, uint64_t stall_ms) {
  auto child = TakeChild();
  if (!child.ok()) return "could not be run: " + std::string(base::Message(child.status()));
  const uint64_t first_height = application_.height();
  uint64_t height = first_height;
  Clock::time_point moved = Clock::now();
  while (WaitMs(kLookEveryMs)) {
    if ((*child)->HasEnded()) return "ended with " + (*child)->HowItEnded();
    if (const uint64_t now = application_.height(); now != height) {
      height = now;
      moved = Clock::now();
      *advanced = true;
    }
    if (Clock::now() - moved > Milliseconds(stall_ms)) {
      (*child)->Stop(options_.stop_ms);
      return "made no block for " + std::to_string(stall_ms / 1'000) + " s";
    }
  }
  (*child)->Stop(options_.stop_ms);
  return {};
}

}  // namespace tributary::consensus
