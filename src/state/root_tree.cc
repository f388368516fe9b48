#include "state/root_tree.h"

#include <algorithm>
#include <string>

#include "codec/bytes.h"
#include "crypto/hash.h"

namespace tributary::state {

base::Hash TableRootHash(TableId table, uint64_t row_count, const base::Hash& tree_root) {
  std::string head;
  codec::AppendLittle<uint32_t>(head, table.Packed());
  codec::AppendLittle<uint32_t>(head, static_cast<uint32_t>(RowBytes(table.kind)));
  codec::AppendLittle<uint64_t>(head, row_count);
  return crypto::TaggedHash(crypto::Tag::kTableRoot, {base::AsBytes(head), tree_root.view()});
}

base::Hash TableRootLeaf(TableId table, const base::Hash& table_root) {
  std::string leaf;
  codec::AppendLittle<uint32_t>(leaf, table.Packed());
  codec::AppendBytes(leaf, table_root.view());
  return crypto::LeafHash(base::AsBytes(leaf));
}

base::Hash StateRootHash(const base::Hash& tree_root) {
  return crypto::TaggedHash(crypto::Tag::kStateRoot, {tree_root.view()});
}

std::optional<uint64_t> RootTree::PositionOf(TableId table) const {
  const auto at = std::lower_bound(tables_.begin(), tables_.end(), table);
  if (at == tables_.end() || *at != table) return std::nullopt;
  return static_cast<uint64_t>(at - tables_.begin());
}

std::optional<std::vector<merkle::TableTree::Change>> RootTree::InPlace(
    std::span<const Change> changes) const {
  std::vector<merkle::TableTree::Change> leaves;
  leaves.reserve(changes.size());
  for (const auto& [table, root] : changes) {
    const auto position = PositionOf(table);
    if (position.has_value() != root.has_value()) return std::nullopt;
    if (position) leaves.emplace_back(*position, TableRootLeaf(table, *root));
  }
  return leaves;
}

RootTree RootTree::Rebuilt(std::span<const Change> changes) const {
  RootTree next;
  std::vector<base::Hash> leaves;
  auto change = changes.begin();
  const auto take_change = [&] {
    if (change->second) {
      next.tables_.push_back(change->first);
      leaves.push_back(TableRootLeaf(change->first, *change->second));
    }
    ++change;
  };
  for (size_t i = 0; i < tables_.size(); ++i) {
    while (change != changes.end() && change->first < tables_[i]) take_change();
    if (change != changes.end() && change->first == tables_[i]) {
      take_change();
      continue;
    }
    next.tables_.push_back(tables_[i]);
    leaves.push_back(tree_.leaf(i));
  }
  while (change != changes.end()) take_change();
  next.tree_ = merkle::TableTree(leaves);
  return next;
}

base::Hash RootTree::StateRootWith(std::span<const Change> changes) const {
  if (const auto leaves = InPlace(changes)) {
    return StateRootHash(tree_.Compute(tables_.size(), *leaves).root);
  }
  return Rebuilt(changes).StateRoot();
}

void RootTree::Apply(std::span<const Change> changes) {
  if (const auto leaves = InPlace(changes)) {
    tree_.Apply(tree_.Compute(tables_.size(), *leaves));
  } else {
    *this = Rebuilt(changes);
  }
}

}  // namespace tributary::state
