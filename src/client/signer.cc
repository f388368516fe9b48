#include "tributary/client/signer.h"

#include <utility>

#include "keys/key_file.h"
#include "tributary/base/status.h"

namespace tributary::client {
namespace {

class KeyFileSigner final : public Signer {
 public:
  explicit KeyFileSigner(keys::SigningKey key) : key_(std::move(key)) {}
  const base::PublicKey& public_key() const override { return key_.public_key(); }
  base::SignatureBytes Sign(base::Bytes message) const override { return key_.Sign(message); }
  const std::string& handle() const override { return key_.handle(); }

 private:
  keys::SigningKey key_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Signer>> LoadSigner(const std::string& key_file) {
  absl::StatusOr<keys::SigningKey> key = keys::SigningKey::Load(key_file);
  if (!key.ok()) return key.status();
  return std::make_unique<KeyFileSigner>(std::move(*key));
}

}  // namespace tributary::client
