#include "state/accounts.h"
#include "state/context.h"
#include "state/keys_in_force.h"

namespace tributary::state {

using base::RejectionCode;

base::Verdict ApplyOperation(Context& c, const codec::ClaimAccount& operation) {
  const auto index = c.FindAccount(operation.account);
  if (!index) return c.Reject(RejectionCode::kUnknownAccount, "account");
  auto account = c.overlay.Get<AccountRow>(index->value());
  if (!KeysInForce(account, c.block.time).empty()) {
    return c.Reject(RejectionCode::kNotCustodial, "account", std::string(account.Handle()));
  }
  if (account.pending_claim != kNone32) {
    return c.Reject(RejectionCode::kClaimPending, "account", std::string(account.Handle()));
  }
  if (auto bad = RequireSponsorOrStewards(c, account, "account")) return bad;
  if (auto bad = CheckNewKey(c, operation.account, operation.public_key, operation.possession)) {
    return bad;
  }
  ClaimRow claim;
  claim.account = index->value();
  claim.state = static_cast<uint8_t>(ClaimState::kPending);
  claim.key = operation.public_key;
  claim.due_ms = c.block.time.value() + c.block.parameters.claim_notice_ms;
  claim.entry = c.entry();
  const uint64_t row = c.overlay.RowCount({TableKind::kClaims, 0});
  DueRow due;
  due.due_ms = claim.due_ms;
  due.subject = row;
  due.kind = static_cast<uint8_t>(DueKind::kClaim);
  claim.due_row = static_cast<uint32_t>(c.overlay.AddDue(due));
  c.overlay.Append(claim);
  account.pending_claim = static_cast<uint32_t>(row);
  c.overlay.Put(index->value(), account);
  return std::nullopt;
}

}  // namespace tributary::state
