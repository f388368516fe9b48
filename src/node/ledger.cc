#include "node/ledger.h"

#include <algorithm>
#include <shared_mutex>
#include <utility>

#include "keys/random.h"
#include "state/memory_pages.h"
#include "state/prepared.h"
#include "tributary/base/status.h"

namespace tributary::node {
namespace {

constexpr uint32_t kRetryFullMs = 250;

state::TagKey RandomTagKey() {
  state::TagKey key;
  keys::FillRandom(key);
  return key;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Ledger>> Ledger::Open(const std::string& dir,
                                                     const LedgerOptions& options,
                                                     const Clock& clock, spdlog::logger& logger,
                                                     const storage::Progress& progress) {
  auto store = storage::Store::Open(dir, options.storage);
  if (!store.ok()) return store.status();
  auto resident = std::make_unique<state::Resident>(RandomTagKey());
  TRIBUTARY_RETURN_IF_ERROR((*store)->Recover(*resident, progress));
  if (resident->empty()) {
    return base::FailedPrecondition("the store in " + dir +
                                    " holds no genesis: run `tributaryd init` first");
  }
  return std::unique_ptr<Ledger>(
      new Ledger(options, clock, logger, *std::move(store), std::move(resident)));
}

Ledger::Ledger(const LedgerOptions& options, const Clock& clock, spdlog::logger& logger,
               std::unique_ptr<storage::Store> store, std::unique_ptr<state::Resident> resident)
    : clock_(clock),
      logger_(logger),
      store_(std::move(store)),
      resident_(std::move(resident)),
      mempool_(options.mempool),
      recent_(options.recent),
      machine_(store_->pages(), *resident_),
      block_clock_(clock, options.clock) {
  block_clock_.Start(resident_->header().time_ms);
  view_ = MakeView();
}

Ledger::~Ledger() = default;

std::shared_ptr<const ReadView> Ledger::MakeView() {
  return std::make_shared<ReadView>(store_->Snapshot(), *resident_, state_lock_);
}

std::shared_ptr<const ReadView> Ledger::view() const {
  const std::lock_guard lock(view_mutex_);
  if (view_->failed()) view_ = view_->Again();
  return view_;
}

std::optional<Trouble> Ledger::Refusing() const {
  const Mode mode = this->mode();
  if (stopping_.load(std::memory_order_acquire)) {
    return Trouble{base::Unavailable("the node is stopping"), kRetryUnavailableMs};
  }
  if (mode == Mode::kServing) return std::nullopt;
  const uint32_t retry_ms = mode == Mode::kClockRefused ? kRetryUnavailableMs : 0;
  return Trouble{base::Unavailable("the node takes no transactions: " + mode_reason()), retry_ms};
}

Ledger::Submitted Ledger::Submit(std::string bytes, DecisionCallback done) {
  if (auto trouble = Refusing()) {
    counters_.transactions_unavailable.fetch_add(1, std::memory_order_relaxed);
    return *std::move(trouble);
  }
  // Before any work is put into it; the queue decides again when it takes it.
  if (mempool_.IsFull(bytes.size())) {
    counters_.transactions_overloaded.fetch_add(1, std::memory_order_relaxed);
    return Trouble{base::ResourceExhausted("the queue of transactions is full"), kRetryFullMs};
  }
  const std::shared_ptr<const ReadView> view = this->view();
  auto prepared = state::Prepare(std::move(bytes), view->chain_id());
  if (!prepared.ok()) {
    counters_.transactions_refused.fetch_add(1, std::memory_order_relaxed);
    return Refused{prepared.rejection(), view->header().height};
  }
  {
    const std::shared_lock lock(state_lock_);
    const base::TimeMs now(std::max(clock_.WallMs(), view->header().time_ms.value()));
    state::Preverify(**prepared, *resident_, view->snapshot(), now);
  }
  return Enqueue(std::move(*prepared), std::move(done));
}

Ledger::Submitted Ledger::Enqueue(std::unique_ptr<state::PreparedTransaction> transaction,
                                  DecisionCallback done) {
  const base::TxId id = transaction->id;
  switch (mempool_.Add(std::move(transaction), std::move(done))) {
    case Mempool::Added::kJoined:
      counters_.transactions_joined.fetch_add(1, std::memory_order_relaxed);
      return id;
    case Mempool::Added::kQueued: return id;
    case Mempool::Added::kFull:
      counters_.transactions_overloaded.fetch_add(1, std::memory_order_relaxed);
      return Trouble{base::ResourceExhausted("the queue of transactions is full"), kRetryFullMs};
    case Mempool::Added::kClosed: break;
  }
  return Trouble{base::Unavailable("the node is stopping"), kRetryUnavailableMs};
}

absl::StatusOr<Ledger::Known> Ledger::Lookup(const base::TxId& id, uint64_t valid_until_ms) const {
  if (mempool_.IsPending(id)) return Known(Pending{});
  const std::shared_ptr<const ReadView> view = this->view();
  const base::TimeMs now = view->header().time_ms;
  const std::optional<RecentDecisions::Known> recent = recent_.Find(id, now);
  if (recent && std::holds_alternative<Committed>(recent->result)) {
    return Known(std::get<Committed>(recent->result));
  }
  const auto place = view->snapshot().FindTransaction(id);
  if (!place.ok()) return place.status();
  if (place->has_value()) {
    const auto header_entry = view->snapshot().HeaderEntry((*place)->height);
    if (!header_entry.ok()) return header_entry.status();
    const auto bytes = view->snapshot().ReadEntry(*header_entry);
    if (!bytes.ok()) return bytes.status();
    const auto header = codec::DecodeHeader(base::AsBytes(*bytes));
    if (!header.ok()) return base::DataLoss("a stored block header cannot be decoded");
    return Known(Committed{(*place)->entry, (*place)->height, header->time_ms, {}, 0, {}});
  }
  const uint64_t until_ms = recent ? recent->valid_until.value() : valid_until_ms;
  // Not in the log of this height, and nothing later may hold it.
  if (until_ms != 0 && until_ms <= now.value()) return Known(Expired{});
  if (recent) return Known(std::get<Refused>(recent->result));
  return Known(Unknown{});
}

uint64_t Ledger::Subscribe(std::function<void()> committed) {
  const std::lock_guard lock(subscribers_mutex_);
  subscribers_.emplace(next_subscription_, std::move(committed));
  return next_subscription_++;
}

void Ledger::Unsubscribe(uint64_t subscription) {
  const std::lock_guard lock(subscribers_mutex_);
  subscribers_.erase(subscription);
}

std::string Ledger::mode_reason() const {
  const std::lock_guard lock(mode_mutex_);
  return mode_reason_;
}

uint64_t Ledger::ResidentBytes() const {
  const std::shared_lock lock(state_lock_);
  return resident_->MemoryBytes();
}

void Ledger::Stop() {
  stopping_.store(true, std::memory_order_release);
  mempool_.Wake();
}

absl::StatusOr<base::Verdict> CreateChain(const std::string& dir, storage::Options options,
                                          std::string_view genesis) {
  // Tried in memory first: a genesis that is refused leaves no store behind.
  options.create = true;
  state::Resident resident(RandomTagKey());
  const state::MemoryPages none;
  state::Machine machine(none, resident);
  const auto effects = machine.Genesis(genesis);
  if (!effects.ok()) return base::Verdict(effects.rejection());
  auto store = storage::Store::Open(dir, options);
  if (!store.ok()) return store.status();
  TRIBUTARY_RETURN_IF_ERROR((*store)->Commit(*effects));
  return base::Verdict();
}

}  // namespace tributary::node
