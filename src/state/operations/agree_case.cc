#include <algorithm>

#include "state/accounts.h"
#include "state/case_claims.h"
#include "state/context.h"

namespace tributary::state {
namespace {

using base::RejectionCode;
using base::Verdict;
using rewards::ClaimedVector;
using rewards::OwnedSplit;

// Each holder of a line that falls, and each claimant that stands: both give something up.
Verdict RequireSigners(Context& c, const OpenCaseOf& one, const ClaimedVector& outcome) {
  const uint64_t epoch = c.block.chain.epoch;
  for (const auto& holder :
       FallingHolders(c.overlay, one.level(), one.status_quo, outcome, epoch)) {
    if (SignedByHolder(c, holder.account)) continue;
    return c.Reject(RejectionCode::kLineFalls, "outcome", HandleOf(c, holder.account));
  }
  for (const CaseClaim& claim : one.claims) {
    if (claim.value.state != static_cast<uint8_t>(CaseClaimState::kStanding)) continue;
    const base::AccountIndex claimant(claim.value.claimant);
    if (c.Signed(claimant)) continue;
    return c.Reject(RejectionCode::kMissingSignature, "outcome",
                    "claimant " + HandleOf(c, claimant));
  }
  return std::nullopt;
}

// What a line has got of a pot it has: the outcome gives each at least its least share.
bool CoversLeast(const ClaimedVector& outcome, CaseLevel level, OwnedSplit least) {
  const OwnedSplit before = least;
  if (level == CaseLevel::kLines) {
    rewards::LowerLines(outcome, &least);
    return least.shares == before.shares && least.kept == before.kept;
  }
  rewards::LowerAuthors(outcome, &least);
  return least.authors == before.authors;
}

Verdict CheckPaid(Context& c, const OpenCaseOf& one, const ClaimedVector& outcome) {
  const OpenCases cases(c.overlay, one.disputed.value);
  for (uint32_t row = one.disputed.value.last_pot; row != kNone32;) {
    const auto pot = c.overlay.Get<PotRow>(row);
    const OwnedSplit least = cases.Least(SplitOfNumber(c.overlay, one.record, pot.version),
                                         pot.lines_segment, pot.authors_segment);
    if (!CoversLeast(outcome, one.level(), least)) {
      return c.Reject(RejectionCode::kAgreementTakesBack, "outcome");
    }
    row = pot.previous;
  }
  return std::nullopt;
}

}  // namespace

Verdict ApplyOperation(Context& c, const codec::AgreeCase& operation) {
  auto one = RequireOpenCase(c, operation.case_number);
  if (!one) return one.rejection();
  const auto kind = static_cast<codec::CaseKind>(one->value.kind);
  const auto outcome =
      ReadCandidate(c, operation.outcome, {one->record, one->level(), MayAddParents(kind)},
                    one->status_quo, "outcome");
  if (!outcome) return outcome.rejection();
  if (auto bad = RequireSigners(c, *one, *outcome)) return bad;
  if (auto bad = CheckPaid(c, *one, *outcome)) return bad;
  CaseEnding ending;
  ending.outcome = CaseOutcome::kAgreed;
  ending.time_ms = c.block.time.value();
  ending.entry = c.entry();
  if (!IsStatusQuo(*outcome, one->level(), one->status_quo)) {
    CaseClaimRow agreed;
    agreed.case_row = static_cast<uint32_t>(one->row);
    agreed.number = kAgreedVector;
    agreed.state = static_cast<uint8_t>(CaseClaimState::kUpheld);
    AppendVector(c.overlay, *outcome, agreed);
    agreed.entry = c.entry();
    agreed.operation = static_cast<uint16_t>(c.operation);
    agreed.previous = one->value.last_claim;
    one->value.last_claim = static_cast<uint32_t>(c.overlay.Append(agreed));
    c.overlay.Put(one->row, one->value);
    std::fill_n(ending.choices.begin(), one->value.segments, kAgreedVector);
  }
  EndCase(c.overlay, c.block, one->row, ending);
  return std::nullopt;
}

}  // namespace tributary::state
