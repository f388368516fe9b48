// Who signs: a key in a file, or a device or service that another program puts behind this.
#ifndef TRIBUTARY_CLIENT_SIGNER_H_
#define TRIBUTARY_CLIENT_SIGNER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "tributary/base/types.h"

namespace tributary::client {

// Thread safety: implementations may be called from any thread.
class Signer {
 public:
  virtual ~Signer() = default;
  virtual const base::PublicKey& public_key() const = 0;
  virtual base::SignatureBytes Sign(base::Bytes message) const = 0;
  // The handle of the account that the key is meant for.
  virtual const std::string& handle() const = 0;
};

// The signer of a key file (see docs/cli.md). Errors: kNotFound, kPermissionDenied (the file is
// open to others), kInvalidArgument (no key file).
absl::StatusOr<std::unique_ptr<Signer>> LoadSigner(const std::string& key_file);

}  // namespace tributary::client

#endif  // TRIBUTARY_CLIENT_SIGNER_H_
