#include "storage/store.h"

#include <filesystem>
#include <utility>

#include "storage/repair.h"
#include "storage/store_impl.h"
#include "tributary/base/check.h"
#include "tributary/base/status.h"

namespace tributary::storage {
namespace {

// What a store consists of before anything is committed.
absl::Status WriteFormat(const Database& database, bool sync) {
  rocksdb::WriteOptions write;
  write.sync = sync;
  return FromRocks(database.db().Put(write, database.family(ColumnFamily::kDefault),
                                     Slice(kFormatKey), Slice(kFormat)),
                   "making the store");
}

absl::Status CheckFormat(const Reader& reader, const std::string& path) {
  const auto format = reader.Get(ColumnFamily::kDefault, std::string(kFormatKey), "the format");
  if (!format.ok()) return format.status();
  if (!*format) {
    return base::FailedPrecondition(path + " was not made to its end; remove it and start again");
  }
  if (**format != kFormat) {
    return base::FailedPrecondition(path + " has the format " + **format + ", this program reads " +
                                    std::string(kFormat));
  }
  return absl::OkStatus();
}

absl::StatusOr<Head> ReadHead(const Reader& reader) {
  const auto value = reader.Get(ColumnFamily::kDefault, std::string(kHeadKey), "the head");
  if (!value.ok()) return value.status();
  if (!*value) return Head();
  const std::optional<Head> head = DecodeHead(**value);
  if (!head) return base::DataLoss("the head of the store is damaged");
  return *head;
}

absl::StatusOr<uint64_t> ReadEngineHeight(const Reader& reader) {
  const auto value =
      reader.Get(ColumnFamily::kDefault, std::string(kEngineKey), "the engine's height");
  if (!value.ok()) return value.status();
  if (!*value) return uint64_t{0};
  const std::optional<uint64_t> height = DecodeNumber(**value);
  if (!height) return base::DataLoss("the engine's height in the store is damaged");
  return *height;
}

absl::StatusOr<Past> ReadHistory(const Reader& reader) {
  const auto base =
      reader.Get(ColumnFamily::kDefault, std::string(kBaseKey), "what the store was restored from");
  if (!base.ok()) return base.status();
  if (!*base) return Past();
  const auto filled = reader.Get(ColumnFamily::kDefault, std::string(kFilledKey),
                                 "how much of the log was put back");
  if (!filled.ok()) return filled.status();
  const std::optional<Head> from = DecodeHead(**base);
  const std::optional<uint64_t> number = *filled ? DecodeNumber(**filled) : uint64_t{0};
  if (!from || !number || from->height.value() == 0 || *number > from->log_size) {
    return base::DataLoss("what the store says of the snapshot it was restored from is damaged");
  }
  return Past{from->height, from->log_size, *number};
}

std::string NameOf(const Head& head) {
  return "height " + std::to_string(head.height.value()) + " (" + std::to_string(head.log_size) +
         " entries)";
}

// The database must not be behind what was acknowledged.
absl::Status CompareHeads(const std::string& dir, const std::optional<Head>& acknowledged,
                          const Head& found) {
  if (!acknowledged || acknowledged->log_size <= found.log_size) return absl::OkStatus();
  return base::DataLoss(dir + " is cut short: " + NameOf(*acknowledged) +
                        " was acknowledged, but the database ends at " + NameOf(found) +
                        ". Put back what is missing from a copy; to go on with what is left, run "
                        "`tributaryd repair --data " +
                        dir + " --accept-shorter-log`");
}

absl::Status MakeDirectory(rocksdb::FileSystem& files, const std::string& dir) {
  return FromRocks(files.CreateDirIfMissing(dir, rocksdb::IOOptions(), nullptr), "making " + dir);
}

absl::Status SyncDirectory(rocksdb::FileSystem& files, const std::string& dir) {
  std::unique_ptr<rocksdb::FSDirectory> directory;
  const rocksdb::IOOptions io;
  const std::string doing = "syncing " + dir;
  TRIBUTARY_RETURN_IF_ERROR(FromRocks(files.NewDirectory(dir, io, &directory, nullptr), doing));
  return FromRocks(directory->Fsync(io, nullptr), doing);
}

// The directory that holds `dir`.
std::string ParentOf(const std::string& dir) {
  const std::string parent = std::filesystem::path(dir).parent_path().string();
  return parent.empty() ? "." : parent;
}

bool HeldByAnother(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return text.find("lock hold by current process") != std::string::npos ||
         text.find("Resource temporarily unavailable") != std::string::npos;
}

}  // namespace

std::string DatabasePath(const std::string& dir) { return dir + "/db"; }
std::string HeadPath(const std::string& dir) { return dir + "/head"; }
std::string LockPath(const std::string& dir) { return dir + "/lock"; }

absl::StatusOr<std::unique_ptr<DirectoryLock>> DirectoryLock::Take(
    std::shared_ptr<rocksdb::FileSystem> files, const std::string& dir) {
  rocksdb::FileLock* lock = nullptr;
  const rocksdb::Status status =
      files->LockFile(LockPath(dir), rocksdb::IOOptions(), &lock, nullptr);
  if (!status.ok() && HeldByAnother(status)) {
    return base::FailedPrecondition("another process holds " + dir + " (" + LockPath(dir) +
                                    "); stop it first");
  }
  if (status.IsPathNotFound()) {
    return base::FailedPrecondition("there is no store in " + dir +
                                    "; make one with `tributaryd init`");
  }
  if (!status.ok()) return FromRocks(status, "locking " + dir);
  return std::unique_ptr<DirectoryLock>(new DirectoryLock(std::move(files), lock));
}

DirectoryLock::~DirectoryLock() {
  files_->UnlockFile(lock_, rocksdb::IOOptions(), nullptr).PermitUncheckedError();
}

absl::StatusOr<std::unique_ptr<Store::Impl>> Store::Impl::OpenDatabase(const std::string& path,
                                                                       Options options) {
  auto impl = std::make_unique<Impl>();
  const Database::Mode mode = options.create      ? Database::Mode::kCreate
                              : options.read_only ? Database::Mode::kRead
                                                  : Database::Mode::kWrite;
  auto database = Database::Open(path, mode, options);
  if (!database.ok()) return database.status();
  impl->dir = path;
  impl->database = *std::move(database);
  if (options.create) {
    TRIBUTARY_RETURN_IF_ERROR(WriteFormat(*impl->database, options.sync));
  }
  const Reader reader(*impl->database, nullptr, Head());
  TRIBUTARY_RETURN_IF_ERROR(CheckFormat(reader, path));
  const absl::StatusOr<Head> head = ReadHead(reader);
  if (!head.ok()) return head.status();
  impl->head_ = *head;
  const auto engine_height = ReadEngineHeight(reader);
  if (!engine_height.ok()) return engine_height.status();
  impl->engine_height_ = *engine_height;
  const auto history = ReadHistory(reader);
  if (!history.ok()) return history.status();
  impl->history_ = *history;
  auto row_counts = ReadRowCounts(*impl->database, nullptr);
  if (!row_counts.ok()) return row_counts.status();
  impl->pages = std::make_unique<WriterPages>(*impl->database, *std::move(row_counts),
                                              options.page_cache_bytes);
  impl->options = std::move(options);
  return impl;
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

std::unique_ptr<Store> Store::Impl::Wrap(std::unique_ptr<Impl> impl) {
  return std::unique_ptr<Store>(new Store(std::move(impl)));
}

absl::StatusOr<std::unique_ptr<Store>> Store::Open(const std::string& dir, Options options) {
  if (options.create && options.read_only) {
    return base::InvalidArgument("a store that is only read cannot be made");
  }
  const auto files = FilesOf(options);
  std::unique_ptr<DirectoryLock> lock;
  if (options.create) TRIBUTARY_RETURN_IF_ERROR(MakeDirectory(*files, dir));
  if (!options.read_only) {
    auto taken = DirectoryLock::Take(files, dir);
    if (!taken.ok()) return taken.status();
    lock = *std::move(taken);
    TRIBUTARY_RETURN_IF_ERROR(FinishRepair(dir, options));
  }
  // Read before the database is: a writer that is still at work may be ahead of it by then.
  const auto acknowledged = HeadFile::Read(*files, HeadPath(dir));
  if (!acknowledged.ok()) return acknowledged.status();
  const bool create = options.create;
  auto impl = Impl::OpenDatabase(DatabasePath(dir), std::move(options));
  if (!impl.ok()) return impl.status();
  TRIBUTARY_RETURN_IF_ERROR(CompareHeads(dir, *acknowledged, (*impl)->head()));
  (*impl)->dir = dir;
  if (lock) {
    if (!*acknowledged) {
      TRIBUTARY_RETURN_IF_ERROR(HeadFile::Create(*files, HeadPath(dir), (*impl)->head()));
    }
    if (create) {
      TRIBUTARY_RETURN_IF_ERROR(SyncDirectory(*files, dir));
      TRIBUTARY_RETURN_IF_ERROR(SyncDirectory(*files, ParentOf(dir)));
    }
    auto head_file = HeadFile::Open(*files, HeadPath(dir));
    if (!head_file.ok()) return head_file.status();
    (*impl)->head_file = *std::move(head_file);
    (*impl)->lock = std::move(lock);
  }
  return Impl::Wrap(*std::move(impl));
}

absl::Status Store::Commit(const state::BlockEffects& effects,
                           std::optional<uint64_t> engine_height) {
  return impl_->Commit(effects, engine_height);
}
uint64_t Store::engine_height() const { return impl_->engine_height(); }
absl::Status Store::NoteEngineHeight(uint64_t height) { return impl_->NoteEngineHeight(height); }

const state::PageSource& Store::pages() const { return *impl_->pages; }
absl::Status Store::pages_status() const { return impl_->pages->status(); }

Head Store::Impl::head() const {
  const std::lock_guard<std::mutex> hold(mutex_);
  return head_;
}
Head Store::head() const { return impl_->head(); }

Past Store::Impl::history() const {
  const std::lock_guard<std::mutex> hold(mutex_);
  return history_;
}
Past Store::history() const { return impl_->history(); }
absl::Status Store::FillHistory(const std::vector<std::string>& entries) {
  return impl_->FillHistory(entries);
}

absl::StatusOr<std::string> Store::ReadEntry(base::EntryIndex index) const {
  return impl_->Latest().ReadEntry(index);
}
absl::Status Store::ReadEntries(base::EntryIndex first, uint64_t count_max, uint64_t bytes_max,
                                const Visitor<base::EntryIndex, std::string_view>& visit) const {
  return impl_->Latest().ReadEntries(first, count_max, bytes_max, visit);
}
absl::StatusOr<base::EntryIndex> Store::HeaderEntry(base::Height height) const {
  return impl_->Latest().HeaderEntry(height);
}
absl::StatusOr<std::optional<index::TransactionPlace>> Store::FindTransaction(
    const base::TxId& id) const {
  return impl_->Latest().FindTransaction(id);
}
absl::StatusOr<std::vector<uint8_t>> Store::ReadTile(merkle::TileId id) const {
  return impl_->Latest().ReadTile(id);
}

std::vector<std::pair<std::string, uint64_t>> Store::DiskBytes() const {
  std::vector<std::pair<std::string, uint64_t>> out;
  rocksdb::DB& db = impl_->database->db();
  for (const ColumnFamily which : Database::AllFamilies()) {
    uint64_t bytes = 0;
    db.GetIntProperty(impl_->database->family(which), rocksdb::DB::Properties::kTotalSstFilesSize,
                      &bytes);
    out.emplace_back(kColumnFamilyNames[static_cast<size_t>(which)], bytes);
  }
  rocksdb::VectorLogPtr files;
  uint64_t wal_bytes = 0;
  if (db.GetSortedWalFiles(files).ok()) {
    for (const auto& file : files) wal_bytes += file->SizeFileBytes();
  }
  out.emplace_back("wal", wal_bytes);
  return out;
}

}  // namespace tributary::storage
