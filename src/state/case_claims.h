// What the operations on cases share: reading a candidate, bonds, adding a claim, parties.
#ifndef TRIBUTARY_STATE_CASE_CLAIMS_H_
#define TRIBUTARY_STATE_CASE_CLAIMS_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string_view>

#include "codec/ledger.h"
#include "state/case_end.h"
#include "state/context.h"
#include "state/disputes.h"
#include "tributary/base/rejection.h"

namespace tributary::state {

// A case that has not ended, and what it is about.
struct OpenCaseOf {
  uint64_t row = 0;
  CaseRow value;
  Disputed disputed;
  base::RecordSeq record;
  rewards::OwnedSplit status_quo;  // in force in the current epoch
  std::vector<CaseClaim> claims;

  CaseLevel level() const { return static_cast<CaseLevel>(value.level); }
  bool IsAnswered() const { return value.state == static_cast<uint8_t>(CaseState::kAnswered); }
};
// kCaseUnknown, kCaseClosed.
base::Checked<OpenCaseOf> RequireOpenCase(Context& c, uint64_t number);

// A complete vector of the level: every line of the status quo is named, none twice, and it adds
// up; new parents only where `may_add_parents`. kCandidateInvalid, kRecordUnknown, kParentLater,
// kUnknownAccount, kCaseSubject.
struct CandidateRules {
  base::RecordSeq record;
  CaseLevel level;
  bool may_add_parents;
};
base::Checked<rewards::ClaimedVector> ReadCandidate(Context& c, const codec::Candidate& candidate,
                                                    const CandidateRules& rules,
                                                    const rewards::OwnedSplit& status_quo,
                                                    std::string_view leaf);
// True where the vector gives each line what it has.
bool IsStatusQuo(const rewards::ClaimedVector& vector, CaseLevel level,
                 const rewards::OwnedSplit& status_quo);
bool MayAddParents(codec::CaseKind kind);

// Whether the account has claimed the record before, at any level.
bool HasClaimed(Overlay& overlay, const DisputedRow& disputed, base::AccountIndex account);

// A claim as it is made.
struct NewClaim {
  rewards::ClaimedVector vector;
  base::CurrencyIndex currency;
  base::Atoms bond;
  base::Hash evidence;
};
// The bond that the claim needs, in the currency named: the chain's part of what the contested
// lines have earned under the version in force, and at least its floor. kCurrencyUnknown,
// kBondTooSmall.
base::Verdict RequireBond(Context& c, base::RecordSeq record, CaseLevel level,
                          const rewards::OwnedSplit& status_quo, std::string_view currency,
                          NewClaim& claim);
// Appends the claim to the case, in force from its last segment on, and takes the bond. The row of
// the case is changed and not put.
void AddClaim(Context& c, uint64_t case_row, CaseRow& one, const NewClaim& claim);
// The rows of a vector; sets where they are.
void AppendVector(Overlay& overlay, const rewards::ClaimedVector& vector, CaseClaimRow& claim);

// Those whose lines a standing claim would lower: they answer.
std::set<base::AccountIndex> HoldersOfFallingLines(Overlay& overlay, const OpenCaseOf& one,
                                                   uint64_t epoch);
// These, the claimants, and those whose lines a claim would raise.
std::set<base::AccountIndex> PartiesOf(Overlay& overlay, const OpenCaseOf& one, uint64_t epoch);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_CASE_CLAIMS_H_
