#include "state/revenue.h"

namespace tributary::state {

base::Verdict ApplyOperation(Context& c, const codec::ReportRevenue& operation) {
  const auto target = RequireTarget(c, operation.asset, operation.currency);
  if (!target) return target.rejection();
  const PreparedAttribution* attribution = nullptr;
  if (operation.attribution) attribution = &c.transaction.attributions[c.next_attribution++];
  return RecordEvent(c, *target,
                     {operation.amount_minor, operation.occurred_at_ms, operation.reference}, 0, "",
                     attribution);
}

}  // namespace tributary::state
