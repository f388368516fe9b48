// The ledger as CometBFT's application: the methods of ABCI 2.0, without the socket.
//
// A block's transactions are bundles (consensus/bundle.h). FinalizeBlock executes and keeps
// nothing; Commit makes it durable in one batch, together with CometBFT's height. Heights here are
// CometBFT's: it counts blocks that change nothing, the ledger does not. The application hash is
// the hash of the last ledger header, so a block that changes nothing does not change it.
//
// Source: CometBFT v0.39, spec/abci; the rules that matter are named where they are kept.
#ifndef TRIBUTARY_CONSENSUS_APPLICATION_H_
#define TRIBUTARY_CONSENSUS_APPLICATION_H_

#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "abci/types.pb.h"
#include "consensus/bundle_cache.h"
#include "consensus/peer_filter.h"
#include "node/ledger.h"
#include "node/snapshots.h"
#include "spdlog/logger.h"

namespace tributary::consensus {

namespace abci = ::tendermint::abci;

// Codes of CheckTx and of a bundle in a block. A bundle's own code says whether it could be read;
// what became of its transactions stands in the ledger.
inline constexpr uint32_t kCodeOk = 0;
inline constexpr uint32_t kCodeBadBundle = 1;
inline constexpr uint32_t kCodeNotServing = 2;
inline constexpr uint32_t kCodeUseless = 3;

inline constexpr uint64_t kApplicationVersion = 1;
inline constexpr uint32_t kSnapshotFormat = 1;  // storage/snapshot_format.h

struct ApplicationOptions {
  uint64_t cache_bytes_max = 64u << 20;  // of bundles that were verified
  PeerFilter may_connect;
  // Where snapshots are made and served from; null: none are. Outlives the application.
  node::Snapshots* snapshots = nullptr;
  uint64_t snapshot_interval = 0;  // in the engine's blocks; 0: none are made
};

// Thread safety: every method may be called from any thread; those of consensus (InitChain to
// Commit, and Info) are executed one at a time.
class Application {
 public:
  Application(node::Ledger& ledger, ApplicationOptions options, spdlog::logger& logger);

  // Answers any request. Where the node cannot go on, the answer is an Exception, and CometBFT
  // ends: nothing was lost, the block is executed again after a restart.
  abci::Response Handle(const abci::Request& request);

  BundleCache& cache() { return cache_; }
  // Of the last block that was committed here.
  uint64_t height() const;
  // Called after each commit, on the thread that commits.
  void set_committed(std::function<void()> committed) { committed_ = std::move(committed); }

 private:
  void Info(abci::ResponseInfo* out);
  absl::Status InitChain(const abci::RequestInitChain& request, abci::ResponseInitChain* out);
  absl::Status CompareValidators(const abci::RequestInitChain& request) const;
  void Query(const abci::RequestQuery& request, abci::ResponseQuery* out) const;
  void CheckTx(const abci::RequestCheckTx& request, abci::ResponseCheckTx* out);
  void PrepareProposal(const abci::RequestPrepareProposal& request,
                       abci::ResponsePrepareProposal* out);
  bool IsProper(const abci::RequestProcessProposal& request);
  absl::Status FinalizeBlock(const abci::RequestFinalizeBlock& request,
                             abci::ResponseFinalizeBlock* out);
  absl::Status Commit(abci::ResponseCommit* out);
  void ListSnapshots(abci::ResponseListSnapshots* out) const;
  // A node with a store takes no snapshot, but lets one be offered that it restored a moment ago.
  bool IsHere(const abci::RequestOfferSnapshot& request) const;
  void LoadSnapshotChunk(const abci::RequestLoadSnapshotChunk& request,
                         abci::ResponseLoadSnapshotChunk* out) const;

  // The bundle's transactions, verified; null where the bytes are no bundle.
  PreparedBundle Prepared(const std::string& bytes, const base::Hash& hash);
  // Whether some of its transactions may still take effect at `time`.
  bool IsUseful(const std::vector<PreparedItem>& bundle, base::TimeMs time) const;

  node::Ledger& ledger_;
  const ApplicationOptions options_;
  spdlog::logger& logger_;
  BundleCache cache_;
  std::function<void()> committed_;

  mutable std::mutex writer_mutex_;
  // Guarded by writer_mutex_.
  std::optional<uint64_t> executed_height_;  // of the block that FinalizeBlock executed
  std::vector<base::Hash> executed_bundles_;
};

}  // namespace tributary::consensus

#endif  // TRIBUTARY_CONSENSUS_APPLICATION_H_
