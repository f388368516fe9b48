#include "state/edges.h"

namespace tributary::state {

base::Verdict ApplyOperation(Context& c, const codec::SetEdgeStance& operation) {
  const auto row = RequireEdge(c, operation.child, operation.parent);
  if (!row) return row.rejection();
  auto edge = c.overlay.Get<EdgeRow>(*row);
  edge.stance = static_cast<uint8_t>(operation.stance);
  c.overlay.Put(*row, edge);
  return std::nullopt;
}

}  // namespace tributary::state
