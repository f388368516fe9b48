// Per-output attribution: which records influenced what an event was earned with.
#ifndef TRIBUTARY_STATE_ATTRIBUTION_H_
#define TRIBUTARY_STATE_ATTRIBUTION_H_

#include <string>
#include <vector>

#include "state/context.h"

namespace tributary::state {

// One line of an admitted attribution: a part of gross that enters the inflow of a record.
struct AttributedShare {
  base::RecordSeq record;
  base::Ppb share;
};

// The prepared attribution of an event of `asset`, checked against the state. Checks, in this
// order: the attributor exists (kUnknownAccount), has the role (kMissingRole) and is not the
// reporter (kAttributorTied); alpha is within the asset's alpha_max and within what fee and
// royalties leave of gross (kAttributionAlpha); each named record exists (kAttributionTarget), and
// the attributor is neither its author nor an author's sponsor (kAttributorTied); a key of the
// attributor that is in force signed the claim (kAttributionSignature).
base::Checked<std::vector<AttributedShare>> CheckAttribution(Context& c, base::RecordSeq asset,
                                                             const PreparedAttribution& prepared);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_ATTRIBUTION_H_
