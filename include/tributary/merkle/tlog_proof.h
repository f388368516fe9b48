// C2SP tlog-proof files (".tlog-proof"): the receipt that an entry is in the log, which anybody
// checks without a network: inclusion proof and signed checkpoint in one text.
//
//   c2sp.org/tlog-proof@v1\n
//   extra <base64>\n                  (optional)
//   index <decimal>\n
//   <base64 of a hash>\n ...          (leaf's sibling first; none in a tree of one leaf)
//   \n
//   <signed checkpoint, verbatim>
#ifndef TRIBUTARY_MERKLE_TLOG_PROOF_H_
#define TRIBUTARY_MERKLE_TLOG_PROOF_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tributary/base/rejection.h"
#include "tributary/base/types.h"
#include "tributary/merkle/checkpoint.h"

namespace tributary::merkle {

inline constexpr size_t kTlogProofBytesMax = 2 * kNoteBytesMax;

struct TlogProof {
  std::vector<uint8_t> extra;  // no proof covers it: never trust it; empty: no such line
  uint64_t index = 0;          // of the entry
  std::vector<base::Hash> hashes;
  std::string checkpoint;  // the signed note's bytes
  friend bool operator==(const TlogProof&, const TlogProof&) = default;
};

// Requires: what ParseTlogProof promises.
std::string FormatTlogProof(const TlogProof& proof);
// Ensures: FormatTlogProof gives the same bytes again. The checkpoint is not looked into.
// Errors: kProofFileMalformed, naming the part.
base::Checked<TlogProof> ParseTlogProof(std::string_view bytes);

// Is the entry with this leaf hash (RFC 6962: SHA-256(0x00 || entry)) in the log of the policy, at
// the index that the proof states? Returns the checkpoint that says so.
// Errors: those of VerifyCheckpoint, then those of VerifyInclusion.
base::Checked<VerifiedCheckpoint> VerifyTlogProof(const TlogProof& proof,
                                                  const base::Hash& leaf_hash,
                                                  const CheckpointPolicy& policy);

}  // namespace tributary::merkle

#endif  // TRIBUTARY_MERKLE_TLOG_PROOF_H_
