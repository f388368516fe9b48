// The writer's half of the ledger: making blocks.
#include <algorithm>
#include <chrono>
#include <mutex>
#include <utility>

#include "node/ledger.h"
#include "tributary/base/status.h"

namespace tributary::node {
namespace {

constexpr uint64_t kWaitMsMax = 60'000;    // the wall clock may be set while we wait
constexpr uint64_t kClockRetryMs = 1'000;  // while the clock is refused

bool IsWritable(Mode mode) { return mode == Mode::kServing || mode == Mode::kClockRefused; }

using Moment = std::chrono::steady_clock::time_point;

Moment Start() { return std::chrono::steady_clock::now(); }

uint64_t MicrosecondsSince(Moment start) {
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(Start() - start).count());
}

Mode ModeOf(const absl::Status& status) {
  return status.code() == absl::StatusCode::kInternal ? Mode::kHalted : Mode::kReadOnly;
}

}  // namespace

// How long nothing will be due; nullopt: for ever. 0: something is.
std::optional<uint64_t> Ledger::WaitMs() {
  if (!IsWritable(mode())) return std::nullopt;
  if (mode() == Mode::kClockRefused) return kClockRetryMs;
  const std::optional<base::TimeMs> due = state::NextDue(store_->pages(), *resident_);
  if (!due) return std::nullopt;
  const uint64_t now_ms = std::max(clock_.WallMs(), resident_->header().time_ms.value());
  if (due->value() > now_ms) return std::min(due->value() - now_ms, kWaitMsMax);
  // A block was made for it and changed nothing: look again later instead of spinning.
  return due->value() == tried_due_ms_ ? kClockRetryMs : 0;
}

Ledger::Work Ledger::WaitForWork() {
  while (!stopping_.load(std::memory_order_acquire)) {
    const std::optional<uint64_t> wait_ms = WaitMs();
    if (wait_ms == uint64_t{0}) return Work::kBlock;
    if (mempool_.Wait(wait_ms) || mode() == Mode::kClockRefused) return Work::kBlock;
    // The time of something due may have come; a block finds out.
    if (wait_ms && !stopping_.load(std::memory_order_acquire)) tried_due_ms_ = 0;
  }
  return Work::kStop;
}

absl::Status Ledger::MakeBlock(const BlockLimits& limits) {
  const Moment begin = Start();
  Items items = mempool_.Take(limits.transactions_max, limits.bytes_max);
  if (!IsWritable(mode())) return Fail(mode(), base::Unavailable(mode_reason()), items);
  const absl::StatusOr<base::TimeMs> time = block_clock_.Now(resident_->header().time_ms);
  if (!time.ok()) return Fail(Mode::kClockRefused, time.status(), items);
  if (mode() == Mode::kClockRefused) SetMode(Mode::kServing, "");
  std::vector<Decision> decisions;
  Transactions transactions;
  for (const std::shared_ptr<Mempool::Item>& item : items) {
    transactions.push_back(item->transaction);
  }
  if (const absl::Status status = ApplyAll(*time, transactions, decisions); !status.ok()) {
    return FailBlock(status, items);
  }
  if (!machine_.HasChanges()) {
    machine_.Drop();
    const auto due = state::NextDue(store_->pages(), *resident_);
    tried_due_ms_ = due ? due->value() : 0;
    Answer(items, decisions);
    return absl::OkStatus();
  }
  const absl::StatusOr<state::BlockEffects> effects = machine_.Finish();
  if (!effects.ok()) return FailBlock(effects.status(), items);
  if (const absl::Status status = CommitBlock(*effects); !status.ok()) {
    return Fail(Mode::kReadOnly, status, items);
  }
  Publish(*effects);
  FillCommitted(*effects, decisions);
  Count(*effects);
  Answer(items, decisions);
  counters_.block_time.Observe(MicrosecondsSince(begin));
  return absl::OkStatus();
}

absl::Status Ledger::ApplyAll(base::TimeMs time, const Transactions& transactions,
                              std::vector<Decision>& decisions) {
  TRIBUTARY_RETURN_IF_ERROR(machine_.Begin(time));
  const base::Height height = resident_->header().height;
  decisions.reserve(transactions.size());
  for (const auto& transaction : transactions) {
    absl::StatusOr<base::Verdict> verdict = machine_.Apply(*transaction);
    if (!verdict.ok()) return verdict.status();
    Decision decision{transaction->id, Committed{}};
    if (verdict->has_value()) decision.result = Refused{**std::move(verdict), height};
    decisions.push_back(std::move(decision));
  }
  return absl::OkStatus();
}

