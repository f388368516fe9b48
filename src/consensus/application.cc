#include "consensus/application.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "consensus/bundle.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::consensus {
namespace {

constexpr int32_t kAccept = 1;
constexpr int32_t kReject = 2;
constexpr int32_t kSnapshotReject = 3;
constexpr int32_t kChunkAccept = 1;
constexpr size_t kSnapshotsListed = 10;  // CometBFT takes no more from one peer

std::string Text(base::Bytes bytes) { return std::string(base::AsText(bytes)); }
std::string Text(const base::Hash& hash) { return Text(hash.view()); }

base::TimeMs TimeOf(const google::protobuf::Timestamp& time) {
  if (time.seconds() < 0 || time.nanos() < 0) return base::TimeMs(0);
  return base::TimeMs(static_cast<uint64_t>(time.seconds()) * 1'000 +
                      static_cast<uint64_t>(time.nanos()) / 1'000'000);
}

// What a transaction adds to a proposal: CometBFT counts the encoded size.
uint64_t EncodedSize(uint64_t bytes) {
  uint64_t length_bytes = 1;
  for (uint64_t rest = bytes >> 7; rest != 0; rest >>= 7) ++length_bytes;
  return 1 + length_bytes + bytes;
}

}  // namespace

Application::Application(node::Ledger& ledger, ApplicationOptions options, spdlog::logger& logger)
    : ledger_(ledger),
      options_(std::move(options)),
      logger_(logger),
      cache_(options_.cache_bytes_max) {}

uint64_t Application::height() const { return ledger_.engine_height(); }

abci::Response Application::Handle(const abci::Request& request) {
  abci::Response out;
  absl::Status status;
  switch (request.value_case()) {
    case abci::Request::kEcho: out.mutable_echo()->set_message(request.echo().message()); break;
    case abci::Request::kFlush: out.mutable_flush(); break;
    case abci::Request::kInfo: Info(out.mutable_info()); break;
    case abci::Request::kInitChain:
      status = InitChain(request.init_chain(), out.mutable_init_chain());
      break;
    case abci::Request::kQuery: Query(request.query(), out.mutable_query()); break;
    case abci::Request::kCheckTx: CheckTx(request.check_tx(), out.mutable_check_tx()); break;
    case abci::Request::kCommit: status = Commit(out.mutable_commit()); break;
    case abci::Request::kListSnapshots: ListSnapshots(out.mutable_list_snapshots()); break;
    case abci::Request::kOfferSnapshot:
      out.mutable_offer_snapshot()->set_result(IsHere(request.offer_snapshot()) ? kAccept
                                                                                : kSnapshotReject);
      break;
    case abci::Request::kLoadSnapshotChunk:
      LoadSnapshotChunk(request.load_snapshot_chunk(), out.mutable_load_snapshot_chunk());
      break;
    case abci::Request::kApplySnapshotChunk:  // of a snapshot that is here
      out.mutable_apply_snapshot_chunk()->set_result(kChunkAccept);
      break;
    case abci::Request::kPrepareProposal:
      PrepareProposal(request.prepare_proposal(), out.mutable_prepare_proposal());
      break;
    case abci::Request::kProcessProposal:
      out.mutable_process_proposal()->set_status(IsProper(request.process_proposal()) ? kAccept
                                                                                      : kReject);
      break;
    case abci::Request::kExtendVote: out.mutable_extend_vote(); break;
    case abci::Request::kVerifyVoteExtension:
      // We make none, so none is good.
      out.mutable_verify_vote_extension()->set_status(
          request.verify_vote_extension().vote_extension().empty() ? kAccept : kReject);
      break;
    case abci::Request::kFinalizeBlock:
      status = FinalizeBlock(request.finalize_block(), out.mutable_finalize_block());
      break;
    case abci::Request::VALUE_NOT_SET:
      status = base::InvalidArgument("a request of a kind that ABCI 2.0 does not have");
      break;
  }
  if (!status.ok()) {
    logger_.error("consensus cannot go on: {}", base::Message(status));
    out.mutable_exception()->set_error(std::string(base::Message(status)));
  }
  return out;
}

void Application::Info(abci::ResponseInfo* out) {
  const std::lock_guard lock(writer_mutex_);
  // CometBFT has begun anew: what it had us execute and did not commit counts for nothing.
  executed_height_.reset();
  ledger_.DropExecuted();
  const auto view = ledger_.view();
  out->set_data("tributary");
  out->set_version("1");
  out->set_app_version(kApplicationVersion);
  const uint64_t height = ledger_.engine_height();
  out->set_last_block_height(static_cast<int64_t>(height));
  if (height > 0) out->set_last_block_app_hash(Text(view->header_hash()));
}

