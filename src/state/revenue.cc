#include "state/revenue.h"

#include "state/attestations.h"
#include "state/attribution.h"
#include "state/edges.h"
#include "state/identity_keys.h"
#include "state/journal.h"
#include "state/pending.h"
#include "tributary/base/hex.h"

namespace tributary::state {
namespace {

using base::RejectionCode;
using base::Verdict;

constexpr uint64_t kNoLimit = UINT64_MAX;
constexpr int kLifetimeBits = 90;

Verdict CheckTime(Context& c, const codec::RevenueItem& item, const std::string& prefix) {
  if (item.occurred_at_ms > c.block.time) {
    return c.Reject(RejectionCode::kEventInFuture, prefix + "occurred_at_ms",
                    "block time is " + std::to_string(c.block.time.value()));
  }
  const uint64_t horizon = HorizonStartMs(c.overlay, c.block.chain, c.block.parameters);
  if (item.occurred_at_ms.value() < horizon) {
    return c.Reject(RejectionCode::kEventTooOld, prefix + "occurred_at_ms",
                    "the horizon starts at " + std::to_string(horizon));
  }
  return std::nullopt;
}

// The reporter's row for the currency; a reporter without one gets it, with a limit of zero.
uint64_t ReceivableOf(Context& c, base::CurrencyIndex currency) {
  const base::Hash key = ReceivableKey(c.sender.value(), currency.value());
  if (const auto row = c.overlay.Find(Identity::kReceivable, key)) return *row;
  ReceivableRow receivable;
  receivable.reporter = c.sender.value();
  receivable.currency = currency.value();
  const uint64_t row = c.overlay.Append(receivable);
  c.overlay.AddIdentity(Identity::kReceivable, key, row);
  return row;
}

Verdict CheckCredit(const Context& c, const ReceivableRow& receivable, base::Atoms amount_minor,
                    const std::string& prefix) {
  if (receivable.limit_minor == kNoLimit) return std::nullopt;
  const base::Atoms owed = receivable.reported_minor + amount_minor;
  const base::Atoms settled = receivable.reversed_minor + receivable.confirmed_minor;
  if (owed <= settled || owed - settled <= base::Atoms(receivable.limit_minor)) {
    return std::nullopt;
  }
  return c.Reject(RejectionCode::kCreditLimit, prefix + "amount_minor",
                  "outstanding would be " + base::ToDecimal((owed - settled).value()) + " of " +
                      std::to_string(receivable.limit_minor) + " minor units");
}

void AddEvent(Context& c, const RevenueTarget& target, const codec::RevenueItem& item,
              size_t position, const base::Hash& reference_key,
              const std::vector<AttributedShare>& shares) {
  const auto slot = static_cast<uint16_t>(c.block.chain.epoch % kEventSlots);
  EventRow event;
  event.reference_key = reference_key;
  event.reporter = c.sender.value();
  event.asset = target.asset.value();
  event.currency = target.currency.value();
  event.amount_minor = item.amount_minor.value();
  event.occurred_at_ms = item.occurred_at_ms.value();
  event.epoch = c.block.chain.epoch;
  event.entry = c.entry();
  event.operation = static_cast<uint16_t>(c.operation);
  event.item = static_cast<uint16_t>(position);
  if (!shares.empty()) {
    const uint64_t first = c.overlay.RowCount({TableKind::kInfluences, slot});
    event.flags |= kEventAttributed;
    event.link = EventRow::LinkInfluences(first, shares.size());
  }
  for (const AttributedShare& one : shares) {
    c.overlay.Append(InfluenceRow{one.record.value(), one.share.value()}, slot);
  }
  const uint64_t row = c.overlay.Append(event, slot);
  c.overlay.AddIdentity(Identity::kEventReference, reference_key, RingPosition(slot, row));
}

}  // namespace

// Before the chain is as old as its horizon, epochs are counted back beyond the genesis.
uint64_t HorizonStartMs(Overlay& overlay, const ChainRow& chain, const ParametersRow& parameters) {
  const uint64_t back = parameters.horizon_epochs;
  const uint64_t epoch = chain.epoch > back ? chain.epoch - back : 0;
  const auto start = overlay.Get<EpochStartRow>(epoch % kEventSlots);
  TRIBUTARY_CHECK(start.epoch == epoch, "the start of an epoch within the horizon is not kept");
  const uint64_t before_genesis_ms = (epoch + back - chain.epoch) * parameters.epoch_ms;
  return start.start_ms > before_genesis_ms ? start.start_ms - before_genesis_ms : 0;
}

Verdict RequireFreeReference(Context& c, const base::Hash& reference_key,
                             std::string_view reference, const std::string& leaf) {
  const auto taken = c.overlay.Find(Identity::kEventReference, reference_key);
  if (!taken) return std::nullopt;
  const auto event = c.overlay.Get<EventRow>(RingRow(*taken), RingSlot(*taken));
  return c.Reject(RejectionCode::kReferenceTaken, leaf,
                  std::string(reference) + (event.IsRefund() ? " is the refund" : " is the event") +
                      " of entry " + std::to_string(event.entry) + ", operation " +
                      std::to_string(event.operation));
}

base::Checked<RevenueTarget> RequireTarget(Context& c, const base::RecordId& asset,
                                           std::string_view currency) {
  if (auto bad = c.RequireSenderRole({codec::Role::kReporter})) return *std::move(bad);
  const auto index = c.RequireCurrency(currency, "currency");
  if (!index) return index.rejection();
  const auto record = c.FindRecord(asset);
  if (!record) {
    return c.Reject(RejectionCode::kAssetUnknown, "asset", base::ToHex(asset.view()));
  }
  if (c.block.parameters.attestation_required != 0 && !IsAttested(c.overlay, *record)) {
    return c.Reject(RejectionCode::kAssetNotAttested, "asset", base::ToHex(asset.view()));
  }
  if (auto bad = RequireCounts(c, *record, "asset")) return *std::move(bad);
  return RevenueTarget{*index, *record};
}

Verdict RecordEvent(Context& c, const RevenueTarget& target, const codec::RevenueItem& item,
                    size_t position, const std::string& prefix,
                    const PreparedAttribution* attribution) {
  const base::Hash reference_key = EventReferenceKey(c.transaction.body.sender, item.reference);
  if (auto bad = RequireFreeReference(c, reference_key, item.reference, prefix + "reference")) {
    return bad;
  }
  if (auto bad = CheckTime(c, item, prefix)) return bad;
  const base::Atoms amount_minor(item.amount_minor.value());
  const base::Hash key = ReceivableKey(c.sender.value(), target.currency.value());
  const auto known = c.overlay.Find(Identity::kReceivable, key);
  auto receivable = known ? c.overlay.Get<ReceivableRow>(*known) : ReceivableRow{};
  if (auto bad = CheckCredit(c, receivable, amount_minor, prefix)) return bad;
  const base::Atoms amount = base::Atoms::FromMinor(item.amount_minor);
  const auto totals = c.overlay.Get<TotalsRow>(target.currency.value());
  const base::Atoms lifetime((base::Uint128{1} << kLifetimeBits) * base::kPpbOne);
  if (totals.reported + totals.deposited + amount >= lifetime) {
    return c.Reject(RejectionCode::kCurrencyLifetime, prefix + "amount_minor");
  }
  std::vector<AttributedShare> shares;
  if (attribution != nullptr) {
    auto checked = CheckAttribution(c, target.asset, *attribution);
    if (!checked) return checked.rejection();
    shares = *std::move(checked);
  }
  const uint64_t row = ReceivableOf(c, target.currency);
  receivable = c.overlay.Get<ReceivableRow>(row);
  receivable.reported_minor += amount_minor;
  c.overlay.Put(row, receivable);
  AddEvent(c, target, item, position, reference_key, shares);
  AddPending(c.overlay, {target.asset, target.currency, base::Epoch(c.block.chain.epoch)},
             item.amount_minor, shares);
  PostReceived(c.overlay, target.currency, &TotalsRow::reported, &TotalsRow::pending, amount);
  return std::nullopt;
}

}  // namespace tributary::state
