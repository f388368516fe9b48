// A node's ledger: the store, the resident state, the machine, and the one thread that changes
// them.
//
// Clients' threads submit and read; an engine's thread (the writer) makes blocks. A submitted
// transaction is decoded and its signatures are verified on the caller's thread, then it waits in a
// bounded queue. Readers take a view of the last committed height and keep it as long as they like.
#ifndef TRIBUTARY_NODE_LEDGER_H_
#define TRIBUTARY_NODE_LEDGER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "node/block_clock.h"
#include "node/clock.h"
#include "node/counters.h"
#include "node/decision.h"
#include "node/mempool.h"
#include "node/read_view.h"
#include "node/recent.h"
#include "node/rw_lock.h"
#include "spdlog/logger.h"
#include "state/machine.h"
#include "state/resident.h"
#include "storage/store.h"
#include "tributary/base/rejection.h"
#include "tributary/base/types.h"

namespace tributary::node {

struct LedgerOptions {
  storage::Options storage;
  MempoolLimits mempool;
  RecentLimits recent;
  ClockLimits clock;
};

// What a caller is told to wait before it asks a node again that is not serving.
inline constexpr uint32_t kRetryUnavailableMs = 5'000;

struct BlockLimits {
  uint64_t transactions_max = 10'000;
  uint64_t bytes_max = 8u << 20;
};

enum class Mode : uint8_t {
  kServing = 0,
  kReadOnly = 1,      // storage failed; reads go on
  kHalted = 2,        // conservation did not hold: nothing was committed, nothing more will be
  kClockRefused = 3,  // the clock is not to be trusted; ends by itself when it comes back
  kStopping = 4,
};

class Ledger {
 public:
  // Opens the store in `dir` and rebuilds the resident state from it, which checks every page.
  // `clock` and `logger` outlive the ledger. `progress` as in storage::Store::Recover.
  // Errors: as storage::Store; FailedPrecondition where the store holds no genesis.
  static absl::StatusOr<std::unique_ptr<Ledger>> Open(const std::string& dir,
                                                      const LedgerOptions& options,
                                                      const Clock& clock, spdlog::logger& logger,
                                                      const storage::Progress& progress = {});
  // Requires: no view, engine or caller is left.
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  // ---- Any thread

  // The transaction's id: it is queued, or joined one that is. Refused: it can never be valid.
  // Trouble: the queue is full, or the node is not serving.
  using Submitted = std::variant<base::TxId, Refused, Trouble>;
  // Decodes, verifies, queues. `done`, if set, is called once if an id is returned, perhaps before
  // Submit returns, and never otherwise.
  Submitted Submit(std::string bytes, DecisionCallback done);

  // What is known of a transaction.
  struct Pending {};
  struct Expired {};
  struct Unknown {};
  using Known = std::variant<Pending, Committed, Refused, Expired, Unknown>;
  // `valid_until_ms` 0: not known to the caller.
  absl::StatusOr<Known> Lookup(const base::TxId& id, uint64_t valid_until_ms) const;
  // Calls `done` when the pending transaction is decided; false where it is not pending.
  bool Watch(const base::TxId& id, DecisionCallback done) {
    return mempool_.Watch(id, std::move(done));
  }

  // The last committed height. Never null. One of which something could not be read is not given
  // out again: a fault that has passed is over with the next request.
  std::shared_ptr<const ReadView> view() const;

  // Calls `committed` after each block from now on, on the writer's thread: it must be quick and
  // must not call the ledger. After Unsubscribe returns it is not called any more.
  uint64_t Subscribe(std::function<void()> committed);
  void Unsubscribe(uint64_t subscription);

  Mode mode() const { return mode_.load(std::memory_order_acquire); }
  std::string mode_reason() const;
  const Counters& counters() const { return counters_; }
  Mempool::Usage mempool_usage() const { return mempool_.usage(); }
  const storage::Store& store() const { return *store_; }
  // storage::Store::FillHistory: the only change that comes from beside the writer.
  absl::Status FillHistory(const std::vector<std::string>& entries) {
    return store_->FillHistory(entries);
  }
  uint64_t ResidentBytes() const;
  const Clock& clock() const { return clock_; }

  // Takes no more transactions, ends the engine's wait, and answers whoever still waits once the
  // engine has made its last block.
  void Stop();

  // ---- The writer's thread

  enum class Work { kBlock, kStop };
  // Waits until there are transactions or something is due, without polling while there is nothing.
  Work WaitForWork();
  // Makes one block of what waits and is due now, commits it, publishes it and answers. Nothing is
  // committed where nothing changes.
  // Errors: whatever put the node out of service; see mode().
  absl::Status MakeBlock(const BlockLimits& limits);
  // Answers whoever still waits: the node stops. Requires: Stop was called.
  void Drain();

  // ---- For an engine that is told which blocks there are (one thread at a time makes them)

  using Items = std::vector<std::shared_ptr<Mempool::Item>>;
  using Transactions = std::vector<std::shared_ptr<const state::PreparedTransaction>>;

  // Decodes a transaction that came with a block or from a peer, and verifies its signatures
  // against the committed state. Any thread.
  base::Checked<std::shared_ptr<const state::PreparedTransaction>> PrepareForeign(
      std::string bytes) const;

