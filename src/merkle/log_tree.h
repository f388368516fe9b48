// The log's append-only RFC 6962 tree. In memory: its right edge only, that is, the partial tile of
// each level (below 64 KiB); everything to the left lies in stored tiles.
#ifndef TRIBUTARY_MERKLE_LOG_TREE_H_
#define TRIBUTARY_MERKLE_LOG_TREE_H_

#include <array>
#include <cstdint>
#include <vector>

#include "merkle/tiles.h"
#include "tributary/base/status.h"
#include "tributary/base/types.h"

namespace tributary::merkle {

// The least state from which a log tree grows: the roots of the complete subtrees that a size's
// binary digits stand for. Enough for whoever wants roots and keeps no tiles. Append costs two
// hashes on average, Root at most 62.
class Frontier {
 public:
  // The hashes that one append adds to the tiles: [0] to level 0, [1] to level 1, and so on.
  struct TileHashes {
    std::array<base::Hash, kTileLevels> hashes;
    uint32_t levels = 0;
  };

  uint64_t size() const { return size_; }
  base::Hash Root() const;
  TileHashes Append(const base::Hash& leaf);
  // Adds a complete subtree of 2^height leaves at once. Requires: size() is a multiple of it.
  void AppendSubtree(int height, const base::Hash& root);

 private:
  uint64_t size_ = 0;
  std::array<base::Hash, 63> peaks_{};  // [h] is in use where bit h of size_ is set
};

// A tile that an append changed.
struct TileUpdate {
  TileId id;
  uint32_t old_width = 0;      // hashes that it had before, 0 for a new tile
  std::vector<uint8_t> bytes;  // its new form, up to kTileBytes
};

// Thread safety: none of its own; const methods may run at the same time.
class LogTree {
 public:
  // An append that is not part of the tree yet. Holds only what is new, so that making one and
  // dropping it cost nothing; several may exist beside each other.
  // Requires: the tree is neither changed, moved nor destroyed while it is used.
  class Draft {
   public:
    void Append(const base::Hash& leaf);
    uint64_t size() const { return frontier_.size(); }
    base::Hash Root() const { return frontier_.Root(); }
    // The tiles that it changes, by level and number.
    std::vector<TileUpdate> Tiles() const;

   private:
    friend class LogTree;
    explicit Draft(const LogTree& tree) : tree_(&tree), frontier_(tree.frontier_) {}

    const LogTree* tree_;
    Frontier frontier_;
    std::array<std::vector<base::Hash>, kTileLevels> added_;  // per tile level
  };

  LogTree() = default;
  // The tree of `size` leaves from its stored partial tiles. The caller compares Root() with the
  // root that it knows.
  // Errors: kDataLoss for a missing or short tile; the reader's own; kInvalidArgument for a size
  // beyond kTreeSizeMax.
  static absl::StatusOr<LogTree> Restore(uint64_t size, const TileReader& reader);

  uint64_t size() const { return frontier_.size(); }
  base::Hash Root() const { return frontier_.Root(); }

  Draft NewDraft() const { return Draft(*this); }
  // Makes the draft part of the tree. Requires: it was made from this tree at its current size.
  void Publish(Draft&& draft);
  // Appends at once, for those who keep no tiles.
  void Append(const base::Hash& leaf);

 private:
  void AddToTile(uint32_t level, const base::Hash& hash);

  Frontier frontier_;
  std::array<std::vector<base::Hash>, kTileLevels> partial_;  // below kTileWidth hashes each
};

}  // namespace tributary::merkle

#endif  // TRIBUTARY_MERKLE_LOG_TREE_H_
