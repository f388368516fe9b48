#include <unistd.h>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include "api/checkpoint.h"
#include "api/grpc_server.h"
#include "api/http_listener.h"
#include "api/operations.h"
#include "api/tile_pages.h"
#include "consensus/cometbft.h"
#include "consensus/join.h"
#include "consensus/solo.h"
#include "daemon/comet_home.h"
#include "daemon/commands.h"
#include "daemon/exit_codes.h"
#include "daemon/history_fetch.h"
#include "daemon/logging.h"
#include "node/clock.h"
#include "node/ledger.h"
#include "tributary/base/status.h"

namespace tributary::daemon {
namespace {

constexpr int kWakeSignal = SIGUSR1;  // the engine tells main() that the node has halted

// To be called before any thread begins: all of them inherit the mask, main() waits for signals.
sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, kWakeSignal}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

node::LedgerOptions OptionsOf(const Config& config, bool accept_clock_jump) {
  node::LedgerOptions options;
  options.storage = StorageOptions(config);
  options.mempool.transactions_max = config.mempool_transactions_max;
  options.mempool.bytes_max = config.mempool_bytes_max;
  options.clock.jump_ms_max = config.clock_jump_seconds_max * 1'000;
  options.clock.downtime_ms_max = config.clock_downtime_seconds_max * 1'000;
  options.clock.accept_jump = accept_clock_jump;
  return options;
}

// Everything that runs, in the order in which it is made; it goes in the opposite order.
class Daemon {
 public:
  Daemon(const Config& config, std::shared_ptr<spdlog::logger> logger)
      : config_(config), logger_(std::move(logger)) {}

  // kCancelled: a signal came while the node waited for a snapshot.
  absl::Status Start(bool accept_clock_jump, const sigset_t& signals) {
    TRIBUTARY_RETURN_IF_ERROR(JoinByStateSync(signals));
    TRIBUTARY_RETURN_IF_ERROR(OpenLedger(accept_clock_jump));
    TRIBUTARY_RETURN_IF_ERROR(LoadSigner());
    engine_ = MakeEngine();
    TRIBUTARY_RETURN_IF_ERROR(engine_->Start());
    TRIBUTARY_RETURN_IF_ERROR(Listen());
    FetchHistory();
    return absl::OkStatus();
  }

