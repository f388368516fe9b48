// Proposals: how they wait, who has approved, and what happens when their time has come.
#ifndef TRIBUTARY_STATE_GOVERNANCE_H_
#define TRIBUTARY_STATE_GOVERNANCE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "state/context.h"
#include "state/governance_draft.h"

namespace tributary::state {

inline constexpr uint32_t kOpenProposalsMax = 128;
inline constexpr uint32_t kOpenProposalsOfAdminMax = 16;

// The serialized codec::Propose of a proposal. `Rows` has Get<Row>(row): an Overlay, or a reader of
// the committed state.
template <class Rows>
std::string ProposeBytes(Rows& rows, const ProposalRow& proposal) {
  std::string bytes;
  for (uint64_t row = proposal.first_chunk; bytes.size() < proposal.byte_count; ++row) {
    const auto chunk = rows.template Get<ProposalBytesRow>(row);
    const size_t left = proposal.byte_count - bytes.size();
    bytes.append(reinterpret_cast<const char*>(chunk.bytes.data()),
                 left < chunk.bytes.size() ? left : chunk.bytes.size());
  }
  return bytes;
}

// Those who approved a proposal, the latest first.
template <class Rows>
std::vector<ApprovalRow> ApprovalsOf(Rows& rows, const ProposalRow& proposal) {
  std::vector<ApprovalRow> approvals;
  for (uint32_t row = proposal.last_approval; row != kNone32;) {
    approvals.push_back(rows.template Get<ApprovalRow>(row));
    row = approvals.back().previous;
  }
  return approvals;
}

// The numbers of the open proposals, ascending.
std::vector<uint32_t> OpenProposals(Overlay& overlay, const ChainRow& chain);
// kProposalUnknown where there is no such one, or it has ended.
base::Checked<ProposalRow> RequireOpenProposal(Context& c, uint64_t number);
// Notes the sender's approval. The row is stored by the caller.
void Approve(Context& c, uint32_t number, ProposalRow& proposal);
// Ends an open proposal.
void CloseProposal(Overlay& overlay, BlockContext& block, uint32_t number, ProposalRow proposal,
                   ProposalState state, base::TimeMs time);

// The earliest epoch with which an open proposal takes effect.
std::optional<uint64_t> NextProposedEpoch(Overlay& overlay, const ChainRow& chain);
// Whether an open proposal takes effect with the next block.
bool ProposalsTakeEffectNext(Overlay& overlay, const ChainRow& chain);

// The open proposals whose epoch the current one is, in order; as of its start. What cannot take
// effect (too few of its approvals are of present admins, or the changes break a rule by now)
// fails, and says so in its row. Likewise those of the height of the block.
void ProposalsTakeEffectWithEpoch(Overlay& overlay, BlockContext& block);
void ProposalsTakeEffectAtHeight(Overlay& overlay, BlockContext& block);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_GOVERNANCE_H_
