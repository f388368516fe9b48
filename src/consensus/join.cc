#include "consensus/join.h"

#include <unistd.h>

#include <chrono>
#include <utility>

#include "codec/header.h"
#include "consensus/application.h"
#include "tributary/base/status.h"

namespace tributary::consensus {
namespace {

constexpr int32_t kAccept = 1;
constexpr int32_t kAbort = 2;
constexpr int32_t kOfferReject = 3;
constexpr int32_t kOfferRejectFormat = 4;
constexpr int32_t kChunkRetry = 3;
constexpr int32_t kChunkRejectSnapshot = 5;

abci::Response Exception(const std::string& what) {
  abci::Response out;
  out.mutable_exception()->set_error(what);
  return out;
}

}  // namespace

abci::Response HandlerSwitch::operator()(const abci::Request& request) {
  AbciHandler handler;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || handler_; });
    if (closed_) return Exception("the node stops");
    handler = handler_;
  }
  return handler(request);
}

void HandlerSwitch::Set(AbciHandler handler) {
  {
    const std::lock_guard lock(mutex_);
    handler_ = std::move(handler);
  }
  changed_.notify_all();
}

void HandlerSwitch::Close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

Join::Join(JoinOptions options, spdlog::logger& logger)
    : options_(std::move(options)), logger_(logger) {}

absl::StatusOr<std::unique_ptr<Join>> Join::Start(JoinOptions options, spdlog::logger& logger) {
  std::unique_ptr<Join> join(new Join(std::move(options), logger));
  join->joined_.handler = std::make_shared<HandlerSwitch>();
  join->joined_.handler->Set(
      [self = join.get()](const abci::Request& request) { return self->Handle(request); });
  auto server = AbciServer::Start(
      {join->options_.abci_socket},
      [handler = join->joined_.handler](const abci::Request& request) {
        return (*handler)(request);
      },
      logger);
  if (!server.ok()) return server.status();
  join->joined_.server = *std::move(server);
  join->StartChild();
  return join;
}

Join::~Join() {
  if (joined_.handler) joined_.handler->Close();
  if (joined_.child) joined_.child->Stop(options_.stop_ms);
  joined_.server.reset();
}

void Join::StartChild() {
  if (!options_.supervise) return;
  unlink(options_.rpc_socket.c_str());
  auto child = ChildProcess::Start({options_.program, "start", "--home", options_.home},
                                   options_.home + "/cometbft.log");
  if (!child.ok()) {
    logger_.error("the consensus engine could not be run: {}", base::Message(child.status()));
    return;
  }
  joined_.child = *std::move(child);
  logger_.info("the consensus engine runs as process {} and looks for a snapshot",
               joined_.child->pid());
}

bool Join::Wait(uint64_t ms) {
  if (options_.supervise && (!joined_.child || joined_.child->HasEnded())) {
    if (joined_.child) {
      logger_.warn("the consensus engine ended with {}", joined_.child->HowItEnded());
    }
    joined_.child.reset();
    StartChild();
  }
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return done_; });
}

Joined Join::Take() { return std::move(joined_); }

abci::Response Join::Handle(const abci::Request& request) {
  abci::Response out;
  switch (request.value_case()) {
    case abci::Request::kEcho: out.mutable_echo()->set_message(request.echo().message()); break;
    case abci::Request::kFlush: out.mutable_flush(); break;
    case abci::Request::kInfo:
      out.mutable_info()->set_data("tributary");
      out.mutable_info()->set_version("1");
      out.mutable_info()->set_app_version(kApplicationVersion);
      break;
    case abci::Request::kQuery: {
      abci::ResponseQuery* answer = out.mutable_query();
      if (!AnswerPeerQuery(options_.may_connect, request.query(), answer)) {
        answer->set_code(kCodeNotServing);
      }
      break;
    }
    case abci::Request::kCheckTx: out.mutable_check_tx()->set_code(kCodeNotServing); break;
    case abci::Request::kListSnapshots: out.mutable_list_snapshots(); break;
    case abci::Request::kLoadSnapshotChunk: out.mutable_load_snapshot_chunk(); break;
    case abci::Request::kOfferSnapshot:
      out.mutable_offer_snapshot()->set_result(Offer(request.offer_snapshot()));
      break;
    case abci::Request::kApplySnapshotChunk:
      Apply(request.apply_snapshot_chunk(), out.mutable_apply_snapshot_chunk());
      break;
    default:
      return Exception(
          "this node has no store yet and waits for a snapshot: enable [statesync] in the "
          "configuration of CometBFT, or make a store with `tributaryd init`");
  }
  return out;
}

int32_t Join::Offer(const abci::RequestOfferSnapshot& request) {
  const std::lock_guard lock(mutex_);
  restore_.reset();
  const abci::Snapshot& offered = request.snapshot();
  if (offered.format() != kSnapshotFormat) return kOfferRejectFormat;
  auto manifest = storage::DecodeManifest(offered.metadata());
  if (!manifest.ok()) {
    logger_.warn("a snapshot is refused: {}", base::Message(manifest.status()));
    return kOfferReject;
  }
  const base::Hash header_hash = codec::HeaderHash(base::AsBytes(manifest->header_bytes));
  if (request.app_hash() != base::AsText(header_hash.view()) ||
      offered.height() != manifest->engine_height || offered.chunks() != manifest->chunks.size()) {
    logger_.warn(
        "a snapshot of block {} is refused: it is not of the header that the network "
        "confirms",
        offered.height());
    return kOfferReject;
  }
  auto restore =
      storage::SnapshotRestore::Begin(options_.dir, options_.storage, *std::move(manifest), false);
  if (!restore.ok()) {
    logger_.error("no snapshot can be restored: {}", base::Message(restore.status()));
    return absl::IsDataLoss(restore.status()) ? kOfferReject : kAbort;
  }
  restore_ = *std::move(restore);
  logger_.info("restoring a snapshot of block {} of the engine: {} chunks", offered.height(),
               offered.chunks());
  return kAccept;
}

void Join::Apply(const abci::RequestApplySnapshotChunk& request,
                 abci::ResponseApplySnapshotChunk* out) {
  const std::lock_guard lock(mutex_);
  out->set_result(kAbort);
  if (!restore_ || request.index() != restore_->next_chunk()) return;
  if (const absl::Status status = restore_->Add(request.chunk()); !status.ok()) {
    logger_.warn("from {}: {}", request.sender(), base::Message(status));
    if (!absl::IsDataLoss(status)) return;
    // The manifest says what it must be, so somebody else may have it.
    out->set_result(kChunkRetry);
    out->add_refetch_chunks(request.index());
    if (!request.sender().empty()) out->add_reject_senders(request.sender());
    return;
  }
  out->set_result(kAccept);
  if (restore_->next_chunk() < restore_->manifest().chunks.size()) return;
  const auto head = restore_->Finish();
  restore_.reset();
  if (!head.ok()) {
    logger_.error("the snapshot is refused: {}", base::Message(head.status()));
    out->set_result(kChunkRejectSnapshot);
    return;
  }
  logger_.info("restored block {}", head->height.value());
  // What CometBFT asks next, the engine answers.
  joined_.handler->Set({});
  done_ = true;
  changed_.notify_all();
}

}  // namespace tributary::consensus
