#include "state/edges.h"

#include "state/accounts.h"
#include "state/versions.h"
#include "tributary/base/hex.h"

namespace tributary::state {

using base::RejectionCode;

bool IsAbout(uint8_t relation) {
  switch (static_cast<codec::Relation>(relation)) {
    case codec::Relation::kInformedBy:
    case codec::Relation::kUsesCode:
    case codec::Relation::kUsesMethod: return false;
    default: return true;
  }
}

std::optional<uint32_t> FindEdgeRow(Overlay& overlay, base::RecordSeq child,
                                    base::RecordSeq parent) {
  const auto amended = FindAmended(overlay, child);
  return FindEdgeRow(overlay, overlay.Get<RecordRow>(child.value()),
                     amended ? amended->value.newest : kNone32, parent);
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
  return FirstUncountersigned(c.overlay, c.overlay.Get<RecordRow>(record.value()));
}

base::Verdict RequireCounts(Context& c, base::RecordSeq record, std::string_view leaf) {
  const auto parent = Uncountersigned(c, record);
  if (!parent) return std::nullopt;
  const auto row = c.overlay.Get<RecordRow>(parent->value());
  return c.Reject(RejectionCode::kNotCountersigned, leaf, "record " + base::ToHex(row.id.view()));
}

}  // namespace tributary::state
