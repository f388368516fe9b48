#include "state/machine.h"

#include <utility>

#include "crypto/hash.h"
#include "state/automatic_payouts.h"
#include "state/block_roots.h"
#include "state/context.h"
#include "state/due.h"
#include "state/genesis.h"
#include "state/governance.h"
#include "state/invariants.h"
#include "state/overlay.h"
#include "state/transaction.h"
#include "state/unreadable.h"
#include "tributary/base/status.h"

namespace tributary::state {
namespace {

// An entry is at most 65,535 bytes: readers of tiles count its length in 16 bits.
constexpr size_t kGenesisBytesMax = 65'534;

absl::Status CannotRead() {
  return base::DataLoss("a page of the state cannot be read; see the store's own message");
}

}  // namespace

Machine::Machine(const PageSource& pages, const Resident& resident)
    : pages_(pages), resident_(resident) {}

Machine::~Machine() = default;

base::Checked<BlockEffects> Machine::Genesis(std::string_view genesis_bytes) {
  TRIBUTARY_CHECK(resident_.empty(), "the chain has a genesis");
  if (genesis_bytes.size() > kGenesisBytesMax) {
    return base::Reject(base::RejectionCode::kGenesisInvalid, "",
                        std::to_string(genesis_bytes.size()) + " bytes, at most " +
                            std::to_string(kGenesisBytesMax));
  }
  const auto genesis = codec::Decode<codec::Genesis>(base::AsBytes(genesis_bytes));
  if (!genesis) return genesis.rejection();
  overlay_ = std::make_unique<Overlay>(pages_, resident_);
  block_ = std::make_unique<BlockContext>();
  block_->time = genesis->time_ms;
  block_->entries.push_back(codec::GenesisEntry(base::AsBytes(genesis_bytes)));
  block_->chain.chain_hash = codec::ChainHash(base::AsBytes(block_->entries.front()));
  if (auto bad = ApplyGenesis(*overlay_, *block_, *genesis)) {
    Drop();
    return *std::move(bad);
  }
  auto effects = Finish();
  TRIBUTARY_CHECK(effects.ok(), "a genesis breaks an invariant");
  return *std::move(effects);
}

absl::Status Machine::Begin(base::TimeMs time) {
  TRIBUTARY_CHECK(!block_, "a block is being built");
  TRIBUTARY_CHECK(!resident_.empty(), "the chain has no genesis");
  TRIBUTARY_CHECK(time >= resident_.header().time_ms, "block time goes backwards");
  if (pages_.failed()) return CannotRead();
  overlay_ = std::make_unique<Overlay>(pages_, resident_);
  block_ = std::make_unique<BlockContext>();
  try {
    block_->time = time;
    block_->chain = overlay_->Get<ChainRow>(0);
    block_->parameters = ParametersAt(*overlay_, block_->chain.epoch);
    block_->first_entry = resident_.log().size();
    DealWithDue(*overlay_, *block_);
    block_->payouts_wait = AutomaticPayoutsWait(*overlay_);
    return absl::OkStatus();
  } catch (const PageUnreadable&) {
    Drop();
    return CannotRead();
  }
}

absl::StatusOr<base::Verdict> Machine::Apply(const PreparedTransaction& transaction) {
  TRIBUTARY_CHECK(block_ != nullptr, "no block is being built");
  try {
    base::Verdict verdict = ApplyTransaction(*overlay_, *block_, transaction);
    if (pages_.failed()) return CannotRead();
    return verdict;
  } catch (const PageUnreadable&) {
    return CannotRead();
  }
}

bool Machine::HasChanges() const {
  return block_ && (!block_->transactions.empty() || block_->payouts_wait ||
                    !block_->settlements.empty() || block_->due_happened);
}

absl::StatusOr<BlockEffects> Machine::Finish() {
  TRIBUTARY_CHECK(block_ != nullptr, "no block is being built");
  try {
    return FinishBlock();
  } catch (const PageUnreadable&) {
    Drop();
    return CannotRead();
  }
}

absl::StatusOr<BlockEffects> Machine::FinishBlock() {
  const bool first = resident_.empty();
  block_->chain.height = first ? 1 : resident_.header().height.value() + 1;
  block_->chain.time_ms = block_->time.value();
  overlay_->Put(0, block_->chain);
  RequestAutomaticPayouts(*overlay_, *block_);
  if (fault_) fault_(*overlay_);
  absl::Status conserved = CheckConservation(*overlay_);
  if (pages_.failed()) conserved = CannotRead();
  if (!conserved.ok()) {
    Drop();
    return conserved;
  }

  BlockEffects effects;
  merkle::LogTree::Draft log = resident_.log().NewDraft();
  for (const std::string& entry : block_->entries) {
    effects.leaves.push_back(crypto::LeafHash(base::AsBytes(entry)));
    log.Append(effects.leaves.back());
  }
  codec::BlockHeader& header = effects.header;
  header.first_entry = base::EntryIndex(block_->first_entry);
  header.chain_hash = block_->chain.chain_hash;
  header.height = base::Height(block_->chain.height);
  header.time_ms = block_->time;
  header.previous_header = first ? block_->chain.chain_hash : resident_.header_hash();
  header.log_size = log.size();
  header.log_root = log.Root();
  header.results_root = ResultsRoot(block_->transactions);
  header.state_root = overlay_->StateRoot();
  header.settlement_root = SettlementRoot(block_->settlements);
  header.epoch = base::Epoch(block_->chain.epoch);
  if (pages_.failed()) {
    Drop();
    return CannotRead();
  }

  const auto header_bytes = codec::EncodeHeader(header);
  effects.header_bytes.assign(header_bytes.begin(), header_bytes.end());
  effects.header_hash = codec::HeaderHash(header_bytes);
  effects.leaves.push_back(crypto::LeafHash(header_bytes));
  log.Append(effects.leaves.back());
  effects.log_size = log.size();
  effects.log_root = log.Root();
  effects.tiles = log.Tiles();
  effects.first_entry = header.first_entry;
  effects.entries = std::move(block_->entries);
  effects.entries.push_back(effects.header_bytes);
  effects.transactions = std::move(block_->transactions);
  effects.settlements = std::move(block_->settlements);
  effects.automatic_payouts = std::move(block_->automatic_payouts);
  overlay_->MoveInto(effects);
  Drop();
  return effects;
}

void Machine::Drop() {
  overlay_.reset();
  block_.reset();
}

std::optional<base::TimeMs> NextDue(const PageSource& pages, const Resident& resident) {
  std::optional<uint64_t> next;
  if (!resident.due().empty()) next = resident.due().begin()->due_ms;
  Overlay overlay(pages, resident);
  try {
    const auto chain = overlay.Get<ChainRow>(0);
    if (AutomaticPayoutsWait(overlay)) return base::TimeMs(chain.time_ms);
    const auto parameters = ParametersAt(overlay, chain.epoch);
    // Lengths of epochs may change at the first of these, which is looked at again then.
    const auto at_end_of = [&](uint64_t epoch) {
      const uint64_t due = chain.epoch_end_ms + (epoch - chain.epoch) * parameters.epoch_ms;
      if (!next || due < *next) next = due;
    };
    if (const auto epoch = OldestPendingEpoch(overlay, chain)) {
      at_end_of(MaturesWithEndOf(overlay, *epoch));
    }
    if (const auto epoch = NextProposedEpoch(overlay, chain)) at_end_of(*epoch - 1);
    if (ProposalsTakeEffectNext(overlay, chain)) next = chain.time_ms;
  } catch (const PageUnreadable&) {
    return base::TimeMs(1);
  }
  if (!next) return std::nullopt;
  return base::TimeMs(*next);
}

}  // namespace tributary::state
