#include "state/identity_keys.h"
#include "state/journal.h"
#include "state/pending.h"
#include "state/revenue.h"

namespace tributary::state {
namespace {

using base::RejectionCode;

// The sender's event, and where its row is.
struct Refundable {
  uint64_t position;  // RingPosition
  EventRow event;
};

base::Checked<Refundable> RequireEvent(Context& c, std::string_view reference) {
  const auto position = c.overlay.Find(Identity::kEventReference,
                                       EventReferenceKey(c.transaction.body.sender, reference));
  if (!position) return c.Reject(RejectionCode::kEventUnknown, "reference", std::string(reference));
  const Refundable found{*position,
                         c.overlay.Get<EventRow>(RingRow(*position), RingSlot(*position))};
  if (found.event.IsRefund()) {
    return c.Reject(RejectionCode::kEventUnknown, "reference",
                    std::string(reference) + " is a refund itself");
  }
  const ChainRow& chain = c.block.chain;
  if (found.event.epoch + c.block.parameters.horizon_epochs < chain.epoch) {
    return c.Reject(RejectionCode::kEventUnknown, "reference",
                    "it was recorded in epoch " + std::to_string(found.event.epoch) +
                        ", before the horizon of " +
                        std::to_string(c.block.parameters.horizon_epochs) + " epochs");
  }
  return found;
}

std::vector<AttributedShare> SharesOf(Overlay& overlay, const Refundable& found) {
  std::vector<AttributedShare> shares;
  const uint64_t first = found.event.FirstInfluence();
  for (uint64_t i = 0; i < found.event.InfluenceCount(); ++i) {
    const auto row = overlay.Get<InfluenceRow>(first + i, RingSlot(found.position));
    shares.push_back({base::RecordSeq(row.record), base::Ppb(row.share_ppb)});
  }
  return shares;
}

// Contributors keep what they were credited: what comes in next for the asset bears it.
void AddDebit(Overlay& overlay, const EventRow& event, base::MinorUnits amount) {
  const base::Hash key = DebitKey(event.asset, event.currency);
  DebitRow debit;
  const auto row = overlay.Find(Identity::kDebit, key);
  if (row) debit = overlay.Get<DebitRow>(*row);
  debit.asset = event.asset;
  debit.currency = event.currency;
  debit.amount_minor += base::Atoms(amount.value());
  if (row) {
    overlay.Put(*row, debit);
  } else {
    overlay.AddIdentity(Identity::kDebit, key, overlay.Append(debit));
  }
}

void MoveMoney(Context& c, const Refundable& found, base::MinorUnits amount) {
  const EventRow& event = found.event;
  const base::CurrencyIndex currency(event.currency);
  const base::Atoms atoms = base::Atoms::FromMinor(amount);
  const PendingPlace place{base::RecordSeq(event.asset), currency, base::Epoch(event.epoch)};
  if (IsPending(c.overlay, c.block.chain, place)) {
    TakeOffPending(c.overlay, place, amount, SharesOf(c.overlay, found));
    PostReversed(c.overlay, currency, &TotalsRow::pending, atoms);
  } else {
    AddDebit(c.overlay, event, amount);
    PostOwed(c.overlay, currency, atoms);
  }
  const auto row =
      c.overlay.Find(Identity::kReceivable, ReceivableKey(event.reporter, event.currency));
  TRIBUTARY_CHECK(row.has_value(), "an event without a receivable");
  auto receivable = c.overlay.Get<ReceivableRow>(*row);
  receivable.reversed_minor += base::Atoms(amount.value());
  c.overlay.Put(*row, receivable);
}

// Takes the refund's reference, beside those of events, and leads from it to the event.
void AddRefund(Context& c, const Refundable& found, const codec::RefundRevenue& operation,
               const base::Hash& reference_key) {
  const auto slot = static_cast<uint16_t>(c.block.chain.epoch % kEventSlots);
  EventRow refund;
  refund.reference_key = reference_key;
  refund.reporter = found.event.reporter;
  refund.asset = found.event.asset;
  refund.currency = found.event.currency;
  refund.flags = kEventRefund;
  refund.amount_minor = operation.amount_minor.value();
  refund.occurred_at_ms = c.block.time.value();
  refund.epoch = c.block.chain.epoch;
  refund.entry = c.entry();
  refund.operation = static_cast<uint16_t>(c.operation);
  refund.link = found.position;
  const uint64_t row = c.overlay.Append(refund, slot);
  c.overlay.AddIdentity(Identity::kEventReference, reference_key, RingPosition(slot, row));
}

}  // namespace

base::Verdict ApplyOperation(Context& c, const codec::RefundRevenue& operation) {
  const base::Hash reference_key =
      EventReferenceKey(c.transaction.body.sender, operation.refund_reference);
  if (auto bad =
          RequireFreeReference(c, reference_key, operation.refund_reference, "refund_reference")) {
    return bad;
  }
  auto found = RequireEvent(c, operation.reference);
  if (!found) return found.rejection();
  const uint64_t left = found->event.amount_minor - found->event.refunded_minor;
  if (operation.amount_minor.value() > left) {
    return c.Reject(RejectionCode::kRefundTooLarge, "amount_minor",
                    std::to_string(left) + " minor units are left");
  }
  EventRow event = found->event;
  event.refunded_minor += operation.amount_minor.value();
  c.overlay.Put(RingRow(found->position), event, RingSlot(found->position));
  MoveMoney(c, *found, operation.amount_minor);
  AddRefund(c, *found, operation, reference_key);
  return std::nullopt;
}

}  // namespace tributary::state
