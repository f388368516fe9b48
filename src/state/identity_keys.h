// The 32-byte keys of the identity tables.
#ifndef TRIBUTARY_STATE_IDENTITY_KEYS_H_
#define TRIBUTARY_STATE_IDENTITY_KEYS_H_

#include <span>
#include <string_view>

#include "codec/ledger.h"
#include "rewards/asset_level.h"
#include "state/tables.h"
#include "tributary/base/types.h"

namespace tributary::state {

// How a kind of record is unique: works by content alone, other contributions by content and
// parents, for two teachers may both send "correct".
enum class UniquenessClass : uint8_t { kWork = 1, kContribution = 2 };
UniquenessClass ClassOf(codec::RecordKind kind);

base::Hash HandleKey(std::string_view handle);
// Zero where the record has no content hash, or no external id.
base::Hash ContentKey(const codec::Record& record);
base::Hash ExternalKey(std::string_view external_id);
base::Hash EventReferenceKey(const base::AccountId& reporter, std::string_view reference);
base::Hash FundingReferenceKey(std::string_view currency, std::string_view reference);
base::Hash PayoutReferenceKey(std::string_view currency, std::string_view reference);
// Of a royalty stack, ascending by record.
base::Hash StackKey(std::span<const rewards::Royalty> stack);
// These are numbers side by side, not hashes: unique as they are.
base::Hash PendingKey(uint16_t slot, const PendingRow& row);
base::Hash ReceivableKey(uint32_t reporter, uint16_t currency);
base::Hash AmendedKey(base::RecordSeq record);
base::Hash DebitKey(uint32_t asset, uint16_t currency);
base::Hash RecordKey(base::RecordSeq record);  // of kRecordReservation, kAttested, kFrozenAsset
base::Hash FrozenKey(const FrozenRow& row);
inline base::Hash AsKey(const base::PublicKey& key) { return base::Hash{key.bytes}; }
base::Hash DisputedKey(uint8_t kind, uint32_t subject);
inline base::Hash AsKey(const base::AccountId& id) { return base::Hash{id.bytes}; }
inline base::Hash AsKey(const base::RecordId& id) { return base::Hash{id.bytes}; }
inline base::Hash AsKey(const base::TxId& id) { return base::Hash{id.bytes}; }

// Where a row of a ring table is: the value of kEventReference and kPending.
inline uint64_t RingPosition(uint16_t slot, uint64_t row) { return uint64_t{slot} << 40 | row; }
inline uint16_t RingSlot(uint64_t position) { return static_cast<uint16_t>(position >> 40); }
inline uint64_t RingRow(uint64_t position) { return position & ((uint64_t{1} << 40) - 1); }

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_IDENTITY_KEYS_H_
