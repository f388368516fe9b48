#include "api/checkpoint.h"

#include <utility>

#include "api/encode.h"
#include "tributary/merkle/checkpoint.h"

namespace tributary::api {
namespace {

merkle::Checkpoint CheckpointOf(const node::ReadView& view) {
  return {LogOrigin(view), view.log_size(), view.log_root(), {}};
}

}  // namespace

std::string LogOrigin(const node::ReadView& view) {
  return "tributary/" + std::string(view.chain_id());
}

LogSigner::LogSigner(std::string origin, keys::SigningKey key)
    : note_key_{std::move(origin), merkle::NoteKeyType::kEd25519, key.public_key()},
      key_(std::move(key)) {}

std::string LogSigner::Sign(const node::ReadView& view) const {
  return merkle::SignCheckpoint(CheckpointOf(view), note_key_,
                                [this](base::Bytes message) { return key_.Sign(message); });
}

std::string LogSigner::verifier_key() const { return merkle::FormatVerifierKey(note_key_); }

void EncodeCheckpoint(const node::ReadView& view, const LogSigner* signer, v1::Checkpoint* to) {
  to->set_origin(LogOrigin(view));
  to->set_size(view.log_size());
  to->set_root(AsString(view.log_root()));
  to->set_is_signed(signer != nullptr);
  to->set_note(signer != nullptr ? signer->Sign(view) : merkle::CheckpointText(CheckpointOf(view)));
  if (signer != nullptr) to->set_verifier_key(signer->verifier_key());
}

}  // namespace tributary::api
