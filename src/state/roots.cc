#include <vector>

#include "crypto/hash.h"
#include "state/overlay.h"

namespace tributary::state {

uint64_t PageCount(TableKind kind, uint64_t rows) {
  const uint64_t per_page = RowsPerPage(kind);
  return (rows + per_page - 1) / per_page;
}

uint64_t RowsInPage(TableKind kind, uint64_t rows, uint64_t number) {
  const uint64_t per_page = RowsPerPage(kind);
  const uint64_t first = number * per_page;
  if (rows <= first) return 0;
  return rows - first < per_page ? rows - first : per_page;
}

base::Hash PageLeaf(TableKind kind, const Page& page, uint64_t rows) {
  if (!RowsHashedAlone(kind)) return crypto::LeafHash(page);
  std::vector<base::Hash> leaves;
  leaves.reserve(rows);
  for (uint64_t row = 0; row < rows; ++row) {
    leaves.push_back(crypto::LeafHash({page.data() + row * RowBytes(kind), RowBytes(kind)}));
  }
  return merkle::TableTree(leaves).Root();
}

}  // namespace tributary::state
