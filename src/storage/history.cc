// Putting back the entries that lie before the snapshot from which a store was restored.
#include <algorithm>
#include <utility>

#include "crypto/hash.h"
#include "storage/store_impl.h"
#include "tributary/base/status.h"

namespace tributary::storage {
namespace {

// The store's own tiles, read without asking what is complete.
class StoredTiles final : public merkle::TileReader {
 public:
  explicit StoredTiles(const Database& database) : database_(database) {}
  absl::StatusOr<std::vector<uint8_t>> ReadTile(merkle::TileId id) const override {
    const auto value = Reader(database_, nullptr, Head())
                           .Get(ColumnFamily::kTiles, TileKey(id), "a tile of the log");
    if (!value.ok()) return value.status();
    if (!*value) return base::NotFound("the tile does not exist");
    const base::Bytes bytes = base::AsBytes(**value);
    return std::vector<uint8_t>(bytes.begin(), bytes.end());
  }

 private:
  const Database& database_;
};

// The first tile of a level that the snapshot brought with it.
uint64_t EdgeTile(uint64_t size, uint32_t level) {
  return (size >> (merkle::kTileHeight * static_cast<int>(level))) / merkle::kTileWidth;
}

absl::Status Wrong(uint64_t entry, const std::string& what) {
  return base::DataLoss("entry " + std::to_string(entry) + " is not that of this chain: " + what);
}

}  // namespace

absl::Status Store::Impl::RestoreFillTree() {
  if (fill_tree_) return absl::OkStatus();
  auto tree = merkle::LogTree::Restore(history().filled, StoredTiles(*database));
  if (!tree.ok()) return tree.status();
  fill_tree_ = *std::move(tree);
  return absl::OkStatus();
}

absl::Status Store::Impl::CheckFilled(uint64_t index, std::string_view entry,
                                      const base::Hash& root,
                                      const codec::BlockHeader& base) const {
  const base::Bytes bytes = base::AsBytes(entry);
  const auto kind = codec::KindOf(bytes);
  if (!kind.ok()) return Wrong(index, "it is no entry");
  if (index == 0) {
    if (*kind == codec::EntryKind::kGenesis && codec::ChainHash(bytes) == base.chain_hash) {
      return absl::OkStatus();
    }
    return Wrong(index, "it is another genesis");
  }
  if (*kind != codec::EntryKind::kHeader) return absl::OkStatus();
  const auto header = codec::DecodeHeader(bytes);
  if (!header.ok()) return Wrong(index, "it is no header");
  if (header->chain_hash != base.chain_hash) return Wrong(index, "it is another chain's header");
  if (header->log_size == index && header->log_root == root && header->height < base.height) {
    return absl::OkStatus();
  }
  return Wrong(index, "its log root is not that of the entries before it");
}

absl::Status Store::Impl::FillHistory(const std::vector<std::string>& entries) {
  const std::lock_guard<std::mutex> filling(fill_mutex_);
  const Past before = history();
  if (before.log_complete() || entries.empty()) return absl::OkStatus();
  TRIBUTARY_CHECK(entries.size() <= before.first_entry - before.filled, "entries too many");
  TRIBUTARY_RETURN_IF_ERROR(RestoreFillTree());
  const auto base_bytes = Latest().ReadEntry(base::EntryIndex(before.first_entry));
  if (!base_bytes.ok()) return base_bytes.status();
  const auto base = codec::DecodeHeader(base::AsBytes(*base_bytes));
  if (!base.ok()) return base::DataLoss("the header of the snapshot is damaged");
  rocksdb::WriteBatch batch;
  const auto put = [&](ColumnFamily which, const std::string& key, std::string_view value) {
    return FromRocks(batch.Put(family(which), key, Slice(value)), "putting back entries");
  };
  auto draft = fill_tree_->NewDraft();
  for (const std::string& entry : entries) {
    const uint64_t index = draft.size();
    TRIBUTARY_RETURN_IF_ERROR(CheckFilled(index, entry, draft.Root(), *base));
    TRIBUTARY_RETURN_IF_ERROR(put(ColumnFamily::kLog, EntryKey(base::EntryIndex(index)), entry));
    if (const auto header = codec::DecodeHeader(base::AsBytes(entry)); header.ok()) {
      TRIBUTARY_RETURN_IF_ERROR(
          put(ColumnFamily::kDefault, HeightKey(header->height), EncodeNumber(index)));
    }
    draft.Append(crypto::LeafHash(base::AsBytes(entry)));
  }
  const Past after{before.height, before.first_entry, draft.size()};
  if (after.log_complete() && draft.Root() != base->log_root) {
    TRIBUTARY_RETURN_IF_ERROR(DropFilled());
    return base::DataLoss("the entries before " + std::to_string(before.first_entry) +
                          " do not give the log root of the header of block " +
                          std::to_string(before.height.value()));
  }
  for (const merkle::TileUpdate& tile : draft.Tiles()) {
    // Those of the edge came with the snapshot and are wider: what is put back must agree with
    // them, for a tree that is restored later trusts them.
    if (tile.id.number >= EdgeTile(before.first_entry, tile.id.level)) {
      const auto known = StoredTiles(*database).ReadTile(tile.id);
      if (absl::IsNotFound(known.status())) continue;
      if (!known.ok()) return known.status();
      if (known->size() >= tile.bytes.size() &&
          std::equal(tile.bytes.begin(), tile.bytes.end(), known->begin())) {
        continue;
      }
      TRIBUTARY_RETURN_IF_ERROR(DropFilled());
      return base::DataLoss("the entries up to " + std::to_string(draft.size()) +
                            " do not give the hashes that the snapshot has of them");
    }
    TRIBUTARY_RETURN_IF_ERROR(
        put(ColumnFamily::kTiles, TileKey(tile.id), base::AsText(tile.bytes)));
  }
  TRIBUTARY_RETURN_IF_ERROR(
      put(ColumnFamily::kDefault, std::string(kFilledKey), EncodeNumber(after.filled)));
  rocksdb::WriteOptions write;
  write.sync = options.sync && after.log_complete();
  TRIBUTARY_RETURN_IF_ERROR(FromRocks(database->db().Write(write, &batch), "putting back entries"));
  fill_tree_->Publish(std::move(draft));
  const std::lock_guard<std::mutex> hold(mutex_);
  history_ = after;
  return absl::OkStatus();
}

absl::Status Store::Impl::DropFilled() {
  const Past now = history();
  rocksdb::WriteBatch batch;
  const auto drop = [&](ColumnFamily which, const std::string& from, const std::string& to) {
    return FromRocks(batch.DeleteRange(family(which), from, to), "taking entries out again");
  };
  TRIBUTARY_RETURN_IF_ERROR(drop(ColumnFamily::kLog, EntryKey(base::EntryIndex(0)),
                                 EntryKey(base::EntryIndex(now.first_entry))));
  TRIBUTARY_RETURN_IF_ERROR(
      drop(ColumnFamily::kDefault, HeightKey(base::Height(0)), HeightKey(now.height)));
  for (uint32_t level = 0; level < static_cast<uint32_t>(merkle::kTileLevels); ++level) {
    TRIBUTARY_RETURN_IF_ERROR(drop(ColumnFamily::kTiles, TileKey({level, 0}),
                                   TileKey({level, EdgeTile(now.first_entry, level)})));
  }
  TRIBUTARY_RETURN_IF_ERROR(FromRocks(
      batch.Delete(family(ColumnFamily::kDefault), Slice(kFilledKey)), "taking entries out again"));
  TRIBUTARY_RETURN_IF_ERROR(
      FromRocks(database->db().Write(rocksdb::WriteOptions(), &batch), "taking entries out again"));
  fill_tree_.reset();
  const std::lock_guard<std::mutex> hold(mutex_);
  history_.filled = 0;
  return absl::OkStatus();
}

}  // namespace tributary::storage
