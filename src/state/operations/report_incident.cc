#include <algorithm>

#include "state/context.h"
#include "tributary/base/hex.h"

namespace tributary::state {

using base::RejectionCode;

base::Verdict ApplyOperation(Context& c, const codec::ReportIncident& operation) {
  const auto subject = c.FindRecord(operation.subject);
  if (!subject) {
    return c.Reject(RejectionCode::kRecordUnknown, "subject",
                    base::ToHex(operation.subject.view()));
  }
  IncidentRow incident;
  incident.subject = subject->value();
  incident.reporter = c.sender.value();
  incident.state = static_cast<uint8_t>(IncidentState::kOpen);
  incident.severity = static_cast<uint8_t>(operation.severity);
  incident.category_bytes = static_cast<uint8_t>(operation.category.size());
  std::copy(operation.category.begin(), operation.category.end(), incident.category.begin());
  incident.evidence_sha256 = operation.evidence_sha256;
  incident.reported_ms = c.block.time.value();
  incident.entry = c.entry();
  incident.operation = static_cast<uint16_t>(c.operation);
  c.overlay.Append(incident);
  return std::nullopt;
}

}  // namespace tributary::state
