// Pages: the writer's, and those of a snapshot.
#include <atomic>

#include "storage/store_impl.h"
#include "tributary/base/status.h"

namespace tributary::storage {

std::string NameOfPage(state::TableId table, uint64_t number) {
  return "page " + std::to_string(number) + " of table " +
         std::string(state::TableName(table.kind)) + "/" + std::to_string(table.sub);
}

absl::Status TakePage(state::TableId table, uint64_t number, uint64_t rows,
                      const std::optional<std::string>& value, state::Page& out) {
  if (!value) {
    out.fill(0);
    if (!PageExists(table, rows, number)) return absl::OkStatus();
    return base::DataLoss(NameOfPage(table, number) + " is missing");
  }
  if (RestorePage(*value, out)) return absl::OkStatus();
  return base::DataLoss(NameOfPage(table, number) + " is damaged");
}

absl::StatusOr<std::map<state::TableId, uint64_t>> ReadRowCounts(
    const Database& database, const rocksdb::Snapshot* snapshot) {
  const rocksdb::Slice end = Slice(RowCountEnd());
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  options.iterate_upper_bound = &end;
  const std::unique_ptr<rocksdb::Iterator> at(
      database.db().NewIterator(options, database.family(ColumnFamily::kDefault)));
  std::map<state::TableId, uint64_t> out;
  for (at->Seek(Slice(RowCountBegin())); at->Valid(); at->Next()) {
    const std::optional<state::TableId> table = ParseRowCountKey(View(at->key()));
    const std::optional<uint64_t> rows = DecodeNumber(View(at->value()));
    if (!table || !rows || *rows == 0) return base::DataLoss("a table's row count is damaged");
    out[*table] = *rows;
  }
  TRIBUTARY_RETURN_IF_ERROR(FromRocks(at->status(), "reading the row counts of the tables"));
  return out;
}

// ------------------------------------------------------------------------------------------------
// The writer's

uint64_t WriterPages::RowCount(state::TableId table) const {
  const auto found = row_counts_.find(table);
  return found == row_counts_.end() ? 0 : found->second;
}

void WriterPages::ReadPage(state::TableId table, uint64_t number, state::Page& out) const {
  if (const auto cached = cache_.Find(table, number)) {
    out = *cached;
    return;
  }
  const uint64_t rows = RowCount(table);
  if (!PageExists(table, rows, number)) {
    out.fill(0);
    return;
  }
  const auto value =
      Reader(database_, nullptr, Head())
          .Get(ColumnFamily::kPages, PageKey(table, number), NameOfPage(table, number));
  absl::Status status = value.ok() ? TakePage(table, number, rows, *value, out) : value.status();
  if (status.ok()) {
    cache_.Put(table, number, std::make_shared<const state::Page>(out));
    return;
  }
  out.fill(0);
  if (status_.ok()) status_ = std::move(status);
}

std::vector<state::TableId> WriterPages::Tables() const {
  std::vector<state::TableId> out;
  out.reserve(row_counts_.size());
  for (const auto& [table, rows] : row_counts_) out.push_back(table);
  return out;
}

void WriterPages::Apply(const state::BlockEffects& effects) {
  for (const state::TableUpdate& update : effects.tables) {
    const uint64_t old_pages = PagesOf(update.table, RowCount(update.table));
    const uint64_t kept = update.cleared ? 0 : PagesOf(update.table, update.row_count);
    for (uint64_t number = kept; number < old_pages; ++number) cache_.Erase(update.table, number);
    if (update.row_count == 0) {
      row_counts_.erase(update.table);
    } else {
      row_counts_[update.table] = update.row_count;
    }
  }
  for (const state::PageUpdate& update : effects.pages) {
    cache_.Put(update.table, update.number, update.page);
  }
}

// ------------------------------------------------------------------------------------------------
// A snapshot's

namespace {

// RocksDB's snapshot; released when the last reader of it goes.
using SharedSnapshot = std::shared_ptr<const rocksdb::Snapshot>;

SharedSnapshot TakeSnapshot(const Database& database) {
  return {database.db().GetSnapshot(), [&database](const rocksdb::Snapshot* snapshot) {
            database.db().ReleaseSnapshot(snapshot);
          }};
}

class SnapshotImpl final : public ReadSnapshot {
 public:
  SnapshotImpl(const Database& database, SharedSnapshot snapshot, const Past& history)
      : database_(database),
        snapshot_(std::move(snapshot)),
        reader_(database, snapshot_.get(), ReadHead(), history) {}

  std::unique_ptr<ReadSnapshot> Again() const override {
    return std::make_unique<SnapshotImpl>(database_, snapshot_, history());
  }

  Head head() const override { return reader_.head(); }
  Past history() const override { return reader_.history(); }
  bool failed() const override { return failed_.load(std::memory_order_acquire); }
  absl::Status status() const override {
    const std::lock_guard<std::mutex> hold(mutex_);
    return status_;
  }

  uint64_t RowCount(state::TableId table) const override {
    const auto value = reader_.Get(ColumnFamily::kDefault, RowCountKey(table), "a row count");
    if (!value.ok()) {
      Fail(value.status());
      return 0;
    }
    if (!*value) return 0;
    const std::optional<uint64_t> rows = DecodeNumber(**value);
    if (!rows) Fail(base::DataLoss("a table's row count is damaged"));
    return rows.value_or(0);
  }

  void ReadPage(state::TableId table, uint64_t number, state::Page& out) const override {
    const auto value =
        reader_.Get(ColumnFamily::kPages, PageKey(table, number), NameOfPage(table, number));
    if (!value.ok()) {
      out.fill(0);
      return Fail(value.status());
    }
    // Whether a page that is not there is missing, only the row count tells.
    const uint64_t rows = *value ? 0 : RowCount(table);
    absl::Status status = TakePage(table, number, rows, *value, out);
    if (!status.ok()) Fail(std::move(status));
  }

