// Edges as their parents' owners see them: stances and countersignatures.
#ifndef TRIBUTARY_STATE_EDGES_H_
#define TRIBUTARY_STATE_EDGES_H_

#include <optional>
#include <string_view>

#include "state/context.h"

namespace tributary::state {

// The row of kEdges that holds stance and countersignature of the edge child -> parent: that of the
// first version that has it, whichever is in force. Nothing where the child never named the parent.
std::optional<uint32_t> FindEdgeRow(Overlay& overlay, base::RecordSeq child,
                                    base::RecordSeq parent);

// What an operation on an edge names. Checks: both records exist (kRecordUnknown), the child names
// the parent (kEdgeUnknown), an author of the parent signed (kNotAuthor).
base::Checked<uint32_t> RequireEdge(Context& c, const base::RecordId& child,
                                    const base::RecordId& parent);

// A correction or review does not count while one of the records that it is about has not
// countersigned it: that parent, or nothing. What it merely made use of (informed_by, uses_code,
// uses_method) need not. Always nothing where the chain does not require countersignatures.
std::optional<base::RecordSeq> Uncountersigned(Context& c, base::RecordSeq record);

// kNotCountersigned where the record does not count. `leaf` names it.
base::Verdict RequireCounts(Context& c, base::RecordSeq record, std::string_view leaf);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_EDGES_H_
