// Verifies RFC 6962 / RFC 9162 Merkle proofs. Needs nothing but SHA-256, so that whoever holds a
// root needs to trust no node. The trees of the log and of the state tables have this one shape.
#ifndef TRIBUTARY_MERKLE_VERIFY_H_
#define TRIBUTARY_MERKLE_VERIFY_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "tributary/base/rejection.h"
#include "tributary/base/types.h"

namespace tributary::merkle {

// Sizes stay below 2^63, because other people's verifiers use signed 64-bit numbers.
inline constexpr uint64_t kTreeSizeMax = (uint64_t{1} << 63) - 1;
// No proof in a tree of at most kTreeSizeMax leaves is longer.
inline constexpr size_t kProofHashesMax = 63;

// Root of the tree without leaves: SHA-256 of nothing.
base::Hash EmptyRoot();

// The root that `proof` leads to from the leaf hash `leaf` at `index` of a tree of `size` leaves.
// The proof has the leaf's sibling first and the root's child last.
// Errors: kProofRange (index >= size, size > kTreeSizeMax), kProofLength.
base::Checked<base::Hash> RootFromInclusion(uint64_t index, uint64_t size, const base::Hash& leaf,
                                            std::span<const base::Hash> proof);

// Is `leaf` the leaf hash at `index` of the tree with this size and root?
// Errors: as RootFromInclusion, then kProofMismatch.
// Source: RFC 9162 section 2.1.3.2.
[[nodiscard]] base::Verdict VerifyInclusion(uint64_t index, uint64_t size, const base::Hash& leaf,
                                            std::span<const base::Hash> proof,
                                            const base::Hash& root);

// Is the tree of `n` leaves with `root_n` an extension of the tree of `m` leaves with `root_m`?
// m == n: the proof is empty and the roots are equal. m == 0: the proof is empty and `root_m` is
// EmptyRoot(); any tree extends the empty one. A root that stands for size 0 is always EmptyRoot().
// Errors: kProofRange (m > n, n > kTreeSizeMax), kProofLength, kProofMismatch.
// Source: RFC 9162 section 2.1.4.2; for m == 0 C2SP tlog-witness, where libraries differ.
[[nodiscard]] base::Verdict VerifyConsistency(uint64_t m, uint64_t n, const base::Hash& root_m,
                                              const base::Hash& root_n,
                                              std::span<const base::Hash> proof);

}  // namespace tributary::merkle

#endif  // TRIBUTARY_MERKLE_VERIFY_H_
