// The end of a case: what was chosen, who gets the bonds, and the pot paid out.
#ifndef TRIBUTARY_STATE_CASE_END_H_
#define TRIBUTARY_STATE_CASE_END_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "state/context.h"
#include "state/disputes.h"
#include "state/tables.h"

namespace tributary::state {

struct CaseEnding {
  CaseOutcome outcome = CaseOutcome::kNone;
  std::array<uint8_t, kSegmentsMax> choices{};  // by segment
  uint64_t time_ms = 0;
  uint64_t entry = 0;  // 0: a deadline
  base::Hash reasons;
};

// Reads one choice for each segment. The field that is wrong, where one is: there are more or
// fewer, or one is neither the status quo nor a claim that stands and was in force then.
std::optional<std::string> ReadChoices(const CaseRow& one, const std::vector<CaseClaim>& claims,
                                       std::span<const uint32_t> choices, CaseEnding* ending);

// Ends the case. Once no other case on the record is open, its pot is paid out and, where a claim
// or an agreement was chosen for the last segment, the record has a new version from the oldest
// epoch on that has not settled; amendments that were to take effect later are superseded.
// Requires: the case has not ended; each choice is 0, a claim in force in that segment, or
// kAgreedVector where there is an agreement.
void EndCase(Overlay& overlay, BlockContext& block, uint64_t case_row, const CaseEnding& ending);

// What happens when nobody did anything in time. Without an answer the first claim that stands
// wins, as far as it was in force; without a ruling the status quo stands.
void CaseDeadline(Overlay& overlay, BlockContext& block, const DueItem& item);

// Takes `bond` from what the account has available. Requires: it has as much.
void TakeBond(Overlay& overlay, base::AccountIndex account, base::CurrencyIndex currency,
              base::Atoms bond);
// Gives a claim's bond back, or to those whose lines it contested, or to `winner` if there is one.
void ReturnBond(Overlay& overlay, CaseClaim& claim);
void ForfeitBond(Overlay& overlay, CaseClaim& claim, const CaseRow& one,
                 const DisputedRow& disputed, uint64_t epoch, const CaseClaim* winner);

// The holders of lines that the claim would lower, each with the part of the fall that is its.
std::vector<rewards::AuthorAmount> FallingHolders(Overlay& overlay, CaseLevel level,
                                                  const rewards::OwnedSplit& status_quo,
                                                  const rewards::ClaimedVector& claim,
                                                  uint64_t epoch);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_CASE_END_H_
