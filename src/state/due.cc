#include "state/due.h"

#include <algorithm>

#include "codec/limits.h"
#include "state/case_end.h"
#include "state/freeze.h"
#include "state/governance.h"
#include "state/identity_keys.h"
#include "state/settle.h"
#include "state/transaction.h"

namespace tributary::state {
namespace {

template <class Row, class KeyOf>
void ClearRing(Overlay& overlay, uint16_t slot, Identity identity, KeyOf key_of) {
  const TableId table{Row::kKind, slot};
  const uint64_t rows = overlay.RowCount(table);
  if (rows == 0) return;
  for (uint64_t row = 0; row < rows; ++row) {
    overlay.RemoveIdentity(identity, key_of(overlay.Get<Row>(row, slot)), row);
  }
  overlay.Clear(table);
}

// Settles what matures with the end of the current epoch, oldest first.
void SettleMatured(Overlay& overlay, BlockContext& block, uint64_t oldest) {
  for (uint64_t epoch = oldest; epoch <= block.chain.epoch; ++epoch) {
    if (MaturesWithEndOf(overlay, epoch) > block.chain.epoch) return;
    SettleEpoch(overlay, block, base::Epoch(epoch));
  }
}

// The epochs before the current one that have settled: none of them has still to mature.
void CountSettled(Overlay& overlay, ChainRow& chain) {
  constexpr uint64_t kAllMature = codec::kMaturityEpochsMax + 1;
  uint64_t& settled = chain.settled_epochs;
  if (chain.epoch > kAllMature) settled = std::max(settled, chain.epoch - kAllMature);
  while (settled < chain.epoch && MaturesWithEndOf(overlay, settled) < chain.epoch) ++settled;
}

// Ends the current epoch, or, while no money is pending, all that end up to `limit_ms` at once; but
// not beyond one with which parameters may change.
void EndEpochs(Overlay& overlay, BlockContext& block, uint64_t limit_ms) {
  ChainRow& chain = block.chain;
  const uint64_t length = block.parameters.epoch_ms;
  uint64_t ended = 1;
  if (const auto oldest = OldestPendingEpoch(overlay, chain)) {
    SettleMatured(overlay, block, *oldest);
  } else {
    ended += (limit_ms - chain.epoch_end_ms) / length;
  }
  const auto change = NextProposedEpoch(overlay, chain);
  if (change) ended = std::min(ended, *change - chain.epoch);
  const uint64_t last = chain.epoch + ended;
  const uint64_t last_start = chain.epoch_end_ms + (ended - 1) * length;
  // Only the latest kEventSlots starts are kept, so longer jumps need not visit more.
  const uint64_t first = ended > kEventSlots ? last - kEventSlots + 1 : chain.epoch + 1;
  for (uint64_t epoch = first; epoch <= last; ++epoch) {
    EnterEpoch(overlay, chain, epoch, last_start - (last - epoch) * length, length);
  }
  if (change) ProposalsTakeEffectWithEpoch(overlay, block);
  block.parameters = ParametersAt(overlay, chain.epoch);
  chain.epoch_end_ms = chain.epoch_start_ms + block.parameters.epoch_ms;
  CountSettled(overlay, chain);
}

void ClaimTakesEffect(Overlay& overlay, BlockContext& block, const DueItem& item) {
  const auto due = overlay.Get<DueRow>(item.row);
  auto claim = overlay.Get<ClaimRow>(due.subject);
  claim.state = static_cast<uint8_t>(ClaimState::kInForce);
  overlay.Put(due.subject, claim);
  auto account = overlay.Get<AccountRow>(claim.account);
  account.key = claim.key;
  account.key_until_ms = kForever;
  account.pending_claim = kNone32;
  overlay.Put(claim.account, account);
  CountRoles(block.chain, 0, account.roles);
  overlay.FinishDue(item);
  block.due_happened = true;
}

void DealWith(Overlay& overlay, BlockContext& block, const DueItem& item) {
  if (item.kind == DueKind::kThaw) {
    Thaw(overlay, block, item);
  } else if (item.kind == DueKind::kCase) {
    CaseDeadline(overlay, block, item);
  } else {
    ClaimTakesEffect(overlay, block, item);
  }
}

void DropTransactionIds(Overlay& overlay, BlockContext& block) {
  const uint64_t minute = block.time.value() / kMinuteMs;
  uint64_t from = block.chain.txid_minute;
  if (minute <= from) return;
  if (minute - from > kTxIdSlots) from = minute - kTxIdSlots;
  for (uint64_t passed = from; passed < minute; ++passed) {
    const auto slot = static_cast<uint16_t>(passed % kTxIdSlots);
    block.chain.live_txids -= overlay.RowCount({TableKind::kTxIds, slot});
    ClearRing<TxIdRow>(overlay, slot, Identity::kTxId,
                       [](const TxIdRow& row) { return AsKey(row.id); });
  }
  block.chain.txid_minute = minute;
}

}  // namespace

std::optional<uint64_t> OldestPendingEpoch(Overlay& overlay, const ChainRow& chain) {
  const uint64_t window = codec::kMaturityEpochsMax;
  const uint64_t first = chain.epoch > window ? chain.epoch - window : 0;
  for (uint64_t epoch = first; epoch <= chain.epoch; ++epoch) {
    const auto slot = static_cast<uint16_t>(epoch % kPendingSlots);
    if (overlay.RowCount({TableKind::kPending, slot}) > 0) return epoch;
  }
  return std::nullopt;
}

void EnterEpoch(Overlay& overlay, ChainRow& chain, uint64_t epoch, uint64_t start_ms,
                uint64_t length_ms) {
  chain.epoch = epoch;
  chain.epoch_start_ms = start_ms;
  chain.epoch_end_ms = start_ms + length_ms;
  const auto slot = static_cast<uint16_t>(epoch % kEventSlots);
  ClearRing<EventRow>(overlay, slot, Identity::kEventReference,
                      [](const EventRow& row) { return row.reference_key; });
  const TableId influences{TableKind::kInfluences, slot};
  if (overlay.RowCount(influences) > 0) overlay.Clear(influences);
  overlay.Grow({TableKind::kEpochStarts, 0}, uint64_t{slot} + 1);
  overlay.Put(slot, EpochStartRow{epoch, start_ms});
}

void DealWithDue(Overlay& overlay, BlockContext& block) {
  const uint64_t now = block.time.value();
  for (;;) {
    const auto due = overlay.NextDue();
    const uint64_t limit = due ? std::min(now, due->due_ms) : now;
    if (block.chain.epoch_end_ms <= limit) {
      EndEpochs(overlay, block, limit);
    } else if (due && due->due_ms <= now) {
      DealWith(overlay, block, *due);
    } else {
      break;
    }
  }
  ProposalsTakeEffectAtHeight(overlay, block);
  DropTransactionIds(overlay, block);
}

}  // namespace tributary::state
