// Signatures inside operations: of a new key over its account, and of an attributor over its claim.
// They are verified with those of the transaction, before it reaches the writer.
#ifndef TRIBUTARY_STATE_PROOFS_H_
#define TRIBUTARY_STATE_PROOFS_H_

#include <optional>
#include <vector>

#include "state/prepared.h"
#include "tributary/base/types.h"

namespace tributary::state {

class Resident;
class PageSource;

// Whether the operation's proof was found good against one of `keys`.
bool WasProven(const PreparedTransaction& transaction, size_t operation,
               const std::vector<base::PublicKey>& keys);

// Verifies the proofs of all operations, and notes the good ones in `transaction.proven`. Those of
// attributors are verified against their keys in force at `now` in the committed state.
void PreverifyProofs(PreparedTransaction& transaction, const Resident& resident,
                     const PageSource& pages, base::TimeMs now);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_PROOFS_H_
