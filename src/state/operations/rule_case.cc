#include <algorithm>

#include "state/accounts.h"
#include "state/case_claims.h"
#include "state/context.h"

namespace tributary::state {
namespace {

using base::RejectionCode;
using base::Verdict;

bool IsTied(Context& c, base::AccountIndex arbiter, const std::set<base::AccountIndex>& parties) {
  if (parties.contains(arbiter)) return true;
  const auto own = c.overlay.Get<AccountRow>(arbiter.value());
  if (own.sponsor != kNone32 && parties.contains(base::AccountIndex(own.sponsor))) return true;
  return std::any_of(parties.begin(), parties.end(), [&c, arbiter](base::AccountIndex party) {
    return c.overlay.Get<AccountRow>(party.value()).sponsor == arbiter.value();
  });
}

// At least the chain's threshold of arbiters without ties. Others who signed are named.
Verdict RequireArbiters(Context& c, const OpenCaseOf& one) {
  const auto parties = PartiesOf(c.overlay, one, c.block.chain.epoch);
  const uint32_t needed = std::max<uint32_t>(1, c.block.chain.arbiter_threshold);
  uint32_t independent = 0;
  std::optional<base::AccountIndex> tied;
  for (Signer& signer : c.signers) {
    if (!HasRole(signer.roles, codec::Role::kArbiter)) continue;
    signer.used = true;
    if (IsTied(c, signer.account, parties)) {
      tied = signer.account;
    } else {
      ++independent;
    }
  }
  if (independent >= needed) return std::nullopt;
  if (tied) return c.Reject(RejectionCode::kArbiterTied, "case_number", HandleOf(c, *tied));
  return c.Reject(RejectionCode::kThreshold, "case_number",
                  std::to_string(independent) + " of " + std::to_string(needed));
}

}  // namespace

Verdict ApplyOperation(Context& c, const codec::RuleCase& operation) {
  if (!c.CountSignersWith(codec::Role::kArbiter)) {
    return c.Reject(RejectionCode::kThreshold, "case_number", "no arbiter has signed");
  }
  auto one = RequireOpenCase(c, operation.case_number);
  if (!one) return one.rejection();
  if (!one->IsAnswered()) return c.Reject(RejectionCode::kCaseUnanswered, "case_number");
  if (auto bad = RequireArbiters(c, *one)) return bad;
  CaseEnding ending;
  ending.outcome = CaseOutcome::kRuled;
  ending.time_ms = c.block.time.value();
  ending.entry = c.entry();
  ending.reasons = operation.reasons_sha256;
  std::vector<uint32_t> choices;
  for (const codec::SegmentChoice& choice : operation.choices) choices.push_back(choice.claim);
  if (const auto bad = ReadChoices(one->value, one->claims, choices, &ending)) {
    return c.Reject(RejectionCode::kCaseChoices, *bad,
                    "the case has " + std::to_string(one->value.segments) + " segments");
  }
  EndCase(c.overlay, c.block, one->row, ending);
  return std::nullopt;
}

}  // namespace tributary::state
