#include "state/accounts.h"
#include "state/context.h"
#include "state/disputes.h"
#include "state/versions.h"

namespace tributary::state {
namespace {

using base::RejectionCode;
using base::Verdict;

// The record's last amendment, where it is the one meant and has not taken effect.
std::optional<Amended> FindPending(Context& c, base::RecordSeq record, base::Epoch effective) {
  auto amended = FindAmended(c.overlay, record);
  if (!amended || amended->value.last == kNone32) return std::nullopt;
  const auto version = c.overlay.Get<VersionRow>(amended->value.last);
  const bool meant = version.effective_epoch == effective.value();
  if (!meant || version.effective_epoch <= c.block.chain.epoch) return std::nullopt;
  return amended;
}

Verdict RequireAuthors(Context& c, const VersionLines& lines) {
  for (const lineage::AuthorShare author : lines.authors) {
    if (SignedByHolder(c, author.account)) continue;
    return c.Reject(RejectionCode::kNotAuthor, "record", HandleOf(c, author.account));
  }
  return std::nullopt;
}

}  // namespace

base::Verdict ApplyOperation(Context& c, const codec::WithdrawAmendment& operation) {
  const auto record = c.FindRecord(operation.record);
  if (!record) return c.Reject(RejectionCode::kRecordUnknown, "record");
  if (HasOpenCase(c.overlay, *record)) return c.Reject(RejectionCode::kCaseOpen, "record");
  auto amended = FindPending(c, *record, operation.effective_epoch);
  if (!amended) return c.Reject(RejectionCode::kNoAmendmentPending, "effective_epoch");
  const uint32_t row = amended->value.last;
  auto version = c.overlay.Get<VersionRow>(row);
  // Those who would be authors by the amendment, and those who are without it.
  if (auto bad = RequireAuthors(c, LinesOfVersion(c.overlay, version))) return bad;
  const base::Epoch before(version.effective_epoch - 1);
  if (auto bad = RequireAuthors(c, LinesAt(c.overlay, *record, before))) return bad;
  version.withdrawn_entry = c.entry();
  c.overlay.Put(row, version);
  amended->value.last = version.older;
  c.overlay.Put(amended->row, amended->value);
  VersionChange change{};
  change.record = *record;
  change.effective = operation.effective_epoch;
  change.withdrawn = true;
  c.overlay.AddVersion(change);
  return std::nullopt;
}

}  // namespace tributary::state
