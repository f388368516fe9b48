// The tables of the committed state: which there are, how large a row is, and what is in it.
//
// A table is a dense array of fixed-size rows, packed into pages of 4 KiB; a row never crosses a
// page and never moves. `sub` splits a kind into several tables: one for each currency (flows,
// balances) or one for each slot of a ring (pending money by epoch, events by epoch, transaction
// ids by minute of valid_until); a slot is cleared as a whole when its time is over. The byte form
// of a row is its fields in the order below, little-endian, zero-padded to RowBytes.
#ifndef TRIBUTARY_STATE_TABLES_H_
#define TRIBUTARY_STATE_TABLES_H_

#include <array>
#include <compare>
#include <cstdint>
#include <string_view>

#include "tributary/base/amount.h"
#include "tributary/base/types.h"

namespace tributary::state {

inline constexpr size_t kPageBytes = 4096;
using Page = std::array<uint8_t, kPageBytes>;

enum class TableKind : uint8_t {
  kChain = 0,         // one row: clock, epoch, counters
  kParameters = 1,    // versions of the parameters, by epoch of effect
  kCurrencies = 2,    // one row for each currency; each hashed for itself
  kTotals = 3,        // one row for each currency: control totals of the journal
  kAccounts = 4,      // by AccountIndex; each row hashed for itself
  kRecords = 5,       // by RecordSeq
  kEdges = 6,         // edges of all records and versions, in order
  kAuthorLines = 7,   // authors of all records, in order of admission
  kExternalIds = 8,   // records known by name
  kFlows = 9,         // sub: currency; by RecordSeq: C and K
  kBalances = 10,     // sub: currency; by AccountIndex; each row hashed for itself
  kPending = 11,      // sub: epoch % kPendingSlots
  kEvents = 12,       // sub: epoch % kEventSlots
  kTxIds = 13,        // sub: minute of valid_until % kTxIdSlots
  kEpochStarts = 14,  // ring by epoch % kEventSlots: start of the epoch
  kReceivables = 15,  // one row for each (reporter, currency)
  kFundings = 16,     // confirmed fundings
  kPayouts = 17,      // by PayoutIndex; each row hashed for itself
  kDue = 18,          // what becomes due at a time, beside the end of the epoch
  kClaims = 19,       // claims of custodial accounts
  // Amendments: the records that have some, their versions in order of admission, and the authors
  // of these; by row of kAmended (sub: currency) the version that C and K belong to.
  kAmended = 20,
  kVersions = 21,
  kVersionLines = 22,
  kFlowVersions = 23,
  kRoyaltyStacks = 24,   // sets of royalties that descendants owe, each distinct one once
  kRoyaltyEntries = 25,  // of all stacks, in order; ascending by claimant within one
  kLoweredTerms = 26,    // terms of records, lowered from an epoch on
  kDebits = 27,          // refunds of settled revenue that wait to be netted
  kInfluences = 28,      // sub: epoch % kEventSlots; attributions of that epoch's events
  kStatements = 29,      // of reporters, in order of submission
  // Governance: proposals by number, the bytes of their changes, who approved; validators.
  kProposals = 30,
  kProposalBytes = 31,
  kApprovals = 32,
  kValidators = 33,
  kReservations = 34,  // of content that is not shown yet
  // Attestations of lineages, in order; by asset the last one.
  kAttested = 35,
  kAttestations = 36,
  // Incidents by number; assets that were frozen; money that does not mature while they are.
  kIncidents = 37,
  kFrozenAssets = 38,
  kFrozen = 39,
  // Disputes: the records that ever had a case, the cases, their claims, the vectors these state,
  // and the pots: what arrived while a case was open, by currency and segment.
  kDisputed = 40,
  kCases = 41,
  kCaseClaims = 42,
  kCandidateLines = 43,
  kPots = 44,
};
inline constexpr int kTableKinds = 45;

inline constexpr uint64_t kPendingSlots = 128;  // > maturity_epochs_max (64) + 2
inline constexpr uint64_t kEventSlots = 512;    // > horizon_epochs_max (400) + maturity + 2
inline constexpr uint64_t kTxIdSlots = 1536;    // > minutes of the longest validity window + 2

struct TableId {
  TableKind kind{};
  uint16_t sub = 0;
  friend constexpr auto operator<=>(const TableId&, const TableId&) = default;
  uint32_t Packed() const { return uint32_t{static_cast<uint8_t>(kind)} << 16 | sub; }
};

// Size of a row of this kind in bytes, and how many a page holds.
size_t RowBytes(TableKind kind);
inline size_t RowsPerPage(TableKind kind) { return kPageBytes / RowBytes(kind); }
// True where the leaf of a page is the root over its rows' hashes, so that a proof of one row shows
// no other one.
bool RowsHashedAlone(TableKind kind);
std::string_view TableName(TableKind kind);

inline constexpr uint32_t kNone32 = UINT32_MAX;  // "no row" in a 32-bit reference
inline constexpr uint64_t kForever = UINT64_MAX;

struct ChainRow {
  static constexpr TableKind kKind = TableKind::kChain;
  static constexpr size_t kBytes = 512;
  base::Hash chain_hash;  // SHA-256 of the genesis entry
  uint32_t rule_version = 0;
  uint64_t height = 0;   // of the last header
  uint64_t time_ms = 0;  // of the last header
  uint64_t epoch = 0;    // the current one
  uint64_t epoch_start_ms = 0;
  uint64_t epoch_end_ms = 0;  // exclusive
  uint64_t txid_minute = 0;   // ids of earlier minutes of valid_until have been dropped
  uint64_t live_txids = 0;
  uint32_t admin_threshold = 0;
  uint32_t arbiter_threshold = 0;
  uint32_t commons_account = kNone32;
  std::array<uint8_t, 50> chain_id{};  // zero-padded
  uint64_t settlements = 0;            // number of settlements so far
  uint32_t open_proposals = 0;         // that wait for their time of effect
  uint32_t first_open_proposal = 0;    // none before it is open
  uint32_t admins = 0;                 // accounts with a key that have the role
  uint32_t arbiters = 0;               // likewise
  uint64_t settled_epochs = 0;         // revenue of epochs below this one has settled

