// Rows of the read-only indexes: what a block adds to them, and the byte forms of keys and values.
//
// Keys are big-endian, so that the order of bytes is the order of numbers; values are little-endian
// and of fixed size, or lists of elements of fixed size. One list per block and key, rather than
// one key per element: random keys are what costs. Indexes are not hashed: they are rebuilt from
// the log.
//
// A row never changes once a block has put it, and only those of MayGoAway are ever taken away:
// so a replay can compare each with what is stored, block by block.
//
// Errors: a decoder returns nullopt for anything that its encoder does not write.
// Thread safety: pure functions.
#ifndef TRIBUTARY_INDEX_ROWS_H_
#define TRIBUTARY_INDEX_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "state/effects.h"
#include "state/tables.h"
#include "tributary/base/amount.h"
#include "tributary/base/types.h"

namespace tributary::index {

// The first byte of a key: which index.
enum class Family : uint8_t {
  kTransaction = 0x01,  // first 16 bytes of the id -> TransactionPlace
  kRecordKind = 0x02,   // kind, height -> list of records
  kPayoutState = 0x03,  // state, payout -> nothing; a payout has one such key at a time
  kAssetEvents = 0x04,  // asset, height -> list of EventLine
  kJournal = 0x05,      // account, height -> list of JournalLine
  kReported = 0x06,     // reporter, asset, currency, height -> ReportedSums
  kSettlement = 0x10,   // number -> SettlementSummary
  kCredits = 0x11,      // number, account and record of the first credit -> list of credits
  kSources = 0x12,      // number, record of the first source -> list of sources
  kTotals = 0x13,       // page of the totals, height -> list of CurrencyTotals
};

// A transaction id is cut to 16 bytes in its key: whoever finds one compares the entry's own id.
inline constexpr size_t kTransactionKeyBytes = 16;
inline constexpr size_t kCreditsPerRow = 4'096;
inline constexpr size_t kSourcesPerRow = 1'024;

struct TransactionPlace {
  base::EntryIndex entry;
  base::Height height;
  friend bool operator==(const TransactionPlace&, const TransactionPlace&) = default;
};

// A revenue event or a refund; it stays here after its row in the ring of events is gone.
struct EventLine {
  base::AccountIndex reporter;
  base::CurrencyIndex currency;
  base::MinorUnits amount;
  base::TimeMs occurred_at;
  base::Epoch epoch;
  base::EntryIndex entry;
  uint16_t operation = 0;
  uint16_t item = 0;
  bool refund = false;  // of an earlier event; occurred_at is then the block time
  friend bool operator==(const EventLine&, const EventLine&) = default;
};

enum class JournalKind : uint8_t {
  kPayoutRequested = 1,   // available -> reserved
  kPayoutPaid = 2,        // reserved -> paid
  kPayoutFailed = 3,      // reserved -> available
  kFundingConfirmed = 4,  // a receivable of the account was paid in
};

// What changed for an account otherwise than by a settlement.
struct JournalLine {
  JournalKind kind{};
  base::CurrencyIndex currency;
  base::MinorUnits amount;
  uint64_t subject = 0;    // payout number, or row of the fundings
  base::EntryIndex entry;  // the transaction
  friend bool operator==(const JournalLine&, const JournalLine&) = default;
};

// What a reporter has reported of an asset.
struct ReportedPlace {
  base::AccountIndex reporter;
  base::RecordSeq asset;
  base::CurrencyIndex currency;
  base::Height height;
  friend bool operator==(const ReportedPlace&, const ReportedPlace&) = default;
};

// Of one block.
struct ReportedSums {
  base::Epoch epoch;  // of the block
  uint64_t events = 0;
  uint64_t refunds = 0;
  base::Uint128 reported_minor = 0;
  base::Uint128 reversed_minor = 0;  // by refunds, of whichever events
  friend bool operator==(const ReportedSums&, const ReportedSums&) = default;
};

struct SettlementSummary {
  base::Epoch epoch;
  base::CurrencyIndex currency;
  base::Atoms gross;
  base::Atoms fee;
  base::Atoms credited;
  base::Int128 dust_change = 0;
  uint64_t records_touched = 0;
  uint64_t credits = 0;
  base::Height height;                 // of the block that settled it
  base::Atoms netted;                  // taken off before `gross`, for refunds
  base::Int128 escrow_change = 0;      // of the pots of disputed records
  base::Atoms released;                // out of the pot of `pot_case`
  uint32_t pot_case = state::kNone32;  // row of kCases; none: an epoch matured
  friend bool operator==(const SettlementSummary&, const SettlementSummary&) = default;
};

// The journal's totals of one currency after a block. A block that changes any totals of a page of
// theirs has a row with all of that page that are not zero.
struct CurrencyTotals {
  base::CurrencyIndex currency;
  state::TotalsRow totals;
};

struct Row {
  std::string key;
  std::string value;
  bool removed = false;  // the key goes away; the value is empty
  friend bool operator==(const Row&, const Row&) = default;
};

// Everything that the block changes in the indexes; no key twice.
std::vector<Row> IndexRows(const state::BlockEffects& effects);
// Whether a later block may take the row of this key away: those of open payouts.
bool MayGoAway(std::string_view key);
// The name of a key's index, for messages.
std::string_view FamilyName(std::string_view key);

// Keys. A *Prefix is the common start of all keys of one list.
std::string TransactionKey(const base::TxId& id);
std::string RecordKindKey(uint8_t kind, base::Height height);
std::string PayoutStateKey(state::PayoutState payout_state, base::PayoutIndex payout);
std::string AssetEventsKey(base::RecordSeq asset, base::Height height);
std::string JournalKey(base::AccountIndex account, base::Height height);
std::string ReportedKey(const ReportedPlace& place);
std::string SettlementKey(uint64_t number);
std::string CreditsKey(uint64_t number, base::AccountIndex account, base::RecordSeq record);
std::string SourcesKey(uint64_t number, base::RecordSeq record);
std::string TotalsKey(base::CurrencyIndex currency, base::Height height);
std::string RecordKindPrefix(uint8_t kind);
std::string PayoutStatePrefix(state::PayoutState payout_state);
std::string AssetEventsPrefix(base::RecordSeq asset);
std::string JournalPrefix(base::AccountIndex account);
std::string ReportedPrefix();
std::string CreditsPrefix(uint64_t number);
std::string SourcesPrefix(uint64_t number);
std::string TotalsPrefix(base::CurrencyIndex currency);

std::optional<ReportedPlace> ParseReportedKey(std::string_view key);
// The number at the end of a key of RecordKind, PayoutState, AssetEvents, Journal, Reported or
// Totals.
std::optional<uint64_t> TrailingNumber(std::string_view key);
// The same, where it is a height.
std::optional<base::Height> HeightInKey(std::string_view key);

// Values.
std::string EncodeTransactionPlace(const TransactionPlace& place);
std::optional<TransactionPlace> DecodeTransactionPlace(std::string_view value);
std::string EncodeRecords(const std::vector<base::RecordSeq>& records);
std::optional<std::vector<base::RecordSeq>> DecodeRecords(std::string_view value);
std::string EncodeEvents(const std::vector<EventLine>& events);
std::optional<std::vector<EventLine>> DecodeEvents(std::string_view value);
std::string EncodeJournal(const std::vector<JournalLine>& lines);
std::optional<std::vector<JournalLine>> DecodeJournal(std::string_view value);
std::string EncodeReported(const ReportedSums& sums);
std::optional<ReportedSums> DecodeReported(std::string_view value);
std::string EncodeSettlement(const SettlementSummary& summary);
std::optional<SettlementSummary> DecodeSettlement(std::string_view value);
std::string EncodeCredits(const state::Credit* credits, size_t count);
std::optional<std::vector<state::Credit>> DecodeCredits(std::string_view value);
std::string EncodeSources(const state::Source* sources, size_t count);
std::optional<std::vector<state::Source>> DecodeSources(std::string_view value);
std::string EncodeTotals(const std::vector<CurrencyTotals>& totals);
std::optional<std::vector<CurrencyTotals>> DecodeTotals(std::string_view value);

}  // namespace tributary::index

#endif  // TRIBUTARY_INDEX_ROWS_H_