absl::Status Ledger::CommitBlock(const state::BlockEffects& effects,
                                 std::optional<uint64_t> engine_height) {
  const Moment begin = Start();
  const absl::Status status = store_->Commit(effects, engine_height);
  counters_.commit_time.Observe(MicrosecondsSince(begin));
  return status;
}

void Ledger::Publish(const state::BlockEffects& effects) {
  std::shared_ptr<const ReadView> next;
  {
    const std::unique_lock lock(state_lock_);
    resident_->Apply(effects);
    next = MakeView();
  }
  {
    const std::lock_guard lock(view_mutex_);
    view_.swap(next);
  }
  const std::lock_guard lock(subscribers_mutex_);
  for (const auto& subscriber : subscribers_) subscriber.second();
}

void Ledger::FillCommitted(const state::BlockEffects& effects, std::vector<Decision>& decisions) {
  auto applied = effects.transactions.begin();
  for (Decision& decision : decisions) {
    if (!std::holds_alternative<Committed>(decision.result)) continue;
    TRIBUTARY_CHECK(applied != effects.transactions.end() && applied->id == decision.id,
                    "the block holds other transactions than were applied");
    decision.result = Committed{applied->entry,   effects.header.height, effects.header.time_ms,
                                applied->records, applied->skipped,      applied->payouts};
    ++applied;
  }
}

void Ledger::Count(const state::BlockEffects& effects) {
  const auto add = [](std::atomic<uint64_t>& counter, uint64_t value) {
    counter.fetch_add(value, std::memory_order_relaxed);
  };
  add(counters_.blocks, 1);
  add(counters_.transactions_committed, effects.transactions.size());
  add(counters_.records, effects.new_records.size());
  add(counters_.settlements, effects.settlements.size());
  uint64_t bytes = 0, credits = 0;
  for (const std::string& entry : effects.entries) bytes += entry.size();
  for (const state::Settlement& settlement : effects.settlements)
    credits += settlement.credits.size();
  add(counters_.transaction_bytes, bytes - effects.header_bytes.size());
  add(counters_.credits, credits);
}

void Ledger::Answer(const Items& items, const std::vector<Decision>& decisions) {
  for (size_t i = 0; i < items.size(); ++i) {
    // Remembered before it stops being pending, so that a look-up in between finds it.
    Remember(*items[i]->transaction, decisions[i]);
    for (const DecisionCallback& done : mempool_.Forget(items[i])) done(decisions[i]);
  }
}

void Ledger::Remember(const state::PreparedTransaction& transaction, const Decision& decision) {
  if (std::holds_alternative<Refused>(decision.result)) {
    counters_.transactions_refused.fetch_add(1, std::memory_order_relaxed);
  }
  recent_.Add(decision.id, transaction.body.valid_until_ms, decision, resident_->header().time_ms);
}

absl::Status Ledger::Fail(Mode mode, const absl::Status& status, const Items& items) {
  SetMode(mode, base::Message(status));
  const uint32_t retry_ms =
      mode == Mode::kClockRefused || mode == Mode::kStopping ? kRetryUnavailableMs : 0;
  counters_.transactions_unavailable.fetch_add(items.size(), std::memory_order_relaxed);
  for (const std::shared_ptr<Mempool::Item>& item : items) {
    const Decision decision{
        item->transaction->id,
        Trouble{base::Unavailable("the node takes no transactions: " + mode_reason()), retry_ms}};
    for (const DecisionCallback& done : mempool_.Forget(item)) done(decision);
  }
  return status;
}

absl::Status Ledger::FailBlock(const absl::Status& status, const Items& items) {
  machine_.Drop();
  // A page that could not be read is told in the words of the store, which name it.
  const absl::Status pages = store_->pages_status();
  if (!pages.ok()) return Fail(Mode::kReadOnly, pages, items);
  return Fail(ModeOf(status), status, items);
}

void Ledger::SetMode(Mode mode, std::string_view reason) {
  if (this->mode() == mode) return;
  {
    const std::lock_guard lock(mode_mutex_);
    mode_reason_ = std::string(reason);
  }
  mode_.store(mode, std::memory_order_release);
  if (mode == Mode::kServing) {
    logger_.info("the node takes transactions again");
  } else if (mode == Mode::kHalted) {
    logger_.critical("halted, nothing was committed: {}", reason);
  } else if (mode != Mode::kStopping) {
    logger_.error("the node takes no transactions: {}", reason);
  }
}

void Ledger::Drain() {
  const Items left = mempool_.Close();
  Fail(IsWritable(mode()) ? Mode::kStopping : mode(), base::Unavailable("the node is stopping"),
       left)
      .IgnoreError();
}

}  // namespace tributary::node
