#include "state/freeze.h"

#include <algorithm>
#include <map>

#include "codec/limits.h"
#include "state/due.h"
#include "state/identity_keys.h"
#include "state/pending.h"
#include "state/settle.h"
#include "tributary/base/check.h"

namespace tributary::state {
namespace {

constexpr auto kGross = static_cast<uint8_t>(PendingKind::kGross);
constexpr auto kAttributed = static_cast<uint8_t>(PendingKind::kAttributed);

struct Numbered {
  uint64_t row;
  FrozenRow value;
};

// The rows of the present freeze that still hold money, oldest epoch first.
std::vector<Numbered> RowsOf(Overlay& overlay, const FrozenAssetRow& frozen) {
  std::vector<Numbered> rows;
  for (uint32_t at = frozen.last; at != kNone32;) {
    const auto row = overlay.Get<FrozenRow>(at);
    if (!row.amount.IsZero()) rows.push_back({at, row});
    at = row.previous;
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Numbered& a, const Numbered& b) {
    return a.value.epoch < b.value.epoch;
  });
  return rows;
}

// What the asset's events of an epoch direct to each record: their sum is what its pending row of
// gross says. Events of an epoch are kept longer than its money can wait.
std::map<uint32_t, base::Atoms> DirectedBy(Overlay& overlay, const PendingRow& gross,
                                           uint64_t epoch) {
  const auto slot = static_cast<uint16_t>(epoch % kEventSlots);
  std::map<uint32_t, base::Atoms> directed;
  const uint64_t events = overlay.RowCount({TableKind::kEvents, slot});
  for (uint64_t row = 0; row < events; ++row) {
    const auto event = overlay.Get<EventRow>(row, slot);
    if (event.asset != gross.target || event.currency != gross.currency || event.IsRefund()) {
      continue;
    }
    const base::Uint128 left = event.amount_minor - event.refunded_minor;
    for (uint64_t i = 0; i < event.InfluenceCount(); ++i) {
      const auto line = overlay.Get<InfluenceRow>(event.FirstInfluence() + i, slot);
      directed[line.record] += base::Atoms(left * line.share_ppb);
    }
  }
  return directed;
}

FrozenRow LineOf(uint32_t asset, uint64_t epoch, const PendingRow& from) {
  FrozenRow line;
  line.asset = asset;
  line.target = from.target;
  line.epoch = epoch;
  line.currency = from.currency;
  line.kind = from.kind;
  line.amount = from.amount;
  line.second = from.second;
  return line;
}

PendingRow PendingOf(const FrozenRow& line) {
  PendingRow pending;
  pending.target = line.target;
  pending.currency = line.currency;
  pending.kind = line.kind;
  pending.amount = line.amount;
  pending.second = line.second;
  return pending;
}

// Moves what the asset has pending in one epoch and currency.
void FreezeEpoch(Overlay& overlay, uint32_t asset, uint64_t epoch, uint16_t currency) {
  PendingRow gross;
  gross.target = asset;
  gross.currency = currency;
  gross.kind = kGross;
  const auto slot = static_cast<uint16_t>(epoch % kPendingSlots);
  const auto position = overlay.Find(Identity::kPending, PendingKey(slot, gross));
  if (!position) return;
  gross = overlay.Get<PendingRow>(RingRow(*position), slot);
  if (gross.amount.IsZero()) return;
  if (!gross.second.IsZero()) {
    base::Atoms sum;
    for (const auto& [record, amount] : DirectedBy(overlay, gross, epoch)) {
      if (amount.IsZero()) continue;
      PendingRow attributed;
      attributed.target = record;
      attributed.currency = currency;
      attributed.kind = kAttributed;
      attributed.amount = amount;
      TakeOffPendingLine(overlay, slot, attributed);
      ChangeFrozen(overlay, LineOf(asset, epoch, attributed), FrozenChange::kAdd);
      sum += amount;
    }
    TRIBUTARY_CHECK(sum == gross.second, "events do not direct what is pending");
  }
  TakeOffPendingLine(overlay, slot, gross);
  ChangeFrozen(overlay, LineOf(asset, epoch, gross), FrozenChange::kAdd);
}

void Empty(Overlay& overlay, const Numbered& from) {
  FrozenRow row = from.value;
  row.amount = {};
  row.second = {};
  overlay.Put(from.row, row);
}

}  // namespace

