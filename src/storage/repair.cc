// Rebuilds a store from its log alone.
//
// The new database grows as db.rebuilding; complete and on disk, it is renamed to db.repaired; then
// db becomes db.damaged-<n>, and db.repaired becomes db. Wherever this stops, the next Open or
// Repair goes on: db.rebuilding counts for nothing, db.repaired is complete.
#include "storage/repair.h"

#include <algorithm>
#include <filesystem>
#include <random>
#include <system_error>
#include <utility>

#include "state/replay.h"
#include "storage/store_impl.h"
#include "tributary/base/status.h"

namespace tributary::storage {

absl::Status Rename(const Options& options, const std::string& from, const std::string& to) {
  return FromRocks(FilesOf(options)->RenameFile(from, to, rocksdb::IOOptions(), nullptr),
                   "renaming " + from + " to " + to);
}

namespace {

absl::StatusOr<bool> Exists(const Options& options, const std::string& path) {
  const rocksdb::IOStatus status =
      FilesOf(options)->FileExists(path, rocksdb::IOOptions(), nullptr);
  if (status.ok()) return true;
  if (status.IsNotFound()) return false;
  return FromRocks(status, "looking for " + path);
}

absl::Status SyncDirectory(const Options& options, const std::string& dir) {
  std::unique_ptr<rocksdb::FSDirectory> directory;
  const rocksdb::IOOptions io;
  const auto files = FilesOf(options);
  TRIBUTARY_RETURN_IF_ERROR(
      FromRocks(files->NewDirectory(dir, io, &directory, nullptr), "syncing " + dir));
  return FromRocks(directory->Fsync(io, nullptr), "syncing " + dir);
}

absl::StatusOr<std::string> FreeDamagedPath(const std::string& dir, const Options& options) {
  for (uint64_t n = 1;; ++n) {
    std::string path = DatabasePath(dir) + ".damaged-" + std::to_string(n);
    const absl::StatusOr<bool> taken = Exists(options, path);
    if (!taken.ok()) return taken.status();
    if (!*taken) return path;
  }
}

// The entries of a damaged database, of which nothing else is opened.
class LogSource final : public state::EntrySource {
 public:
  explicit LogSource(const Database& database) {
    rocksdb::ReadOptions options;
    options.verify_checksums = true;
    options.fill_cache = false;
    options.readahead_size = 2u << 20;
    at_.reset(database.db().NewIterator(options, database.family(ColumnFamily::kLog)));
    at_->SeekToFirst();
  }

  absl::StatusOr<std::optional<std::string>> Next() override {
    const std::string name = "entry " + std::to_string(next_) + " of the log";
    if (!at_->Valid()) {
      TRIBUTARY_RETURN_IF_ERROR(FromRocks(at_->status(), "reading " + name));
      return std::optional<std::string>();
    }
    if (ParseEntryKey(View(at_->key())) != base::EntryIndex(next_)) {
      return base::DataLoss(name + " is missing");
    }
    std::optional<std::string> entry = at_->value().ToString();
    at_->Next();
    ++next_;
    return entry;
  }

 private:
  std::unique_ptr<rocksdb::Iterator> at_;
  uint64_t next_ = 0;
};

class StoreSink final : public state::ReplaySink {
 public:
  explicit StoreSink(Store& store) : store_(store) {}
  const state::PageSource& pages() const override { return store_.pages(); }
  absl::Status Commit(const state::BlockEffects& effects) override {
    return store_.Commit(effects);
  }

