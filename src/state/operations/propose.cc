#include <algorithm>

#include "state/context.h"
#include "state/governance.h"

namespace tributary::state {
namespace {

using base::RejectionCode;
using base::Verdict;

Verdict CheckRoom(Context& c) {
  const auto open = OpenProposals(c.overlay, c.block.chain);
  const auto own = std::count_if(open.begin(), open.end(), [&c](uint32_t number) {
    return c.overlay.Get<ProposalRow>(number).proposer == c.sender.value();
  });
  if (open.size() < kOpenProposalsMax && own < kOpenProposalsOfAdminMax) return std::nullopt;
  return c.Reject(RejectionCode::kTooManyProposals, "", std::to_string(own) + " are the sender's");
}

Verdict CheckEpoch(const Context& c, const codec::Propose& operation) {
  if (operation.effective_height.value() != 0) {
    return c.Reject(RejectionCode::kActivationHeight, "effective_height",
                    "parameters take effect with an epoch");
  }
  if (operation.changes.size() > 1) {
    return c.Reject(RejectionCode::kActivationHeight, "changes",
                    "parameters are a proposal of their own");
  }
  if (operation.effective_epoch.value() > c.block.chain.epoch) return std::nullopt;
  return c.Reject(RejectionCode::kActivationHeight, "effective_epoch",
                  "the current epoch is " + std::to_string(c.block.chain.epoch));
}

Verdict CheckHeight(const Context& c, const codec::Propose& operation) {
  if (operation.effective_epoch.value() != 0) {
    return c.Reject(RejectionCode::kActivationHeight, "effective_epoch",
                    "only parameters take effect with an epoch");
  }
  const uint64_t height = c.block.chain.height + 1;
  if (operation.effective_height.value() > height) return std::nullopt;
  return c.Reject(RejectionCode::kActivationHeight, "effective_height",
                  "this block has height " + std::to_string(height));
}

Verdict CheckTime(const Context& c, const codec::Propose& operation) {
  const bool parameters = std::any_of(operation.changes.begin(), operation.changes.end(),
                                      [](const codec::Change& change) {
                                        return std::holds_alternative<codec::SetParameters>(change);
                                      });
  return parameters ? CheckEpoch(c, operation) : CheckHeight(c, operation);
}

Verdict TryChanges(Context& c, const codec::Propose& operation) {
  GovernanceDraft draft(c.overlay, c.block);
  for (size_t i = 0; i < operation.changes.size(); ++i) {
    const std::string path = c.Field("changes[" + std::to_string(i) + "]") + ".";
    if (auto bad = draft.Take(operation.changes[i], path)) return bad;
  }
  return draft.Check(c.Field("changes"));
}

void StoreBytes(Context& c, const std::string& bytes, ProposalRow& proposal) {
  proposal.first_chunk = static_cast<uint32_t>(c.overlay.RowCount({TableKind::kProposalBytes, 0}));
  proposal.byte_count = static_cast<uint32_t>(bytes.size());
  ProposalBytesRow row;
  for (size_t at = 0; at < bytes.size(); at += row.bytes.size()) {
    row = {};
    const size_t left = std::min(row.bytes.size(), bytes.size() - at);
    std::copy_n(bytes.begin() + static_cast<ptrdiff_t>(at), left, row.bytes.begin());
    c.overlay.Append(row);
  }
}

}  // namespace

Verdict ApplyOperation(Context& c, const codec::Propose& operation) {
  if (auto bad = c.RequireSenderRole({codec::Role::kAdmin})) return bad;
  if (auto bad = CheckRoom(c)) return bad;
  if (auto bad = CheckTime(c, operation)) return bad;
  if (auto bad = TryChanges(c, operation)) return bad;
  ProposalRow proposal;
  proposal.proposer = c.sender.value();
  proposal.state = static_cast<uint8_t>(ProposalState::kOpen);
  proposal.effective_height = operation.effective_height.value();
  proposal.effective_epoch = operation.effective_epoch.value();
  proposal.proposed_ms = c.block.time.value();
  proposal.entry = c.entry();
  proposal.operation = static_cast<uint16_t>(c.operation);
  StoreBytes(c, codec::Encode(operation), proposal);
  const auto number = static_cast<uint32_t>(c.overlay.RowCount({TableKind::kProposals, 0}));
  Approve(c, number, proposal);
  c.overlay.Append(proposal);
  ++c.block.chain.open_proposals;
  return std::nullopt;
}

}  // namespace tributary::state
