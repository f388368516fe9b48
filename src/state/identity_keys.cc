#include "state/identity_keys.h"

#include <algorithm>
#include <string>
#include <vector>

#include "codec/bytes.h"
#include "codec/text.h"
#include "crypto/hash.h"

namespace tributary::state {
namespace {

// Which references these are; one tag serves all of them.
enum class ReferenceUse : uint8_t { kEvent = 1, kFunding = 2, kPayout = 3 };

base::Hash CurrencyReference(ReferenceUse use, std::string_view currency,
                             std::string_view reference) {
  std::string head;
  codec::AppendLittle<uint8_t>(head, static_cast<uint8_t>(use));
  codec::AppendLittle<uint8_t>(head, static_cast<uint8_t>(currency.size()));
  head += currency;
  return crypto::TaggedHash(crypto::Tag::kReference,
                            {base::AsBytes(head), base::AsBytes(reference)});
}

}  // namespace

UniquenessClass ClassOf(codec::RecordKind kind) {
  switch (kind) {
    case codec::RecordKind::kAnnotation:
    case codec::RecordKind::kPrompt:
    case codec::RecordKind::kCorrection:
    case codec::RecordKind::kEvaluation:
    case codec::RecordKind::kBiasReport:
    case codec::RecordKind::kModeration:
    case codec::RecordKind::kFeedback:
    case codec::RecordKind::kReview: return UniquenessClass::kContribution;
    default: return UniquenessClass::kWork;
  }
}

base::Hash HandleKey(std::string_view handle) { return crypto::Sha256(base::AsBytes(handle)); }

base::Hash ContentKey(const codec::Record& record) {
  if (!record.content_sha256) return {};
  const UniquenessClass unique = ClassOf(record.kind);
  const uint8_t unique_byte = static_cast<uint8_t>(unique);
  std::string parents;
  if (unique == UniquenessClass::kContribution) {
    std::vector<base::RecordId> ids;
    for (const codec::Parent& parent : record.parents) ids.push_back(parent.record);
    std::sort(ids.begin(), ids.end());
    for (const base::RecordId& id : ids) codec::AppendBytes(parents, id.view());
  }
  return crypto::TaggedHash(
      crypto::Tag::kContentKey,
      {base::Bytes(&unique_byte, 1), record.content_sha256->view(), base::AsBytes(parents)});
}

base::Hash ExternalKey(std::string_view external_id) {
  if (external_id.empty()) return {};
  const std::string folded = codec::FoldCase(external_id);
  return crypto::TaggedHash(crypto::Tag::kExternalId, {base::AsBytes(folded)});
}

base::Hash EventReferenceKey(const base::AccountId& reporter, std::string_view reference) {
  const uint8_t use = static_cast<uint8_t>(ReferenceUse::kEvent);
  return crypto::TaggedHash(crypto::Tag::kReference,
                            {base::Bytes(&use, 1), reporter.view(), base::AsBytes(reference)});
}

base::Hash FundingReferenceKey(std::string_view currency, std::string_view reference) {
  return CurrencyReference(ReferenceUse::kFunding, currency, reference);
}

base::Hash PayoutReferenceKey(std::string_view currency, std::string_view reference) {
  return CurrencyReference(ReferenceUse::kPayout, currency, reference);
}

base::Hash StackKey(std::span<const rewards::Royalty> stack) {
  std::string bytes;
  bytes.reserve(stack.size() * 8);
  for (const rewards::Royalty& royalty : stack) {
    codec::AppendLittle<uint32_t>(bytes, royalty.record.value());
    codec::AppendLittle<uint32_t>(bytes, royalty.share.value());
  }
  return crypto::TaggedHash(crypto::Tag::kRoyaltyStack, {base::AsBytes(bytes)});
}

base::Hash PendingKey(uint16_t slot, const PendingRow& row) {
  base::Hash key;
  codec::RowWriter writer(key.bytes);
  writer.Put(slot).Put(row.currency).Put(row.kind).Put(row.target).PutZeros(23);
  return key;
}

base::Hash AmendedKey(base::RecordSeq record) {
  base::Hash key;
  codec::RowWriter writer(key.bytes);
  writer.Put(record.value()).PutZeros(28);
  return key;
}

base::Hash ReceivableKey(uint32_t reporter, uint16_t currency) {
  base::Hash key;
  codec::RowWriter writer(key.bytes);
  writer.Put(reporter).Put(currency).PutZeros(26);
  return key;
}

base::Hash DebitKey(uint32_t asset, uint16_t currency) { return ReceivableKey(asset, currency); }
base::Hash DisputedKey(uint8_t kind, uint32_t subject) { return ReceivableKey(subject, kind); }

base::Hash RecordKey(base::RecordSeq record) { return AmendedKey(record); }

base::Hash FrozenKey(const FrozenRow& row) {
  base::Hash key;
  codec::RowWriter writer(key.bytes);
  writer.Put(row.asset).Put(row.target).Put(row.epoch).Put(row.currency).Put(row.kind);
  writer.PutZeros(key.bytes.size() - writer.written());
  return key;
}

}  // namespace tributary::state