  // What clients of this node wait for, to be put before the other nodes. It stays pending until it
  // is answered: by the block that holds it, or by GiveUp. Any thread, one at a time.
  Items TakePending(uint64_t count_max, uint64_t bytes_max) {
    return mempool_.Take(count_max, bytes_max);
  }
  // Waits until something may be taken, or `timeout_ms` have passed, or the ledger stops.
  bool WaitForPending(uint64_t timeout_ms) { return mempool_.Wait(timeout_ms); }
  bool stopping() const { return stopping_.load(std::memory_order_acquire); }
  // Whether it waits still.
  bool IsPending(const Mempool::Item& item) const {
    return mempool_.Find(item.transaction->id, item.transaction->bytes).get() == &item;
  }
  // Answers those of the items that wait still: with the rule they break where no block will ever
  // decide them (they are expired, or committed already), else that the node does not serve. Any
  // thread.
  void GiveUp(const Items& items);
  // Whether a block may yet decide on it: it is neither expired nor committed. Any thread.
  bool MayTakeEffect(const state::PreparedTransaction& transaction) const {
    return MayTakeEffect(transaction, OrderedTime());
  }

  // The time of the last block, also of one that changed nothing. Any thread.
  base::TimeMs OrderedTime() const;

  // A validator's power as the block sets it, where it was another before; 0: it is none any more.
  struct ValidatorChange {
    base::PublicKey key;
    uint64_t power = 0;
  };
  // A block as it was decided, executed and not committed.
  struct Executed {
    base::Hash header_hash;               // of the block; where nothing changed, of the one before
    std::vector<base::Verdict> verdicts;  // of the transactions, in order
    std::vector<ValidatorChange> validators;
  };
  // Executes a block on the last committed state. Again or another one: the last one counts.
  // Errors: whatever put the node out of service; FailedPrecondition for a time before the last
  // block's, which changes nothing.
  absl::StatusOr<Executed> Execute(base::TimeMs time, Transactions transactions);
  // Makes durable what was executed, together with the engine's own height, publishes it and
  // answers. Requires: Execute went well since the last CommitExecuted.
  absl::Status CommitExecuted(uint64_t engine_height);
  // Forgets what was executed.
  void DropExecuted();
  // The validators that have power at the last committed height. The writer's thread.
  std::vector<ValidatorChange> Validators() const;
  uint64_t engine_height() const { return store_->engine_height(); }
  // Whether the transaction may still take effect in a block of `time`: it is neither expired then
  // nor committed already. Any thread.
  bool MayTakeEffect(const state::PreparedTransaction& transaction, base::TimeMs time) const;
  // Tests plant a fault here; see state::Machine.
  void set_fault_for_test(std::function<void(state::Overlay&)> fault) {
    machine_.set_fault_for_test(std::move(fault));
  }

 private:
  Decision WhyNever(const state::PreparedTransaction& transaction) const;

  // A block between Execute and CommitExecuted.
  struct OpenBlock {
    base::TimeMs time;
    std::optional<state::BlockEffects> effects;  // none: nothing changed
    Transactions transactions;
    std::vector<Decision> decisions;  // of the transactions, in order
  };

  Ledger(const LedgerOptions& options, const Clock& clock, spdlog::logger& logger,
         std::unique_ptr<storage::Store> store, std::unique_ptr<state::Resident> resident);

  std::optional<Trouble> Refusing() const;
  Submitted Enqueue(std::unique_ptr<state::PreparedTransaction> transaction, DecisionCallback done);
  std::shared_ptr<const ReadView> MakeView();

  absl::Status ApplyAll(base::TimeMs time, const Transactions& transactions,
                        std::vector<Decision>& decisions);
  absl::Status CommitBlock(const state::BlockEffects& effects,
                           std::optional<uint64_t> engine_height = std::nullopt);
  void Publish(const state::BlockEffects& effects);
  void Count(const state::BlockEffects& effects);
  void FillCommitted(const state::BlockEffects& effects, std::vector<Decision>& decisions);
  void Answer(const Items& items, const std::vector<Decision>& decisions);
  void Remember(const state::PreparedTransaction& transaction, const Decision& decision);
  // Ends the block: the mode changes, whoever waits is told.
  absl::Status Fail(Mode mode, const absl::Status& status, const Items& items);
  // The same for a block that the machine could not make.
  absl::Status FailBlock(const absl::Status& status, const Items& items);
  void SetMode(Mode mode, std::string_view reason);
  std::optional<uint64_t> WaitMs();

  const Clock& clock_;
  spdlog::logger& logger_;
  const std::unique_ptr<storage::Store> store_;
  const std::unique_ptr<state::Resident> resident_;  // changed by the writer, under state_lock_
  mutable RwLock state_lock_;
  Mempool mempool_;
  RecentDecisions recent_;
  Counters counters_;

  // Writer's.
  state::Machine machine_;
  BlockClock block_clock_;
  uint64_t tried_due_ms_ = 0;  // the due time at which a block changed nothing
  std::optional<OpenBlock> open_;
  std::mutex answering_;  // from a block's publication until its clients are answered
  std::atomic<uint64_t> ordered_time_ms_{0};  // of the last block of Execute that was committed

  std::atomic<Mode> mode_{Mode::kServing};
  std::atomic<bool> stopping_{false};
  mutable std::mutex mode_mutex_;
  std::string mode_reason_;  // guarded by mode_mutex_

  mutable std::mutex view_mutex_;
  mutable std::shared_ptr<const ReadView> view_;  // guarded by view_mutex_

  std::mutex subscribers_mutex_;
  // Guarded by subscribers_mutex_.
  std::map<uint64_t, std::function<void()>> subscribers_;
  uint64_t next_subscription_ = 1;
};

// Makes the store in `dir` and commits the genesis (a serialized tributary.v1.Genesis) to it.
// Errors: as storage::Store::Open with `create`. A verdict: the genesis breaks a rule.
absl::StatusOr<base::Verdict> CreateChain(const std::string& dir, storage::Options options,
                                          std::string_view genesis);

}  // namespace tributary::node

#endif  // TRIBUTARY_NODE_LEDGER_H_
