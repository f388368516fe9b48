#include "state/edges.h"

#include "state/accounts.h"
#include "state/versions.h"
#include "tributary/base/hex.h"

namespace tributary::state {
namespace {

using base::RejectionCode;

template <class Lines>  // a RecordRow or a VersionRow
std::optional<uint32_t> FindIn(Overlay& overlay, const Lines& lines, base::RecordSeq parent) {
  for (uint32_t i = 0; i < lines.edge_count; ++i) {
    if (overlay.Get<EdgeRow>(lines.first_edge + i).parent == parent.value()) {
      return lines.first_edge + i;
    }
  }
  return std::nullopt;
}

bool IsAbout(uint8_t relation) {
  switch (static_cast<codec::Relation>(relation)) {
    case codec::Relation::kInformedBy:
    case codec::Relation::kUsesCode:
    case codec::Relation::kUsesMethod: return false;
    default: return true;
  }
}

}  // namespace

std::optional<uint32_t> FindEdgeRow(Overlay& overlay, base::RecordSeq child,
                                    base::RecordSeq parent) {
  const auto record = overlay.Get<RecordRow>(child.value());
  if (const auto row = FindIn(overlay, record, parent)) return row;
  const auto amended = FindAmended(overlay, child);
  std::optional<uint32_t> first;
  for (uint32_t at = amended ? amended->value.newest : kNone32; at != kNone32;) {
    const auto version = overlay.Get<VersionRow>(at);
    if (const auto row = FindIn(overlay, version, parent)) first = row;
    at = version.previous;
  }
  return first;
}

base::Checked<uint32_t> RequireEdge(Context& c, const base::RecordId& child,
                                    const base::RecordId& parent) {
  const auto from = c.FindRecord(child);
  if (!from) return c.Reject(RejectionCode::kRecordUnknown, "child", base::ToHex(child.view()));
  const auto to = c.FindRecord(parent);
  if (!to) return c.Reject(RejectionCode::kRecordUnknown, "parent", base::ToHex(parent.view()));
  const auto row = FindEdgeRow(c.overlay, *from, *to);
  if (!row) return c.Reject(RejectionCode::kEdgeUnknown, "parent");
  const base::Epoch now(c.block.chain.epoch);
  for (const lineage::AuthorShare author : LinesAt(c.overlay, *to, now).authors) {
    if (SignedByHolder(c, author.account)) return *row;
  }
  return c.Reject(RejectionCode::kNotAuthor, "parent", "none of its authors has signed");
}

std::optional<base::RecordSeq> Uncountersigned(Context& c, base::RecordSeq record) {
  if (c.block.parameters.countersign_required == 0) return std::nullopt;
  const auto row = c.overlay.Get<RecordRow>(record.value());
  const auto kind = static_cast<codec::RecordKind>(row.kind);
  if (kind != codec::RecordKind::kCorrection && kind != codec::RecordKind::kReview) {
    return std::nullopt;
  }
  for (uint32_t i = 0; i < row.edge_count; ++i) {
    const auto edge = c.overlay.Get<EdgeRow>(row.first_edge + i);
    if (!IsAbout(edge.relation) || (edge.flags & kEdgeCountersigned) != 0) continue;
    return base::RecordSeq(edge.parent);
  }
  return std::nullopt;
}

base::Verdict RequireCounts(Context& c, base::RecordSeq record, std::string_view leaf) {
  const auto parent = Uncountersigned(c, record);
  if (!parent) return std::nullopt;
  const auto row = c.overlay.Get<RecordRow>(parent->value());
  return c.Reject(RejectionCode::kNotCountersigned, leaf, "record " + base::ToHex(row.id.view()));
}

}  // namespace tributary::state
