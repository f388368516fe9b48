#include "tributary/client/proof.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "tributary/client/transaction.h"

namespace tributary::client {
namespace {

using base::RejectionCode;

// A log of three entries: root = node(node(a, b), c).
struct SmallLog {
  base::Hash a = crypto::LeafHash(base::AsBytes("a"));
  base::Hash b = crypto::LeafHash(base::AsBytes("b"));
  base::Hash c = crypto::LeafHash(base::AsBytes("c"));
  base::Hash ab = crypto::NodeHash(a, b);
  base::Hash root = crypto::NodeHash(ab, c);

  v1::InclusionProof OfB() const {
    v1::InclusionProof proof;
    proof.set_index(1);
    proof.set_tree_size(3);
    proof.add_hashes(ToField(a));
    proof.add_hashes(ToField(c));
    return proof;
  }
};

TEST(ProofTest, AnEntryIsProvedByItsExactBytesOnly) {
  const SmallLog log;
  EXPECT_EQ(VerifyEntry(log.OfB(), "b", log.root), std::nullopt);
  EXPECT_EQ(VerifyEntry(log.OfB(), "B", log.root)->code, RejectionCode::kProofMismatch);
  EXPECT_EQ(VerifyEntry(log.OfB(), "b", log.ab)->code, RejectionCode::kProofMismatch);
}

TEST(ProofTest, ADamagedProofIsRefused) {
  const SmallLog log;
  v1::InclusionProof proof = log.OfB();
  proof.set_index(3);
  EXPECT_EQ(VerifyEntry(proof, "b", log.root)->code, RejectionCode::kProofRange);
  proof = log.OfB();
  proof.add_hashes(ToField(log.a));
  EXPECT_EQ(VerifyEntry(proof, "b", log.root)->code, RejectionCode::kProofLength);
  proof = log.OfB();
  proof.mutable_hashes(0)->pop_back();
  EXPECT_EQ(VerifyEntry(proof, "b", log.root)->code, RejectionCode::kProofLength);
}

TEST(ProofTest, AnExtensionIsProvedAndAForkIsNot) {
  const SmallLog log;
  v1::ConsistencyProof proof;
  proof.set_first_size(2);
  proof.set_second_size(3);
  proof.add_hashes(ToField(log.c));
  EXPECT_EQ(VerifyExtension(proof, log.ab, log.root), std::nullopt);
  EXPECT_EQ(VerifyExtension(proof, log.a, log.root)->code, RejectionCode::kProofMismatch);
}

}  // namespace
}  // namespace tributary::client
