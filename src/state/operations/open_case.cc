#include "state/case_claims.h"
#include "state/context.h"
#include "state/identity_keys.h"

namespace tributary::state {
namespace {

using base::RejectionCode;
using base::Verdict;

// The level that a case of this kind is about. A revocation is about the authors where its
// candidate names accounts.
CaseLevel LevelOf(const Context& c, const codec::OpenCase& operation) {
  switch (operation.kind) {
    case codec::CaseKind::kAuthorship:
    case codec::CaseKind::kDuplicate: return CaseLevel::kAuthors;
    case codec::CaseKind::kRevoked: {
      const base::AccountId first{operation.candidate->lines.front().subject.bytes};
      return c.FindAccount(first) ? CaseLevel::kAuthors : CaseLevel::kLines;
    }
    default: return CaseLevel::kLines;
  }
}

// The row of kDisputed, made for a record's first case.
Disputed DisputedOf(Context& c, base::RecordSeq record) {
  if (const auto found = FindDisputed(c.overlay, DisputedKind::kRecord, record.value())) {
    return *found;
  }
  DisputedRow row;
  row.subject = record.value();
  row.kind = static_cast<uint8_t>(DisputedKind::kRecord);
  const uint64_t number = c.overlay.Append(row);
  c.overlay.AddIdentity(Identity::kDisputed, DisputedKey(row.kind, row.subject), number);
  return {number, row};
}

bool HasEnded(Overlay& overlay, uint32_t row) {
  return row != kNone32 &&
         overlay.Get<CaseRow>(row).state == static_cast<uint8_t>(CaseState::kEnded);
}

// One case for each level; none while an ended one waits for the other level's, or a pot could be
// kept closed for ever.
Verdict CheckFree(Context& c, base::RecordSeq record, CaseLevel level) {
  const auto disputed = FindDisputed(c.overlay, DisputedKind::kRecord, record.value());
  if (!disputed) return std::nullopt;
  const DisputedRow& row = disputed->value;
  const bool lines = level == CaseLevel::kLines;
  const uint32_t same = lines ? row.lines_case : row.authors_case;
  const uint32_t other = lines ? row.authors_case : row.lines_case;
  if (same != kNone32 || HasEnded(c.overlay, other)) {
    return c.Reject(RejectionCode::kCaseOpen, "subject",
                    "case " + std::to_string(same != kNone32 ? same : other));
  }
  if (HasClaimed(c.overlay, row, c.sender)) {
    return c.Reject(RejectionCode::kAlreadyClaimed, "subject");
  }
  return std::nullopt;
}

void Open(Context& c, const codec::OpenCase& operation, base::RecordSeq record, CaseLevel level,
          const NewClaim& claim) {
  Disputed disputed = DisputedOf(c, record);
  CaseRow one;
  one.disputed = static_cast<uint32_t>(disputed.row);
  one.kind = static_cast<uint8_t>(operation.kind);
  one.level = static_cast<uint8_t>(level);
  one.state = static_cast<uint8_t>(CaseState::kOpen);
  one.segments = 1;
  one.previous = disputed.value.newest_case;
  one.opened_ms = c.block.time.value();
  one.opened_entry = c.entry();
  one.opened_operation = static_cast<uint16_t>(c.operation);
  one.due_ms = one.opened_ms + c.block.parameters.case_response_ms;
  const uint64_t row = c.overlay.Append(one);
  DueRow due;
  due.due_ms = one.due_ms;
  due.subject = row;
  due.kind = static_cast<uint8_t>(DueKind::kCase);
  one.due_row = static_cast<uint32_t>(c.overlay.AddDue(due));
  AddClaim(c, row, one, claim);
  c.overlay.Put(row, one);
  disputed.value.newest_case = static_cast<uint32_t>(row);
  (level == CaseLevel::kLines ? disputed.value.lines_case : disputed.value.authors_case) =
      static_cast<uint32_t>(row);
  c.overlay.PutDisputed(disputed.row, disputed.value);
}

}  // namespace

Verdict ApplyOperation(Context& c, const codec::OpenCase& operation) {
  if (operation.kind == codec::CaseKind::kAccount) {
    return c.Reject(RejectionCode::kNotYetInForce, "kind");
  }
  const auto record = c.FindRecord(base::RecordId{operation.subject.bytes});
  if (!record) return c.Reject(RejectionCode::kRecordUnknown, "subject");
  if (!operation.candidate) return c.Reject(RejectionCode::kCandidateInvalid, "candidate");
  const CaseLevel level = LevelOf(c, operation);
  if (auto bad = CheckFree(c, *record, level)) return bad;
  const auto status_quo = SplitInForce(c.overlay, *record, base::Epoch(c.block.chain.epoch));
  const auto vector =
      ReadCandidate(c, *operation.candidate, {*record, level, MayAddParents(operation.kind)},
                    status_quo, "candidate");
  if (!vector) return vector.rejection();
  if (IsStatusQuo(*vector, level, status_quo)) {
    return c.Reject(RejectionCode::kCandidateInvalid, "candidate", "it is the status quo");
  }
  NewClaim claim{*vector, {}, {}, operation.evidence_sha256};
  if (auto bad = RequireBond(c, *record, level, status_quo, operation.currency, claim)) return bad;
  Open(c, operation, *record, level, claim);
  return std::nullopt;
}

}  // namespace tributary::state
