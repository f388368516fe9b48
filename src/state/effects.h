// Everything that one block changes, as a value: what the machine decides and storage makes
// durable.
#ifndef TRIBUTARY_STATE_EFFECTS_H_
#define TRIBUTARY_STATE_EFFECTS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "codec/header.h"
#include "lineage/graph.h"
#include "merkle/log_tree.h"
#include "state/tables.h"
#include "state/terms_book.h"
#include "tributary/base/amount.h"
#include "tributary/base/rejection.h"
#include "tributary/base/types.h"

namespace tributary::state {

// Identities: keys that lead to a row. They are derived from the tables and not hashed.
enum class Identity : uint8_t {
  kAccountId = 0,           // -> AccountIndex
  kHandle = 1,              // -> AccountIndex
  kRecordId = 2,            // -> RecordSeq
  kContent = 3,             // -> RecordSeq
  kExternalId = 4,          // -> RecordSeq
  kEventReference = 5,      // -> event slot << 40 | row
  kPending = 6,             // -> pending slot << 40 | row
  kTxId = 7,                // -> minute of valid_until
  kReceivable = 8,          // -> row of kReceivables
  kFundingReference = 9,    // -> row of kFundings
  kPayoutReference = 10,    // -> row of kPayouts
  kAmended = 11,            // -> row of kAmended
  kRoyaltyStack = 12,       // -> row of kRoyaltyStacks
  kDebit = 13,              // -> row of kDebits
  kReservation = 14,        // -> row of kReservations, by commitment
  kRecordReservation = 15,  // -> row of kReservations, by the record that used it
  kAttested = 16,           // -> row of kAttested
  kFrozenAsset = 17,        // -> row of kFrozenAssets
  kFrozen = 18,             // -> row of kFrozen
  kValidator = 19,          // -> row of kValidators
  kDisputed = 20,           // -> row of kDisputed
};
inline constexpr int kIdentities = 21;

struct IdentityChange {
  Identity kind;
  base::Hash key;
  uint64_t value;
  bool removed;  // false: added
};

struct PageUpdate {
  TableId table;
  uint64_t number;
  std::shared_ptr<const Page> page;
  base::Hash leaf;  // of the page in its table's tree
};

struct TableUpdate {
  TableId table;
  uint64_t row_count;  // after the block
  bool cleared;        // all older pages are gone; pages in the same block's updates are new
};

// A line of a settlement: who was credited, through which record.
struct Credit {
  base::AccountIndex account;
  base::RecordSeq record;
  base::Atoms amount;
  base::Atoms royalty{};  // the part of `amount` that came as royalties of the record
};

// Money of a settlement that entered at one record.
struct Source {
  base::RecordSeq record;
  base::Atoms gross;      // that it earned as an asset
  base::Atoms fee;        // of gross
  base::Atoms net;        // of gross, what entered its inflow
  base::Atoms inflow;     // all that entered: net, and what was attributed to it
  base::Atoms royalties;  // that fell to its authors
  base::Atoms netted{};   // of what it earned, taken off before `gross`, for refunds
  friend bool operator==(const Source&, const Source&) = default;
};

// One epoch and currency that a block settled.
struct Settlement {
  uint64_t number;  // of all settlements, from 0
  base::Epoch epoch;
  base::CurrencyIndex currency;
  base::Atoms gross;   // that was split: after netting
  base::Atoms netted;  // taken off for refunds of what had settled before
  base::Atoms fee;
  base::Atoms credited;
  base::Int128 dust_change;
  base::Int128 escrow_change = 0;  // of the pots of disputed records
  base::Atoms released;            // came out of a pot: the end of a case; then gross is zero
  uint64_t records_touched;
  uint32_t pot_case = kNone32;  // row of kCases where money was released
  std::vector<Credit> credits;  // ascending by (account, record), amounts above zero
  std::vector<Source> sources;  // ascending by record
};

// A reporter's statement, in the order in which overlaps are looked for.
struct StatementItem {
  uint32_t reporter = 0;
  uint32_t asset = 0;
  uint16_t currency = 0;
  uint64_t first_epoch = 0;
  uint64_t last_epoch = 0;  // inclusive
  uint64_t row = 0;         // of kStatements
  friend auto operator<=>(const StatementItem&, const StatementItem&) = default;
};
inline StatementItem ItemOf(const StatementRow& statement, uint64_t row) {
  return {statement.reporter,    statement.asset,      statement.currency,
          statement.first_epoch, statement.last_epoch, row};
}

// A transaction of the block. Refused ones are not part of it.
struct AppliedTransaction {
  base::TxId id;
  base::EntryIndex entry;
  base::AccountIndex sender;
  std::vector<base::RecordSeq> records;  // created, in order
  uint64_t skipped = 0;                  // records that existed and were skipped
  std::vector<uint64_t> payouts;         // created or closed
};

// A record as the lineage graph takes it; ranges are positions in BlockEffects::new_edges and
// ::new_authors.
struct NewRecord {
  uint8_t kind;
  base::Ppb pass_through;
  uint32_t edge_begin, edge_count;
  uint32_t author_begin, author_count;
  Terms terms;
  uint32_t royalty_stack = kNone32;
};

struct LoweredTerms {
  base::RecordSeq record;
  base::Epoch effective;
  Terms terms;
};

// A version of a record's shares that the block adds, or takes back; ranges as in NewRecord.
struct VersionChange {
  base::RecordSeq record;
  base::Epoch effective;
  bool withdrawn;  // the version that was to take effect then, the record's last, is gone
  base::Ppb pass_through;
  uint32_t edge_begin, edge_count;
  uint32_t author_begin, author_count;
};

struct BlockEffects {
  codec::BlockHeader header;
  std::string header_bytes;
  base::Hash header_hash;
  base::EntryIndex first_entry;
  std::vector<std::string> entries;  // transactions, then the header
  std::vector<base::Hash> leaves;    // their leaf hashes
  std::vector<AppliedTransaction> transactions;
  std::vector<PageUpdate> pages;    // ascending
  std::vector<TableUpdate> tables;  // ascending
  std::vector<IdentityChange> identities;
  std::vector<NewRecord> new_records;   // in order of sequence
  std::vector<VersionChange> versions;  // in order
  std::vector<lineage::Edge> new_edges;
  std::vector<lineage::AuthorShare> new_authors;
  std::vector<LoweredTerms> lowered_terms;  // in order
  std::vector<Settlement> settlements;
  std::vector<uint64_t> automatic_payouts;  // requested by the block itself, ascending
  uint64_t log_size;                        // after the header's leaf
  base::Hash log_root;                      // likewise
  std::vector<merkle::TileUpdate> tiles;
};

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_EFFECTS_H_
