// Key files: one Ed25519 key and the handle it is meant for.
//
// The secret file is one line, `tributary-key-v1 <handle> <64 hex digits of the seed>\n`, readable
// by its owner only. Beside it lies `<name>.pub`, `tributary-pub-v1 <handle> <64 hex digits of the
// public key>\n`, which may be shown to anybody. The handle is a note for people and programs; the
// chain knows keys by account, so a key that was rotated in keeps the handle of its account.
//
// Thread safety: a const SigningKey may be used from any thread.
#ifndef TRIBUTARY_KEYS_KEY_FILE_H_
#define TRIBUTARY_KEYS_KEY_FILE_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "crypto/ed25519.h"
#include "tributary/base/types.h"

namespace tributary::keys {

// 32 secret bytes, wiped when they go. Moved from, it is all zero.
class Seed {
 public:
  static Seed Random();
  // Requires: `bytes` holds exactly 32 bytes. The caller wipes its own copy.
  static Seed From(base::Bytes bytes);
  Seed(Seed&& other) noexcept;
  Seed& operator=(Seed&& other) noexcept;
  Seed(const Seed&) = delete;
  Seed& operator=(const Seed&) = delete;
  ~Seed();

  base::Bytes view() const { return bytes_; }

 private:
  Seed() = default;
  std::array<uint8_t, crypto::kSeedBytes> bytes_{};
};

// A key in memory, with the handle of the account that it signs for.
class SigningKey {
 public:
  // Requires: codec::IsHandle(handle).
  static SigningKey Generate(std::string handle);
  static SigningKey FromSeed(std::string handle, Seed seed);

  // Reads a secret file. Errors: kNotFound; kPermissionDenied where group or others may read or
  // write the file (the message says `chmod 600`) or we may not; kInvalidArgument for any other
  // content. Messages never hold anything of the seed.
  static absl::StatusOr<SigningKey> Load(const std::string& path);
  // The same from the content of a secret file, which `path` names in messages.
  static absl::StatusOr<SigningKey> Parse(std::string_view text, const std::string& path);

  // Writes the secret file (mode 0600) and `<path>.pub`; on return both are on disk. A file that
  // exists is never overwritten: kAlreadyExists. A failure leaves no secret file behind that is not
  // whole.
  absl::Status Save(const std::string& path) const;

  const std::string& handle() const { return handle_; }
  const base::PublicKey& public_key() const { return pair_.public_key(); }
  base::SignatureBytes Sign(base::Bytes message) const { return pair_.Sign(message); }

  // Proof that this key's holder wants it for `account` on the chain.
  base::SignatureBytes SignPossession(std::string_view chain_id,
                                      const base::AccountId& account) const;

 private:
  SigningKey(std::string handle, Seed seed);

  std::string handle_;
  Seed seed_;
  crypto::KeyPair pair_;
};

// What a public file says.
struct PublicKeyFile {
  std::string handle;
  base::PublicKey key;
};
// Errors: as SigningKey::Load, without the permissions.
absl::StatusOr<PublicKeyFile> LoadPublicKey(const std::string& path);
absl::StatusOr<PublicKeyFile> ParsePublicKey(std::string_view text, const std::string& path);

}  // namespace tributary::keys

#endif  // TRIBUTARY_KEYS_KEY_FILE_H_
