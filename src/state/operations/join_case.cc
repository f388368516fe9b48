#include "state/case_claims.h"
#include "state/context.h"

namespace tributary::state {

using base::RejectionCode;

base::Verdict ApplyOperation(Context& c, const codec::JoinCase& operation) {
  auto one = RequireOpenCase(c, operation.case_number);
  if (!one) return one.rejection();
  if (!operation.candidate) return c.Reject(RejectionCode::kCandidateInvalid, "candidate");
  if (one->value.claims >= kClaimsPerCaseMax) {
    return c.Reject(RejectionCode::kTooManyClaims, "case_number");
  }
  if (HasClaimed(c.overlay, one->disputed.value, c.sender)) {
    return c.Reject(RejectionCode::kAlreadyClaimed, "case_number");
  }
  const auto kind = static_cast<codec::CaseKind>(one->value.kind);
  const auto vector =
      ReadCandidate(c, *operation.candidate, {one->record, one->level(), MayAddParents(kind)},
                    one->status_quo, "candidate");
  if (!vector) return vector.rejection();
  if (IsStatusQuo(*vector, one->level(), one->status_quo)) {
    return c.Reject(RejectionCode::kCandidateInvalid, "candidate", "it is the status quo");
  }
  NewClaim claim{*vector, {}, {}, operation.evidence_sha256};
  if (auto bad =
          RequireBond(c, one->record, one->level(), one->status_quo, operation.currency, claim)) {
    return bad;
  }
  ++one->value.segments;
  AddClaim(c, one->row, one->value, claim);
  c.overlay.Put(one->row, one->value);
  return std::nullopt;
}

}  // namespace tributary::state
