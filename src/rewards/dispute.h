// The arithmetic of a record in dispute, in one currency.
//
// While a case is open the record's totals C and K rest as they were. What arrives is added up
// beside them, by segment: a stretch of time in which the status quo and the set of claims are the
// same. Of a segment's x (to C) and k (to K) each line gets its least share, the pointwise minimum
// of the status quo and all claims, at once:
//     edge e:    floor(x * least_e / 10^9)
//     kept:      y   = floor(x * least_kept / 10^9)
//     author j:  floor((y + k) * least_j / 10^9)
// The rest is the pot: exactly the contested slice, and the segment's dust.
//
// The end of the case chooses for each segment the status quo or a claim. The segments are then
// played again from the totals that rested, each under its chosen vector, with the versions of
// rewards/flow.h; the pot pays what comes out beyond what was paid. That is never negative: for
// s >= least, floor((C + y + x)s) - floor(C s) >= floor(x s) >= floor(x least), for floors are
// superadditive; so for kept, and so for the authors of what was kept. Where the status quo is
// chosen throughout, this is what would have happened without the case, atom for atom: only totals
// matter, and they are the same.
#ifndef TRIBUTARY_REWARDS_DISPUTE_H_
#define TRIBUTARY_REWARDS_DISPUTE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "lineage/split.h"
#include "rewards/flow.h"
#include "tributary/base/amount.h"
#include "tributary/base/types.h"

namespace tributary::rewards {

// A split that is not, or not yet, in the graph. Of a pointwise minimum the shares add up to less.
struct OwnedSplit {
  std::vector<uint32_t> parents;
  std::vector<uint32_t> shares;
  std::vector<uint8_t> relations;
  base::Ppb kept;
  std::vector<lineage::AuthorShare> authors;
  uint32_t version = 0;

  static OwnedSplit Of(const lineage::Split& split);
  // Ownership: valid while this is not changed.
  lineage::Split View() const;
};

// A complete vector of one level, as a claim states it: edges and kept, or authors.
struct ClaimedVector {
  struct Line {
    uint32_t subject;  // RecordSeq or AccountIndex
    base::Ppb share;
  };
  std::vector<Line> lines;
  base::Ppb kept;
};

// Lowers each line to what the claim gives it; a line that it does not name gets nothing.
void LowerLines(const ClaimedVector& claim, OwnedSplit* least);
void LowerAuthors(const ClaimedVector& claim, OwnedSplit* least);
// Puts the claim in place of the lines. An edge that it gives nothing is gone, save where nothing
// passes at all; a new one has `new_relation`.
void TakeLines(const ClaimedVector& claim, uint8_t new_relation, OwnedSplit* split);
void TakeAuthors(const ClaimedVector& claim, OwnedSplit* split);

// What a segment had and has.
struct PotChange {
  OwnedSplit least;
  Flow before, after;
};

// What of `arrived` no line has got.
base::Atoms HeldOf(const Flow& arrived, const OwnedSplit& least);

// One segment when the pot is paid out. Equal `vectors` are the same split of the record.
struct PotSegment {
  Flow arrived;
  OwnedSplit least;
  OwnedSplit chosen;
  uint64_t vectors = 0;
};

struct AuthorAmount {
  base::AccountIndex account;
  base::Atoms amount;
  friend bool operator==(const AuthorAmount&, const AuthorAmount&) = default;
};

struct PotRelease {
  Flow flow;                          // the record's totals from now on, under `last`
  std::vector<RecordAmount> parents;  // ascending; above zero
  std::vector<AuthorAmount> authors;  // ascending; above zero
  base::Atoms held;                   // of all segments
};

// Pays a pot out. The record's totals are `rested` under `before`; afterwards they are under
// `last`. `segments` are in order of time.
struct NamedSplit {
  const OwnedSplit& split;
  uint64_t vectors;
};
PotRelease ReleasePot(const Flow& rested, const NamedSplit& before,
                      std::span<const PotSegment> segments, const NamedSplit& last);

}  // namespace tributary::rewards

#endif  // TRIBUTARY_REWARDS_DISPUTE_H_
