#include "merkle/log_proofs.h"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <utility>

#include "crypto/hash.h"
#include "tributary/merkle/verify.h"

namespace tributary::merkle {
namespace {

using base::Hash;

// A range of leaves [first, first + count) that is a subtree of the tree.
struct Subtree {
  uint64_t first;
  uint64_t count;

  // Leaves of the left child: the largest power of two below count. Requires: count > 1.
  uint64_t Split() const { return std::bit_floor(count - 1); }
  Subtree Left() const { return {first, Split()}; }
  Subtree Right() const { return {first + Split(), count - Split()}; }
};

// Computes subtree roots of the tree of one size. Collects the first error instead of returning it
// at every step: what is computed after an error is meaningless.
class SubtreeHasher {
 public:
  SubtreeHasher(const TileReader& reader, uint64_t size) : reader_(reader), size_(size) {}

  const absl::Status& status() const { return status_; }

  Hash Root(Subtree subtree) {
    if (std::has_single_bit(subtree.count)) return RootOfAligned(subtree);
    const Hash left = RootOfAligned(subtree.Left());
    return crypto::NodeHash(left, Root(subtree.Right()));
  }

 private:
  // Hashes up at most 128 hashes of one tile.
  Hash RootOfAligned(Subtree subtree) {
    const int height = std::countr_zero(subtree.count);
    const auto level = static_cast<uint32_t>(height / kTileHeight);
    const uint64_t position = subtree.first >> (kTileHeight * level);
    const std::vector<uint8_t>& tile = Tile(TileId{level, position / kTileWidth});
    if (!status_.ok()) return {};
    std::array<Hash, kTileWidth / 2> row;
    const size_t width = size_t{1} << (height % kTileHeight);
    for (size_t i = 0; i < width; ++i) {
      const size_t at = (position % kTileWidth + i) * Hash::kSize;
      row[i] = Hash::From(base::Bytes(tile).subspan(at, Hash::kSize));
    }
    return RootOfComplete(std::span(row).first(width));
  }

  const std::vector<uint8_t>& Tile(TileId id) {
    std::vector<uint8_t>& tile = tiles_[id];
    if (!tile.empty() || !status_.ok()) return tile;
    auto read = ReadTileAt(reader_, id, size_);
    if (read.ok()) {
      tile = *std::move(read);
    } else {
      status_ = read.status();
    }
    return tile;
  }

  const TileReader& reader_;
  uint64_t size_;
  absl::Status status_;
  std::map<TileId, std::vector<uint8_t>> tiles_;
};

// Proofs are gathered from the root downwards and read from the leaf upwards.
absl::StatusOr<std::vector<Hash>> Finish(const SubtreeHasher& hasher, std::vector<Hash> proof) {
  if (!hasher.status().ok()) return hasher.status();
  std::reverse(proof.begin(), proof.end());
  return proof;
}

}  // namespace

absl::StatusOr<Hash> RootAt(const TileReader& reader, uint64_t size) {
  if (size > kTreeSizeMax) return base::InvalidArgument("tree size is beyond 2^63-1");
  if (size == 0) return EmptyRoot();
  SubtreeHasher hasher(reader, size);
  const Hash root = hasher.Root({0, size});
  if (!hasher.status().ok()) return hasher.status();
  return root;
}

absl::StatusOr<Hash> LeafAt(const TileReader& reader, uint64_t index, uint64_t size) {
  if (size > kTreeSizeMax || index >= size) {
    return base::InvalidArgument("the index is not below the tree size");
  }
  SubtreeHasher hasher(reader, size);
  const Hash leaf = hasher.Root({index, 1});
  if (!hasher.status().ok()) return hasher.status();
  return leaf;
}

absl::StatusOr<std::vector<Hash>> InclusionProof(const TileReader& reader, uint64_t index,
                                                 uint64_t size) {
  if (size > kTreeSizeMax || index >= size) {
    return base::InvalidArgument("the index is not below the tree size");
  }
  SubtreeHasher hasher(reader, size);
  std::vector<Hash> proof;
  for (Subtree at{0, size}; at.count > 1;) {
    const bool in_left = index < at.Right().first;
    proof.push_back(hasher.Root(in_left ? at.Right() : at.Left()));
    at = in_left ? at.Left() : at.Right();
  }
  return Finish(hasher, std::move(proof));
}

absl::StatusOr<std::vector<Hash>> ConsistencyProof(const TileReader& reader, uint64_t m,
                                                   uint64_t n) {
  if (n > kTreeSizeMax || m > n) {
    return base::InvalidArgument("the first tree size is above the second");
  }
  if (m == 0 || m == n) return std::vector<Hash>();
  SubtreeHasher hasher(reader, n);
  std::vector<Hash> proof;
  // Down to the subtree that ends where the old tree ended.
  Subtree at{0, n};
  while (at.first + at.count != m) {
    const bool ends_in_left = m <= at.Right().first;
    proof.push_back(hasher.Root(ends_in_left ? at.Right() : at.Left()));
    at = ends_in_left ? at.Left() : at.Right();
  }
  // A subtree that starts at 0 is the whole old tree, whose root the verifier knows.
  if (at.first != 0) proof.push_back(hasher.Root(at));
  return Finish(hasher, std::move(proof));
}

}  // namespace tributary::merkle
