// The inside of a Store, shared by the files that implement it.
#ifndef TRIBUTARY_STORAGE_STORE_IMPL_H_
#define TRIBUTARY_STORAGE_STORE_IMPL_H_

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/header.h"
#include "merkle/log_tree.h"
#include "rocksdb/file_system.h"
#include "rocksdb/write_batch.h"
#include "storage/database.h"
#include "storage/head_file.h"
#include "storage/page_cache.h"
#include "storage/reader.h"
#include "storage/store.h"

namespace tributary::storage {

// Where a store keeps its things below its directory.
std::string DatabasePath(const std::string& dir);
std::string HeadPath(const std::string& dir);
std::string LockPath(const std::string& dir);

// Holds a lock file until it is destroyed.
class DirectoryLock {
 public:
  // Errors: kFailedPrecondition if somebody else holds it.
  static absl::StatusOr<std::unique_ptr<DirectoryLock>> Take(
      std::shared_ptr<rocksdb::FileSystem> files, const std::string& dir);
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  DirectoryLock(std::shared_ptr<rocksdb::FileSystem> files, rocksdb::FileLock* lock)
      : files_(std::move(files)), lock_(lock) {}
  std::shared_ptr<rocksdb::FileSystem> files_;
  rocksdb::FileLock* lock_;
};

// The value of a page, or why there is none: missing where the table says that it exists.
// Ensures: `out` is zeros unless Ok.
absl::Status TakePage(state::TableId table, uint64_t number, uint64_t rows,
                      const std::optional<std::string>& value, state::Page& out);
// "page 3 of table balances/1"
std::string NameOfPage(state::TableId table, uint64_t number);

// All row counts that are stored.
absl::StatusOr<std::map<state::TableId, uint64_t>> ReadRowCounts(const Database& database,
                                                                 const rocksdb::Snapshot* snapshot);

// The writer's pages: row counts in memory, pages through the cache.
class WriterPages : public state::PageSource {
 public:
  WriterPages(const Database& database, std::map<state::TableId, uint64_t> row_counts,
              size_t cache_bytes)
      : database_(database), row_counts_(std::move(row_counts)), cache_(cache_bytes) {}

  uint64_t RowCount(state::TableId table) const override;
  void ReadPage(state::TableId table, uint64_t number, state::Page& out) const override;
  std::vector<state::TableId> Tables() const override;
  bool failed() const override { return !status_.ok(); }
  const absl::Status& status() const { return status_; }

  const std::map<state::TableId, uint64_t>& row_counts() const { return row_counts_; }
  // Takes in a block that is durable.
  void Apply(const state::BlockEffects& effects);

 private:
  const Database& database_;
  std::map<state::TableId, uint64_t> row_counts_;
  mutable PageCache cache_;
  mutable absl::Status status_;
};

class Store::Impl {
 public:
  // Opens the database at `path`, with no lock and no head file: for a store that is being rebuilt,
  // too.
  static absl::StatusOr<std::unique_ptr<Impl>> OpenDatabase(const std::string& path,
                                                            Options options);
  // A store that has no directory of its own yet.
  static std::unique_ptr<Store> Wrap(std::unique_ptr<Impl> impl);

  absl::Status Commit(const state::BlockEffects& effects, std::optional<uint64_t> engine_height);
  uint64_t engine_height() const;
  absl::Status NoteEngineHeight(uint64_t height);
  absl::Status FlushAndClose() { return database->FlushAndClose(); }
  Head head() const;
  Past history() const;
  absl::Status FillHistory(const std::vector<std::string>& entries);
  Reader Latest() const { return Reader(*database, nullptr, head(), history()); }

  std::string dir;  // for messages
  Options options;
  std::unique_ptr<DirectoryLock> lock;
  std::unique_ptr<HeadFile> head_file;
  std::unique_ptr<Database> database;
  std::unique_ptr<WriterPages> pages;

 private:
  void At(std::string_view step) const;
  rocksdb::Status Build(const state::BlockEffects& effects, rocksdb::WriteBatch& batch) const;
  rocksdb::Status BuildLog(const state::BlockEffects& effects, rocksdb::WriteBatch& batch) const;
  rocksdb::Status BuildState(const state::BlockEffects& effects, rocksdb::WriteBatch& batch) const;
  rocksdb::Status BuildTable(const state::TableUpdate& update, rocksdb::WriteBatch& batch) const;
  rocksdb::Status BuildIndex(const state::BlockEffects& effects, rocksdb::WriteBatch& batch) const;
  absl::Status Write(const state::BlockEffects& effects, const Head& next,
                     std::optional<uint64_t> engine_height);
  rocksdb::ColumnFamilyHandle* family(ColumnFamily which) const { return database->family(which); }

  // The rest of what FillHistory needs.
  absl::Status RestoreFillTree();
  absl::Status CheckFilled(uint64_t index, std::string_view entry, const base::Hash& root,
                           const codec::BlockHeader& base) const;
  absl::Status DropFilled();

  absl::Status latched_;
  std::mutex fill_mutex_;
  std::optional<merkle::LogTree> fill_tree_;  // guarded by fill_mutex_; of history_.filled entries
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  Head head_;
  Past history_;
  uint64_t engine_height_ = 0;
};

}  // namespace tributary::storage

#endif  // TRIBUTARY_STORAGE_STORE_IMPL_H_
