// The log's newest checkpoint, as C2SP tlog-checkpoint text; signed where the node has a key for
// it.
#ifndef TRIBUTARY_API_CHECKPOINT_H_
#define TRIBUTARY_API_CHECKPOINT_H_

#include <optional>
#include <string>

#include "keys/key_file.h"
#include "node/read_view.h"
#include "tributary/merkle/note.h"
#include "tributary/v1/api.pb.h"

namespace tributary::api {

// The origin line of a chain's log: "tributary/" and its chain id.
std::string LogOrigin(const node::ReadView& view);

// Thread safety: const members, from any thread.
class LogSigner {
 public:
  // `key` signs as `origin`.
  LogSigner(std::string origin, keys::SigningKey key);
  // A signed note over the view's log.
  std::string Sign(const node::ReadView& view) const;
  std::string verifier_key() const;

 private:
  merkle::NoteKey note_key_;
  keys::SigningKey key_;
};

// `signer` may be null: then the text stands alone.
void EncodeCheckpoint(const node::ReadView& view, const LogSigner* signer, v1::Checkpoint* to);

}  // namespace tributary::api

#endif  // TRIBUTARY_API_CHECKPOINT_H_
