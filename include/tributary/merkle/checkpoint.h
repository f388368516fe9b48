// C2SP checkpoints: a log's size and root as the text of a signed note.
//
//   ledger.example.com/attribution\n
//   <decimal size>\n
//   <base64 of the 32-byte root>\n
//
// Source: C2SP tlog-checkpoint v1.0.0.
#ifndef TRIBUTARY_MERKLE_CHECKPOINT_H_
#define TRIBUTARY_MERKLE_CHECKPOINT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tributary/base/rejection.h"
#include "tributary/base/types.h"
#include "tributary/merkle/note.h"

namespace tributary::merkle {

struct Checkpoint {
  std::string origin;  // names the log; what IsNoteKeyName allows
  uint64_t size = 0;   // at most kTreeSizeMax
  base::Hash root;     // EmptyRoot() for size 0
  // Lines after the third. Ours have none; those of other logs are kept, for they are signed.
  std::vector<std::string> extensions;
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// Requires: what ParseCheckpointText promises.
std::string CheckpointText(const Checkpoint& checkpoint);
// Ensures: CheckpointText gives the same bytes again.
// Errors: kCheckpointMalformed, naming the part.
base::Checked<Checkpoint> ParseCheckpointText(std::string_view text);

// The checkpoint signed by the log's key: what the log serves. Equal input gives equal bytes.
// Requires: as SignNote, and IsPortableKeyName(checkpoint.origin).
std::string SignCheckpoint(const Checkpoint& checkpoint, const NoteKey& key,
                           const SignFunction& sign);

// Whom a reader trusts for one log.
struct CheckpointPolicy {
  std::string origin;
  NoteKey log;                     // must have signed; its name need not be the origin
  std::vector<NoteKey> cosigners;  // nodes and witnesses, by other keys than the log's
  size_t cosigners_min = 0;        // how many distinct ones of them must have signed
};

struct VerifiedCheckpoint {
  Checkpoint checkpoint;
  std::vector<GoodSignature> cosignatures;  // key: index among policy.cosigners
};

// Errors, in this order: kNoteMalformed, kNoteBadSignature and kNoteUnsigned of the signatures,
// kCheckpointMalformed, kCheckpointOrigin.
base::Checked<VerifiedCheckpoint> VerifyCheckpoint(std::string_view note_bytes,
                                                   const CheckpointPolicy& policy);

}  // namespace tributary::merkle

#endif  // TRIBUTARY_MERKLE_CHECKPOINT_H_
