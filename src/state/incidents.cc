#include "state/incidents.h"

#include "state/ties.h"

namespace tributary::state {

using base::RejectionCode;

base::Checked<IncidentRow> RequireOpenIncident(Context& c, uint64_t number) {
  if (number >= c.overlay.RowCount({TableKind::kIncidents, 0})) {
    return c.Reject(RejectionCode::kIncidentUnknown, "incident", std::to_string(number));
  }
  const auto incident = c.overlay.Get<IncidentRow>(number);
  if (incident.state == static_cast<uint8_t>(IncidentState::kOpen)) return incident;
  return c.Reject(RejectionCode::kIncidentClosed, "incident", std::to_string(number));
}

std::vector<base::AccountIndex> PartiesOf(Context& c, const IncidentRow& incident,
                                          base::RecordSeq asset) {
  std::vector<base::AccountIndex> parties = AuthorsNow(c, base::RecordSeq(incident.subject));
  for (const base::AccountIndex author : AuthorsNow(c, asset)) parties.push_back(author);
  parties.emplace_back(incident.reporter);
  return parties;
}

}  // namespace tributary::state