  template <class Archive>
  void Fields(Archive& a) {
    a(chain_hash), a(rule_version), a(height), a(time_ms), a(epoch), a(epoch_start_ms),
        a(epoch_end_ms), a(txid_minute), a(live_txids), a(admin_threshold), a(arbiter_threshold),
        a(commons_account), a(chain_id), a(settlements), a(open_proposals), a(first_open_proposal),
        a(admins), a(arbiters), a(settled_epochs);
  }
};

struct ParametersRow {
  static constexpr TableKind kKind = TableKind::kParameters;
  static constexpr size_t kBytes = 256;
  uint64_t effective_epoch = 0;
  uint64_t epoch_ms = 0;
  uint32_t maturity_epochs = 0;
  uint32_t fee_ppb = 0;
  uint32_t fee_max_ppb = 0;
  uint32_t royalty_max_ppb = 0;
  uint64_t validity_window_ms = 0;
  uint64_t claim_notice_ms = 0;
  uint64_t key_overlap_ms_max = 0;
  uint32_t horizon_epochs = 0;
  uint64_t reserve_ms = 0;
  uint64_t case_response_ms = 0;
  uint64_t case_ruling_ms = 0;
  uint64_t freeze_ms = 0;
  uint64_t bond_floor_minor = 0;
  uint32_t bond_ppb = 0;
  uint64_t sponsor_quota = 0;
  uint32_t new_identity_records = 0;
  uint8_t attestation_required = 0;
  uint8_t countersign_required = 0;

  template <class Archive>
  void Fields(Archive& a) {
    a(effective_epoch), a(epoch_ms), a(maturity_epochs), a(fee_ppb), a(fee_max_ppb),
        a(royalty_max_ppb), a(validity_window_ms), a(claim_notice_ms), a(key_overlap_ms_max),
        a(horizon_epochs), a(reserve_ms), a(case_response_ms), a(case_ruling_ms), a(freeze_ms),
        a(bond_floor_minor), a(bond_ppb), a(sponsor_quota), a(new_identity_records),
        a(attestation_required), a(countersign_required);
  }
};

struct CurrencyRow {
  static constexpr TableKind kKind = TableKind::kCurrencies;
  static constexpr size_t kBytes = 64;
  std::array<uint8_t, 12> code{};  // zero-padded
  uint8_t decimals = 0;
  uint64_t payout_unit_minor = 0;
  uint64_t minimum_payout_minor = 0;

  template <class Archive>
  void Fields(Archive& a) {
    a(code), a(decimals), a(payout_unit_minor), a(minimum_payout_minor);
  }
};

// What the journal says, in atoms; the invariants compare it with the tables themselves.
struct TotalsRow {
  static constexpr TableKind kKind = TableKind::kTotals;
  static constexpr size_t kBytes = 256;
  // Sources.
  base::Atoms reported, reversed, deposited;
  // Where it is.
  base::Atoms fees, available, reserved, escrow, bonds, paid, pending, dust;
  // Outside the identity: money that has arrived, in atoms.
  base::Atoms funded;
  // Refunds of settled revenue, not yet netted against later revenue: negative pending.
  base::Atoms debits;

  template <class Archive>
  void Fields(Archive& a) {
    a(reported), a(reversed), a(deposited), a(fees), a(available), a(reserved), a(escrow), a(bonds),
        a(paid), a(pending), a(dust), a(funded), a(debits);
  }
};

enum AccountFlag : uint8_t {
  kAccountCommons = 1,
};

struct AccountRow {
  static constexpr TableKind kKind = TableKind::kAccounts;
  static constexpr size_t kBytes = 256;
  base::AccountId id;
  uint8_t handle_bytes = 0;
  std::array<uint8_t, 64> handle{};
  uint32_t sponsor = kNone32;  // AccountIndex
  uint16_t roles = 0;          // bit (role - 1)
  uint8_t flags = 0;
  base::PublicKey key;            // zero: custodial
  uint64_t key_until_ms = 0;      // in force while block time < this
  base::PublicKey next_key;       // zero: none
  uint64_t registered_entry = 0;  // entry of the log
  uint32_t record_count = 0;      // of which it became an author, by admission or by amendment
  uint32_t last_author_line = kNone32;  // row of kAuthorLines
  uint32_t pending_claim = kNone32;     // row of kClaims
  uint64_t sponsor_quota = 0;
  uint64_t quota_epoch = 0;  // the epoch that the two counters belong to
  uint32_t quota_used = 0;   // by all it sponsors
  uint32_t records_in_epoch = 0;
  uint32_t records_per_epoch = kNone32;  // kNone32: the chain's for new identities; 0: no limit
  uint32_t last_version_line = kNone32;  // row of kVersionLines

