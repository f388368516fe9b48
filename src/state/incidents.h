// What the operations on incidents share.
#ifndef TRIBUTARY_STATE_INCIDENTS_H_
#define TRIBUTARY_STATE_INCIDENTS_H_

#include <vector>

#include "state/context.h"

namespace tributary::state {

// kIncidentUnknown where there is no such one, kIncidentClosed where it has been ruled on.
base::Checked<IncidentRow> RequireOpenIncident(Context& c, uint64_t number);

// Whom no arbiter of the incident may be tied to: its reporter, and the authors of its subject and
// of `asset`.
std::vector<base::AccountIndex> PartiesOf(Context& c, const IncidentRow& incident,
                                          base::RecordSeq asset);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_INCIDENTS_H_
