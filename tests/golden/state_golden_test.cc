// The vectors of state_vectors.txt, which make_state_vectors.py wrote without any of our code.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

#include "crypto/ed25519.h"
#include "crypto/hash.h"
#include "merkle/table_tree.h"
#include "state/block_roots.h"
#include "state/overlay.h"
#include "state/root_tree.h"
#include "state/row_proof.h"
#include "support/paths.h"
#include "tributary/base/hex.h"
#include "tributary/merkle/checkpoint.h"

namespace tributary::state {
namespace {

class StateGoldenTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::ifstream file(testing::SourceDir() + "/tests/golden/state_vectors.txt");
    std::string name;
    std::string hex;
    while (file >> name >> hex) {
      const auto bytes = base::FromHex(hex);
      ASSERT_TRUE(bytes.has_value()) << name;
      vectors()[name] = std::string(bytes->begin(), bytes->end());
    }
    ASSERT_EQ(vectors().size(), 18u);
  }
  static std::map<std::string, std::string>& vectors() {
    static std::map<std::string, std::string> map;
    return map;
  }
  static const std::string& Vector(const std::string& name) { return vectors().at(name); }
  static base::Hash HashOf(const std::string& name) {
    return base::Hash::From(base::AsBytes(Vector(name)));
  }
  static std::vector<base::Hash> PathOf(const std::string& name) {
    std::vector<base::Hash> path;
    const base::Bytes bytes = base::AsBytes(Vector(name));
    EXPECT_EQ(bytes.size() % base::Hash::kSize, 0u);
    for (size_t at = 0; at < bytes.size(); at += base::Hash::kSize) {
      path.push_back(base::Hash::From(bytes.subspan(at, base::Hash::kSize)));
    }
    return path;
  }
};

template <class Id>
Id Hashed(std::string_view text) {
  Id id;
  id.bytes = crypto::Sha256(base::AsBytes(text)).bytes;
  return id;
}

// The rows that the vectors are made of.
uint8_t ByteOf(uint64_t row, size_t at) { return static_cast<uint8_t>(row * 31 + at * 7); }

// The leaves of a table's tree whose rows are such.
std::vector<base::Hash> LeavesOf(TableKind kind, uint64_t rows) {
  std::vector<base::Hash> leaves;
  const uint64_t per_page = RowsPerPage(kind);
  for (uint64_t first = 0; first < rows; first += per_page) {
    Page page{};
    const uint64_t count = std::min(per_page, rows - first);
    for (uint64_t row = 0; row < count; ++row) {
      for (size_t i = 0; i < RowBytes(kind); ++i) {
        page[row * RowBytes(kind) + i] = ByteOf(first + row, i);
      }
    }
    leaves.push_back(PageLeaf(kind, page, count));
  }
  return leaves;
}

TEST_F(StateGoldenTest, Results) {
  AppliedTransaction first;
  first.id = Hashed<base::TxId>("first");
  first.sender = base::AccountIndex(7);
  first.skipped = 2;
  first.records = {base::RecordSeq(4), base::RecordSeq(9)};
  first.payouts = {1};
  AppliedTransaction second;
  second.id = Hashed<base::TxId>("second");
  second.sender = base::AccountIndex(8);
  second.payouts = {uint64_t{1} << 40, 3};
  EXPECT_EQ(ResultsRoot({}), HashOf("results.none"));
  EXPECT_EQ(ResultsRoot({first, second}), HashOf("results.two"));
}

