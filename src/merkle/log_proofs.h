// Roots and proofs of the log at any size up to the stored one, read from tiles. A proof reads
// at most two tiles per tile level, each once.
#ifndef TRIBUTARY_MERKLE_LOG_PROOFS_H_
#define TRIBUTARY_MERKLE_LOG_PROOFS_H_

#include <cstdint>
#include <vector>

#include "merkle/tiles.h"
#include "tributary/base/status.h"
#include "tributary/base/types.h"

namespace tributary::merkle {

// Errors of all: kInvalidArgument for an index or size out of range; kDataLoss for a tile that is
// damaged; the reader's own, such as kNotFound for a size beyond what is stored.

absl::StatusOr<base::Hash> RootAt(const TileReader& reader, uint64_t size);

// Leaf hash number `index` of the tree of `size` leaves.
absl::StatusOr<base::Hash> LeafAt(const TileReader& reader, uint64_t index, uint64_t size);

// The path that VerifyInclusion takes. Requires: index < size.
absl::StatusOr<std::vector<base::Hash>> InclusionProof(const TileReader& reader, uint64_t index,
                                                       uint64_t size);

// The proof that VerifyConsistency takes; empty where m is 0 or n. Requires: m <= n.
absl::StatusOr<std::vector<base::Hash>> ConsistencyProof(const TileReader& reader, uint64_t m,
                                                         uint64_t n);

}  // namespace tributary::merkle

#endif  // TRIBUTARY_MERKLE_LOG_PROOFS_H_