base::Uint128 MulDivFloor(base::Uint128 a, base::Uint128 b, base::Uint128 c) {
  // a is taken bit by bit: (q, r) is the quotient and remainder of (its bits so far) * b by c.
  base::Uint128 q = 0;
  base::Uint128 r = 0;
  for (int bit = 127; bit >= 0; --bit) {
    q <<= 1;
    r <<= 1;
    if (r >= c) {
      r -= c;
      ++q;
    }
    if ((a >> bit & 1) == 0) continue;
    r += b;
    if (r >= c) {
      r -= c;
      ++q;
    }
  }
  return q;
}

std::optional<FrozenAsset> FindFrozenAsset(Overlay& overlay, base::RecordSeq asset) {
  const auto row = overlay.Find(Identity::kFrozenAsset, RecordKey(asset));
  if (!row) return std::nullopt;
  return FrozenAsset{*row, overlay.Get<FrozenAssetRow>(*row)};
}

bool IsFrozen(Overlay& overlay, base::RecordSeq asset, base::Epoch epoch) {
  if (overlay.RowCount({TableKind::kFrozenAssets, 0}) == 0) return false;
  const auto frozen = FindFrozenAsset(overlay, asset);
  return frozen && frozen->value.frozen != 0 && epoch.value() >= frozen->value.free_epoch;
}

void ChangeFrozen(Overlay& overlay, const FrozenRow& line, FrozenChange change) {
  if (const auto known = overlay.Find(Identity::kFrozen, FrozenKey(line))) {
    auto row = overlay.Get<FrozenRow>(*known);
    if (change == FrozenChange::kAdd) {
      row.amount += line.amount;
      row.second += line.second;
    } else {
      row.amount -= line.amount;
      row.second -= line.second;
    }
    overlay.Put(*known, row);
    return;
  }
  TRIBUTARY_CHECK(change == FrozenChange::kAdd, "what is taken off is not frozen");
  const auto frozen = FindFrozenAsset(overlay, base::RecordSeq(line.asset));
  TRIBUTARY_CHECK(frozen.has_value(), "the asset is not frozen");
  FrozenAssetRow asset = frozen->value;
  FrozenRow row = line;
  row.previous = asset.last;
  asset.last = static_cast<uint32_t>(overlay.Append(row));
  overlay.AddIdentity(Identity::kFrozen, FrozenKey(row), asset.last);
  overlay.Put(frozen->row, asset);
}

void Freeze(Context& c, base::RecordSeq asset, uint32_t incident, uint64_t until_ms) {
  const auto known = FindFrozenAsset(c.overlay, asset);
  FrozenAssetRow frozen = known ? known->value : FrozenAssetRow{};
  const uint64_t row = known ? known->row : c.overlay.RowCount({TableKind::kFrozenAssets, 0});
  frozen.asset = asset.value();
  frozen.incident = incident;
  frozen.frozen = 1;
  frozen.until_ms = until_ms;
  frozen.last = kNone32;
  frozen.due_row = static_cast<uint32_t>(
      c.overlay.AddDue({until_ms, row, static_cast<uint8_t>(DueKind::kThaw), 0}));
  if (known) {
    c.overlay.Put(row, frozen);
  } else {
    c.overlay.AddIdentity(Identity::kFrozenAsset, RecordKey(asset), c.overlay.Append(frozen));
  }
  const uint64_t now = c.block.chain.epoch;
  const uint64_t back = codec::kMaturityEpochsMax;
  const auto currencies = static_cast<uint16_t>(c.overlay.RowCount({TableKind::kCurrencies, 0}));
  const uint64_t first = std::max(frozen.free_epoch, now > back ? now - back : 0);
  for (uint64_t epoch = first; epoch <= now; ++epoch) {
    for (uint16_t currency = 0; currency < currencies; ++currency) {
      FreezeEpoch(c.overlay, asset.value(), epoch, currency);
    }
  }
}

