// Look-ups by handle, content, external id and reference.
#include "codec/ledger.h"
#include "codec/text.h"
#include "node/read_view.h"
#include "state/identity_keys.h"

namespace tributary::node {

std::optional<base::AccountIndex> ReadView::FindHandle(std::string_view handle) const {
  const std::optional<uint64_t> row =
      Find(state::Identity::kHandle, state::HandleKey(codec::FoldCase(handle)));
  if (!row || *row >= accounts_) return std::nullopt;
  return base::AccountIndex(static_cast<uint32_t>(*row));
}

std::optional<base::RecordSeq> ReadView::FindContent(const base::Hash& content_sha256) const {
  codec::Record work;
  work.kind = codec::RecordKind::kModel;  // any kind of work has the same key
  work.content_sha256 = content_sha256;
  return FindSeq(state::Identity::kContent, state::ContentKey(work));
}

std::optional<base::RecordSeq> ReadView::FindExternalId(std::string_view external_id) const {
  if (external_id.empty()) return std::nullopt;
  return FindSeq(state::Identity::kExternalId, state::ExternalKey(external_id));
}

std::optional<base::PayoutIndex> ReadView::FindPayout(base::CurrencyIndex currency,
                                                      std::string_view external_reference) const {
  const state::CurrencyRow row = CurrencyAt(currency);
  const base::Hash key = state::PayoutReferenceKey(CurrencyCode(row), external_reference);
  const std::optional<uint64_t> number = Find(state::Identity::kPayoutReference, key);
  if (!number || *number >= RowCount(state::TableKind::kPayouts)) return std::nullopt;
  // The resident tables may be a block ahead of the snapshot.
  if (Get<state::PayoutRow>(*number).reference_key != key) return std::nullopt;
  return base::PayoutIndex(*number);
}

std::optional<ReadView::Event> ReadView::FindEvent(const base::AccountId& reporter,
                                                   std::string_view reference) const {
  const base::Hash key = state::EventReferenceKey(reporter, reference);
  const std::optional<uint64_t> position = Find(state::Identity::kEventReference, key);
  if (!position) return std::nullopt;
  const uint16_t slot = state::RingSlot(*position);
  const uint64_t row = state::RingRow(*position);
  if (row >= RowCount(state::TableKind::kEvents, slot)) return std::nullopt;
  const Event event{slot, row, Get<state::EventRow>(row, slot)};
  // The resident tables may be a block ahead of the snapshot, and the slot another epoch's by then.
  if (event.event.reference_key != key) return std::nullopt;
  return event;
}

}  // namespace tributary::node
