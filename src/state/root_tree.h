// The tree over the roots of all tables: its root, tagged, is the state root. Leaves are in
// ascending order of table, each over the table's number and root, so that the proof of one table
// is as long as the logarithm of their number.
#ifndef TRIBUTARY_STATE_ROOT_TREE_H_
#define TRIBUTARY_STATE_ROOT_TREE_H_

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "merkle/table_tree.h"
#include "state/tables.h"
#include "tributary/base/types.h"

namespace tributary::state {

// The hash that stands for a table: of its number, row size, row count and the root of its tree.
base::Hash TableRootHash(TableId table, uint64_t row_count, const base::Hash& tree_root);

// The leaf of the tree of roots that stands for a table.
base::Hash TableRootLeaf(TableId table, const base::Hash& table_root);

// The state root for the root of the tree of roots.
base::Hash StateRootHash(const base::Hash& tree_root);

// Thread safety: none of its own; const methods may run at the same time.
class RootTree {
 public:
  // A table's new root; nullopt: it has no rows any more.
  using Change = std::pair<TableId, std::optional<base::Hash>>;

  base::Hash StateRoot() const { return StateRootHash(tree_.Root()); }
  // What StateRoot() would be after Apply(changes). Requires: ascending by table.
  // Cost: logarithmic for each change while no table comes or goes, linear otherwise.
  base::Hash StateRootWith(std::span<const Change> changes) const;
  void Apply(std::span<const Change> changes);

  uint64_t size() const { return tables_.size(); }
  // nullopt: the table has no rows.
  std::optional<uint64_t> PositionOf(TableId table) const;
  std::vector<base::Hash> Proof(uint64_t position) const { return tree_.Proof(position); }

 private:
  // The changed leaves; nullopt where tables come or go.
  std::optional<std::vector<merkle::TableTree::Change>> InPlace(
      std::span<const Change> changes) const;
  RootTree Rebuilt(std::span<const Change> changes) const;

  std::vector<TableId> tables_;  // ascending
  merkle::TableTree tree_;
};

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_ROOT_TREE_H_