  std::vector<state::TableId> Tables() const override {
    const auto row_counts = ReadRowCounts(database_, snapshot_.get());
    std::vector<state::TableId> out;
    if (!row_counts.ok()) {
      Fail(row_counts.status());
      return out;
    }
    for (const auto& [table, rows] : *row_counts) out.push_back(table);
    return out;
  }

  absl::StatusOr<std::vector<uint8_t>> ReadTile(merkle::TileId tile) const override {
    return reader_.ReadTile(tile);
  }
  absl::StatusOr<std::string> ReadEntry(base::EntryIndex index) const override {
    return reader_.ReadEntry(index);
  }
  absl::Status ReadEntries(
      base::EntryIndex first, uint64_t count_max, uint64_t bytes_max,
      const Visitor<base::EntryIndex, std::string_view>& visit) const override {
    return reader_.ReadEntries(first, count_max, bytes_max, visit);
  }
  absl::StatusOr<base::EntryIndex> HeaderEntry(base::Height height) const override {
    return reader_.HeaderEntry(height);
  }
  absl::StatusOr<base::Height> HeightOfEntry(base::EntryIndex index) const override {
    return reader_.HeightOfEntry(index);
  }
  absl::StatusOr<std::optional<index::TransactionPlace>> FindTransaction(
      const base::TxId& id) const override {
    return reader_.FindTransaction(id);
  }
  absl::Status RecordsOfKind(
      uint8_t kind, base::Height from,
      const Visitor<base::Height, const std::vector<base::RecordSeq>&>& visit) const override {
    return reader_.RecordsOfKind(kind, from, visit);
  }
  absl::Status PayoutsInState(state::PayoutState payout_state, base::PayoutIndex from,
                              const Visitor<base::PayoutIndex>& visit) const override {
    return reader_.PayoutsInState(payout_state, from, visit);
  }
  absl::Status EventsOfAsset(
      base::RecordSeq asset, base::Height from,
      const Visitor<base::Height, const std::vector<index::EventLine>&>& visit) const override {
    return reader_.EventsOfAsset(asset, from, visit);
  }
  absl::Status JournalOfAccount(
      base::AccountIndex account, base::Height from,
      const Visitor<base::Height, const std::vector<index::JournalLine>&>& visit) const override {
    return reader_.JournalOfAccount(account, from, visit);
  }
  absl::Status ReportedFrom(const index::ReportedPlace& from,
                            const Visitor<const index::ReportedPlace&, const index::ReportedSums&>&
                                visit) const override {
    return reader_.ReportedFrom(from, visit);
  }
  absl::StatusOr<std::optional<index::SettlementSummary>> SettlementByNumber(
      uint64_t number) const override {
    return reader_.SettlementByNumber(number);
  }
  absl::Status CreditsOfSettlement(uint64_t number,
                                   const Visitor<const state::Credit&>& visit) const override {
    return reader_.CreditsOfSettlement(number, visit);
  }
  absl::Status CreditsOfAccount(uint64_t number, base::AccountIndex account,
                                const Visitor<const state::Credit&>& visit) const override {
    return reader_.CreditsOfAccount(number, account, visit);
  }
  absl::StatusOr<std::optional<std::string>> IndexRow(const std::string& key) const override {
    return reader_.Get(FamilyOfRow(key), key, "a row of an index");
  }
  absl::Status IndexRows(
      const Visitor<ColumnFamily, std::string_view, std::string_view>& visit) const override {
    return reader_.IndexRows(visit);
  }
  absl::StatusOr<base::Atoms> CreditOfRecord(uint64_t number, base::AccountIndex account,
                                             base::RecordSeq record) const override {
    return reader_.CreditOfRecord(number, account, record);
  }
  absl::Status SourcesOfSettlement(uint64_t number, base::RecordSeq from,
                                   const Visitor<const state::Source&>& visit) const override {
    return reader_.SourcesOfSettlement(number, from, visit);
  }
  absl::StatusOr<state::TotalsRow> TotalsAt(base::CurrencyIndex currency,
                                            base::Height height) const override {
    return reader_.TotalsAt(currency, height);
  }

 private:
  Head ReadHead() const {
    const Reader reader(database_, snapshot_.get(), Head());
    const auto value = reader.Get(ColumnFamily::kDefault, std::string(kHeadKey), "the head");
    if (!value.ok()) {
      Fail(value.status());
      return Head();
    }
    if (!*value) return Head();
    const std::optional<Head> head = DecodeHead(**value);
    if (!head) Fail(base::DataLoss("the head of the store is damaged"));
    return head.value_or(Head());
  }

  // The first failure is the one that is told.
  void Fail(absl::Status status) const {
    const std::lock_guard<std::mutex> hold(mutex_);
    if (status_.ok()) status_ = std::move(status);
    failed_.store(true, std::memory_order_release);
  }

  const Database& database_;
  const SharedSnapshot snapshot_;
  mutable std::mutex mutex_;
  mutable absl::Status status_;  // guarded by mutex_
  mutable std::atomic<bool> failed_{false};
  Reader reader_;  // reads the head while it is made: stands behind what Fail needs
};

}  // namespace

std::unique_ptr<ReadSnapshot> Store::Snapshot() const {
  const Past history = impl_->history();
  return std::make_unique<SnapshotImpl>(*impl_->database, TakeSnapshot(*impl_->database), history);
}

}  // namespace tributary::storage