  template <class Archive>
  void Fields(Archive& a) {
    a(id), a(handle_bytes), a(handle), a(sponsor), a(roles), a(flags), a(key), a(key_until_ms),
        a(next_key), a(registered_entry), a(record_count), a(last_author_line), a(pending_claim),
        a(sponsor_quota), a(quota_epoch), a(quota_used), a(records_in_epoch), a(records_per_epoch),
        a(last_version_line);
  }
  std::string_view Handle() const {
    return {reinterpret_cast<const char*>(handle.data()), handle_bytes};
  }
};

enum RecordFlag : uint8_t {
  kRecordCustodial = 1,
  kRecordAmended = 2,   // it has a row in kAmended
  kRecordReserved = 4,  // its content was reserved before it was shown
  kRecordPreceded = 8,  // a record with an earlier reservation has its content now
};

struct RecordRow {
  static constexpr TableKind kKind = TableKind::kRecords;
  static constexpr size_t kBytes = 116;
  base::RecordId id;
  base::Hash content_key;  // key of uniqueness; zero: known by name only
  uint64_t entry = 0;      // the transaction that holds the record
  uint16_t operation = 0;  // its operation there
  uint8_t kind = 0;
  uint8_t flags = 0;
  uint32_t first_edge = 0;  // row of kEdges
  uint16_t edge_count = 0;
  uint8_t author_count = 0;
  uint32_t first_author_line = 0;  // row of kAuthorLines
  uint32_t pass_through_ppb = 0;
  uint32_t alpha_max_ppb = 0;  // terms as admitted
  uint32_t royalty_ppb = 0;
  uint32_t min_share_ppb = 0;
  uint32_t royalty_stack = kNone32;  // row of kRoyaltyStacks; none: nothing is owed
  uint32_t external_row = kNone32;   // row of kExternalIds
  uint32_t last_lowered = kNone32;   // row of kLoweredTerms: its latest lowering

  template <class Archive>
  void Fields(Archive& a) {
    a(id), a(content_key), a(entry), a(operation), a(kind), a(flags), a(first_edge), a(edge_count),
        a(author_count), a(first_author_line), a(pass_through_ppb), a(alpha_max_ppb),
        a(royalty_ppb), a(min_share_ppb), a(royalty_stack), a(external_row), a(last_lowered);
  }
};

enum EdgeFlag : uint8_t {
  kEdgeCountersigned = 1,  // by an author of the parent
};

struct EdgeRow {
  static constexpr TableKind kKind = TableKind::kEdges;
  static constexpr size_t kBytes = 16;
  uint32_t parent = 0;  // RecordSeq
  uint32_t share_ppb = 0;
  uint32_t weight = 0;  // as stated
  uint8_t relation = 0;
  uint8_t stance = 0;  // codec::EdgeStance of the parent's owner; see state/edges.h
  uint8_t flags = 0;   // EdgeFlag

  template <class Archive>
  void Fields(Archive& a) {
    a(parent), a(share_ppb), a(weight), a(relation), a(stance), a(flags);
  }
};

struct AuthorLineRow {
  static constexpr TableKind kKind = TableKind::kAuthorLines;
  static constexpr size_t kBytes = 16;
  uint32_t account = 0;
  uint32_t share_ppb = 0;
  uint32_t record = 0;          // RecordSeq
  uint32_t previous = kNone32;  // the account's previous line: its list is complete by proof

  template <class Archive>
  void Fields(Archive& a) {
    a(account), a(share_ppb), a(record), a(previous);
  }
};

// Where the versions of a record are. There is a row once a record was amended, also where every
// amendment was withdrawn.
struct AmendedRow {
  static constexpr TableKind kKind = TableKind::kAmended;
  static constexpr size_t kBytes = 16;
  uint32_t record = 0;        // RecordSeq
  uint32_t last = kNone32;    // row of kVersions: the last that was not withdrawn
  uint32_t newest = kNone32;  // row of kVersions: the last, withdrawn or not
  uint32_t count = 0;         // of its versions, withdrawn ones included

  template <class Archive>
  void Fields(Archive& a) {
    a(record), a(last), a(newest), a(count);
  }
};

struct VersionRow {
  static constexpr TableKind kKind = TableKind::kVersions;
  static constexpr size_t kBytes = 64;
  uint32_t record = 0;  // RecordSeq
  uint32_t number = 0;  // of the record's versions, from 1
  uint64_t effective_epoch = 0;
  uint64_t entry = 0;            // the transaction that holds the amendment
  uint64_t withdrawn_entry = 0;  // the one that withdrew it; 0: none did
  uint16_t operation = 0;        // the amendment's operation
  uint16_t edge_count = 0;
  uint32_t first_edge = 0;  // row of kEdges
  uint32_t first_line = 0;  // row of kVersionLines
  uint8_t author_count = 0;
  uint32_t pass_through_ppb = 0;
  uint32_t older = kNone32;     // row of kVersions: what it replaces; kNone32: as admitted
  uint32_t previous = kNone32;  // row of kVersions: the record's previous one, withdrawn or not