void EndFreezeNow(Context& c, const FrozenAsset& frozen) {
  FrozenAssetRow asset = frozen.value;
  c.overlay.FinishDue({asset.until_ms, DueKind::kThaw, asset.due_row});
  asset.until_ms = c.block.time.value();
  asset.due_row = static_cast<uint32_t>(
      c.overlay.AddDue({asset.until_ms, frozen.row, static_cast<uint8_t>(DueKind::kThaw), 0}));
  c.overlay.Put(frozen.row, asset);
}

void Thaw(Overlay& overlay, BlockContext& block, const DueItem& item) {
  const uint64_t row = overlay.Get<DueRow>(item.row).subject;
  auto asset = overlay.Get<FrozenAssetRow>(row);
  const auto rows = RowsOf(overlay, asset);
  asset.frozen = 0;
  asset.free_epoch = block.chain.epoch + 1;
  overlay.Put(row, asset);
  for (size_t i = 0; i < rows.size();) {
    const uint64_t epoch = rows[i].value.epoch;
    std::vector<PendingRow> lines;
    for (; i < rows.size() && rows[i].value.epoch == epoch; ++i) {
      lines.push_back(PendingOf(rows[i].value));
      Empty(overlay, rows[i]);
    }
    if (WaitsToMature(overlay, block.chain, epoch)) {
      const auto slot = static_cast<uint16_t>(epoch % kPendingSlots);
      for (const PendingRow& line : lines) AddPendingLine(overlay, slot, line);
    } else {
      SettleLines(overlay, block, base::Epoch(epoch), lines);
    }
  }
  overlay.FinishDue(item);
  block.due_happened = true;
}

base::Uint128 FrozenGross(Overlay& overlay, const FrozenAsset& frozen,
                          base::CurrencyIndex currency) {
  base::Uint128 sum = 0;
  for (const Numbered& one : RowsOf(overlay, frozen.value)) {
    if (one.value.kind != kGross || one.value.currency != currency.value()) continue;
    sum += one.value.amount.value();
  }
  return sum;
}

namespace {

// What attribution directs out of the gross of one epoch shrinks from `before` to `after` parts.
base::Atoms ShrinkDirected(Overlay& overlay, const std::vector<Numbered>& rows,
                           const FrozenRow& gross, base::Uint128 before, base::Uint128 after) {
  base::Atoms sum;
  for (const Numbered& one : rows) {
    FrozenRow line = one.value;
    const bool same =
        line.kind == kAttributed && line.epoch == gross.epoch && line.currency == gross.currency;
    if (!same) continue;
    line.amount = base::Atoms(MulDivFloor(line.amount.value(), after, before));
    overlay.Put(one.row, line);
    sum += line.amount;
  }
  return sum;
}

}  // namespace

void TakeCompensation(Overlay& overlay, const FrozenAsset& frozen, base::CurrencyIndex currency,
                      base::Uint128 amount_minor) {
  const auto rows = RowsOf(overlay, frozen.value);
  for (const Numbered& one : rows) {
    FrozenRow line = one.value;
    if (amount_minor == 0) return;
    if (line.kind != kGross || line.currency != currency.value()) continue;
    const base::Uint128 before = line.amount.value();
    const base::Uint128 taken = std::min(amount_minor, before);
    line.amount -= base::Atoms(taken);
    line.flags |= kFrozenCompensated;
    line.second = ShrinkDirected(overlay, rows, line, before, before - taken);
    overlay.Put(one.row, line);
    amount_minor -= taken;
  }
  TRIBUTARY_CHECK(amount_minor == 0, "more is taken than is frozen");
}

}  // namespace tributary::state
