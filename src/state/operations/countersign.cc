#include "state/edges.h"

namespace tributary::state {

base::Verdict ApplyOperation(Context& c, const codec::Countersign& operation) {
  const auto row = RequireEdge(c, operation.child, operation.parent);
  if (!row) return row.rejection();
  auto edge = c.overlay.Get<EdgeRow>(*row);
  edge.flags |= kEdgeCountersigned;
  c.overlay.Put(*row, edge);
  return std::nullopt;
}

}  // namespace tributary::state
