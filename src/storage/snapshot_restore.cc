// A store from a snapshot. It grows as db.rebuilding and takes the way of a repair to its place.
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "index/rows.h"
#include "rocksdb/write_batch.h"
#include "state/rows.h"
#include "storage/repair.h"
#include "storage/snapshot.h"
#include "storage/store_impl.h"
#include "tributary/base/status.h"

namespace tributary::storage {
namespace {

// What the indexes say of the state itself, and not of how it came about.
std::vector<index::Row> RowsOfState(const state::PageSource& pages, base::Height height) {
  std::vector<index::Row> out;
  state::RowScanner<state::PayoutRow> payouts(pages);
  for (uint64_t number = 0; number < payouts.count(); ++number) {
    const auto in = static_cast<state::PayoutState>(payouts.At(number).state);
    out.push_back({index::PayoutStateKey(in, base::PayoutIndex(number)), {}});
  }
  state::RowScanner<state::TotalsRow> totals(pages);
  std::map<std::string, std::vector<index::CurrencyTotals>> by_page;
  for (uint64_t row = 0; row < totals.count(); ++row) {
    const base::CurrencyIndex currency(static_cast<uint16_t>(row));
    by_page[index::TotalsKey(currency, height)].push_back({currency, totals.At(row)});
  }
  for (const auto& [key, list] : by_page) out.push_back({key, index::EncodeTotals(list)});
  return out;
}

}  // namespace

class SnapshotRestore::Target {
 public:
  static absl::StatusOr<std::unique_ptr<Target>> Make(const std::string& dir,
                                                      const Options& options, bool replace) {
    auto target = std::make_unique<Target>();
    const auto files = FilesOf(options);
    TRIBUTARY_RETURN_IF_ERROR(
        FromRocks(files->CreateDirIfMissing(dir, rocksdb::IOOptions(), nullptr), "making " + dir));
    auto lock = DirectoryLock::Take(files, dir);
    if (!lock.ok()) return lock.status();
    TRIBUTARY_RETURN_IF_ERROR(FinishRepair(dir, options));
    std::error_code error;
    if (!replace && std::filesystem::exists(DatabasePath(dir), error)) {
      return base::FailedPrecondition(dir + " holds a store already; restore into a new directory");
    }
    target->dir_ = dir;
    target->options_ = options;
    target->options_.create = true;
    target->options_.read_only = false;
    target->options_.sync = false;  // made durable as a whole, at the end
    target->lock_ = *std::move(lock);
    std::filesystem::remove_all(RebuildingPath(dir), error);
    auto impl = Store::Impl::OpenDatabase(RebuildingPath(dir), target->options_);
    if (!impl.ok()) return impl.status();
    target->impl_ = *std::move(impl);
    return target;
  }

  absl::Status Put(const std::vector<SnapshotReader::PageAt>& pages) {
    rocksdb::WriteBatch batch;
    for (const SnapshotReader::PageAt& page : pages) {
      TRIBUTARY_RETURN_IF_ERROR(
          Put(batch, ColumnFamily::kPages, PageKey(page.table, page.number), page.bytes));
    }
    return Write(batch);
  }

  absl::StatusOr<Head> Finish(const Manifest& manifest) {
    const Head head{manifest.header.height, manifest.header.log_size + 1};
    TRIBUTARY_RETURN_IF_ERROR(PutLog(manifest));
    TRIBUTARY_RETURN_IF_ERROR(PutTables(manifest));
    TRIBUTARY_RETURN_IF_ERROR(PutHead(manifest, head));
    TRIBUTARY_RETURN_IF_ERROR(impl_->FlushAndClose());
    impl_.reset();
    std::error_code error;
    std::filesystem::remove_all(DatabasePath(dir_), error);
    TRIBUTARY_RETURN_IF_ERROR(Rename(options_, RebuildingPath(dir_), RepairedPath(dir_)));
    TRIBUTARY_RETURN_IF_ERROR(FinishRepair(dir_, options_));
    return head;
  }