  template <class Archive>
  void Fields(Archive& a) {
    a(record), a(number), a(effective_epoch), a(entry), a(withdrawn_entry), a(operation),
        a(edge_count), a(first_edge), a(first_line), a(author_count), a(pass_through_ppb), a(older),
        a(previous);
  }
};

struct VersionLineRow {
  static constexpr TableKind kKind = TableKind::kVersionLines;
  static constexpr size_t kBytes = 16;
  uint32_t account = 0;
  uint32_t share_ppb = 0;
  uint32_t version = 0;         // row of kVersions
  uint32_t previous = kNone32;  // the account's previous line here: its list is complete by proof

  template <class Archive>
  void Fields(Archive& a) {
    a(account), a(share_ppb), a(version), a(previous);
  }
};

struct FlowVersionRow {
  static constexpr TableKind kKind = TableKind::kFlowVersions;
  static constexpr size_t kBytes = 4;
  uint32_t version = 0;  // its number; 0: as admitted

  template <class Archive>
  void Fields(Archive& a) {
    a(version);
  }
};

struct ExternalIdRow {
  static constexpr TableKind kKind = TableKind::kExternalIds;
  static constexpr size_t kBytes = 36;
  base::Hash key;  // tagged hash of the name in lower case
  uint32_t record = 0;

  template <class Archive>
  void Fields(Archive& a) {
    a(key), a(record);
  }
};

struct FlowRow {
  static constexpr TableKind kKind = TableKind::kFlows;
  static constexpr size_t kBytes = 32;
  base::Atoms inflow;  // C: cumulative inflow of this version
  base::Atoms extra;   // K: royalties, and what closed versions kept

  template <class Archive>
  void Fields(Archive& a) {
    a(inflow), a(extra);
  }
};

struct BalanceRow {
  static constexpr TableKind kKind = TableKind::kBalances;
  static constexpr size_t kBytes = 128;
  base::Atoms available;
  base::Atoms reserved;  // by requested payouts
  base::Atoms escrowed;  // by open cases
  base::Atoms bonded;
  base::Atoms paid;
  base::Atoms credited;  // all credits of settlements, ever
  // From which available amount on a payout is requested by itself; 0: never. At least the
  // currency's least payout.
  uint64_t automatic_above_minor = 0;
  base::Atoms forfeited;  // bonds of claims that were lost, ever

  template <class Archive>
  void Fields(Archive& a) {
    a(available), a(reserved), a(escrowed), a(bonded), a(paid), a(credited),
        a(automatic_above_minor), a(forfeited);
  }
  // Whether a payout is to be requested by itself, as far as the account is concerned.
  bool IsRipe() const {
    return automatic_above_minor != 0 &&
           available >= base::Atoms::FromMinor(base::MinorUnits(automatic_above_minor));
  }
};

// Of one currency and epoch, the atoms that rows of kGross direct away are those of kAttributed.
enum class PendingKind : uint8_t {
  kGross = 1,       // target: asset; amount: minor units; second: atoms directed by attribution
  kAttributed = 2,  // target: record; amount: atoms that enter its inflow
};

struct PendingRow {
  static constexpr TableKind kKind = TableKind::kPending;
  static constexpr size_t kBytes = 40;
  uint32_t target = 0;  // RecordSeq
  uint16_t currency = 0;
  uint8_t kind = 0;  // PendingKind
  base::Atoms amount;
  base::Atoms second;

  template <class Archive>
  void Fields(Archive& a) {
    a(target), a(currency), a(kind), a(amount), a(second);
  }
};

enum EventFlag : uint8_t {
  kEventAttributed = 1,  // `link`: its rows of kInfluences, in the same slot
  kEventRefund = 2,      // the row is a refund and not revenue; `link`: the event, as RingPosition
};

// An event, or a refund of one: both take a reference of the reporter.
struct EventRow {
  static constexpr TableKind kKind = TableKind::kEvents;
  static constexpr size_t kBytes = 96;
  base::Hash reference_key;  // tagged hash of reporter and reference
  uint32_t reporter = 0;
  uint32_t asset = 0;
  uint16_t currency = 0;
  uint8_t flags = 0;  // EventFlag
  uint64_t amount_minor = 0;
  uint64_t refunded_minor = 0;  // so far, by refunds of this event
  uint64_t occurred_at_ms = 0;
  uint64_t epoch = 0;  // of the block that recorded it
  uint64_t entry = 0;
  uint16_t operation = 0;
  uint16_t item = 0;  // within a batch
  uint64_t link = 0;

  template <class Archive>
  void Fields(Archive& a) {
    a(reference_key), a(reporter), a(asset), a(currency), a(flags), a(amount_minor),
        a(refunded_minor), a(occurred_at_ms), a(epoch), a(entry), a(operation), a(item), a(link);
  }
  bool IsRefund() const { return (flags & kEventRefund) != 0; }
  // The rows of kInfluences; none where nothing was attributed.
  static constexpr int kCountBits = 16;
  static uint64_t LinkInfluences(uint64_t first, uint64_t count) {
    return first << kCountBits | count;
  }
  uint64_t FirstInfluence() const { return link >> kCountBits; }
  uint64_t InfluenceCount() const {
    return (flags & kEventAttributed) != 0 ? link & ((uint64_t{1} << kCountBits) - 1) : 0;
  }
};

// One line of an event's attribution.
struct InfluenceRow {
  static constexpr TableKind kKind = TableKind::kInfluences;
  static constexpr size_t kBytes = 8;
  uint32_t record = 0;     // RecordSeq
  uint32_t share_ppb = 0;  // of gross

