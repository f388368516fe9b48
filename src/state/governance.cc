#include "state/governance.h"

#include <algorithm>

#include "state/parameters.h"
#include "tributary/base/check.h"

namespace tributary::state {
namespace {

using base::RejectionCode;

bool IsOpen(const ProposalRow& proposal) {
  return proposal.state == static_cast<uint8_t>(ProposalState::kOpen);
}

// How many of those who approved are admins now.
uint32_t StandingApprovals(Overlay& overlay, const ProposalRow& proposal) {
  uint32_t count = 0;
  for (const ApprovalRow& approval : ApprovalsOf(overlay, proposal)) {
    const auto account = overlay.Get<AccountRow>(approval.account);
    if (HasRole(account.roles, codec::Role::kAdmin)) ++count;
  }
  return count;
}

// Tries all changes on the state as it is now, and stores them where none is refused.
void TakeEffect(Overlay& overlay, BlockContext& block, uint32_t number, base::TimeMs time) {
  auto proposal = overlay.Get<ProposalRow>(number);
  proposal.admins = block.chain.admin_threshold;
  proposal.approved = StandingApprovals(overlay, proposal);
  const auto fail = [&](RejectionCode code, size_t change) {
    proposal.failure = static_cast<uint16_t>(code);
    proposal.failed_change = static_cast<uint8_t>(change);
    CloseProposal(overlay, block, number, proposal, ProposalState::kFailed, time);
  };
  block.due_happened = true;
  if (proposal.approved < proposal.admins) return fail(RejectionCode::kThreshold, 0);
  const std::string bytes = ProposeBytes(overlay, proposal);
  const auto propose = codec::Decode<codec::Propose>(base::AsBytes(bytes));
  TRIBUTARY_CHECK(propose.ok(), "the bytes of a proposal are not one");
  GovernanceDraft draft(overlay, block);
  for (size_t i = 0; i < propose->changes.size(); ++i) {
    if (const auto bad = draft.Take(propose->changes[i], "")) return fail(bad->code, i + 1);
  }
  if (const auto bad = draft.Check("")) return fail(bad->code, 0);
  draft.Store(block, proposal.effective_epoch, number);
  CloseProposal(overlay, block, number, proposal, ProposalState::kInEffect, time);
}

}  // namespace

std::vector<uint32_t> OpenProposals(Overlay& overlay, const ChainRow& chain) {
  std::vector<uint32_t> open;
  for (uint32_t number = chain.first_open_proposal; open.size() < chain.open_proposals; ++number) {
    if (IsOpen(overlay.Get<ProposalRow>(number))) open.push_back(number);
  }
  return open;
}

base::Checked<ProposalRow> RequireOpenProposal(Context& c, uint64_t number) {
  if (number < c.overlay.RowCount({TableKind::kProposals, 0})) {
    const auto proposal = c.overlay.Get<ProposalRow>(number);
    if (IsOpen(proposal)) return proposal;
  }
  return c.Reject(RejectionCode::kProposalUnknown, "proposal", std::to_string(number));
}

void Approve(Context& c, uint32_t number, ProposalRow& proposal) {
  ApprovalRow approval;
  approval.proposal = number;
  approval.account = c.sender.value();
  approval.previous = proposal.last_approval;
  approval.entry = c.entry();
  proposal.last_approval = static_cast<uint32_t>(c.overlay.Append(approval));
  ++proposal.approvals;
}

void CloseProposal(Overlay& overlay, BlockContext& block, uint32_t number, ProposalRow proposal,
                   ProposalState state, base::TimeMs time) {
  proposal.state = static_cast<uint8_t>(state);
  proposal.closed_ms = time.value();
  proposal.closed_height = block.chain.height + 1;
  overlay.Put(number, proposal);
  ChainRow& chain = block.chain;
  --chain.open_proposals;
  while (chain.first_open_proposal < overlay.RowCount({TableKind::kProposals, 0}) &&
         !IsOpen(overlay.Get<ProposalRow>(chain.first_open_proposal))) {
    ++chain.first_open_proposal;
  }
}

std::optional<uint64_t> NextProposedEpoch(Overlay& overlay, const ChainRow& chain) {
  std::optional<uint64_t> next;
  for (const uint32_t number : OpenProposals(overlay, chain)) {
    const uint64_t epoch = overlay.Get<ProposalRow>(number).effective_epoch;
    if (epoch != 0 && (!next || epoch < *next)) next = epoch;
  }
  return next;
}

bool ProposalsTakeEffectNext(Overlay& overlay, const ChainRow& chain) {
  for (const uint32_t number : OpenProposals(overlay, chain)) {
    const uint64_t height = overlay.Get<ProposalRow>(number).effective_height;
    if (height != 0 && height <= chain.height + 1) return true;
  }
  return false;
}

void ProposalsTakeEffectWithEpoch(Overlay& overlay, BlockContext& block) {
  for (const uint32_t number : OpenProposals(overlay, block.chain)) {
    const uint64_t epoch = overlay.Get<ProposalRow>(number).effective_epoch;
    if (epoch == 0 || epoch > block.chain.epoch) continue;
    TakeEffect(overlay, block, number, base::TimeMs(block.chain.epoch_start_ms));
    block.parameters = ParametersAt(overlay, block.chain.epoch);
  }
}

void ProposalsTakeEffectAtHeight(Overlay& overlay, BlockContext& block) {
  for (const uint32_t number : OpenProposals(overlay, block.chain)) {
    const uint64_t height = overlay.Get<ProposalRow>(number).effective_height;
    if (height == 0 || height > block.chain.height + 1) continue;
    TakeEffect(overlay, block, number, block.time);
  }
}

}  // namespace tributary::state
