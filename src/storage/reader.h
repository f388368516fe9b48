// Reads of everything but pages, at the latest commit or at a RocksDB snapshot.
#ifndef TRIBUTARY_STORAGE_READER_H_
#define TRIBUTARY_STORAGE_READER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rocksdb/db.h"
#include "storage/database.h"
#include "storage/store.h"

namespace tributary::storage {

// The members mean what they mean in store.h.
// Thread safety: all const. Ownership: `database` and `snapshot` outlive it.
class Reader {
 public:
  // `history`: at a moment not later than the snapshot's.
  Reader(const Database& database, const rocksdb::Snapshot* snapshot, const Head& head,
         const Past& history = {})
      : database_(database), snapshot_(snapshot), head_(head), history_(history) {}

  const Head& head() const { return head_; }
  const Past& history() const { return history_; }
  rocksdb::ReadOptions ReadOptions() const;
  // The value, or nullopt where there is none. `what` names it where reading fails.
  absl::StatusOr<std::optional<std::string>> Get(ColumnFamily family, const std::string& key,
                                                 std::string_view what) const;

  absl::StatusOr<std::string> ReadEntry(base::EntryIndex index) const;
  absl::Status ReadEntries(base::EntryIndex first, uint64_t count_max, uint64_t bytes_max,
                           const Visitor<base::EntryIndex, std::string_view>& visit) const;
  absl::StatusOr<std::vector<uint8_t>> ReadTile(merkle::TileId tile) const;
  absl::StatusOr<base::EntryIndex> HeaderEntry(base::Height height) const;
  absl::StatusOr<base::Height> HeightOfEntry(base::EntryIndex index) const;

  absl::StatusOr<std::optional<index::TransactionPlace>> FindTransaction(
      const base::TxId& id) const;
  absl::Status RecordsOfKind(
      uint8_t kind, base::Height from,
      const Visitor<base::Height, const std::vector<base::RecordSeq>&>& visit) const;
  absl::Status PayoutsInState(state::PayoutState payout_state, base::PayoutIndex from,
                              const Visitor<base::PayoutIndex>& visit) const;
  absl::Status EventsOfAsset(
      base::RecordSeq asset, base::Height from,
      const Visitor<base::Height, const std::vector<index::EventLine>&>& visit) const;
  absl::Status JournalOfAccount(
      base::AccountIndex account, base::Height from,
      const Visitor<base::Height, const std::vector<index::JournalLine>&>& visit) const;
  absl::Status ReportedFrom(
      const index::ReportedPlace& from,
      const Visitor<const index::ReportedPlace&, const index::ReportedSums&>& visit) const;
  absl::StatusOr<std::optional<index::SettlementSummary>> SettlementByNumber(uint64_t number) const;
  absl::Status CreditsOfSettlement(uint64_t number,
                                   const Visitor<const state::Credit&>& visit) const;
  absl::Status CreditsOfAccount(uint64_t number, base::AccountIndex account,
                                const Visitor<const state::Credit&>& visit) const;
  absl::Status IndexRows(
      const Visitor<ColumnFamily, std::string_view, std::string_view>& visit) const;
  absl::StatusOr<base::Atoms> CreditOfRecord(uint64_t number, base::AccountIndex account,
                                             base::RecordSeq record) const;
  absl::Status SourcesOfSettlement(uint64_t number, base::RecordSeq from,
                                   const Visitor<const state::Source&>& visit) const;
  absl::StatusOr<state::TotalsRow> TotalsAt(base::CurrencyIndex currency,
                                            base::Height height) const;

 private:
  // Whether everything of the indexes from a block on is there.
  absl::Status CheckIndexed(base::Height from) const;
  // The same of one settlement.
  absl::Status CheckSettlement(uint64_t number) const;

  // Called with key and value; false stops, an error ends the walk.
  using Step = std::function<absl::StatusOr<bool>(std::string_view, std::string_view)>;
  // Visits the keys that start with `prefix`, from `first` on.
  absl::Status Walk(ColumnFamily family, const std::string& prefix, const std::string& first,
                    const Step& step) const;
  // Of the rows that start with `prefix`, the last one at or before `key`; empty where there is
  // none.
  absl::StatusOr<std::pair<std::string, std::string>> LastUpTo(const std::string& prefix,
                                                               const std::string& key) const;

  const Database& database_;
  const rocksdb::Snapshot* snapshot_;
  Head head_;
  Past history_;
};

}  // namespace tributary::storage

#endif  // TRIBUTARY_STORAGE_READER_H_