 private:
  static absl::Status Check(const rocksdb::Status& status) {
    return FromRocks(status, "restoring a snapshot");
  }
  absl::Status Put(rocksdb::WriteBatch& batch, ColumnFamily family, const std::string& key,
                   std::string_view value) {
    return Check(batch.Put(impl_->database->family(family), key, Slice(value)));
  }
  absl::Status Write(rocksdb::WriteBatch& batch) {
    rocksdb::WriteOptions write;
    write.disableWAL = true;  // it is flushed as a whole at the end
    return Check(impl_->database->db().Write(write, &batch));
  }

  absl::Status PutLog(const Manifest& manifest) {
    const auto edge = RestoreEdge(manifest);
    if (!edge.ok()) return edge.status();
    rocksdb::WriteBatch batch;
    for (const merkle::TileUpdate& tile : edge->tiles) {
      TRIBUTARY_RETURN_IF_ERROR(
          Put(batch, ColumnFamily::kTiles, TileKey(tile.id), base::AsText(tile.bytes)));
    }
    const uint64_t entry = manifest.header.log_size;
    TRIBUTARY_RETURN_IF_ERROR(
        Put(batch, ColumnFamily::kLog, EntryKey(base::EntryIndex(entry)), manifest.header_bytes));
    TRIBUTARY_RETURN_IF_ERROR(
        Put(batch, ColumnFamily::kDefault, HeightKey(manifest.header.height), EncodeNumber(entry)));
    return Write(batch);
  }

  absl::Status PutTables(const Manifest& manifest) {
    rocksdb::WriteBatch batch;
    std::map<state::TableId, uint64_t> counts;
    for (const auto& [table, rows] : manifest.rows) {
      counts[table] = rows;
      TRIBUTARY_RETURN_IF_ERROR(
          Put(batch, ColumnFamily::kDefault, RowCountKey(table), EncodeNumber(rows)));
    }
    const WriterPages pages(*impl_->database, std::move(counts), 1u << 20);
    for (const index::Row& row : RowsOfState(pages, manifest.header.height)) {
      TRIBUTARY_RETURN_IF_ERROR(Put(batch, FamilyOfRow(row.key), row.key, row.value));
    }
    TRIBUTARY_RETURN_IF_ERROR(pages.status());
    return Write(batch);
  }

  absl::Status PutHead(const Manifest& manifest, const Head& head) {
    rocksdb::WriteBatch batch;
    const Head base{head.height, head.log_size - 1};
    TRIBUTARY_RETURN_IF_ERROR(
        Put(batch, ColumnFamily::kDefault, std::string(kBaseKey), EncodeHead(base)));
    if (manifest.engine_height != 0) {
      TRIBUTARY_RETURN_IF_ERROR(Put(batch, ColumnFamily::kDefault, std::string(kEngineKey),
                                    EncodeNumber(manifest.engine_height)));
    }
    TRIBUTARY_RETURN_IF_ERROR(
        Put(batch, ColumnFamily::kDefault, std::string(kHeadKey), EncodeHead(head)));
    return Write(batch);
  }

  std::string dir_;
  Options options_;
  std::unique_ptr<DirectoryLock> lock_;
  std::unique_ptr<Store::Impl> impl_;
};

SnapshotRestore::SnapshotRestore(SnapshotReader reader, std::unique_ptr<Target> target)
    : reader_(std::move(reader)), target_(std::move(target)) {}
SnapshotRestore::~SnapshotRestore() = default;

absl::StatusOr<std::unique_ptr<SnapshotRestore>> SnapshotRestore::Begin(const std::string& dir,
                                                                        const Options& options,
                                                                        Manifest manifest,
                                                                        bool replace) {
  auto reader = SnapshotReader::Begin(std::move(manifest));
  if (!reader.ok()) return reader.status();
  auto target = Target::Make(dir, options, replace);
  if (!target.ok()) return target.status();
  return std::unique_ptr<SnapshotRestore>(
      new SnapshotRestore(*std::move(reader), *std::move(target)));
}

absl::Status SnapshotRestore::Add(std::string_view chunk) {
  const auto pages = reader_.Next(chunk);
  if (!pages.ok()) return pages.status();
  return target_->Put(*pages);
}

absl::StatusOr<Head> SnapshotRestore::Finish() {
  TRIBUTARY_RETURN_IF_ERROR(reader_.Finish());
  return target_->Finish(reader_.manifest());
}

}  // namespace tributary::storage
