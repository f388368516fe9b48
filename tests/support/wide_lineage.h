// A lineage in which every record is an ancestor of the last one, by many authors.
#ifndef TRIBUTARY_TESTS_SUPPORT_WIDE_LINEAGE_H_
#define TRIBUTARY_TESTS_SUPPORT_WIDE_LINEAGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "support/chain.h"

namespace tributary::testing {

// The record that is `at` places before the last derives from those 2*at+1 and 2*at+2 places before
// it, and from a third one further back: a tree whose branches meet again. Half of what reaches a
// record passes on. Record i is of account i mod `accounts`, handles "c0", "c1", …, custodial.
struct WideLineage {
  std::vector<std::string> transactions;  // signed by "steward": accounts, then records, in order
  base::RecordId top;
};
WideLineage MakeWideLineage(Chain& chain, uint32_t records, uint32_t accounts, uint64_t seed);

}  // namespace tributary::testing

#endif  // TRIBUTARY_TESTS_SUPPORT_WIDE_LINEAGE_H_