  template <class Archive>
  void Fields(Archive& a) {
    a(record), a(share_ppb);
  }
};

// What is left of the refunds of an asset's settled revenue.
struct DebitRow {
  static constexpr TableKind kKind = TableKind::kDebits;
  static constexpr size_t kBytes = 24;
  uint32_t asset = 0;  // RecordSeq
  uint16_t currency = 0;
  base::Atoms amount_minor;

  template <class Archive>
  void Fields(Archive& a) {
    a(asset), a(currency), a(amount_minor);
  }
};

// What a reporter says it earned with an asset in a period.
struct StatementRow {
  static constexpr TableKind kKind = TableKind::kStatements;
  static constexpr size_t kBytes = 64;
  uint32_t reporter = 0;
  uint32_t asset = 0;  // RecordSeq
  uint16_t currency = 0;
  uint64_t first_epoch = 0;
  uint64_t last_epoch = 0;  // inclusive
  uint64_t total_minor = 0;
  uint64_t submitted_ms = 0;
  uint64_t entry = 0;
  uint16_t operation = 0;

  template <class Archive>
  void Fields(Archive& a) {
    a(reporter), a(asset), a(currency), a(first_epoch), a(last_epoch), a(total_minor),
        a(submitted_ms), a(entry), a(operation);
  }
};

struct TxIdRow {
  static constexpr TableKind kKind = TableKind::kTxIds;
  static constexpr size_t kBytes = 32;
  base::TxId id;

  template <class Archive>
  void Fields(Archive& a) {
    a(id);
  }
};

struct EpochStartRow {
  static constexpr TableKind kKind = TableKind::kEpochStarts;
  static constexpr size_t kBytes = 16;
  uint64_t epoch = 0;
  uint64_t start_ms = 0;

  template <class Archive>
  void Fields(Archive& a) {
    a(epoch), a(start_ms);
  }
};

struct ReceivableRow {
  static constexpr TableKind kKind = TableKind::kReceivables;
  static constexpr size_t kBytes = 80;
  uint32_t reporter = 0;
  uint16_t currency = 0;
  uint64_t limit_minor = 0;  // UINT64_MAX: none
  // In minor units; outstanding = reported - reversed - confirmed.
  base::Atoms reported_minor, reversed_minor, confirmed_minor;

  template <class Archive>
  void Fields(Archive& a) {
    a(reporter), a(currency), a(limit_minor), a(reported_minor), a(reversed_minor),
        a(confirmed_minor);
  }
};

struct FundingRow {
  static constexpr TableKind kKind = TableKind::kFundings;
  static constexpr size_t kBytes = 64;
  base::Hash reference_key;
  uint32_t reporter = 0;
  uint16_t currency = 0;
  uint64_t amount_minor = 0;
  uint64_t entry = 0;

  template <class Archive>
  void Fields(Archive& a) {
    a(reference_key), a(reporter), a(currency), a(amount_minor), a(entry);
  }
};

enum class PayoutState : uint8_t { kRequested = 1, kPaid = 2, kFailed = 3 };

struct PayoutRow {
  static constexpr TableKind kKind = TableKind::kPayouts;
  static constexpr size_t kBytes = 96;
  uint32_t account = 0;
  uint16_t currency = 0;
  uint8_t state = 0;  // PayoutState
  uint64_t amount_minor = 0;
  uint64_t requested_ms = 0;
  uint64_t closed_ms = 0;
  uint64_t requested_entry = 0;
  uint64_t closed_entry = 0;
  base::Hash reference_key;  // of the confirmation

  template <class Archive>
  void Fields(Archive& a) {
    a(account), a(currency), a(state), a(amount_minor), a(requested_ms), a(closed_ms),
        a(requested_entry), a(closed_entry), a(reference_key);
  }
};

enum class DueKind : uint8_t {
  kEpochEnd = 0,  // not in the table: the chain row holds it
  kClaim = 1,     // subject: row of kClaims
  kThaw = 2,      // subject: row of kFrozenAssets
  kCase = 3,      // subject: row of kCases
};

struct DueRow {
  static constexpr TableKind kKind = TableKind::kDue;
  static constexpr size_t kBytes = 24;
  uint64_t due_ms = 0;
  uint64_t subject = 0;
  uint8_t kind = 0;  // DueKind
  uint8_t done = 0;

  template <class Archive>
  void Fields(Archive& a) {
    a(due_ms), a(subject), a(kind), a(done);
  }
};

enum class ClaimState : uint8_t { kPending = 1, kInForce = 2, kObjected = 3 };

struct ClaimRow {
  static constexpr TableKind kKind = TableKind::kClaims;
  static constexpr size_t kBytes = 64;
  uint32_t account = 0;
  uint8_t state = 0;  // ClaimState
  base::PublicKey key;
  uint64_t due_ms = 0;
  uint32_t due_row = 0;
  uint64_t entry = 0;