absl::Status Application::InitChain(const abci::RequestInitChain& request,
                                    abci::ResponseInitChain* out) {
  const std::lock_guard lock(writer_mutex_);
  const auto view = ledger_.view();
  if (request.chain_id() != view->chain_id()) {
    return base::FailedPrecondition("the engine's genesis is of chain '" + request.chain_id() +
                                    "', this node's ledger of chain '" +
                                    std::string(view->chain_id()) + "'");
  }
  // A JSON string in the engine's genesis binds it to ours.
  const std::string expected = "\"" + base::ToHex(view->chain().chain_hash.view()) + "\"";
  if (request.app_state_bytes() != expected) {
    return base::FailedPrecondition(
        "app_state in the engine's genesis is not the hash of this ledger's genesis: it must be " +
        expected);
  }
  if (view->header().height.value() != 1) {
    return base::FailedPrecondition(
        "the engine begins its chain, but this node's ledger is at block " +
        std::to_string(view->header().height.value()) +
        ": restore both from a snapshot, or begin with an empty data directory");
  }
  if (TimeOf(request.time()) < view->header().time_ms) {
    return base::FailedPrecondition("the engine's genesis is older than this ledger's");
  }
  TRIBUTARY_RETURN_IF_ERROR(CompareValidators(request));
  out->set_app_hash(Text(view->header_hash()));
  return absl::OkStatus();
}

// A ledger whose genesis names validators decides who they are: the engine must begin with them.
absl::Status Application::CompareValidators(const abci::RequestInitChain& request) const {
  std::map<std::string, uint64_t> ours, theirs;
  for (const node::Ledger::ValidatorChange& one : ledger_.Validators()) {
    ours[Text(one.key.bytes)] = one.power;
  }
  for (const abci::ValidatorUpdate& one : request.validators()) {
    theirs[one.pub_key().ed25519()] = static_cast<uint64_t>(std::max<int64_t>(one.power(), 0));
  }
  if (ours.empty() || ours == theirs) return absl::OkStatus();
  return base::FailedPrecondition(
      "the validators in the engine's genesis are not those of this ledger's genesis");
}

void Application::Query(const abci::RequestQuery& request, abci::ResponseQuery* out) const {
  out->set_height(static_cast<int64_t>(ledger_.engine_height()));
  if (AnswerPeerQuery(options_.may_connect, request, out)) return;
  out->set_code(kCodeBadBundle);
  out->set_log("the ledger is read over gRPC");
}

PreparedBundle Application::Prepared(const std::string& bytes, const base::Hash& hash) {
  if (PreparedBundle known = cache_.Get(hash)) return known;
  const auto bundle = DecodeBundle(bytes);
  if (!bundle.ok()) return nullptr;
  PreparedBundle prepared = PrepareBundle(ledger_, bundle->transactions);
  cache_.Put(hash, bytes.size(), prepared);
  return prepared;
}

void Application::CheckTx(const abci::RequestCheckTx& request, abci::ResponseCheckTx* out) {
  if (ledger_.mode() != node::Mode::kServing) {
    out->set_code(kCodeNotServing);
    out->set_log("the node takes no transactions");
    return;
  }
  const PreparedBundle prepared = Prepared(request.tx(), BundleHash(request.tx()));
  if (!prepared) {
    out->set_code(kCodeBadBundle);
    out->set_log(std::string(base::Message(DecodeBundle(request.tx()).status())));
    return;
  }
  // A correct node gathers nothing that can never be valid.
  for (const PreparedItem& item : *prepared) {
    const auto* rejection = std::get_if<base::Rejection>(&item);
    if (rejection == nullptr) continue;
    out->set_code(kCodeBadBundle);
    out->set_log(rejection->ToString());
    return;
  }
  // Asked again after each block: what nobody will propose any more leaves the engine's pool.
  if (IsUseful(*prepared, ledger_.OrderedTime())) return;
  out->set_code(kCodeUseless);
  out->set_log("everything in it is committed already, or expired");
}

bool Application::IsUseful(const std::vector<PreparedItem>& bundle, base::TimeMs time) const {
  return std::any_of(bundle.begin(), bundle.end(), [&](const PreparedItem& item) {
    const auto* transaction = std::get_if<std::shared_ptr<const state::PreparedTransaction>>(&item);
    return transaction != nullptr && ledger_.MayTakeEffect(**transaction, time);
  });
}

void Application::PrepareProposal(const abci::RequestPrepareProposal& request,
                                  abci::ResponsePrepareProposal* out) {
  const base::TimeMs time = TimeOf(request.time());
  const auto bytes_max = static_cast<uint64_t>(std::max<int64_t>(request.max_tx_bytes(), 0));
  uint64_t bytes = 0;
  std::set<base::Hash> seen;
  for (const std::string& tx : request.txs()) {
    const base::Hash hash = BundleHash(tx);
    const PreparedBundle prepared = Prepared(tx, hash);
    if (!prepared || !seen.insert(hash).second || !IsUseful(*prepared, time)) continue;
    if (bytes + EncodedSize(tx.size()) > bytes_max) break;
    bytes += EncodedSize(tx.size());
    out->add_txs(tx);
  }
}

// Only of the block's bytes, so that all correct nodes say the same whatever they have committed.
bool Application::IsProper(const abci::RequestProcessProposal& request) {
  std::set<base::Hash> seen;
  for (const std::string& tx : request.txs()) {
    const base::Hash hash = BundleHash(tx);
    if (!seen.insert(hash).second || !Prepared(tx, hash)) {
      logger_.warn("block {} proposed by {} holds something that is no bundle, or one twice",
                   request.height(), base::ToHex(base::AsBytes(request.proposer_address())));
      return false;
    }
  }
  return true;
}

