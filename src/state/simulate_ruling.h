// What a ruling would do to whom, before anybody signs it.
#ifndef TRIBUTARY_STATE_SIMULATE_RULING_H_
#define TRIBUTARY_STATE_SIMULATE_RULING_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "state/page_source.h"
#include "state/resident.h"
#include "tributary/base/amount.h"
#include "tributary/base/rejection.h"
#include "tributary/base/types.h"

namespace tributary::state {

// An account's balance in a currency, after less before.
struct SimulatedChange {
  base::CurrencyIndex currency;
  base::AccountIndex account;
  base::Int128 available = 0;
  base::Int128 bonded = 0;
  friend bool operator==(const SimulatedChange&, const SimulatedChange&) = default;
};

struct SimulatedRuling {
  bool pays_out = false;  // false: the pot waits for the case on the record's other level
  std::vector<SimulatedChange> changes;  // ascending by currency, then account
};

// Ends the case with these choices on an overlay that is dropped. A rejection where the case does
// not exist or has ended, or where a choice is none that arbiters could make; whether it has been
// answered and who would sign is not asked. Errors: DataLoss where a page cannot be read.
// Thread safety: `pages` and `resident` must not change meanwhile.
absl::StatusOr<base::Checked<SimulatedRuling>> SimulateRuling(const PageSource& pages,
                                                              const Resident& resident,
                                                              uint64_t case_number,
                                                              std::span<const uint32_t> choices);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_SIMULATE_RULING_H_
