#include <algorithm>

#include "state/case_claims.h"
#include "state/context.h"

namespace tributary::state {

using base::RejectionCode;

base::Verdict ApplyOperation(Context& c, const codec::WithdrawClaim& operation) {
  auto one = RequireOpenCase(c, operation.case_number);
  if (!one) return one.rejection();
  const auto claim =
      std::find_if(one->claims.begin(), one->claims.end(), [&c](const CaseClaim& candidate) {
        return candidate.value.claimant == c.sender.value() &&
               candidate.value.state == static_cast<uint8_t>(CaseClaimState::kStanding);
      });
  if (claim == one->claims.end()) return c.Reject(RejectionCode::kNotParty, "case_number");
  // Before anybody had to answer it, a claim costs nothing.
  if (one->IsAnswered()) {
    ForfeitBond(c.overlay, *claim, one->value, one->disputed.value, c.block.chain.epoch, nullptr);
  } else {
    ReturnBond(c.overlay, *claim);
  }
  claim->value.state = static_cast<uint8_t>(CaseClaimState::kWithdrawn);
  if (--one->value.standing > 0) {
    claim->value.end_segment = one->value.segments;
    ++one->value.segments;
  }
  c.overlay.Put(claim->row, claim->value);
  c.overlay.Put(one->row, one->value);
  if (one->value.standing > 0) return std::nullopt;
  CaseEnding ending;
  ending.outcome = CaseOutcome::kWithdrawn;
  ending.time_ms = c.block.time.value();
  ending.entry = c.entry();
  EndCase(c.overlay, c.block, one->row, ending);
  return std::nullopt;
}

}  // namespace tributary::state
