#include "merkle/log_tree.h"

#include <algorithm>
#include <bit>
#include <span>
#include <utility>

#include "crypto/hash.h"
#include "tributary/base/check.h"
#include "tributary/merkle/verify.h"

namespace tributary::merkle {
namespace {

using base::Hash;

uint64_t HashesAt(uint64_t size, size_t level) {
  return size >> (static_cast<size_t>(kTileHeight) * level);
}

void AppendBytes(std::vector<uint8_t>& out, std::span<const Hash> hashes) {
  for (const Hash& hash : hashes) out.insert(out.end(), hash.bytes.begin(), hash.bytes.end());
}

std::vector<Hash> SplitHashes(const std::vector<uint8_t>& bytes) {
  std::vector<Hash> out;
  out.reserve(kTileWidth);
  for (size_t at = 0; at + Hash::kSize <= bytes.size(); at += Hash::kSize) {
    out.push_back(Hash::From(base::Bytes(bytes).subspan(at, Hash::kSize)));
  }
  return out;
}

}  // namespace

Hash Frontier::Root() const {
  if (size_ == 0) return EmptyRoot();
  int height = std::countr_zero(size_);
  Hash root = peaks_[static_cast<size_t>(height)];
  while (size_ >> ++height != 0) {
    if (size_ >> height & 1) root = crypto::NodeHash(peaks_[static_cast<size_t>(height)], root);
  }
  return root;
}

Frontier::TileHashes Frontier::Append(const Hash& leaf) {
  TRIBUTARY_CHECK(size_ < kTreeSizeMax, "log tree is full");
  TileHashes out;
  out.hashes[out.levels++] = leaf;
  Hash node = leaf;
  size_t height = 0;
  for (; size_ >> height & 1; ++height) {
    node = crypto::NodeHash(peaks_[height], node);
    if ((height + 1) % kTileHeight == 0) out.hashes[out.levels++] = node;
  }
  peaks_[height] = node;
  ++size_;
  return out;
}

void Frontier::AppendSubtree(int height, const Hash& root) {
  const uint64_t leaves = uint64_t{1} << height;
  TRIBUTARY_CHECK(size_ % leaves == 0 && size_ <= kTreeSizeMax - leaves, "misplaced subtree");
  Hash node = root;
  auto at = static_cast<size_t>(height);
  for (; size_ >> at & 1; ++at) node = crypto::NodeHash(peaks_[at], node);
  peaks_[at] = node;
  size_ += leaves;
}

void LogTree::Draft::Append(const Hash& leaf) {
  const Frontier::TileHashes added = frontier_.Append(leaf);
  for (size_t level = 0; level < added.levels; ++level) {
    added_[level].push_back(added.hashes[level]);
  }
}

std::vector<TileUpdate> LogTree::Draft::Tiles() const {
  std::vector<TileUpdate> out;
  for (size_t level = 0; level < added_.size(); ++level) {
    std::span<const Hash> rest = added_[level];
    uint64_t position = HashesAt(tree_->size(), level);
    while (!rest.empty()) {
      TileUpdate tile;
      tile.id = TileId{static_cast<uint32_t>(level), position / kTileWidth};
      tile.old_width = static_cast<uint32_t>(position % kTileWidth);
      const size_t count = std::min<size_t>(rest.size(), kTileWidth - tile.old_width);
      tile.bytes.reserve((tile.old_width + count) * Hash::kSize);
      if (tile.old_width != 0) AppendBytes(tile.bytes, tree_->partial_[level]);
      AppendBytes(tile.bytes, rest.first(count));
      out.push_back(std::move(tile));
      rest = rest.subspan(count);
      position += count;
    }
  }
  return out;
}

absl::StatusOr<LogTree> LogTree::Restore(uint64_t size, const TileReader& reader) {
  if (size > kTreeSizeMax) return base::InvalidArgument("log size is beyond 2^63-1");
  LogTree tree;
  for (int level = kTileLevels - 1; level >= 0; --level) {
    const uint64_t hashes = HashesAt(size, static_cast<size_t>(level));
    if (hashes % kTileWidth == 0) continue;
    const TileId id{static_cast<uint32_t>(level), hashes / kTileWidth};
    auto bytes = ReadTileAt(reader, id, size);
    if (absl::IsNotFound(bytes.status())) {
      return base::DataLoss("a tile of the log's right edge is missing");
    }
    if (!bytes.ok()) return bytes.status();
    std::vector<Hash>& partial = tree.partial_[static_cast<size_t>(level)];
    partial = SplitHashes(*bytes);
    std::vector<Hash> scratch = partial;
    std::span<Hash> rest = scratch;
    for (int height = kTileHeight - 1; height >= 0; --height) {
      if ((partial.size() >> height & 1) == 0) continue;
      const size_t count = size_t{1} << height;
      tree.frontier_.AppendSubtree(level * kTileHeight + height, RootOfComplete(rest.first(count)));
      rest = rest.subspan(count);
    }
  }
  return tree;
}

void LogTree::Publish(Draft&& draft) {
  const Draft taken = std::move(draft);
  size_t added = taken.added_[0].size();
  TRIBUTARY_CHECK(taken.tree_ == this && taken.size() == size() + added,
                  "draft of another tree or an older size");
  for (size_t level = 0; level < taken.added_.size(); ++level) {
    for (const Hash& hash : taken.added_[level]) AddToTile(static_cast<uint32_t>(level), hash);
  }
  frontier_ = taken.frontier_;
}

void LogTree::Append(const Hash& leaf) {
  const Frontier::TileHashes added = frontier_.Append(leaf);
  for (uint32_t level = 0; level < added.levels; ++level) AddToTile(level, added.hashes[level]);
}

void LogTree::AddToTile(uint32_t level, const Hash& hash) {
  std::vector<Hash>& tile = partial_[level];
  tile.push_back(hash);
  if (tile.size() == kTileWidth) tile.clear();
}

}  // namespace tributary::merkle
