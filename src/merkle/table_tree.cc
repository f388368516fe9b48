#include "merkle/table_tree.h"

#include "crypto/hash.h"
#include "tributary/base/check.h"

namespace tributary::merkle {
namespace {

using base::Hash;

uint64_t ParentCount(uint64_t count) { return (count + 1) / 2; }

}  // namespace

void TableTree::HashArray::Resize(uint64_t size) {
  const uint64_t pieces = (size + kPiece - 1) / kPiece;
  if (pieces < pieces_.size()) pieces_.resize(pieces);
  while (pieces_.size() < pieces) {
    pieces_.push_back(std::make_unique<std::array<Hash, kPiece>>());
  }
  size_ = size;
}

TableTree::TableTree(std::span<const Hash> leaves) {
  if (leaves.empty()) return;
  levels_.emplace_back().Resize(leaves.size());
  for (uint64_t i = 0; i < leaves.size(); ++i) levels_[0][i] = leaves[i];
  while (levels_.back().size() > 1) {
    HashArray parents;
    const HashArray& nodes = levels_.back();
    parents.Resize(ParentCount(nodes.size()));
    for (uint64_t i = 0; i < parents.size(); ++i) {
      const bool lone = 2 * i + 1 == nodes.size();
      parents[i] = lone ? nodes[2 * i] : crypto::NodeHash(nodes[2 * i], nodes[2 * i + 1]);
    }
    levels_.push_back(std::move(parents));
  }
}

Hash TableTree::Root() const { return levels_.empty() ? EmptyRoot() : levels_.back()[0]; }

const Hash& TableTree::leaf(uint64_t index) const {
  TRIBUTARY_CHECK(index < size(), "leaf out of range");
  return levels_[0][index];
}

std::vector<Hash> TableTree::Proof(uint64_t index) const {
  TRIBUTARY_CHECK(index < size(), "leaf out of range");
  std::vector<Hash> proof;
  for (const HashArray& nodes : levels_) {
    const uint64_t sibling = index ^ 1;
    if (sibling < nodes.size()) proof.push_back(nodes[sibling]);
    index /= 2;
  }
  return proof;
}

void TableTree::CheckChanges(uint64_t new_size, std::span<const Change> changes) const {
  uint64_t added = 0;
  for (size_t i = 0; i < changes.size(); ++i) {
    TRIBUTARY_CHECK(changes[i].first < new_size, "changed leaf out of range");
    TRIBUTARY_CHECK(i == 0 || changes[i - 1].first < changes[i].first, "changes out of order");
    if (changes[i].first >= size()) ++added;
  }
  TRIBUTARY_CHECK(new_size <= size() || added == new_size - size(), "a new leaf is missing");
}

// The parents of `children`, the changed nodes of `level`, which shall have `count` nodes.
std::vector<TableTree::Change> TableTree::Parents(size_t level, uint64_t count,
                                                  const std::vector<Change>& children) const {
  std::vector<Change> parents;
  parents.reserve(children.size() / 2 + 1);
  for (size_t i = 0; i < children.size(); ++i) {
    const auto& [index, hash] = children[i];
    const uint64_t sibling = index ^ 1;
    if (sibling >= count) {
      parents.emplace_back(index / 2, hash);  // a lone last node
    } else if (index % 2 == 1) {
      parents.emplace_back(index / 2, crypto::NodeHash(levels_[level][sibling], hash));
    } else if (i + 1 < children.size() && children[i + 1].first == sibling) {
      parents.emplace_back(index / 2, crypto::NodeHash(hash, children[i + 1].second));
      ++i;
    } else {
      parents.emplace_back(index / 2, crypto::NodeHash(hash, levels_[level][sibling]));
    }
  }
  return parents;
}

TableTree::Delta TableTree::Compute(uint64_t new_size, std::span<const Change> changes) const {
  CheckChanges(new_size, changes);
  Delta delta;
  delta.new_size = new_size;
  delta.generation = generation_;
  if (new_size == 0) return delta;
  delta.root = Root();
  if (new_size == size() && changes.empty()) return delta;

  std::vector<Change> nodes(changes.begin(), changes.end());
  for (uint64_t count = new_size;; count = ParentCount(count)) {
    const size_t level = delta.levels.size();
    // When the tree shrinks, the nodes above its new last leaf change too.
    if (new_size < size() && (nodes.empty() || nodes.back().first != count - 1)) {
      nodes.emplace_back(count - 1, levels_[level][count - 1]);
    }
    delta.levels.push_back(std::move(nodes));
    if (count == 1) break;
    nodes = Parents(level, count, delta.levels.back());
  }
  delta.root = delta.levels.back().front().second;
  return delta;
}

void TableTree::Apply(Delta&& delta) {
  TRIBUTARY_CHECK(delta.generation == generation_, "delta of another state of the tree");
  const Delta taken = std::move(delta);
  ++generation_;
  if (taken.new_size == size() && taken.levels.empty()) return;
  levels_.resize(taken.levels.size());
  uint64_t count = taken.new_size;
  for (size_t level = 0; level < levels_.size(); ++level, count = ParentCount(count)) {
    levels_[level].Resize(count);
    for (const auto& [index, hash] : taken.levels[level]) levels_[level][index] = hash;
  }
}

void TableTree::Clear() {
  levels_.clear();
  ++generation_;
}

}  // namespace tributary::merkle
