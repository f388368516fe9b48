#include "state/row_proof.h"

#include "crypto/hash.h"
#include "merkle/table_tree.h"
#include "state/overlay.h"
#include "state/resident.h"
#include "state/root_tree.h"
#include "tributary/base/check.h"
#include "tributary/merkle/verify.h"

namespace tributary::state {
namespace {

std::vector<base::Hash> RowLeaves(TableKind kind, const Page& page, uint64_t rows) {
  std::vector<base::Hash> leaves;
  leaves.reserve(rows);
  for (uint64_t row = 0; row < rows; ++row) {
    leaves.push_back(crypto::LeafHash({page.data() + row * RowBytes(kind), RowBytes(kind)}));
  }
  return leaves;
}

}  // namespace

RowProof ProveRow(const Resident& resident, const Page& page, TableId table, uint64_t row) {
  RowProof proof;
  proof.table = table;
  proof.row = row;
  proof.row_count = resident.RowCount(table);
  TRIBUTARY_CHECK(RowsHashedAlone(table.kind) && row < proof.row_count, "no row to prove");
  const uint64_t per_page = RowsPerPage(table.kind);
  const uint64_t number = row / per_page;
  const uint64_t place = row % per_page;
  proof.bytes.assign(reinterpret_cast<const char*>(page.data()) + place * RowBytes(table.kind),
                     RowBytes(table.kind));
  const uint64_t rows = RowsInPage(table.kind, proof.row_count, number);
  proof.page_path = merkle::TableTree(RowLeaves(table.kind, page, rows)).Proof(place);
  proof.table_path = resident.Tree(table)->Proof(number);
  proof.table_position = *resident.roots().PositionOf(table);
  proof.table_count = resident.roots().size();
  proof.state_path = resident.roots().Proof(proof.table_position);
  return proof;
}

base::Checked<base::Hash> StateRootOf(const RowProof& proof) {
  const TableKind kind = proof.table.kind;
  if (!RowsHashedAlone(kind) || proof.row >= proof.row_count ||
      proof.bytes.size() != RowBytes(kind)) {
    return base::Rejection{base::RejectionCode::kProofRange, "row", ""};
  }
  const uint64_t number = proof.row / RowsPerPage(kind);
  const auto page = merkle::RootFromInclusion(
      proof.row % RowsPerPage(kind), RowsInPage(kind, proof.row_count, number),
      crypto::LeafHash(base::AsBytes(proof.bytes)), proof.page_path);
  if (!page) return page.rejection();
  const auto tree =
      merkle::RootFromInclusion(number, PageCount(kind, proof.row_count), *page, proof.table_path);
  if (!tree) return tree.rejection();
  const base::Hash table = TableRootHash(proof.table, proof.row_count, *tree);
  const auto roots = merkle::RootFromInclusion(proof.table_position, proof.table_count,
                                               TableRootLeaf(proof.table, table), proof.state_path);
  if (!roots) return roots.rejection();
  return StateRootHash(*roots);
}

}  // namespace tributary::state
