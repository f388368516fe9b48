// Limits by epoch: what a sponsor and all whom it sponsors may send together, and how many records
// an identity that is not raised may submit.
#ifndef TRIBUTARY_STATE_QUOTAS_H_
#define TRIBUTARY_STATE_QUOTAS_H_

#include "state/context.h"

namespace tributary::state {

// Counts the transaction's operations against the quota of the sender's sponsor; an account that
// nobody sponsors is its own. Errors: kSponsorQuota.
base::Verdict ChargeQuota(Context& c);

// Counts a record against the limit of an author with a key. `leaf` names the author.
// Errors: kIdentityLimited.
base::Verdict ChargeIdentity(Context& c, base::AccountIndex author, const std::string& leaf);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_QUOTAS_H_
