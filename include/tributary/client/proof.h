// Checks what a node says about its log with nothing but hashes.
#ifndef TRIBUTARY_CLIENT_PROOF_H_
#define TRIBUTARY_CLIENT_PROOF_H_

#include <string>
#include <string_view>

#include "tributary/base/amount.h"
#include "tributary/base/rejection.h"
#include "tributary/base/types.h"
#include "tributary/merkle/note.h"
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

// What a proof shows of one account and currency, in atoms, at one height.
struct ProvenBalance {
  std::string chain_id;
  base::Height height;
  base::TimeMs time;      // of that block
  uint64_t log_size = 0;  // that the checkpoint covers
  base::AccountId account;
  std::string handle;
  std::string currency;  // code
  uint8_t decimals = 0;
  base::Atoms available, reserved, escrowed, bonded, paid, credited;
};

// Follows the proof from the balance's row to the checkpoint, which `log_key` must have signed: the
// key of the log, whose name is its origin. Needs nothing else, and asks nobody.
// Errors: kProofRange, kProofLength, kProofMismatch naming the step in `field`, and those of
// merkle::VerifyCheckpoint.
base::Checked<ProvenBalance> VerifyBalance(const v1::BalanceProof& proof,
                                           const merkle::NoteKey& log_key);

// A proof as a file: a line that says what it is, then the message in base64, 76 characters a line.
std::string BalanceProofFile(const v1::BalanceProof& proof);
// Errors: kProofFileMalformed. At most 64 KiB.
base::Checked<v1::BalanceProof> ParseBalanceProofFile(std::string_view text);

}  // namespace tributary::client

#endif  // TRIBUTARY_CLIENT_PROOF_H_
