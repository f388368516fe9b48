#include <gtest/gtest.h>

#include <map>
#include <random>

#include "merkle/table_tree.h"
#include "unit/merkle/naive.h"

namespace tributary::merkle {
namespace {

using testing::Hashes;
using testing::LeafOf;

constexpr uint64_t kSeeds = 20;

class TableTreePropertyTest : public ::testing::TestWithParam<uint64_t> {};

// Random rounds of growing, changing in place, shrinking and clearing; each delta is computed
// first, and now and then thrown away.
TEST_P(TableTreePropertyTest, EqualsTheDefinitionAfterAnyUpdates) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  std::mt19937_64 random(GetParam());
  Hashes leaves;
  TableTree tree;
  for (int round = 0; round < 120; ++round) {
    const uint64_t old_size = leaves.size();
    uint64_t new_size = old_size + random() % (random() % 6 == 0 ? 300 : 4);
    if (random() % 15 == 0) new_size = random() % (old_size + 1);
    if (random() % 30 == 0) new_size = 0;
    Hashes wanted = leaves;
    wanted.resize(new_size);
    std::map<uint64_t, base::Hash> changes;
    for (uint64_t i = old_size; i < new_size; ++i) changes[i] = LeafOf(random());
    for (uint64_t i = random() % 8; i != 0 && new_size != 0; --i) {
      changes[random() % new_size] = LeafOf(random());
    }
    for (const auto& [index, hash] : changes) wanted[index] = hash;

    const auto root_before = tree.Root();
    const std::vector<TableTree::Change> list(changes.begin(), changes.end());
    auto delta = tree.Compute(new_size, list);
    ASSERT_EQ(delta.root, testing::NaiveRoot(wanted)) << "round " << round;
    ASSERT_EQ(tree.Root(), root_before);
    if (random() % 5 == 0) continue;  // thrown away
    tree.Apply(std::move(delta));
    leaves = std::move(wanted);
    ASSERT_EQ(tree.size(), leaves.size());
    ASSERT_EQ(tree.Root(), testing::NaiveRoot(leaves)) << "round " << round;
    if (leaves.empty()) continue;
    const uint64_t index = random() % leaves.size();
    ASSERT_EQ(tree.leaf(index), leaves[index]);
    ASSERT_EQ(tree.Proof(index), testing::NaivePath(index, leaves)) << "round " << round;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, TableTreePropertyTest, ::testing::Range<uint64_t>(1, kSeeds + 1));

}  // namespace
}  // namespace tributary::merkle
