// The definition of RFC 6962 section 2.1 word by word, for comparison: slow and obviously right.
#ifndef TRIBUTARY_TESTS_UNIT_MERKLE_NAIVE_H_
#define TRIBUTARY_TESTS_UNIT_MERKLE_NAIVE_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "crypto/hash.h"
#include "merkle/log_tree.h"
#include "tributary/base/types.h"

namespace tributary::merkle::testing {

using Hashes = std::vector<base::Hash>;

// Leaf hash of the entry that is `i` in eight big-endian bytes.
inline base::Hash LeafOf(uint64_t i) {
  std::array<uint8_t, 8> entry;
  for (size_t at = 0; at < 8; ++at) entry[at] = static_cast<uint8_t>(i >> (56 - 8 * at));
  return crypto::LeafHash(entry);
}

inline Hashes Leaves(uint64_t count) {
  Hashes out;
  for (uint64_t i = 0; i < count; ++i) out.push_back(LeafOf(i));
  return out;
}

inline size_t SplitOf(size_t n) {
  size_t k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

inline base::Hash NaiveRoot(std::span<const base::Hash> leaves) {
  if (leaves.empty()) return crypto::Sha256({});
  if (leaves.size() == 1) return leaves[0];
  const size_t k = SplitOf(leaves.size());
  return crypto::NodeHash(NaiveRoot(leaves.first(k)), NaiveRoot(leaves.subspan(k)));
}

// PATH(m, D[n]) of RFC 6962 section 2.1.1.
inline Hashes NaivePath(size_t m, std::span<const base::Hash> leaves) {
  if (leaves.size() == 1) return {};
  const size_t k = SplitOf(leaves.size());
  const bool left = m < k;
  Hashes path = left ? NaivePath(m, leaves.first(k)) : NaivePath(m - k, leaves.subspan(k));
  path.push_back(NaiveRoot(left ? leaves.subspan(k) : leaves.first(k)));
  return path;
}

// SUBPROOF(m, D[n], whole) of RFC 6962 section 2.1.2.
inline Hashes NaiveSubproof(size_t m, std::span<const base::Hash> leaves, bool whole) {
  if (m == leaves.size()) return whole ? Hashes{} : Hashes{NaiveRoot(leaves)};
  const size_t k = SplitOf(leaves.size());
  const bool left = m <= k;
  Hashes proof = left ? NaiveSubproof(m, leaves.first(k), whole)
                      : NaiveSubproof(m - k, leaves.subspan(k), false);
  proof.push_back(NaiveRoot(left ? leaves.subspan(k) : leaves.first(k)));
  return proof;
}

// Publishes `count` more leaves (LeafOf of their index) and stores the tiles.
inline void Grow(LogTree& tree, uint64_t count, MemoryTiles& tiles) {
  auto draft = tree.NewDraft();
  for (uint64_t i = 0; i < count; ++i) draft.Append(LeafOf(tree.size() + i));
  for (TileUpdate& tile : draft.Tiles()) tiles.Put(tile.id, std::move(tile.bytes));
  tree.Publish(std::move(draft));
}

}  // namespace tributary::merkle::testing

#endif  // TRIBUTARY_TESTS_UNIT_MERKLE_NAIVE_H_
