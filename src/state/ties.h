// Who is too close to judge, and how many of those who signed are not.
#ifndef TRIBUTARY_STATE_TIES_H_
#define TRIBUTARY_STATE_TIES_H_

#include <string_view>
#include <vector>

#include "state/context.h"

namespace tributary::state {

// The same account, or one of them sponsors the other.
bool Tied(Overlay& overlay, base::AccountIndex a, base::AccountIndex b);
// Tied to one of them.
bool TiedToAny(Overlay& overlay, base::AccountIndex account,
               const std::vector<base::AccountIndex>& parties);
// Those who are authors of the record now.
std::vector<base::AccountIndex> AuthorsNow(Context& c, base::RecordSeq record);

// At least as many arbiters as the chain's threshold asks for, and one, have signed that are not
// tied to a party. Errors: kThreshold; kArbiterTied where it is for ties that some do not count.
base::Verdict RequireArbiters(Context& c, const std::vector<base::AccountIndex>& parties);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_TIES_H_
