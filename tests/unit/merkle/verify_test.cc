#include "tributary/merkle/verify.h"

#include <gtest/gtest.h>

#include "tributary/base/hex.h"
#include "unit/merkle/naive.h"

namespace tributary::merkle {
namespace {

using base::Hash;
using base::RejectionCode;
using testing::Hashes;
using testing::NaivePath;
using testing::NaiveRoot;
using testing::NaiveSubproof;

constexpr size_t kExhaustiveSize = 130;

std::optional<RejectionCode> CodeOf(const base::Verdict& verdict) {
  if (!verdict) return std::nullopt;
  return verdict->code;
}

Hash Flipped(Hash hash) {
  hash.bytes[7] ^= 0x10;
  return hash;
}

// Calls `refused` with every one-step mutation of `proof`.
template <class F>
void ForEachMutation(const Hashes& proof, F refused) {
  for (size_t i = 0; i < proof.size(); ++i) {
    Hashes mutated = proof;
    mutated[i] = Flipped(mutated[i]);
    refused(mutated);
    mutated = proof;
    mutated.erase(mutated.begin() + static_cast<ptrdiff_t>(i));
    refused(mutated);
    if (i == 0) continue;
    mutated = proof;
    std::swap(mutated[i], mutated[i - 1]);
    refused(mutated);
  }
  Hashes longer = proof;
  longer.push_back(testing::LeafOf(0));
  refused(longer);
  longer = proof;
  longer.insert(longer.begin(), testing::LeafOf(0));
  refused(longer);
}

TEST(VerifyTest, RootOfTheEmptyTreeIsSha256OfNothing) {
  EXPECT_EQ(EmptyRoot(), crypto::Sha256({}));
  EXPECT_EQ(base::ToHex(EmptyRoot().view()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(VerifyTest, LeafHashOfAnEmptyEntryIsTheStandardOne) {
  EXPECT_EQ(base::ToHex(crypto::LeafHash({}).view()).substr(0, 8), "6e340b9c");
}

TEST(VerifyTest, AcceptsEveryInclusionUpToTheExhaustiveSize) {
  const Hashes leaves = testing::Leaves(kExhaustiveSize);
  for (size_t n = 1; n <= leaves.size(); ++n) {
    const auto tree = std::span(leaves).first(n);
    const Hash root = NaiveRoot(tree);
    for (size_t i = 0; i < n; ++i) {
      ASSERT_EQ(VerifyInclusion(i, n, leaves[i], NaivePath(i, tree), root), std::nullopt)
          << i << " of " << n;
    }
  }
}

TEST(VerifyTest, RefusesEveryMutatedInclusion) {
  const Hashes leaves = testing::Leaves(40);
  for (size_t n = 1; n <= leaves.size(); ++n) {
    const auto tree = std::span(leaves).first(n);
    const Hash root = NaiveRoot(tree);
    for (size_t i = 0; i < n; ++i) {
      const Hashes path = NaivePath(i, tree);
      ForEachMutation(path, [&, i, n](const Hashes& mutated) {
        const auto code = CodeOf(VerifyInclusion(i, n, leaves[i], mutated, root));
        const auto expected = mutated.size() == path.size() ? RejectionCode::kProofMismatch
                                                            : RejectionCode::kProofLength;
        ASSERT_EQ(code, expected) << i << " of " << n;
      });
      EXPECT_EQ(CodeOf(VerifyInclusion(i, n, Flipped(leaves[i]), path, root)),
                RejectionCode::kProofMismatch);
      EXPECT_EQ(CodeOf(VerifyInclusion(i, n, leaves[i], path, Flipped(root))),
                RejectionCode::kProofMismatch);
      if (n > 1) {
        EXPECT_TRUE(VerifyInclusion(i ^ 1, n, leaves[i], path, root).has_value());
      }
    }
  }
}

TEST(VerifyTest, RefusesAnIndexAtTheSizeAndSizesFrom2To63) {
  const Hash leaf = testing::LeafOf(0);
  EXPECT_EQ(VerifyInclusion(0, 1, leaf, {}, leaf), std::nullopt);
  EXPECT_EQ(CodeOf(VerifyInclusion(1, 1, leaf, {}, leaf)), RejectionCode::kProofRange);
  EXPECT_EQ(CodeOf(VerifyInclusion(0, 0, leaf, {}, leaf)), RejectionCode::kProofRange);
  EXPECT_EQ(CodeOf(VerifyInclusion(0, kTreeSizeMax + 1, leaf, {}, leaf)),
            RejectionCode::kProofRange);
  EXPECT_EQ(CodeOf(VerifyInclusion(0, kTreeSizeMax, leaf, {}, leaf)), RejectionCode::kProofLength);
}

TEST(VerifyTest, TheLongestProofHas63Hashes) {
  const Hash leaf = testing::LeafOf(0);
  Hashes proof(kProofHashesMax, leaf);
  const auto root = RootFromInclusion(0, kTreeSizeMax, leaf, proof);
  ASSERT_TRUE(root.ok());
  EXPECT_EQ(VerifyInclusion(0, kTreeSizeMax, leaf, proof, *root), std::nullopt);
  proof.push_back(leaf);
  EXPECT_EQ(CodeOf(VerifyInclusion(0, kTreeSizeMax, leaf, proof, *root)),
            RejectionCode::kProofLength);
}

TEST(VerifyTest, AcceptsEveryConsistencyUpToTheExhaustiveSize) {
  const Hashes leaves = testing::Leaves(kExhaustiveSize);
  Hashes roots;
  for (size_t n = 0; n <= leaves.size(); ++n) {
    roots.push_back(NaiveRoot(std::span(leaves).first(n)));
  }
  for (size_t n = 1; n <= leaves.size(); ++n) {
    for (size_t m = 1; m < n; ++m) {
      const Hashes proof = NaiveSubproof(m, std::span(leaves).first(n), true);
      ASSERT_EQ(VerifyConsistency(m, n, roots[m], roots[n], proof), std::nullopt) << m << " " << n;
    }
  }
}

TEST(VerifyTest, RefusesEveryMutatedConsistency) {
  const Hashes leaves = testing::Leaves(34);
  for (size_t n = 2; n <= leaves.size(); ++n) {
    const auto tree = std::span(leaves).first(n);
    const Hash root_n = NaiveRoot(tree);
    for (size_t m = 1; m < n; ++m) {
      const Hash root_m = NaiveRoot(tree.first(m));
      const Hashes proof = NaiveSubproof(m, tree, true);
      ForEachMutation(proof, [&, m, n](const Hashes& mutated) {
        const auto code = CodeOf(VerifyConsistency(m, n, root_m, root_n, mutated));
        const auto expected = mutated.size() == proof.size() ? RejectionCode::kProofMismatch
                                                             : RejectionCode::kProofLength;
        ASSERT_EQ(code, expected) << m << " " << n;
      });
      EXPECT_EQ(CodeOf(VerifyConsistency(m, n, Flipped(root_m), root_n, proof)),
                RejectionCode::kProofMismatch);
      EXPECT_EQ(CodeOf(VerifyConsistency(m, n, root_m, Flipped(root_n), proof)),
                RejectionCode::kProofMismatch);
    }
  }
}

TEST(VerifyTest, AnyTreeExtendsTheEmptyOneWithAnEmptyProof) {
  const Hash root = NaiveRoot(testing::Leaves(5));
  EXPECT_EQ(VerifyConsistency(0, 5, EmptyRoot(), root, {}), std::nullopt);
  EXPECT_EQ(CodeOf(VerifyConsistency(0, 5, EmptyRoot(), root, Hashes{root})),
            RejectionCode::kProofLength);
  EXPECT_EQ(CodeOf(VerifyConsistency(0, 5, root, root, {})), RejectionCode::kProofMismatch);
}

TEST(VerifyTest, SizeZeroHasOneRoot) {
  const Hash other = testing::LeafOf(0);
  EXPECT_EQ(VerifyConsistency(0, 0, EmptyRoot(), EmptyRoot(), {}), std::nullopt);
  EXPECT_EQ(CodeOf(VerifyConsistency(0, 0, other, other, {})), RejectionCode::kProofMismatch);
  EXPECT_EQ(CodeOf(VerifyConsistency(0, 0, EmptyRoot(), other, {})), RejectionCode::kProofMismatch);
  EXPECT_EQ(CodeOf(VerifyConsistency(0, 0, EmptyRoot(), EmptyRoot(), Hashes{other})),
            RejectionCode::kProofLength);
}

TEST(VerifyTest, EqualSizesNeedEqualRootsAndAnEmptyProof) {
  const Hash root = NaiveRoot(testing::Leaves(5));
  EXPECT_EQ(VerifyConsistency(5, 5, root, root, {}), std::nullopt);
  EXPECT_EQ(CodeOf(VerifyConsistency(5, 5, root, Flipped(root), {})),
            RejectionCode::kProofMismatch);
  EXPECT_EQ(CodeOf(VerifyConsistency(5, 5, root, root, Hashes{root})), RejectionCode::kProofLength);
}

TEST(VerifyTest, RefusesShrinkingMissingProofsAndSizesFrom2To63) {
  const Hash root = NaiveRoot(testing::Leaves(5));
  EXPECT_EQ(CodeOf(VerifyConsistency(6, 5, root, root, {})), RejectionCode::kProofRange);
  EXPECT_EQ(CodeOf(VerifyConsistency(4, 5, root, root, {})), RejectionCode::kProofLength);
  EXPECT_EQ(CodeOf(VerifyConsistency(1, kTreeSizeMax + 1, root, root, {})),
            RejectionCode::kProofRange);
}

}  // namespace
}  // namespace tributary::merkle