  template <class Archive>
  void Fields(Archive& a) {
    a(account), a(state), a(key), a(due_ms), a(due_row), a(entry);
  }
};

// The royalties on the gross of whichever records refer to it. The key is the hash of its entries.
struct RoyaltyStackRow {
  static constexpr TableKind kKind = TableKind::kRoyaltyStacks;
  static constexpr size_t kBytes = 48;
  base::Hash key;
  uint32_t first_entry = 0;  // row of kRoyaltyEntries
  uint16_t count = 0;        // 1..1,000
  uint32_t total_ppb = 0;

  template <class Archive>
  void Fields(Archive& a) {
    a(key), a(first_entry), a(count), a(total_ppb);
  }
};

struct RoyaltyEntryRow {
  static constexpr TableKind kKind = TableKind::kRoyaltyEntries;
  static constexpr size_t kBytes = 8;
  uint32_t claimant = 0;  // RecordSeq
  uint32_t share_ppb = 0;

  template <class Archive>
  void Fields(Archive& a) {
    a(claimant), a(share_ppb);
  }
};

// Terms of a record from an epoch on: each at most what it was before.
struct LoweredTermsRow {
  static constexpr TableKind kKind = TableKind::kLoweredTerms;
  static constexpr size_t kBytes = 40;
  uint32_t record = 0;          // RecordSeq
  uint32_t previous = kNone32;  // the record's lowering before, not of a later epoch
  uint64_t effective_epoch = 0;
  uint32_t alpha_max_ppb = 0;
  uint32_t royalty_ppb = 0;
  uint32_t min_share_ppb = 0;
  uint64_t entry = 0;

  template <class Archive>
  void Fields(Archive& a) {
    a(record), a(previous), a(effective_epoch), a(alpha_max_ppb), a(royalty_ppb), a(min_share_ppb),
        a(entry);
  }
};

enum class ProposalState : uint8_t {
  kOpen = 1,
  kInEffect = 2,
  kFailed = 3,  // it was due and could not take effect; `failure` says why
  kWithdrawn = 4,
};

// A proposal by admins. Its changes are the serialized codec::Propose in kProposalBytes.
struct ProposalRow {
  static constexpr TableKind kKind = TableKind::kProposals;
  static constexpr size_t kBytes = 128;
  uint32_t proposer = 0;
  uint8_t state = 0;  // ProposalState
  uint64_t effective_height = 0;
  uint64_t effective_epoch = 0;
  uint32_t first_chunk = 0;  // row of kProposalBytes
  uint32_t byte_count = 0;
  uint32_t approvals = 0;            // ever given, the proposer's included
  uint32_t last_approval = kNone32;  // row of kApprovals
  uint64_t proposed_ms = 0;
  uint64_t entry = 0;
  uint16_t operation = 0;
  uint64_t closed_ms = 0;
  uint64_t closed_height = 0;
  uint16_t failure = 0;       // base::RejectionCode
  uint8_t failed_change = 0;  // the change that failed, from 1; 0: all of them together
  uint32_t admins = 0;        // that were needed, and had approved, when it was closed
  uint32_t approved = 0;

  template <class Archive>
  void Fields(Archive& a) {
    a(proposer), a(state), a(effective_height), a(effective_epoch), a(first_chunk), a(byte_count),
        a(approvals), a(last_approval), a(proposed_ms), a(entry), a(operation), a(closed_ms),
        a(closed_height), a(failure), a(failed_change), a(admins), a(approved);
  }
};

// Bytes of a proposal's changes: rows one after the other, the last one zero-padded.
struct ProposalBytesRow {
  static constexpr TableKind kKind = TableKind::kProposalBytes;
  static constexpr size_t kBytes = 128;
  std::array<uint8_t, 128> bytes{};

  template <class Archive>
  void Fields(Archive& a) {
    a(bytes);
  }
};

struct ApprovalRow {
  static constexpr TableKind kKind = TableKind::kApprovals;
  static constexpr size_t kBytes = 24;
  uint32_t proposal = 0;
  uint32_t account = 0;
  uint32_t previous = kNone32;  // the proposal's approval before
  uint64_t entry = 0;

  template <class Archive>
  void Fields(Archive& a) {
    a(proposal), a(account), a(previous), a(entry);
  }
};

struct ValidatorRow {
  static constexpr TableKind kKind = TableKind::kValidators;
  static constexpr size_t kBytes = 64;
  base::PublicKey key;
  uint64_t power = 0;  // 0: removed
  uint32_t account = 0;
  uint64_t since_height = 0;    // of this power
  uint32_t proposal = kNone32;  // that set it; none: the genesis

  template <class Archive>
  void Fields(Archive& a) {
    a(key), a(power), a(account), a(since_height), a(proposal);
  }
};

struct ReservationRow {
  static constexpr TableKind kKind = TableKind::kReservations;
  static constexpr size_t kBytes = 64;
  base::Hash commitment;
  uint32_t account = 0;
  uint32_t record = kNone32;  // that used it
  uint64_t expires_ms = 0;
  uint64_t entry = 0;

  template <class Archive>
  void Fields(Archive& a) {
    a(commitment), a(account), a(record), a(expires_ms), a(entry);
  }
};

struct AttestedRow {
  static constexpr TableKind kKind = TableKind::kAttested;
  static constexpr size_t kBytes = 16;
  uint32_t asset = 0;  // RecordSeq
  uint32_t last = 0;   // row of kAttestations
  uint32_t count = 0;