  void Stop() {
    if (grpc_) grpc_->SetServing(false);
    history_.reset();
    // The engine first: whoever waits is answered while the connections still stand.
    if (engine_) engine_->Stop();
    if (grpc_) grpc_->Stop(config_.shutdown_grace_seconds * 1'000);
    if (tiles_) tiles_->Stop();
    if (operations_) operations_->Stop();
    if (listening_) std::remove(ListenFile().c_str());
  }

  bool halted() const { return ledger_->mode() == node::Mode::kHalted; }

 private:
  std::unique_ptr<consensus::Engine> MakeEngine() {
    const auto out_of_service = [this](const absl::Status&) {
      if (ledger_->mode() == node::Mode::kHalted) kill(getpid(), kWakeSignal);
    };
    if (config_.engine_kind == "solo") {
      const node::BlockLimits limits{config_.block_transactions_max, config_.block_bytes_max};
      return std::make_unique<consensus::SoloEngine>(*ledger_, limits, *logger_, out_of_service);
    }
    consensus::CometOptions options;
    options.home = CometHome(config_);
    options.abci_socket = AbciSocket(config_);
    options.rpc_socket = CometRpcSocket(config_);
    options.program = config_.engine_program;
    options.supervise = config_.engine_supervise == "yes";
    options.stall_ms = config_.engine_stall_seconds * 1'000;
    options.may_connect = MayConnect();
    options.snapshots_dir = SnapshotsDir(config_);
    options.snapshots_keep = config_.snapshots_keep;
    options.snapshot_interval = config_.engine_snapshot_interval;
    return std::make_unique<consensus::CometEngine>(*ledger_, std::move(options), *logger_,
                                                    out_of_service,
                                                    join_ ? join_->Take() : consensus::Joined());
  }

  // Read for each connection: a node that is added to the file needs no restart of the others.
  consensus::PeerFilter MayConnect() const {
    return [home = CometHome(config_)](const std::string& node_id) {
      const std::set<std::string> peers = ReadPeers(home);
      return peers.empty() || peers.count(node_id) != 0;
    };
  }

  // Where there is no store yet and the configuration asks for it.
  absl::Status JoinByStateSync(const sigset_t& signals) {
    std::error_code error;
    const bool wanted = config_.engine_kind == "cometbft" && config_.engine_state_sync == "yes";
    if (!wanted || std::filesystem::exists(StoreDir(config_) + "/db", error)) {
      return absl::OkStatus();
    }
    consensus::JoinOptions options;
    options.dir = StoreDir(config_);
    options.storage = StorageOptions(config_);
    options.home = CometHome(config_);
    options.abci_socket = AbciSocket(config_);
    options.rpc_socket = CometRpcSocket(config_);
    options.program = config_.engine_program;
    options.supervise = config_.engine_supervise == "yes";
    options.may_connect = MayConnect();
    auto join = consensus::Join::Start(std::move(options), *logger_);
    if (!join.ok()) return join.status();
    join_ = *std::move(join);
    while (!join_->Wait(200)) {
      const timespec none{};
      const int received = sigtimedwait(&signals, nullptr, &none);
      if (received == SIGINT || received == SIGTERM) {
        return absl::Status(absl::StatusCode::kCancelled, strsignal(received));
      }
    }
    return absl::OkStatus();
  }

  absl::Status OpenLedger(bool accept_clock_jump) {
    auto ledger = node::Ledger::Open(
        StoreDir(config_), OptionsOf(config_, accept_clock_jump), clock_, *logger_,
        [this](uint64_t done, uint64_t all) { logger_->debug("recovering: {} of {}", done, all); });
    if (!ledger.ok()) return ledger.status();
    ledger_ = *std::move(ledger);
    const auto view = ledger_->view();
    logger_->info("chain {} at block {}, {} entries, {} records", view->chain_id(),
                  view->header().height.value(), view->log_size(), view->record_count());
    return absl::OkStatus();
  }

  void FetchHistory() {
    const storage::Past past = ledger_->store().history();
    if (past.log_complete()) return;
    logger_->warn(
        "this node was restored from a snapshot of block {} and lacks {} entries before "
        "it; {}",
        past.height.value(), past.first_entry - past.filled,
        config_.history_from.empty() ? "set history.from to have them fetched"
                                     : "they are fetched from " + config_.history_from);
    if (config_.history_from.empty()) return;
    history_ = std::make_unique<HistoryFetch>(*ledger_, config_.history_from, *logger_);
  }

  absl::Status LoadSigner() {
    if (config_.checkpoint_key_file.empty()) return absl::OkStatus();
    auto key = keys::SigningKey::Load(config_.checkpoint_key_file);
    if (!key.ok()) return key.status();
    signer_ = std::make_unique<api::LogSigner>(api::LogOrigin(*ledger_->view()), *std::move(key));
    logger_->info("checkpoints are signed by {}", signer_->verifier_key());
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<api::HttpListener>> ListenHttp(const std::string& address,
                                                                api::HttpHandler handler) {
    if (address.empty()) return std::unique_ptr<api::HttpListener>();
    const auto parsed = api::ParseListenAddress(address);
    if (!parsed.ok()) return parsed.status();
    return api::HttpListener::Start(*parsed, std::move(handler));
  }

  api::StreamLimits Streams() const {
    api::StreamLimits limits;
    limits.readers_max = config_.grpc_stream_readers_max;
    return limits;
  }

  absl::Status Listen() {
    const auto address = api::ParseListenAddress(config_.grpc_listen);
    if (!address.ok()) return address.status();
    auto grpc = api::GrpcServer::Start(*address, *ledger_, std::string(engine_->name()),
                                       signer_.get(), requests_, Streams());
    if (!grpc.ok()) return grpc.status();
    grpc_ = *std::move(grpc);
    auto operations = ListenHttp(config_.operations_listen, [this](std::string_view path) {
      return api::AnswerOperations(*ledger_, requests_, path);
    });
    if (!operations.ok()) return operations.status();
    operations_ = *std::move(operations);
    auto tiles = ListenHttp(config_.tiles_listen, [this](std::string_view path) {
      return api::AnswerTiles(*ledger_, signer_.get(), path);
    });
    if (!tiles.ok()) return tiles.status();
    tiles_ = *std::move(tiles);
    return WriteListenFile();
  }

  std::string ListenFile() const { return config_.data_dir + "/listen"; }

  // Where we listen, for scripts that asked for any free port.
  absl::Status WriteListenFile() {
    const std::string temporary = ListenFile() + ".new";
    {
      std::ofstream file(temporary, std::ios::trunc);
      file << "grpc " << WithPort(config_.grpc_listen, grpc_->port()) << "\n";
      if (operations_) {
        file << "operations " << WithPort(config_.operations_listen, operations_->port()) << "\n";
      }
      if (tiles_) file << "tiles " << WithPort(config_.tiles_listen, tiles_->port()) << "\n";
      if (!file.flush()) return base::Unavailable("cannot write " + temporary);
    }
    if (std::rename(temporary.c_str(), ListenFile().c_str()) != 0) {
      return base::Unavailable("cannot write " + ListenFile());
    }
    listening_ = true;
    logger_->info("serving on {}", WithPort(config_.grpc_listen, grpc_->port()));
    return absl::OkStatus();
  }

  static std::string WithPort(const std::string& address, uint16_t port) {
    return address.substr(0, address.rfind(':')) + ":" + std::to_string(port);
  }

  const Config config_;
  const std::shared_ptr<spdlog::logger> logger_;
  const node::SystemClock clock_;
  bool listening_ = false;  // the file that says where is ours
  api::RequestCounters requests_;
  std::unique_ptr<consensus::Join> join_;
  std::unique_ptr<node::Ledger> ledger_;
  std::unique_ptr<api::LogSigner> signer_;
  std::unique_ptr<consensus::Engine> engine_;
  std::unique_ptr<api::GrpcServer> grpc_;
  std::unique_ptr<api::HttpListener> operations_;
  std::unique_ptr<api::HttpListener> tiles_;
  std::unique_ptr<HistoryFetch> history_;
};

}  // namespace

int RunStart(const StartArguments& arguments) {
  const auto config = LoadConfig(arguments.store);
  if (!config.ok()) return Fail(config.status());
  const sigset_t signals = BlockSignals();
  const std::shared_ptr<spdlog::logger> logger = MakeLogger(*config);
  Daemon daemon(*config, logger);
  if (const absl::Status status = daemon.Start(arguments.accept_clock_jump, signals);
      absl::IsCancelled(status)) {
    logger->info("stopping: {}", base::Message(status));
    daemon.Stop();
    return kExitOk;
  } else if (!status.ok()) {
    logger->critical("cannot start: {}", base::Message(status));
    daemon.Stop();
    return ExitCodeOf(status);
  }
  int received = 0;
  sigwait(&signals, &received);
  const bool halted = daemon.halted();
  logger->info("stopping: {}", halted ? "halted" : strsignal(received));
  daemon.Stop();
  logger->info("stopped");
  return halted ? kExitConservation : kExitOk;
}

}  // namespace tributary::daemon