 private:
  Store& store_;
};

state::TagKey RandomTagKey() {
  std::random_device device;
  state::TagKey key;
  for (uint8_t& byte : key) byte = static_cast<uint8_t>(device());
  return key;
}

// The last entry of the log, for progress; 0 where it cannot be told.
uint64_t LogSizeOf(const Database& database) {
  const std::unique_ptr<rocksdb::Iterator> at(
      database.db().NewIterator(rocksdb::ReadOptions(), database.family(ColumnFamily::kLog)));
  at->SeekToLast();
  const auto last = at->Valid() ? ParseEntryKey(View(at->key())) : std::nullopt;
  return last ? last->value() + 1 : 0;
}

// The furthest head that anything in the directory tells of.
absl::StatusOr<Head> KnownHead(const std::string& dir, const Options& options,
                               const Database& old) {
  Head known;
  const auto acknowledged = HeadFile::Read(*FilesOf(options), HeadPath(dir));
  if (acknowledged.ok() && *acknowledged) known = **acknowledged;
  const auto value =
      Reader(old, nullptr, Head()).Get(ColumnFamily::kDefault, std::string(kHeadKey), "the head");
  const std::optional<Head> stored =
      value.ok() && *value ? DecodeHead(**value) : std::optional<Head>();
  if (stored && stored->log_size > known.log_size) known = *stored;
  return known;
}

// The engine's note is not in the log. It is carried over where it belongs to the same head;
// without it a network's node has to be restored from the others.
absl::Status CopyEngineHeight(const Database& old, const Head& rebuilt, Store& to) {
  const Reader reader(old, nullptr, Head());
  const auto head = reader.Get(ColumnFamily::kDefault, std::string(kHeadKey), "the head");
  const auto height =
      reader.Get(ColumnFamily::kDefault, std::string(kEngineKey), "the engine's height");
  if (!head.ok() || !*head || DecodeHead(**head) != rebuilt) return absl::OkStatus();
  if (!height.ok() || !*height) return absl::OkStatus();
  const std::optional<uint64_t> number = DecodeNumber(**height);
  return number ? to.NoteEngineHeight(*number) : absl::OkStatus();
}

// Replays the old log into a database at `path`, which is complete and on disk afterwards.
absl::Status Rebuild(const Database& old, const std::string& path, Options options,
                     const Progress& progress, RepairReport& report) {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
  options.create = true;
  options.read_only = false;
  options.sync = false;  // made durable as a whole, at the end
  auto opened = Store::Impl::OpenDatabase(path, std::move(options));
  if (!opened.ok()) return opened.status();
  Store::Impl& impl = **opened;
  const std::unique_ptr<Store> store = Store::Impl::Wrap(*std::move(opened));
  LogSource source(old);
  StoreSink sink(*store);
  state::Resident resident(RandomTagKey());
  const uint64_t all = LogSizeOf(old);
  const auto replayed =
      state::Replay(source, sink, resident, [&](const state::ReplayReport& so_far) {
        if (progress) progress(so_far.entries, std::max(all, so_far.entries));
      });
  if (!replayed.ok()) return replayed.status();
  if (replayed->fault) {
    return base::DataLoss("the log itself is damaged at " + replayed->fault->ToString());
  }
  report.head = store->head();
  report.transactions = replayed->transactions;
  TRIBUTARY_RETURN_IF_ERROR(CopyEngineHeight(old, store->head(), *store));
  return impl.FlushAndClose();
}

absl::Status Refuse(const std::string& dir, const absl::Status& status) {
  if (status.code() != absl::StatusCode::kDataLoss) return status;
  return base::DataLoss(dir + ": " + std::string(base::Message(status)) +
                        ". Nothing was changed; put back a copy of this node's data, or of "
                        "another's");
}

}  // namespace

std::string RebuildingPath(const std::string& dir) { return DatabasePath(dir) + ".rebuilding"; }
std::string RepairedPath(const std::string& dir) { return DatabasePath(dir) + ".repaired"; }

absl::Status FinishRepair(const std::string& dir, const Options& options, std::string* damaged) {
  const absl::StatusOr<bool> repaired = Exists(options, RepairedPath(dir));
  if (!repaired.ok()) return repaired.status();
  if (!*repaired) return absl::OkStatus();
  const absl::StatusOr<bool> old = Exists(options, DatabasePath(dir));
  if (!old.ok()) return old.status();
  if (*old) {
    const absl::StatusOr<std::string> aside = FreeDamagedPath(dir, options);
    if (!aside.ok()) return aside.status();
    TRIBUTARY_RETURN_IF_ERROR(Rename(options, DatabasePath(dir), *aside));
    if (damaged) *damaged = *aside;
  }
  // The old head may be further than a log that was accepted as it is.
  Options read = options;
  read.create = false;
  read.read_only = true;
  {
    const auto impl = Store::Impl::OpenDatabase(RepairedPath(dir), read);
    if (!impl.ok()) return impl.status();
    TRIBUTARY_RETURN_IF_ERROR(HeadFile::Create(*FilesOf(options), HeadPath(dir), (*impl)->head()));
  }
  TRIBUTARY_RETURN_IF_ERROR(Rename(options, RepairedPath(dir), DatabasePath(dir)));
  return SyncDirectory(options, dir);
}

absl::StatusOr<RepairReport> Repair(const std::string& dir, const Options& options,
                                    const Progress& progress, bool accept_shorter_log) {
  auto lock = DirectoryLock::Take(FilesOf(options), dir);
  if (!lock.ok()) return lock.status();
  TRIBUTARY_RETURN_IF_ERROR(FinishRepair(dir, options));
  const auto old = Database::Open(DatabasePath(dir), Database::Mode::kRead, options,
                                  {ColumnFamily::kDefault, ColumnFamily::kLog});
  if (!old.ok()) return Refuse(dir, old.status());
  const absl::StatusOr<Head> known = KnownHead(dir, options, **old);
  if (!known.ok()) return known.status();
  RepairReport report;
  absl::Status status = Rebuild(**old, RebuildingPath(dir), options, progress, report);
  if (!status.ok()) return Refuse(dir, status);
  if (report.head.log_size < known->log_size && !accept_shorter_log) {
    return Refuse(dir, base::DataLoss("the log ends at " + std::to_string(report.head.log_size) +
                                      " entries, but " + std::to_string(known->log_size) +
                                      " were acknowledged (--accept-shorter-log goes on without "
                                      "them)"));
  }
  TRIBUTARY_RETURN_IF_ERROR(Rename(options, RebuildingPath(dir), RepairedPath(dir)));
  TRIBUTARY_RETURN_IF_ERROR(SyncDirectory(options, dir));
  status = FinishRepair(dir, options, &report.damaged_dir);
  if (!status.ok()) return status;
  return report;
}

}  // namespace tributary::storage
