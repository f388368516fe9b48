#include "state/pending.h"

#include "state/due.h"
#include "state/freeze.h"
#include "state/identity_keys.h"
#include "tributary/base/check.h"

namespace tributary::state {
namespace {

enum class Change { kAdd, kTakeOff };

void ApplyChange(base::Atoms& sum, base::Atoms amount, Change change) {
  if (change == Change::kAdd) {
    sum += amount;
  } else {
    sum -= amount;
  }
}

// `line` says which row, by target, currency and kind, and what it changes by.
void ChangeRow(Overlay& overlay, uint16_t slot, const PendingRow& line, Change change) {
  const base::Hash key = PendingKey(slot, line);
  if (const auto position = overlay.Find(Identity::kPending, key)) {
    auto row = overlay.Get<PendingRow>(RingRow(*position), slot);
    ApplyChange(row.amount, line.amount, change);
    ApplyChange(row.second, line.second, change);
    overlay.Put(RingRow(*position), row, slot);
    return;
  }
  TRIBUTARY_CHECK(change == Change::kAdd, "what is taken off is not pending");
  const uint64_t row = overlay.Append(line, slot);
  overlay.AddIdentity(Identity::kPending, key, RingPosition(slot, row));
}

FrozenRow FrozenLine(const PendingPlace& place, const PendingRow& line) {
  FrozenRow frozen;
  frozen.asset = place.asset.value();
  frozen.target = line.target;
  frozen.epoch = place.epoch.value();
  frozen.currency = line.currency;
  frozen.kind = line.kind;
  frozen.amount = line.amount;
  frozen.second = line.second;
  return frozen;
}

void ChangePending(Overlay& overlay, const PendingPlace& place, base::MinorUnits amount,
                   const std::vector<AttributedShare>& shares, Change change) {
  const auto slot = static_cast<uint16_t>(place.epoch.value() % kPendingSlots);
  const bool frozen = IsFrozen(overlay, place.asset, place.epoch);
  const auto change_line = [&](const PendingRow& line) {
    if (!frozen) return ChangeRow(overlay, slot, line, change);
    ChangeFrozen(overlay, FrozenLine(place, line),
                 change == Change::kAdd ? FrozenChange::kAdd : FrozenChange::kTakeOff);
  };
  PendingRow gross;
  gross.target = place.asset.value();
  gross.currency = place.currency.value();
  gross.kind = static_cast<uint8_t>(PendingKind::kGross);
  gross.amount = base::Atoms(amount.value());
  for (const AttributedShare& one : shares) {
    PendingRow attributed;
    attributed.target = one.record.value();
    attributed.currency = place.currency.value();
    attributed.kind = static_cast<uint8_t>(PendingKind::kAttributed);
    attributed.amount = base::Atoms(base::Uint128{amount.value()} * one.share.value());
    gross.second += attributed.amount;
    change_line(attributed);
  }
  change_line(gross);
}

}  // namespace

void AddPending(Overlay& overlay, const PendingPlace& place, base::MinorUnits amount,
                const std::vector<AttributedShare>& shares) {
  ChangePending(overlay, place, amount, shares, Change::kAdd);
}

bool IsPending(Overlay& overlay, const ChainRow& chain, const PendingPlace& place) {
  if (overlay.RowCount({TableKind::kFrozenAssets, 0}) > 0) {
    PendingRow gross;
    gross.target = place.asset.value();
    gross.currency = place.currency.value();
    gross.kind = static_cast<uint8_t>(PendingKind::kGross);
    const auto row = overlay.Find(Identity::kFrozen, FrozenKey(FrozenLine(place, gross)));
    if (row && (overlay.Get<FrozenRow>(*row).flags & kFrozenCompensated) != 0) return false;
    if (IsFrozen(overlay, place.asset, place.epoch)) return row.has_value();
  }
  return WaitsToMature(overlay, chain, place.epoch.value());
}

void AddPendingLine(Overlay& overlay, uint16_t slot, const PendingRow& line) {
  ChangeRow(overlay, slot, line, Change::kAdd);
}

void TakeOffPendingLine(Overlay& overlay, uint16_t slot, const PendingRow& line) {
  ChangeRow(overlay, slot, line, Change::kTakeOff);
}

void TakeOffPending(Overlay& overlay, const PendingPlace& place, base::MinorUnits amount,
                    const std::vector<AttributedShare>& shares) {
  ChangePending(overlay, place, amount, shares, Change::kTakeOff);
}

}  // namespace tributary::state
