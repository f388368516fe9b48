#include "state/context.h"

namespace tributary::state {

using base::RejectionCode;

base::Verdict ApplyOperation(Context& c, const codec::ObjectToClaim& operation) {
  const auto index = c.FindAccount(operation.account);
  if (!index) return c.Reject(RejectionCode::kUnknownAccount, "account");
  auto account = c.overlay.Get<AccountRow>(index->value());
  if (account.pending_claim == kNone32) {
    return c.Reject(RejectionCode::kNoClaimPending, "account", std::string(account.Handle()));
  }
  if (account.sponsor != c.sender.value()) {
    if (auto bad = c.RequireSenderRole(
            {codec::Role::kSteward, codec::Role::kArbiter, codec::Role::kAdmin})) {
      return bad;
    }
  }
  auto claim = c.overlay.Get<ClaimRow>(account.pending_claim);
  claim.state = static_cast<uint8_t>(ClaimState::kObjected);
  c.overlay.Put(account.pending_claim, claim);
  c.overlay.FinishDue({claim.due_ms, DueKind::kClaim, claim.due_row});
  account.pending_claim = kNone32;
  c.overlay.Put(index->value(), account);
  return std::nullopt;
}

}  // namespace tributary::state
