#include "storage/database.h"

#include <algorithm>

#include "rocksdb/cache.h"
#include "rocksdb/convenience.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"
#include "storage/torn_tail.h"
#include "tributary/base/check.h"
#include "tributary/base/status.h"

namespace tributary::storage {
namespace {

using rocksdb::CompressionType;

constexpr int kReadTries = 10;

absl::StatusCode CodeOf(const rocksdb::Status& status) {
  if (status.IsCorruption()) return absl::StatusCode::kDataLoss;
  // A file that RocksDB knows of is gone.
  if (status.IsPathNotFound()) return absl::StatusCode::kDataLoss;
  if (status.IsIOError() || status.IsBusy() || status.IsTimedOut() || status.IsTryAgain() ||
      status.IsIncomplete() || status.IsShutdownInProgress()) {
    return absl::StatusCode::kUnavailable;
  }
  return absl::StatusCode::kInternal;
}

// ZSTD where this RocksDB was built with it, and the next best thing where not.
CompressionType Strong() {
  const std::vector<CompressionType> supported = rocksdb::GetSupportedCompressions();
  for (const CompressionType type :
       {rocksdb::kZSTD, rocksdb::kLZ4Compression, rocksdb::kSnappyCompression}) {
    if (std::find(supported.begin(), supported.end(), type) != supported.end()) return type;
  }
  return rocksdb::kNoCompression;
}

CompressionType Fast() {
  const std::vector<CompressionType> supported = rocksdb::GetSupportedCompressions();
  const bool lz4 =
      std::find(supported.begin(), supported.end(), rocksdb::kLZ4Compression) != supported.end();
  return lz4 ? rocksdb::kLZ4Compression : Strong();
}

rocksdb::DBOptions DatabaseOptions(Database::Mode mode, const Options& options) {
  rocksdb::DBOptions db;
  db.create_if_missing = mode == Database::Mode::kCreate;
  db.error_if_exists = mode == Database::Mode::kCreate;
  db.create_missing_column_families = mode == Database::Mode::kCreate;
  // The default mode drops acknowledged blocks after one flipped bit, without a word.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  db.track_and_verify_wals_in_manifest = true;
  db.paranoid_checks = true;
  db.verify_sst_unique_id_in_manifest = true;
  db.max_bgerror_resume_count = 0;  // after an error the store is latched until it is reopened
  db.db_write_buffer_size = options.memtable_bytes;
  db.max_total_wal_size = options.wal_bytes;
  // A reader beside a writer keeps all files open: the writer may delete them at any time.
  db.max_open_files = mode == Database::Mode::kRead ? -1 : options.open_files;
  db.max_background_jobs = 2;
  db.bytes_per_sync = 1u << 20;
  db.avoid_unnecessary_blocking_io = true;
  db.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  db.max_log_file_size = 4u << 20;
  db.keep_log_file_num = 4;
  return db;
}

rocksdb::ColumnFamilyOptions FamilyOptions(ColumnFamily which, const Options& options,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions family;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.format_version = 5;
  table.checksum = rocksdb::kXXH3;
  table.block_size = 16u << 10;
  family.write_buffer_size = std::max<size_t>(options.memtable_bytes / 4, 1u << 20);
  family.compression = Fast();
  family.bottommost_compression = Strong();
  switch (which) {
    case ColumnFamily::kLog:  // sequential keys; read in runs
      family.compression = Strong();
      table.block_size = 32u << 10;
      break;
    case ColumnFamily::kTiles:  // hashes do not compress
      family.compression = rocksdb::kNoCompression;
      family.bottommost_compression = rocksdb::kNoCompression;
      table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
      break;
    case ColumnFamily::kPages:  // single pages; cold ones are not worth the time of ZSTD
      family.bottommost_compression = Fast();
      table.block_size = 8u << 10;
      table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
      break;
    case ColumnFamily::kDefault:
    case ColumnFamily::kIndex:
    case ColumnFamily::kSide: table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10)); break;
  }
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

absl::Status CheckPlace(rocksdb::Env& env, const std::string& path, Database::Mode mode) {
  const rocksdb::Status current = env.FileExists(path + "/CURRENT");
  const bool exists = current.ok();
  if (!exists && !current.IsNotFound()) return FromRocks(current, "looking for " + path);
  if (mode == Database::Mode::kCreate && exists) {
    return base::FailedPrecondition(path + " holds a store already; choose another directory");
  }
  if (mode != Database::Mode::kCreate && !exists) {
    return base::FailedPrecondition("there is no store in " + path +
                                    "; make one with `tributaryd init`");
  }
  return absl::OkStatus();
}

// Whether a reader may have lost a race with a writer.
bool MayHaveMoved(const rocksdb::Status& status) {
  return status.IsCorruption() || status.IsPathNotFound() || status.IsNotFound();
}

// Whether something was cut off, so that opening is worth another try.
absl::StatusOr<bool> CutOffTornTail(const std::shared_ptr<rocksdb::FileSystem>& files,
                                    const std::string& path, Database::Mode mode) {
  const auto torn = FindTornTails(*files, path);
  // What cannot be read is told by RocksDB in its own words.
  if (!torn.ok() || torn->empty()) return false;
  if (mode == Database::Mode::kRead) {
    return base::FailedPrecondition("the last write to " + path +
                                    " was cut off, which nobody was told of: start the node once, "
                                    "it drops what is left of it");
  }
  TRIBUTARY_RETURN_IF_ERROR(CutTornTails(*files, path, *torn));
  return true;
}

}  // namespace

