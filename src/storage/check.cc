// The whole log against its tiles, its headers and the map of heights.
#include <map>

#include "codec/header.h"
#include "crypto/hash.h"
#include "merkle/log_tree.h"
#include "storage/store_impl.h"
#include "tributary/base/status.h"

namespace tributary::storage {
namespace {

constexpr uint64_t kReportEvery = 1024;

class LogCheck {
 public:
  explicit LogCheck(const ReadSnapshot& snapshot) : snapshot_(snapshot) {}

  absl::Status Entry(base::EntryIndex index, std::string_view entry) {
    const auto kind = codec::KindOf(base::AsBytes(entry));
    if (!kind) return Damaged(index, kind.rejection().ToString());
    if (*kind == codec::EntryKind::kHeader) TRIBUTARY_RETURN_IF_ERROR(Header(index, entry));
    const auto hashes = frontier_.Append(crypto::LeafHash(base::AsBytes(entry)));
    for (uint32_t level = 0; level < hashes.levels; ++level) {
      TRIBUTARY_RETURN_IF_ERROR(TileHash(index, level, hashes.hashes[level]));
    }
    return absl::OkStatus();
  }

  // What is known only at the end: no tile holds more than the log gives.
  absl::Status End() const {
    for (const auto& [level, tile] : tiles_) {
      if (tile.next * base::Hash::kSize != tile.bytes.size()) {
        return base::DataLoss("tile " + std::to_string(level) + "/" + std::to_string(tile.number) +
                              " holds more hashes than the log has entries for");
      }
    }
    return absl::OkStatus();
  }

 private:
  struct Tile {
    uint64_t number = UINT64_MAX;
    size_t next = 0;  // hash to compare
    std::vector<uint8_t> bytes;
  };

  static absl::Status Damaged(base::EntryIndex index, const std::string& what) {
    return base::DataLoss("entry " + std::to_string(index.value()) + ": " + what);
  }

  absl::Status Header(base::EntryIndex index, std::string_view entry) {
    const auto header = codec::DecodeHeader(base::AsBytes(entry));
    if (!header) return Damaged(index, header.rejection().ToString());
    if (header->log_size != index.value() || header->log_root != frontier_.Root()) {
      return Damaged(index, "the header's log root is not that of the entries before it");
    }
    if (header->first_entry.value() != after_header_) {
      return Damaged(index, "the header does not begin where the one before it ended");
    }
    after_header_ = index.value() + 1;
    const auto stored = snapshot_.HeaderEntry(header->height);
    if (!stored.ok()) return stored.status();
    if (*stored == index) return absl::OkStatus();
    return Damaged(index, "the map of heights leads elsewhere");
  }

  absl::Status TileHash(base::EntryIndex index, uint32_t level, const base::Hash& hash) {
    Tile& tile = tiles_[level];
    if (tile.number == UINT64_MAX || tile.next == merkle::kTileWidth) {
      ++tile.number;
      tile.next = 0;
      auto bytes = snapshot_.ReadTile({level, tile.number});
      if (!bytes.ok()) return bytes.status();
      tile.bytes = *std::move(bytes);
    }
    const size_t at = tile.next++ * base::Hash::kSize;
    if (at + base::Hash::kSize <= tile.bytes.size() &&
        base::Hash::From(base::Bytes(tile.bytes).subspan(at, base::Hash::kSize)) == hash) {
      return absl::OkStatus();
    }
    return Damaged(index, "does not match its hash in tile " + std::to_string(level) + "/" +
                              std::to_string(tile.number));
  }

  const ReadSnapshot& snapshot_;
  merkle::Frontier frontier_;
  uint64_t after_header_ = 0;
  std::map<uint32_t, Tile> tiles_;
};

}  // namespace

absl::Status Store::CheckLog(const Progress& progress) const {
  const std::unique_ptr<ReadSnapshot> snapshot = Snapshot();
  TRIBUTARY_RETURN_IF_ERROR(snapshot->status());
  const uint64_t size = snapshot->head().log_size;
  LogCheck check(*snapshot);
  absl::Status wrong;
  const auto visit = [&](base::EntryIndex index, std::string_view entry) {
    wrong = check.Entry(index, entry);
    const uint64_t done = index.value() + 1;
    if (progress && (done % kReportEvery == 0 || done == size)) progress(done, size);
    return wrong.ok();
  };
  TRIBUTARY_RETURN_IF_ERROR(
      snapshot->ReadEntries(base::EntryIndex(0), UINT64_MAX, UINT64_MAX, visit));
  TRIBUTARY_RETURN_IF_ERROR(wrong);
  return check.End();
}

}  // namespace tributary::storage
