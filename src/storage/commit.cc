// The one place that writes: a block as one synced batch.
#include "codec/header.h"
#include "storage/store_impl.h"
#include "tributary/base/check.h"
#include "tributary/base/status.h"

// Within a builder: the first error ends it.
#define TRIBUTARY_RETURN_IF_ROCKS_ERROR(expression)                            \
  do {                                                                         \
    if (rocksdb::Status status_ = (expression); !status_.ok()) return status_; \
  } while (false)

namespace tributary::storage {
namespace {

// More single deletions than this become one range.
constexpr uint64_t kSingleDeletesMax = 256;
constexpr size_t kProtectionBytes = 8;  // per key, from here to the memtable

Head HeadAfter(const state::BlockEffects& effects) {
  return Head{effects.header.height, effects.log_size};
}

void CheckFollows(const state::BlockEffects& effects, const Head& head) {
  TRIBUTARY_CHECK(effects.first_entry.value() == head.log_size, "a block does not follow the log");
  TRIBUTARY_CHECK(!effects.entries.empty(), "a block without a header");
  TRIBUTARY_CHECK(effects.log_size == head.log_size + effects.entries.size(),
                  "a block's entries do not add up to its log size");
  TRIBUTARY_CHECK(head.empty() || effects.header.height == head.height.Next(),
                  "a block does not follow the last height");
  TRIBUTARY_CHECK(effects.entries.back() == effects.header_bytes,
                  "a block's last entry is not its header");
}

size_t EstimateBytes(const state::BlockEffects& effects) {
  size_t bytes = 4096 + effects.pages.size() * (state::kPageBytes / 2);
  for (const std::string& entry : effects.entries) bytes += entry.size() + 32;
  for (const merkle::TileUpdate& tile : effects.tiles) bytes += tile.bytes.size() + 32;
  return bytes;
}

}  // namespace

void Store::Impl::At(std::string_view step) const {
  if (options.at_step) options.at_step(step);
}

absl::Status Store::Impl::Commit(const state::BlockEffects& effects,
                                 std::optional<uint64_t> engine_height) {
  if (options.read_only) return base::FailedPrecondition("the store was opened for reading only");
  TRIBUTARY_RETURN_IF_ERROR(latched_);
  CheckFollows(effects, head());
  const Head next = HeadAfter(effects);
  latched_ = Write(effects, next, engine_height);
  TRIBUTARY_RETURN_IF_ERROR(latched_);
  pages->Apply(effects);
  const std::lock_guard<std::mutex> hold(mutex_);
  head_ = next;
  if (engine_height) engine_height_ = *engine_height;
  return absl::OkStatus();
}

uint64_t Store::Impl::engine_height() const {
  const std::lock_guard<std::mutex> hold(mutex_);
  return engine_height_;
}

absl::Status Store::Impl::NoteEngineHeight(uint64_t height) {
  if (options.read_only) return base::FailedPrecondition("the store was opened for reading only");
  TRIBUTARY_RETURN_IF_ERROR(latched_);
  latched_ = FromRocks(database->db().Put(rocksdb::WriteOptions(), family(ColumnFamily::kDefault),
                                          Slice(kEngineKey), EncodeNumber(height)),
                       "noting the engine's height " + std::to_string(height));
  TRIBUTARY_RETURN_IF_ERROR(latched_);
  const std::lock_guard<std::mutex> hold(mutex_);
  engine_height_ = height;
  return absl::OkStatus();
}

absl::Status Store::Impl::Write(const state::BlockEffects& effects, const Head& next,
                                std::optional<uint64_t> engine_height) {
  const std::string doing = "committing height " + std::to_string(next.height.value());
  At("before_batch");
  rocksdb::WriteBatch batch(EstimateBytes(effects), 0, kProtectionBytes, 0);
  TRIBUTARY_RETURN_IF_ERROR(FromRocks(Build(effects, batch), doing));
  if (engine_height) {
    TRIBUTARY_RETURN_IF_ERROR(FromRocks(
        batch.Put(family(ColumnFamily::kDefault), Slice(kEngineKey), EncodeNumber(*engine_height)),
        doing));
  }
  At("after_build");
  rocksdb::WriteOptions write;
  write.sync = options.sync;
  At("before_write");
  TRIBUTARY_RETURN_IF_ERROR(FromRocks(database->db().Write(write, &batch), doing));
  At("after_write");
  return head_file ? head_file->Write(next) : absl::OkStatus();
}

rocksdb::Status Store::Impl::Build(const state::BlockEffects& effects,
                                   rocksdb::WriteBatch& batch) const {
  TRIBUTARY_RETURN_IF_ROCKS_ERROR(BuildLog(effects, batch));
  TRIBUTARY_RETURN_IF_ROCKS_ERROR(BuildState(effects, batch));
  TRIBUTARY_RETURN_IF_ROCKS_ERROR(BuildIndex(effects, batch));
  return batch.Put(family(ColumnFamily::kDefault), Slice(kHeadKey), EncodeHead(HeadAfter(effects)));
}

rocksdb::Status Store::Impl::BuildLog(const state::BlockEffects& effects,
                                      rocksdb::WriteBatch& batch) const {
  base::EntryIndex index = effects.first_entry;
  for (const std::string& entry : effects.entries) {
    TRIBUTARY_RETURN_IF_ROCKS_ERROR(batch.Put(family(ColumnFamily::kLog), EntryKey(index), entry));
    index = index.Next();
  }
  for (const merkle::TileUpdate& tile : effects.tiles) {
    TRIBUTARY_RETURN_IF_ROCKS_ERROR(
        batch.Put(family(ColumnFamily::kTiles), TileKey(tile.id), Slice(base::AsText(tile.bytes))));
  }
  return batch.Put(family(ColumnFamily::kDefault), HeightKey(effects.header.height),
                   EncodeNumber(effects.log_size - 1));
}

rocksdb::Status Store::Impl::BuildState(const state::BlockEffects& effects,
                                        rocksdb::WriteBatch& batch) const {
  for (const state::TableUpdate& update : effects.tables) {
    TRIBUTARY_RETURN_IF_ROCKS_ERROR(BuildTable(update, batch));
  }
  for (const state::PageUpdate& update : effects.pages) {
    TRIBUTARY_RETURN_IF_ROCKS_ERROR(batch.Put(family(ColumnFamily::kPages),
                                              PageKey(update.table, update.number),
                                              Slice(TrimPage(*update.page))));
  }
  return rocksdb::Status::OK();
}

// The row count, and the pages that go: all of a cleared table, those beyond its end of another
// one.
rocksdb::Status Store::Impl::BuildTable(const state::TableUpdate& update,
                                        rocksdb::WriteBatch& batch) const {
  const uint64_t old_pages = PagesOf(update.table, pages->RowCount(update.table));
  uint64_t first = update.cleared ? 0 : PagesOf(update.table, update.row_count);
  if (old_pages > first + kSingleDeletesMax) {
    TRIBUTARY_RETURN_IF_ROCKS_ERROR(batch.DeleteRange(family(ColumnFamily::kPages),
                                                      PageKey(update.table, first),
                                                      PageKey(update.table, old_pages)));
    first = old_pages;
  }
  for (; first < old_pages; ++first) {
    TRIBUTARY_RETURN_IF_ROCKS_ERROR(
        batch.Delete(family(ColumnFamily::kPages), PageKey(update.table, first)));
  }
  if (update.row_count == 0) {
    return batch.Delete(family(ColumnFamily::kDefault), RowCountKey(update.table));
  }
  return batch.Put(family(ColumnFamily::kDefault), RowCountKey(update.table),
                   EncodeNumber(update.row_count));
}

rocksdb::Status Store::Impl::BuildIndex(const state::BlockEffects& effects,
                                        rocksdb::WriteBatch& batch) const {
  for (const index::Row& row : index::IndexRows(effects)) {
    rocksdb::ColumnFamilyHandle* where = family(FamilyOfRow(row.key));
    TRIBUTARY_RETURN_IF_ROCKS_ERROR(row.removed ? batch.Delete(where, row.key)
                                                : batch.Put(where, row.key, row.value));
  }
  return rocksdb::Status::OK();
}

}  // namespace tributary::storage
