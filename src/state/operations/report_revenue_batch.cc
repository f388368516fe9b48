#include "state/revenue.h"

namespace tributary::state {

base::Verdict ApplyOperation(Context& c, const codec::ReportRevenueBatch& operation) {
  const auto target = RequireTarget(c, operation.asset, operation.currency);
  if (!target) return target.rejection();
  for (size_t i = 0; i < operation.items.size(); ++i) {
    const std::string prefix = "items[" + std::to_string(i) + "].";
    if (auto bad = RecordEvent(c, *target, operation.items[i], i, prefix)) return bad;
  }
  return std::nullopt;
}

}  // namespace tributary::state
