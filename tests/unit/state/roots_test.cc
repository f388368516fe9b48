// How a row hangs below the state root: what a balance with a proof is made of.
#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "crypto/hash.h"
#include "state/overlay.h"
#include "state/root_tree.h"
#include "state/row_proof.h"
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

TEST(RowProofTest, LeadsFromARowToTheStateRootInTheHeaderAndFromNoOther) {
  Scene scene;
  const state::Resident& resident = scene.chain.resident();
  for (const TableKind kind :
       {TableKind::kBalances, TableKind::kAccounts, TableKind::kCurrencies}) {
    const TableId table{kind, 0};
    ASSERT_GT(resident.RowCount(table), 0u);
    for (uint64_t row = 0; row < resident.RowCount(table); ++row) {
      state::Page page;
      scene.chain.pages().ReadPage(table, row / state::RowsPerPage(kind), page);
      state::RowProof proof = state::ProveRow(resident, page, table, row);
      EXPECT_EQ(*state::StateRootOf(proof), resident.header().state_root);
      proof.bytes[0] = static_cast<char>(proof.bytes[0] ^ 1);
      EXPECT_NE(*state::StateRootOf(proof), resident.header().state_root);
      proof.bytes[0] = static_cast<char>(proof.bytes[0] ^ 1);
      ++proof.table.sub;
      EXPECT_NE(*state::StateRootOf(proof), resident.header().state_root);
    }
  }
}

TEST(RowProofTest, AProofOfAnotherShapeIsRefused) {
  Scene scene;
  const TableId table{TableKind::kBalances, 0};
  const uint64_t row = scene.chain.Account("bob")->value();
  state::Page page;
  scene.chain.pages().ReadPage(table, row / state::RowsPerPage(table.kind), page);
  const state::RowProof good = state::ProveRow(scene.chain.resident(), page, table, row);
  const auto refusal = [](const state::RowProof& proof) {
    const auto root = state::StateRootOf(proof);
    return root ? base::RejectionCode{} : root.rejection().code;
  };
  state::RowProof bad = good;
  bad.table.kind = TableKind::kFlows;
  EXPECT_EQ(refusal(bad), base::RejectionCode::kProofRange);
  bad = good;
  bad.row = bad.row_count;
  EXPECT_EQ(refusal(bad), base::RejectionCode::kProofRange);
  bad = good;
  bad.bytes.pop_back();
  EXPECT_EQ(refusal(bad), base::RejectionCode::kProofRange);
  bad = good;
  bad.table_position = bad.table_count;
  EXPECT_EQ(refusal(bad), base::RejectionCode::kProofRange);
  bad = good;
  bad.state_path.pop_back();
  EXPECT_EQ(refusal(bad), base::RejectionCode::kProofLength);
  bad = good;
  bad.page_path.push_back(base::Hash());
  EXPECT_EQ(refusal(bad), base::RejectionCode::kProofLength);
}

// The tree of roots is the same however it came about: at once, in place, or as tables come and go.
TEST(RootTreeTest, ChangesGiveTheTreeThatIsBuiltAtOnce) {
  uint64_t seed = 11;
  const auto random = [&seed](uint64_t below) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed >> 33) % below;
  };
  state::RootTree tree;
  std::map<TableId, base::Hash> tables;
  for (int step = 0; step < 300; ++step) {
    std::map<TableId, std::optional<base::Hash>> changes;
    for (uint64_t i = random(5); i > 0; --i) {
      const TableId table{TableKind::kEvents, static_cast<uint16_t>(random(9))};
      changes[table] = std::nullopt;
      if (random(4) > 0) changes[table] = crypto::Sha256(base::AsBytes(std::to_string(seed)));
    }
    for (const auto& [table, root] : changes) {
      tables.erase(table);
      if (root) tables.emplace(table, *root);
    }
    const std::vector<state::RootTree::Change> list(changes.begin(), changes.end());
    const std::vector<state::RootTree::Change> all(tables.begin(), tables.end());
    const base::Hash root = tree.StateRootWith(list);
    tree.Apply(list);
    EXPECT_EQ(tree.StateRoot(), root);
    EXPECT_EQ(state::RootTree().StateRootWith(all), root);
    EXPECT_EQ(tree.size(), tables.size());
  }
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
