// Checks what a node says about its log with nothing but hashes.
#ifndef TRIBUTARY_CLIENT_PROOF_H_
#define TRIBUTARY_CLIENT_PROOF_H_

#include <string_view>

#include "tributary/base/rejection.h"
#include "tributary/base/types.h"
#include "tributary/v1/api.pb.h"

namespace tributary::client {

// Is `entry` (the leaf's exact bytes) at proof.index() of the log with this root, which the caller
// has from somewhere it trusts? Errors: kProofRange, kProofLength, kProofMismatch.
[[nodiscard]] base::Verdict VerifyEntry(const v1::InclusionProof& proof, std::string_view entry,
                                        const base::Hash& root);

// Does the log of proof.second_size() extend the one of proof.first_size()?
// Errors: as VerifyEntry.
[[nodiscard]] base::Verdict VerifyExtension(const v1::ConsistencyProof& proof,
                                            const base::Hash& first_root,
                                            const base::Hash& second_root);

}  // namespace tributary::client

#endif  // TRIBUTARY_CLIENT_PROOF_H_