absl::Status Application::FinalizeBlock(const abci::RequestFinalizeBlock& request,
                                        abci::ResponseFinalizeBlock* out) {
  const std::lock_guard lock(writer_mutex_);
  executed_height_.reset();
  const auto height = static_cast<uint64_t>(std::max<int64_t>(request.height(), 0));
  if (height != ledger_.engine_height() + 1) {
    return base::FailedPrecondition("block " + std::to_string(height) +
                                    " was to be executed after block " +
                                    std::to_string(ledger_.engine_height()));
  }
  node::Ledger::Transactions transactions;
  executed_bundles_.clear();
  // A block that was caught up with did not pass our ProcessProposal: a bundle that is none has a
  // code and no effect.
  for (const std::string& tx : request.txs()) {
    const base::Hash hash = BundleHash(tx);
    const PreparedBundle prepared = Prepared(tx, hash);
    executed_bundles_.push_back(hash);
    out->add_tx_results()->set_code(prepared ? kCodeOk : kCodeBadBundle);
    if (!prepared) continue;
    for (const PreparedItem& item : *prepared) {
      const auto* transaction =
          std::get_if<std::shared_ptr<const state::PreparedTransaction>>(&item);
      if (transaction != nullptr) transactions.push_back(*transaction);
    }
  }
  for (const abci::Misbehavior& misbehavior : request.misbehavior()) {
    logger_.error("validator {} misbehaved at block {} ({})",
                  base::ToHex(base::AsBytes(misbehavior.validator().address())),
                  misbehavior.height(),
                  misbehavior.type() == 1 ? "duplicate vote" : "light-client attack");
  }
  const auto executed = ledger_.Execute(TimeOf(request.time()), std::move(transactions));
  if (!executed.ok()) return executed.status();
  out->set_app_hash(Text(executed->header_hash));
  // In force two blocks of CometBFT's later.
  for (const node::Ledger::ValidatorChange& change : executed->validators) {
    abci::ValidatorUpdate* update = out->add_validator_updates();
    update->mutable_pub_key()->set_ed25519(Text(change.key.bytes));
    update->set_power(static_cast<int64_t>(change.power));
  }
  executed_height_ = height;
  return absl::OkStatus();
}

absl::Status Application::Commit(abci::ResponseCommit* out) {
  out->set_retain_height(0);
  {
    const std::lock_guard lock(writer_mutex_);
    if (!executed_height_)
      return base::FailedPrecondition("a commit of a block that was not executed");
    const uint64_t height = *std::exchange(executed_height_, std::nullopt);
    TRIBUTARY_RETURN_IF_ERROR(ledger_.CommitExecuted(height));
    for (const base::Hash& hash : executed_bundles_) cache_.Remove(hash);
    executed_bundles_.clear();
    const bool at_interval =
        options_.snapshot_interval != 0 && height % options_.snapshot_interval == 0;
    if (at_interval && options_.snapshots != nullptr) options_.snapshots->Take(height);
  }
  if (committed_) committed_();
  return absl::OkStatus();
}

void Application::ListSnapshots(abci::ResponseListSnapshots* out) const {
  if (options_.snapshots == nullptr) return;
  const auto all = storage::ListSnapshots(options_.snapshots->dir());
  if (!all.ok()) {
    logger_.warn("no snapshots can be offered: {}", base::Message(all.status()));
    return;
  }
  const size_t first = all->size() > kSnapshotsListed ? all->size() - kSnapshotsListed : 0;
  for (size_t i = first; i < all->size(); ++i) {
    const storage::SnapshotInfo& info = (*all)[i];
    auto manifest = storage::ReadManifestFile(info.path);
    if (!info.damage.empty() || info.engine_height == 0 || !manifest.ok()) continue;
    abci::Snapshot* snapshot = out->add_snapshots();
    snapshot->set_height(info.engine_height);
    snapshot->set_format(kSnapshotFormat);
    snapshot->set_chunks(info.chunks);
    snapshot->set_hash(Text(info.hash));
    snapshot->set_metadata(*std::move(manifest));
  }
}

bool Application::IsHere(const abci::RequestOfferSnapshot& request) const {
  return request.snapshot().height() == ledger_.engine_height() &&
         request.app_hash() == Text(ledger_.view()->header_hash());
}

void Application::LoadSnapshotChunk(const abci::RequestLoadSnapshotChunk& request,
                                    abci::ResponseLoadSnapshotChunk* out) const {
  if (options_.snapshots == nullptr || request.format() != kSnapshotFormat) return;
  const auto all = storage::ListSnapshots(options_.snapshots->dir());
  if (!all.ok()) return;
  for (const storage::SnapshotInfo& info : *all) {
    if (info.engine_height != request.height() || request.chunk() >= info.chunks) continue;
    auto chunk = storage::ReadChunkFile(info.path, request.chunk());
    if (chunk.ok()) out->set_chunk(*std::move(chunk));
  }
}

}  // namespace tributary::consensus
