#include "state/context.h"
#include "state/governance.h"

namespace tributary::state {

using base::RejectionCode;

base::Verdict ApplyOperation(Context& c, const codec::ApproveProposal& operation) {
  if (auto bad = c.RequireSenderRole({codec::Role::kAdmin})) return bad;
  auto proposal = RequireOpenProposal(c, operation.proposal);
  if (!proposal) return proposal.rejection();
  for (const ApprovalRow& approval : ApprovalsOf(c.overlay, *proposal)) {
    if (approval.account == c.sender.value()) {
      return c.Reject(RejectionCode::kAlreadyApproved, "proposal");
    }
  }
  const auto number = static_cast<uint32_t>(operation.proposal);
  Approve(c, number, *proposal);
  c.overlay.Put(number, *proposal);
  return std::nullopt;
}

}  // namespace tributary::state
