// A Merkle tree over a dense array of leaf hashes that change in place: the pages (or rows) of one
// state table. Its shape and hashing are those of RFC 6962, so that VerifyInclusion takes its
// proofs; a lone last node of a level is carried up as it is, which is the same tree.
#ifndef TRIBUTARY_MERKLE_TABLE_TREE_H_
#define TRIBUTARY_MERKLE_TABLE_TREE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "tributary/base/types.h"
#include "tributary/merkle/verify.h"

namespace tributary::merkle {

// Memory: all nodes, about 64 bytes per leaf, allocated in pieces of 8 KiB.
// Thread safety: none of its own; const methods may run at the same time.
class TableTree {
 public:
  using Change = std::pair<uint64_t, base::Hash>;

  // What a set of changes makes of the tree, without having changed it.
  struct Delta {
    uint64_t new_size = 0;
    base::Hash root = EmptyRoot();
    std::vector<std::vector<Change>> levels;  // changed nodes per level, leaves first, by index
    uint64_t generation = 0;                  // of the tree that it was computed from
  };

  TableTree() = default;
  // The tree over these leaf hashes, at one hash per inner node.
  explicit TableTree(std::span<const base::Hash> leaves);

  uint64_t size() const { return levels_.empty() ? 0 : levels_.front().size(); }
  base::Hash Root() const;
  // Requires: index < size().
  const base::Hash& leaf(uint64_t index) const;
  // The path that VerifyInclusion takes. Requires: index < size().
  std::vector<base::Hash> Proof(uint64_t index) const;

  // The tree with `new_size` leaves, of which `changes` are new or different. Costs
  // O(changes * log size); each inner node above a change is hashed once.
  // Requires: changes in strictly ascending order of index, all below new_size; each index from
  // size() to new_size - 1 among them. new_size may be smaller than size(), also 0.
  Delta Compute(uint64_t new_size, std::span<const Change> changes) const;
  // Requires: the tree has not changed since the delta was computed.
  void Apply(Delta&& delta);
  void Clear();

 private:
  // An array in pieces: growing never copies or moves what is there.
  class HashArray {
   public:
    uint64_t size() const { return size_; }
    const base::Hash& operator[](uint64_t i) const { return (*pieces_[i / kPiece])[i % kPiece]; }
    base::Hash& operator[](uint64_t i) { return (*pieces_[i / kPiece])[i % kPiece]; }
    void Resize(uint64_t size);

   private:
    static constexpr uint64_t kPiece = 256;
    std::vector<std::unique_ptr<std::array<base::Hash, kPiece>>> pieces_;
    uint64_t size_ = 0;
  };

  void CheckChanges(uint64_t new_size, std::span<const Change> changes) const;
  std::vector<Change> Parents(size_t level, uint64_t count,
                              const std::vector<Change>& children) const;

  std::vector<HashArray> levels_;  // [0] are the leaves, the last has one node; none if empty
  uint64_t generation_ = 0;
};

}  // namespace tributary::merkle

#endif  // TRIBUTARY_MERKLE_TABLE_TREE_H_