TEST_F(StateGoldenTest, Settlements) {
  const base::Uint128 billion = 1'000'000'000;
  const base::Uint128 gross = billion * billion * billion;
  const base::Uint128 fee = gross / 100;
  const base::Uint128 big = base::Uint128{1} << 100;
  const Settlement paid{5,
                        base::Epoch(17),
                        base::CurrencyIndex(1),
                        base::Atoms(gross),
                        base::Atoms(gross / 10'000'000),
                        base::Atoms(fee),
                        base::Atoms(gross - fee - 3),
                        3,
                        0,
                        {},
                        12,
                        kNone32,
                        {},
                        {}};
  const Settlement back{6,
                        base::Epoch(18),
                        base::CurrencyIndex(0),
                        base::Atoms(big),
                        base::Atoms(0),
                        base::Atoms(0),
                        base::Atoms(big + 2),
                        -2,
                        0,
                        {},
                        uint64_t{1} << 33,
                        kNone32,
                        {},
                        {}};
  EXPECT_EQ(SettlementRoot({}), HashOf("settlements.none"));
  EXPECT_EQ(SettlementRoot({paid, back}), HashOf("settlements.two"));
}

TEST_F(StateGoldenTest, PagesTablesAndState) {
  const auto edges = LeavesOf(TableKind::kEdges, 300);
  ASSERT_EQ(edges.size(), 2u);
  EXPECT_EQ(edges[1], HashOf("edges.page_leaf"));
  EXPECT_EQ(merkle::TableTree(edges).Root(), HashOf("edges.tree"));
  const base::Hash edge_root = TableRootHash({TableKind::kEdges, 0}, 300, HashOf("edges.tree"));
  EXPECT_EQ(edge_root, HashOf("edges.table_root"));

  const auto balances = LeavesOf(TableKind::kBalances, 67);
  ASSERT_EQ(balances.size(), 3u);
  EXPECT_EQ(balances[2], HashOf("balances.page_leaf"));
  EXPECT_EQ(merkle::TableTree(balances).Root(), HashOf("balances.tree"));
  const base::Hash balance_root =
      TableRootHash({TableKind::kBalances, 1}, 67, HashOf("balances.tree"));
  EXPECT_EQ(balance_root, HashOf("balances.table_root"));

  RootTree tree;
  const std::vector<RootTree::Change> changes = {
      {TableId{TableKind::kEdges, 0}, edge_root},
      {TableId{TableKind::kBalances, 1}, balance_root},
      {TableId{TableKind::kPayouts, 0}, Hashed<base::Hash>("some table root")}};
  tree.Apply(changes);
  EXPECT_EQ(tree.StateRoot(), HashOf("state.root"));
}

TEST_F(StateGoldenTest, TheWayFromARowToTheStateRoot) {
  RowProof proof;
  proof.table = {TableKind::kBalances, 1};
  proof.row = 40;
  proof.row_count = 67;
  proof.bytes = Vector("proof.row");
  proof.page_path = PathOf("proof.page_path");
  proof.table_path = PathOf("proof.table_path");
  proof.table_position = 1;
  proof.table_count = 3;
  proof.state_path = PathOf("proof.state_path");
  const auto root = StateRootOf(proof);
  ASSERT_TRUE(root.ok()) << root.rejection().ToString();
  EXPECT_EQ(*root, HashOf("state.root"));
}

TEST_F(StateGoldenTest, CheckpointOfALog) {
  const std::string seed(32, 1);
  const crypto::KeyPair signer = crypto::KeyPair::FromSeed(base::AsBytes(seed));
  const merkle::Checkpoint checkpoint{
      "tributary/golden-1", 1'234'567, Hashed<base::Hash>("log"), {}};
  const merkle::NoteKey key{checkpoint.origin, merkle::NoteKeyType::kEd25519, signer.public_key()};
  EXPECT_EQ(merkle::CheckpointText(checkpoint), Vector("checkpoint.text"));
  EXPECT_EQ(merkle::FormatVerifierKey(key), Vector("checkpoint.verifier_key"));
  EXPECT_EQ(merkle::SignCheckpoint(checkpoint, key,
                                   [&](base::Bytes message) { return signer.Sign(message); }),
            Vector("checkpoint.note"));
  const auto verified =
      merkle::VerifyCheckpoint(Vector("checkpoint.note"), {checkpoint.origin, key, {}, 0});
  ASSERT_TRUE(verified.ok()) << verified.rejection().ToString();
  EXPECT_EQ(verified->checkpoint, checkpoint);
}

}  // namespace
}  // namespace tributary::state
