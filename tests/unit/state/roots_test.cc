// How a row hangs below the state root: what a balance with a proof is made of.
#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "state/overlay.h"
#include "tributary/merkle/verify.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

using state::PageCount;
using state::RowsInPage;
using state::TableId;
using state::TableKind;
using state::TableRootHash;

TEST(RootsTest, PagesHoldWholeRows) {
  EXPECT_EQ(PageCount(TableKind::kBalances, 0), 0u);
  EXPECT_EQ(PageCount(TableKind::kBalances, 1), 1u);
  EXPECT_EQ(PageCount(TableKind::kBalances, 32), 1u);
  EXPECT_EQ(PageCount(TableKind::kBalances, 33), 2u);
  EXPECT_EQ(RowsInPage(TableKind::kBalances, 33, 0), 32u);
  EXPECT_EQ(RowsInPage(TableKind::kBalances, 33, 1), 1u);
  EXPECT_EQ(RowsInPage(TableKind::kBalances, 33, 2), 0u);
}

TEST(RootsTest, ARootDependsOnTableRowCountAndTree) {
  const base::Hash tree = crypto::Sha256(base::AsBytes("tree"));
  const base::Hash root = TableRootHash({TableKind::kBalances, 0}, 5, tree);
  EXPECT_NE(root, TableRootHash({TableKind::kBalances, 1}, 5, tree));
  EXPECT_NE(root, TableRootHash({TableKind::kPayouts, 0}, 5, tree));
  EXPECT_NE(root, TableRootHash({TableKind::kBalances, 0}, 6, tree));
  EXPECT_NE(root, TableRootHash({TableKind::kBalances, 0}, 5, root));
}

// Row -> page -> table -> state root, each step with a proof that shows nothing else.
TEST(RootsTest, ABalanceIsProvedUpToTheHeader) {
  Scene scene;
  const state::Resident& resident = scene.chain.resident();
  const TableId table{TableKind::kBalances, 0};
  const uint64_t row = scene.chain.Account("bob")->value();
  const uint64_t per_page = state::RowsPerPage(table.kind);
  state::Page page;
  scene.chain.pages().ReadPage(table, row / per_page, page);
  const uint64_t rows = RowsInPage(table.kind, resident.RowCount(table), row / per_page);

  std::vector<base::Hash> leaves;
  for (uint64_t i = 0; i < rows; ++i) {
    leaves.push_back(
        crypto::LeafHash({page.data() + i * state::BalanceRow::kBytes, state::BalanceRow::kBytes}));
  }
  const merkle::TableTree rows_tree(leaves);
  const uint64_t place = row % per_page;
  EXPECT_EQ(
      merkle::VerifyInclusion(place, rows, leaves[place], rows_tree.Proof(place), rows_tree.Root()),
      std::nullopt);
  const base::Hash leaf = state::PageLeaf(table.kind, page, rows);
  EXPECT_EQ(leaf, rows_tree.Root());

  const merkle::TableTree& tree = *resident.Tree(table);
  EXPECT_EQ(merkle::VerifyInclusion(row / per_page, tree.size(), leaf, tree.Proof(row / per_page),
                                    tree.Root()),
            std::nullopt);
  const base::Hash table_root = TableRootHash(table, resident.RowCount(table), tree.Root());
  auto roots = resident.TableRoots();
  EXPECT_EQ(roots.at(table), table_root);
  EXPECT_EQ(state::StateRootHash({roots.begin(), roots.end()}), resident.header().state_root);

  // Another amount is another root.
  page[place * state::BalanceRow::kBytes] ^= 1;
  EXPECT_NE(state::PageLeaf(table.kind, page, rows), leaf);
}

TEST(RootsTest, BytesBeyondTheRowsInUseDoNotCountWhereRowsAreHashedAlone) {
  state::Page page{};
  const base::Hash leaf = state::PageLeaf(TableKind::kBalances, page, 2);
  page[2 * state::BalanceRow::kBytes] = 1;
  EXPECT_EQ(state::PageLeaf(TableKind::kBalances, page, 2), leaf);
  EXPECT_NE(state::PageLeaf(TableKind::kBalances, page, 3), leaf);
}

}  // namespace
}  // namespace tributary::testing
