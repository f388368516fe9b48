// The half of the ledger that an engine uses which is told what the blocks are.
#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "node/ledger.h"
#include "state/identity_keys.h"
#include "state/overlay.h"
#include "state/rows.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::node {
namespace {

// Those whose power the block changes. A key that had none and gets none is no change: an engine
// is not told to remove what it does not know.
std::vector<Ledger::ValidatorChange> ChangedValidators(const state::PageSource& before,
                                                       const state::BlockEffects& effects) {
  constexpr state::TableId kTable{state::TableKind::kValidators, 0};
  std::vector<Ledger::ValidatorChange> out;
  const uint64_t old_rows = before.RowCount(kTable);
  uint64_t rows = old_rows;
  for (const state::TableUpdate& update : effects.tables) {
    if (update.table == kTable) rows = update.row_count;
  }
  for (const state::PageUpdate& page : effects.pages) {
    if (page.table != kTable) continue;
    const uint64_t first = page.number * state::RowsPerPage(kTable.kind);
    const uint64_t count = state::RowsInPage(kTable.kind, rows, page.number);
    for (uint64_t row = first; row < first + count; ++row) {
      const auto now = state::LoadRow<state::ValidatorRow>(page.page->data() +
                                                           state::RowOffset(kTable.kind, row));
      const uint64_t power_before =
          row < old_rows ? state::ReadRow<state::ValidatorRow>(before, row).power : 0;
      if (now.power != power_before) out.push_back({now.key, now.power});
    }
  }
  return out;
}

}  // namespace

std::vector<Ledger::ValidatorChange> Ledger::Validators() const {
  std::vector<ValidatorChange> out;
  state::RowScanner<state::ValidatorRow> rows(store_->pages());
  for (uint64_t row = 0; row < rows.count(); ++row) {
    const state::ValidatorRow validator = rows.At(row);
    if (validator.power != 0) out.push_back({validator.key, validator.power});
  }
  return out;
}

base::TimeMs Ledger::OrderedTime() const {
  return base::TimeMs(
      std::max(view()->header().time_ms.value(), ordered_time_ms_.load(std::memory_order_relaxed)));
}

bool Ledger::MayTakeEffect(const state::PreparedTransaction& transaction, base::TimeMs time) const {
  if (transaction.body.valid_until_ms <= time) return false;
  const std::shared_lock lock(state_lock_);
  return !resident_->Find(state::Identity::kTxId, state::AsKey(transaction.id));
}

base::Checked<std::shared_ptr<const state::PreparedTransaction>> Ledger::PrepareForeign(
    std::string bytes) const {
  const std::shared_ptr<const ReadView> view = this->view();
  auto prepared = state::Prepare(std::move(bytes), view->chain_id());
  if (!prepared.ok()) return prepared.rejection();
  std::shared_ptr<state::PreparedTransaction> out = *std::move(prepared);
  const std::shared_lock lock(state_lock_);
  state::Preverify(*out, *resident_, view->snapshot(), view->header().time_ms);
  return std::shared_ptr<const state::PreparedTransaction>(std::move(out));
}

absl::StatusOr<Ledger::Executed> Ledger::Execute(base::TimeMs time, Transactions transactions) {
  DropExecuted();
  if (mode() != Mode::kServing) return base::Unavailable(mode_reason());
  if (time < resident_->header().time_ms) {
    return base::FailedPrecondition(
        "a block of time " + std::to_string(time.value()) +
        " was to be executed after one of time " +
        std::to_string(resident_->header().time_ms.value()) +
        ": this node's data and its engine's do not belong together; restore both from a snapshot");
  }
  OpenBlock open;
  open.time = time;
  open.transactions = std::move(transactions);
  if (const absl::Status status = ApplyAll(time, open.transactions, open.decisions); !status.ok()) {
    return FailBlock(status, {});
  }
  Executed executed{resident_->header_hash(), {}, {}};
  for (const Decision& decision : open.decisions) {
    const auto* refused = std::get_if<Refused>(&decision.result);
    executed.verdicts.push_back(refused == nullptr ? base::Verdict() : refused->rejection);
  }
  if (machine_.HasChanges()) {
    absl::StatusOr<state::BlockEffects> effects = machine_.Finish();
    if (!effects.ok()) return FailBlock(effects.status(), {});
    open.effects = *std::move(effects);
    executed.header_hash = open.effects->header_hash;
    executed.validators = ChangedValidators(store_->pages(), *open.effects);
    if (store_->pages().failed()) return FailBlock(store_->pages_status(), {});
  } else {
    machine_.Drop();
  }
  open_ = std::move(open);
  return executed;
}

void Ledger::DropExecuted() {
  machine_.Drop();
  open_.reset();
}

absl::Status Ledger::CommitExecuted(uint64_t engine_height) {
  TRIBUTARY_CHECK(open_.has_value(), "nothing was executed that could be committed");
  const OpenBlock open = *std::exchange(open_, std::nullopt);
  std::vector<Decision> decisions = open.decisions;
  std::unique_lock answering(answering_, std::defer_lock);
  if (open.effects) {
    if (const absl::Status status = CommitBlock(*open.effects, engine_height); !status.ok()) {
      return Fail(Mode::kReadOnly, status, {});
    }
    answering.lock();
    Publish(*open.effects);
    FillCommitted(*open.effects, decisions);
    Count(*open.effects);
  } else if (const absl::Status status = store_->NoteEngineHeight(engine_height); !status.ok()) {
    return Fail(Mode::kReadOnly, status, {});
  }
  ordered_time_ms_.store(open.time.value(), std::memory_order_relaxed);
  for (size_t i = 0; i < decisions.size(); ++i) {
    const state::PreparedTransaction& transaction = *open.transactions[i];
    Remember(transaction, decisions[i]);
    const auto item = mempool_.Find(transaction.id, transaction.bytes);
    if (!item) continue;
    for (const DecisionCallback& done : mempool_.Forget(item)) done(decisions[i]);
  }
  return absl::OkStatus();
}

Decision Ledger::WhyNever(const state::PreparedTransaction& transaction) const {
  const base::Height height = view()->header().height;
  if (transaction.body.valid_until_ms <= OrderedTime()) {
    return {transaction.id,
            Refused{base::Reject(base::RejectionCode::kExpired, "valid_until_ms",
                                 "no block held it before the block time had reached " +
                                     std::to_string(OrderedTime().value())),
                    height}};
  }
  if (!MayTakeEffect(transaction)) {
    return {transaction.id, Refused{base::Reject(base::RejectionCode::kDuplicateTransaction, "",
                                                 base::ToHex(transaction.id.view())),
                                    height}};
  }
  return {transaction.id,
          Trouble{base::Unavailable("the node takes no transactions: " + mode_reason()),
                  kRetryUnavailableMs}};
}

void Ledger::GiveUp(const Items& items) {
  // A block that holds them answers them before we may.
  const std::lock_guard lock(answering_);
  for (const std::shared_ptr<Mempool::Item>& item : items) {
    if (!IsPending(*item)) continue;
    const Decision decision = WhyNever(*item->transaction);
    for (const DecisionCallback& done : mempool_.Forget(item)) done(decision);
  }
}

}  // namespace tributary::node
