// Edges as their parents' owners see them: stances and countersignatures.
#ifndef TRIBUTARY_STATE_EDGES_H_
#define TRIBUTARY_STATE_EDGES_H_

#include <optional>
#include <string_view>

#include "state/context.h"

namespace tributary::state {

// Whether an edge of this relation says that the child is about the parent, and not that it merely
// made use of it (informed_by, uses_code, uses_method).
bool IsAbout(uint8_t relation);

// The row of kEdges, among those of a record or a version, that leads to `parent`. `Rows` has
// Get<Row>(row): an Overlay, or a reader of the committed state.
template <class Rows, class Lines>  // Lines: a RecordRow or a VersionRow
std::optional<uint32_t> FindEdgeIn(Rows& rows, const Lines& lines, base::RecordSeq parent) {
  for (uint32_t i = 0; i < lines.edge_count; ++i) {
    if (rows.template Get<EdgeRow>(lines.first_edge + i).parent == parent.value()) {
      return lines.first_edge + i;
    }
  }
  return std::nullopt;
}

// The row of kEdges that holds stance and countersignature of the edge child -> parent: that of the
// first version that has it, whichever is in force. Nothing where the child never named the parent.
// `newest` is AmendedRow::newest of the child; kNone32: it was never amended.
template <class Rows>
std::optional<uint32_t> FindEdgeRow(Rows& rows, const RecordRow& child, uint32_t newest,
                                    base::RecordSeq parent) {
  if (const auto row = FindEdgeIn(rows, child, parent)) return row;
  std::optional<uint32_t> first;
  while (newest != kNone32) {
    const auto version = rows.template Get<VersionRow>(newest);
    if (const auto row = FindEdgeIn(rows, version, parent)) first = row;
    newest = version.previous;
  }
  return first;
}

// The first parent that has yet to countersign where the chain requires it: of a correction or
// review alone, and where the edge is about the parent.
template <class Rows>
std::optional<base::RecordSeq> FirstUncountersigned(Rows& rows, const RecordRow& record) {
  const auto kind = static_cast<codec::RecordKind>(record.kind);
  if (kind != codec::RecordKind::kCorrection && kind != codec::RecordKind::kReview) {
    return std::nullopt;
  }
  for (uint32_t i = 0; i < record.edge_count; ++i) {
    const auto edge = rows.template Get<EdgeRow>(record.first_edge + i);
    if (!IsAbout(edge.relation) || (edge.flags & kEdgeCountersigned) != 0) continue;
    return base::RecordSeq(edge.parent);
  }
  return std::nullopt;
}

// The same, on the state as it is being changed.
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