  template <class Archive>
  void Fields(Archive& a) {
    a(asset), a(last), a(count);
  }
};

struct AttestationRow {
  static constexpr TableKind kKind = TableKind::kAttestations;
  static constexpr size_t kBytes = 64;
  uint32_t asset = 0;
  uint32_t steward = 0;
  uint8_t verdict = 0;  // codec::AttestationVerdict
  base::Hash report_sha256;
  uint64_t attested_ms = 0;
  uint64_t entry = 0;
  uint32_t previous = kNone32;  // the asset's one before

  template <class Archive>
  void Fields(Archive& a) {
    a(asset), a(steward), a(verdict), a(report_sha256), a(attested_ms), a(entry), a(previous);
  }
};

enum class IncidentState : uint8_t { kOpen = 1, kUpheld = 2, kDismissed = 3 };

struct IncidentRow {
  static constexpr TableKind kKind = TableKind::kIncidents;
  static constexpr size_t kBytes = 256;
  uint32_t subject = 0;  // RecordSeq
  uint32_t reporter = 0;
  uint8_t state = 0;  // IncidentState
  uint8_t severity = 0;
  uint8_t category_bytes = 0;
  std::array<uint8_t, 40> category{};
  base::Hash evidence_sha256;
  uint64_t reported_ms = 0;
  uint64_t entry = 0;
  uint16_t operation = 0;
  uint32_t frozen_asset = kNone32;  // RecordSeq: frozen for this incident, once
  uint64_t frozen_ms = 0;
  uint64_t frozen_until_ms = 0;
  uint64_t frozen_entry = 0;
  uint64_t ruled_ms = 0;
  uint64_t ruled_entry = 0;
  uint16_t compensations = 0;
  base::Hash reasons_sha256;

  template <class Archive>
  void Fields(Archive& a) {
    a(subject), a(reporter), a(state), a(severity), a(category_bytes), a(category),
        a(evidence_sha256), a(reported_ms), a(entry), a(operation), a(frozen_asset), a(frozen_ms),
        a(frozen_until_ms), a(frozen_entry), a(ruled_ms), a(ruled_entry), a(compensations),
        a(reasons_sha256);
  }
};

struct FrozenAssetRow {
  static constexpr TableKind kKind = TableKind::kFrozenAssets;
  static constexpr size_t kBytes = 48;
  uint32_t asset = 0;       // RecordSeq
  uint32_t incident = 0;    // of the present freeze, or the last
  uint8_t frozen = 0;       // 1: now
  uint64_t until_ms = 0;    // of the present freeze
  uint32_t due_row = 0;     // of kDue
  uint64_t free_epoch = 0;  // revenue of earlier epochs was frozen once and is not again
  uint32_t last = kNone32;  // row of kFrozen: the last of the present freeze

  template <class Archive>
  void Fields(Archive& a) {
    a(asset), a(incident), a(frozen), a(until_ms), a(due_row), a(free_epoch), a(last);
  }
};

enum FrozenFlag : uint8_t {
  kFrozenCompensated = 1,  // a ruling took from it: refunds of its events are debits of the asset
};

// What an asset earned in an epoch, taken out of kPending while the asset is frozen: a row of
// kGross as there, and one of kAttributed for each record that the asset's events directed to.
struct FrozenRow {
  static constexpr TableKind kKind = TableKind::kFrozen;
  static constexpr size_t kBytes = 64;
  uint32_t asset = 0;   // RecordSeq
  uint32_t target = 0;  // RecordSeq
  uint64_t epoch = 0;
  uint16_t currency = 0;
  uint8_t kind = 0;   // PendingKind
  uint8_t flags = 0;  // FrozenFlag
  base::Atoms amount;
  base::Atoms second;
  uint32_t previous = kNone32;  // of the same freeze

  template <class Archive>
  void Fields(Archive& a) {
    a(asset), a(target), a(epoch), a(currency), a(kind), a(flags), a(amount), a(second),
        a(previous);
  }
};

// What is or was in dispute. There is a row once somebody opened a case on it.
enum class DisputedKind : uint8_t { kRecord = 0, kAccount = 1 };

struct DisputedRow {
  static constexpr TableKind kKind = TableKind::kDisputed;
  static constexpr size_t kBytes = 24;
  uint32_t subject = 0;  // RecordSeq or AccountIndex
  uint8_t kind = 0;      // DisputedKind
  // Rows of kCases whose pot has not been paid out; kNone32: none. An account has authors_case.
  uint32_t lines_case = kNone32;
  uint32_t authors_case = kNone32;
  uint32_t newest_case = kNone32;  // row of kCases: its latest, open or not
  uint32_t last_pot = kNone32;     // row of kPots: the latest that has not been paid out

