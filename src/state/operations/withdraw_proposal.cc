#include "state/context.h"
#include "state/governance.h"

namespace tributary::state {

using base::RejectionCode;

base::Verdict ApplyOperation(Context& c, const codec::WithdrawProposal& operation) {
  if (auto bad = c.RequireSenderRole({codec::Role::kAdmin})) return bad;
  const auto proposal = RequireOpenProposal(c, operation.proposal);
  if (!proposal) return proposal.rejection();
  if (proposal->proposer != c.sender.value()) {
    return c.Reject(RejectionCode::kNotProposer, "proposal");
  }
  CloseProposal(c.overlay, c.block, static_cast<uint32_t>(operation.proposal), *proposal,
                ProposalState::kWithdrawn, c.block.time);
  return std::nullopt;
}

}  // namespace tributary::state
