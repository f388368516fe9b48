#include "tributary/client/proof.h"

#include <optional>
#include <vector>

#include "crypto/hash.h"
#include "tributary/client/transaction.h"
#include "tributary/merkle/verify.h"

namespace tributary::client {
namespace {

template <class Repeated>
std::optional<std::vector<base::Hash>> Hashes(const Repeated& fields) {
  std::vector<base::Hash> hashes;
  for (const std::string& field : fields) {
    const auto hash = FromField<base::Hash>(field);
    if (!hash) return std::nullopt;
    hashes.push_back(*hash);
  }
  return hashes;
}

base::Rejection BadHash() {
  return base::Reject(base::RejectionCode::kProofLength, "hashes", "a hash is not 32 bytes");
}

}  // namespace

base::Verdict VerifyEntry(const v1::InclusionProof& proof, std::string_view entry,
                          const base::Hash& root) {
  const auto hashes = Hashes(proof.hashes());
  if (!hashes) return BadHash();
  return merkle::VerifyInclusion(proof.index(), proof.tree_size(),
                                 crypto::LeafHash(base::AsBytes(entry)), *hashes, root);
}

base::Verdict VerifyExtension(const v1::ConsistencyProof& proof, const base::Hash& first_root,
                              const base::Hash& second_root) {
  const auto hashes = Hashes(proof.hashes());
  if (!hashes) return BadHash();
  return merkle::VerifyConsistency(proof.first_size(), proof.second_size(), first_root, second_root,
                                   *hashes);
}

}  // namespace tributary::client
