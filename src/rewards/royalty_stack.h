// Royalty stacks: which ancestors' royalties the gross of a record owes, each ancestor once.
//
// However many paths lead to an ancestor, its royalty is owed once: a stack is a set by record, and
// the stack of a record is the union of its parents' stacks and their own royalties. Counting by
// path would make lineages that merge again explode: five diamonds of 1 % each, one on top of the
// other, would owe 124 % instead of 15 %.
#ifndef TRIBUTARY_REWARDS_ROYALTY_STACK_H_
#define TRIBUTARY_REWARDS_ROYALTY_STACK_H_

#include <cstdint>
#include <span>
#include <vector>

#include "rewards/asset_level.h"

namespace tributary::rewards {

inline constexpr size_t kStackEntriesMax = 1'000;

// The least royalty above zero under a cap on their sum: cap / 1,000, rounded up, at least 1. So a
// stack within the cap has at most kStackEntriesMax entries.
base::Ppb RoyaltyMin(base::Ppb cap);

// Union by record; of a record that both have, the lower share. Both are ascending by record, each
// record once, and so is the result.
std::vector<Royalty> UniteStacks(std::span<const Royalty> a, std::span<const Royalty> b);

// Sum of the shares, in ppb; may exceed the whole.
uint64_t TotalPpb(std::span<const Royalty> stack);

}  // namespace tributary::rewards

#endif  // TRIBUTARY_REWARDS_ROYALTY_STACK_H_
