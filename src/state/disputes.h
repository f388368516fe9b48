// Records in dispute as the tables hold them: cases, claims, and the pots that grow while a case is
// open. The arithmetic is that of rewards/dispute.h.
#ifndef TRIBUTARY_STATE_DISPUTES_H_
#define TRIBUTARY_STATE_DISPUTES_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "lineage/split.h"
#include "rewards/dispute.h"
#include "state/overlay.h"
#include "state/tables.h"
#include "tributary/base/amount.h"
#include "tributary/base/types.h"

namespace tributary::state {

struct Disputed {
  uint64_t row;
  DisputedRow value;
};
std::optional<Disputed> FindDisputed(Overlay& overlay, DisputedKind kind, uint32_t subject);
// True while a case on the record has not ended, or its pot waits for the other level's case.
bool HasOpenCase(Overlay& overlay, base::RecordSeq record);

// A claim, or the agreement, with its vector.
struct CaseClaim {
  uint64_t row;
  CaseClaimRow value;
  rewards::ClaimedVector vector;
};
// In order of number; the agreement, if any, last. `Rows` has Get<Row>(row): an Overlay, or a
// reader of the committed state.
template <class Rows>
std::vector<CaseClaim> ClaimsOf(Rows& rows, const CaseRow& one) {
  std::vector<CaseClaim> claims;
  for (uint32_t row = one.last_claim; row != kNone32;) {
    CaseClaim claim{row, rows.template Get<CaseClaimRow>(row), {}};
    claim.vector.kept = base::Ppb(claim.value.kept_ppb);
    for (uint32_t i = 0; i < claim.value.line_count; ++i) {
      const auto line = rows.template Get<CandidateLineRow>(claim.value.first_line + i);
      claim.vector.lines.push_back({line.subject, base::Ppb(line.share_ppb)});
    }
    row = claim.value.previous;
    claims.push_back(std::move(claim));
  }
  std::reverse(claims.begin(), claims.end());
  return claims;
}
inline bool InForce(const CaseClaimRow& claim, uint8_t segment) {
  return claim.number != kAgreedVector && claim.first_segment <= segment &&
         segment < claim.end_segment;
}

// Whether the claim lowers the least shares of a segment. An agreement does so too: where it waits
// for the case on the other level, the status quo may change, and nothing is to be paid beyond what
// was agreed. Earlier segments are as they were, for it gives each line at least their least share.
inline bool Lowers(const CaseClaimRow& claim, uint8_t segment) {
  return claim.number == kAgreedVector || InForce(claim, segment);
}

// The record's shares by the number of a version, and those in force in an epoch, also where the
// block itself made them.
rewards::OwnedSplit SplitOfNumber(Overlay& overlay, base::RecordSeq record, uint32_t version);
rewards::OwnedSplit SplitInForce(Overlay& overlay, base::RecordSeq record, base::Epoch epoch);

// The cases of a record whose pot has not been paid out, with their claims.
class OpenCases {
 public:
  OpenCases(Overlay& overlay, const DisputedRow& disputed);

  struct One {
    uint64_t row;
    CaseRow value;
    std::vector<CaseClaim> claims;

    uint8_t segment() const { return static_cast<uint8_t>(value.segments - 1); }
    const CaseClaim& Numbered(uint8_t number) const;
  };
  const std::optional<One>& lines() const { return lines_; }
  const std::optional<One>& authors() const { return authors_; }

  // The status quo lowered to the claims in force in the segments of a pot.
  rewards::OwnedSplit Least(const rewards::OwnedSplit& status_quo, uint8_t lines_segment,
                            uint8_t authors_segment) const;

 private:
  std::optional<One> lines_, authors_;
};

// The pots of one currency while it is settled.
class Contests {
 public:
  Contests(Overlay& overlay, base::CurrencyIndex currency);

  // As rewards::Settle asks for it; valid until the next call.
  const rewards::PotChange* Contest(base::RecordSeq record, const lineage::Split& split,
                                    const rewards::Flow& arrived);
  // What went into pots.
  base::Int128 escrow_change() const { return escrow_change_; }

 private:
  PotRow& PotFor(uint64_t disputed_row, uint8_t lines_segment, uint8_t authors_segment,
                 uint32_t version);

  Overlay& overlay_;
  base::CurrencyIndex currency_;
  std::map<uint32_t, uint64_t> rows_;  // of kDisputed, by record
  uint64_t pot_row_ = 0;
  PotRow pot_;
  rewards::PotChange change_;
  base::Int128 escrow_change_ = 0;
};

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_DISPUTES_H_