  template <class Archive>
  void Fields(Archive& a) {
    a(subject), a(kind), a(lines_case), a(authors_case), a(newest_case), a(last_pot);
  }
  bool HasCase() const { return lines_case != kNone32 || authors_case != kNone32; }
};

enum class CaseLevel : uint8_t { kLines = 1, kAuthors = 2 };  // edges and kept; authors
enum class CaseState : uint8_t { kOpen = 1, kAnswered = 2, kEnded = 3 };
enum class CaseOutcome : uint8_t {
  kNone = 0,
  kRuled = 1,
  kAgreed = 2,
  kUnanswered = 3,  // no holder answered in time: the first claim that stands won
  kUnruled = 4,     // the arbiters were silent: the status quo stands
  kWithdrawn = 5,   // every claim was: the status quo stands
};

inline constexpr uint8_t kClaimsPerCaseMax = 8;
// The claims' opening, joins and withdrawals each begin a segment.
inline constexpr uint8_t kSegmentsMax = 2 * kClaimsPerCaseMax;
// In place of a claim's number: what the parties agreed on.
inline constexpr uint8_t kAgreedVector = kClaimsPerCaseMax + 1;

struct CaseRow {
  static constexpr TableKind kKind = TableKind::kCases;
  static constexpr size_t kBytes = 192;
  uint32_t disputed = 0;          // row of kDisputed
  uint8_t kind = 0;               // codec::CaseKind
  uint8_t level = 0;              // CaseLevel
  uint8_t state = 0;              // CaseState
  uint8_t outcome = 0;            // CaseOutcome
  uint8_t segments = 0;           // so far; the current one is the last
  uint8_t claims = 0;             // 1..kClaimsPerCaseMax, withdrawn ones included
  uint8_t standing = 0;           // of them, not withdrawn
  uint32_t last_claim = kNone32;  // row of kCaseClaims, also of an agreement
  uint32_t previous = kNone32;    // row of kCases: the subject's case before
  uint64_t opened_ms = 0;
  uint64_t due_ms = 0;  // when it ends by itself
  uint32_t due_row = 0;
  uint64_t ended_ms = 0;
  uint64_t opened_entry = 0;
  uint16_t opened_operation = 0;
  uint64_t answered_entry = 0;
  uint64_t ended_entry = 0;  // 0: by a deadline
  uint32_t respondent = kNone32;
  base::Hash statement;                         // of the respondent
  base::Hash reasons;                           // of the ruling
  std::array<uint8_t, kSegmentsMax> choices{};  // by segment: 0 status quo, else a claim's number
  uint32_t released = 0;                        // 1: the pot has been paid out

  template <class Archive>
  void Fields(Archive& a) {
    a(disputed), a(kind), a(level), a(state), a(outcome), a(segments), a(claims), a(standing),
        a(last_claim), a(previous), a(opened_ms), a(due_ms), a(due_row), a(ended_ms),
        a(opened_entry), a(opened_operation), a(answered_entry), a(ended_entry), a(respondent),
        a(statement), a(reasons), a(choices), a(released);
  }
};

enum class CaseClaimState : uint8_t { kStanding = 1, kWithdrawn = 2, kUpheld = 3, kRejected = 4 };

struct CaseClaimRow {
  static constexpr TableKind kKind = TableKind::kCaseClaims;
  static constexpr size_t kBytes = 96;
  uint32_t case_row = 0;
  uint8_t number = 0;           // 1..kClaimsPerCaseMax; kAgreedVector
  uint8_t state = 0;            // CaseClaimState
  uint32_t claimant = kNone32;  // kNone32: an agreement
  uint16_t currency = 0;        // of the bond
  base::Atoms bond;             // while it is held
  uint32_t first_line = 0;      // row of kCandidateLines
  uint16_t line_count = 0;
  uint32_t kept_ppb = 0;
  uint8_t first_segment = 0;        // from 0: in force from it on
  uint8_t end_segment = UINT8_MAX;  // withdrawn: no longer in force from it on
  base::Hash evidence;
  uint64_t entry = 0;
  uint16_t operation = 0;
  uint32_t previous = kNone32;  // the case's claim before

  template <class Archive>
  void Fields(Archive& a) {
    a(case_row), a(number), a(state), a(claimant), a(currency), a(bond), a(first_line),
        a(line_count), a(kept_ppb), a(first_segment), a(end_segment), a(evidence), a(entry),
        a(operation), a(previous);
  }
};

struct CandidateLineRow {
  static constexpr TableKind kKind = TableKind::kCandidateLines;
  static constexpr size_t kBytes = 8;
  uint32_t subject = 0;  // RecordSeq of a parent, or AccountIndex of an author
  uint32_t share_ppb = 0;

  template <class Archive>
  void Fields(Archive& a) {
    a(subject), a(share_ppb);
  }
};

inline constexpr uint8_t kNoSegment = UINT8_MAX;

// What arrived at a disputed record in one currency, in one segment of each of its cases, under one
// version of its status quo; and what of it no line has got.
struct PotRow {
  static constexpr TableKind kKind = TableKind::kPots;
  static constexpr size_t kBytes = 64;
  uint32_t disputed = 0;  // row of kDisputed
  uint16_t currency = 0;
  uint8_t lines_segment = kNoSegment;  // kNoSegment: no case of that level
  uint8_t authors_segment = kNoSegment;
  uint32_t version = 0;         // number of the record's version
  uint32_t previous = kNone32;  // the subject's pot before, of any currency
  base::Atoms inflow;           // to C
  base::Atoms extra;            // to K
  base::Atoms held;             // zero once it has been paid out

  template <class Archive>
  void Fields(Archive& a) {
    a(disputed), a(currency), a(lines_segment), a(authors_segment), a(version), a(previous),
        a(inflow), a(extra), a(held);
  }
};

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_TABLES_H_