std::shared_ptr<rocksdb::FileSystem> FilesOf(const Options& options) {
  return options.file_system ? options.file_system : rocksdb::FileSystem::Default();
}

absl::Status FromRocks(const rocksdb::Status& status, std::string_view doing) {
  if (status.ok()) return absl::OkStatus();
  std::string text(doing);
  if (status.IsNoSpace()) text += ": the disk is full";
  return base::MakeStatus(CodeOf(status), text + ": " + status.ToString());
}

std::vector<ColumnFamily> Database::AllFamilies() {
  return {ColumnFamily::kDefault, ColumnFamily::kLog,   ColumnFamily::kTiles,
          ColumnFamily::kPages,   ColumnFamily::kIndex, ColumnFamily::kSide};
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(
    const std::string& path, Mode mode, const Options& options,
    const std::vector<ColumnFamily>& families) {
  std::unique_ptr<Database> out(new Database());
  rocksdb::Options all;
  if (options.file_system) {
    out->env_ = rocksdb::NewCompositeEnv(options.file_system);
    all.env = out->env_.get();
  }
  TRIBUTARY_RETURN_IF_ERROR(CheckPlace(*all.env, path, mode));
  rocksdb::DBOptions db_options = DatabaseOptions(mode, options);
  db_options.env = all.env;
  const auto cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const ColumnFamily which : families) {
    descriptors.emplace_back(std::string(kColumnFamilyNames[static_cast<size_t>(which)]),
                             FamilyOptions(which, options, cache));
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const auto open = [&] {
    return mode == Mode::kRead
               ? rocksdb::DB::OpenForReadOnly(db_options, path, descriptors, &handles, &db)
               : rocksdb::DB::Open(db_options, path, descriptors, &handles, &db);
  };
  rocksdb::Status status = open();
  // While a reader opens one file after the other, a writer may delete one: then it begins again.
  for (int i = 0; i < kReadTries && mode == Mode::kRead && MayHaveMoved(status); ++i) {
    status = open();
  }
  if (status.IsCorruption() && mode != Mode::kCreate) {
    const auto cut = CutOffTornTail(FilesOf(options), path, mode);
    if (!cut.ok()) return cut.status();
    if (*cut) status = open();
  }
  if (!status.ok()) return FromRocks(status, "opening the database " + path);
  out->db_.reset(db);
  for (size_t i = 0; i < families.size(); ++i) {
    out->handles_[static_cast<size_t>(families[i])] = handles[i];
  }
  return out;
}

Database::~Database() {
  if (!db_) return;
  for (rocksdb::ColumnFamilyHandle* handle : handles_) {
    if (handle) db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  db_->Close().PermitUncheckedError();
}

rocksdb::ColumnFamilyHandle* Database::family(ColumnFamily which) const {
  rocksdb::ColumnFamilyHandle* handle = handles_[static_cast<size_t>(which)];
  TRIBUTARY_CHECK(handle != nullptr, "a column family that was not opened");
  return handle;
}

absl::Status Database::FlushAndClose() {
  std::vector<rocksdb::ColumnFamilyHandle*> open;
  for (rocksdb::ColumnFamilyHandle*& handle : handles_) {
    if (handle) open.push_back(handle);
  }
  TRIBUTARY_RETURN_IF_ERROR(
      FromRocks(db_->Flush(rocksdb::FlushOptions(), open), "writing the memtables out"));
  for (rocksdb::ColumnFamilyHandle*& handle : handles_) {
    if (handle) db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
    handle = nullptr;
  }
  return FromRocks(db_->Close(), "closing the database");
}

}  // namespace tributary::storage
