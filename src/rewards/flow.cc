#include "rewards/flow.h"

namespace tributary::rewards {

using base::Atoms;
using base::Uint128;

Atoms KeptTotal(const Flow& flow, const lineage::Split& split) {
  return FlowOut(flow.inflow, split.kept);
}

Atoms AuthorTotal(const Flow& flow, const lineage::Split& split, size_t author) {
  return FlowOut(KeptTotal(flow, split) + flow.extra, split.authors[author].share);
}

Atoms EdgeDust(const Flow& flow, const lineage::Split& split) {
  const Parts total = Parts::Of(flow.inflow);
  Uint128 out = total.Floor(split.kept.value());
  for (size_t i = 0; i < split.edges.size(); ++i) out += total.Floor(split.edges.shares()[i]);
  return flow.inflow - Atoms(out);
}

Atoms AuthorDust(const Flow& flow, const lineage::Split& split) {
  const Atoms received = KeptTotal(flow, split) + flow.extra;
  const Parts total = Parts::Of(received);
  Uint128 out = 0;
  for (const lineage::AuthorShare author : split.authors) out += total.Floor(author.share.value());
  return received - Atoms(out);
}

Atoms DustOf(const Flow& flow, const lineage::Split& split) {
  return EdgeDust(flow, split) + AuthorDust(flow, split);
}

ClosedVersion CloseVersion(const Flow& flow, const lineage::Split& closed,
                           const lineage::Split& next) {
  const Atoms edge_dust = EdgeDust(flow, closed);
  if (closed.authors == next.authors) {
    return {Flow{Atoms(), flow.extra + KeptTotal(flow, closed)}, Flow{edge_dust, Atoms()}};
  }
  return {Flow{}, Flow{edge_dust, AuthorDust(flow, closed)}};
}

}  // namespace tributary::rewards
