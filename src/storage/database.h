// RocksDB as this program opens it: options, column families, and its errors in our words.
#ifndef TRIBUTARY_STORAGE_DATABASE_H_
#define TRIBUTARY_STORAGE_DATABASE_H_

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rocksdb/db.h"
#include "storage/schema.h"
#include "storage/store.h"

namespace tributary::storage {

// "doing: what RocksDB says", with the code that tells the caller what to do.
absl::Status FromRocks(const rocksdb::Status& status, std::string_view doing);

// The file system under everything of a store.
std::shared_ptr<rocksdb::FileSystem> FilesOf(const Options& options);

inline std::string_view View(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }
inline rocksdb::Slice Slice(std::string_view text) { return {text.data(), text.size()}; }

// An open RocksDB. Closed, without a flush (the write-ahead log holds everything), by the
// destructor. Thread safety: as RocksDB's.
class Database {
 public:
  enum class Mode { kCreate, kWrite, kRead };

  // The torn rest of a last write that nobody was told of is cut off first (torn_tail.h).
  // Errors: kFailedPrecondition if there is none at `path` (or one, for kCreate), or, for kRead, if
  // there is such a rest.
  // `families`: which to open, all of them unless reading.
  static absl::StatusOr<std::unique_ptr<Database>> Open(
      const std::string& path, Mode mode, const Options& options,
      const std::vector<ColumnFamily>& families = AllFamilies());
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  static std::vector<ColumnFamily> AllFamilies();

  rocksdb::DB& db() const { return *db_; }
  // Requires: the family was opened.
  rocksdb::ColumnFamilyHandle* family(ColumnFamily which) const;
  // Flushes all memtables to files and closes: what was written without sync is durable after it.
  absl::Status FlushAndClose();

 private:
  Database() = default;

  std::unique_ptr<rocksdb::Env> env_;  // set if the file system is not the machine's
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, kColumnFamilies> handles_{};
};

}  // namespace tributary::storage

#endif  // TRIBUTARY_STORAGE_DATABASE_H_
