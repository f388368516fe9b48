// Royalty stacks in the state: admitted once, shared by all records that owe the same, and taken on
// gross when revenue settles.
#ifndef TRIBUTARY_STATE_ROYALTIES_H_
#define TRIBUTARY_STATE_ROYALTIES_H_

#include <cstdint>
#include <map>
#include <vector>

#include "rewards/asset_level.h"
#include "state/context.h"
#include "state/overlay.h"
#include "state/page_source.h"

namespace tributary::state {

// What the gross of a new record will owe: a stack that is there already, or a new one.
struct RoyaltyAdmission {
  uint32_t stack = kNone32;               // row of kRoyaltyStacks
  std::vector<rewards::Royalty> entries;  // where it has to be looked for, or made
};

// The union of the parents' stacks and their own royalties, each at what is in force now.
// Errors: kRoyaltyCap (record.parents), with the claimants, largest first.
base::Checked<RoyaltyAdmission> AdmitRoyalties(const Context& c,
                                               const std::vector<base::RecordSeq>& parents);
// The row of the stack, made if none is equal; kNone32 where nothing is owed.
uint32_t PutStack(Overlay& overlay, const RoyaltyAdmission& admission);

// What a stack takes in `epoch`, ascending by record; royalties lowered to nothing are left out.
std::vector<rewards::Royalty> StackAt(Overlay& overlay, uint32_t stack, base::Epoch epoch);
// The same as the pages hold it.
std::vector<rewards::Royalty> StackAsAdmitted(const PageSource& pages, uint32_t stack);
// The sum of what is taken on the gross of `asset` in `epoch`, not later than the current one.
base::Ppb RoyaltiesOn(Overlay& overlay, base::RecordSeq asset, base::Epoch epoch);

// The royalties of one epoch and currency, added up by stack and then by claimant, so that many
// assets with long stacks cost what their distinct stacks do.
class RoyaltySums {
 public:
  // Ownership: `overlay` outlives it.
  RoyaltySums(Overlay& overlay, base::Epoch epoch) : overlay_(overlay), epoch_(epoch) {}

  // Takes the royalties on `gross_minor` of `asset`; returns the share of gross that they are.
  base::Ppb Take(base::RecordSeq asset, base::Uint128 gross_minor);
  // What each claimant is owed, descending by record.
  std::vector<rewards::RecordAmount> ByClaimant();

 private:
  struct Sum {
    base::Ppb share;
    base::Uint128 gross_minor = 0;
  };
  Overlay& overlay_;
  base::Epoch epoch_;
  std::map<uint32_t, Sum> stacks_;
};

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_ROYALTIES_H_
