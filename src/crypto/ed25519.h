// Ed25519 by libsodium's rules, which are part of the chain's rules: a verdict on a signature is
// the same on every replica. Keys and R of small order, keys not canonical, and S >= L are refused.
// Thread safety: everything may be called from any thread; Sign on one KeyPair too.
#ifndef TRIBUTARY_CRYPTO_ED25519_H_
#define TRIBUTARY_CRYPTO_ED25519_H_

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>

#include "crypto/tags.h"
#include "tributary/base/types.h"

namespace tributary::crypto {

inline constexpr size_t kSeedBytes = 32;

// A private key in memory. It is wiped when it goes; copies are not made.
class KeyPair {
 public:
  // Requires: `seed` holds exactly 32 bytes. The caller wipes its own copy (see Wipe).
  static KeyPair FromSeed(base::Bytes seed);
  KeyPair(KeyPair&& other) noexcept;
  KeyPair& operator=(KeyPair&& other) noexcept;
  KeyPair(const KeyPair&) = delete;
  KeyPair& operator=(const KeyPair&) = delete;
  ~KeyPair();

  const base::PublicKey& public_key() const { return public_key_; }
  base::SignatureBytes Sign(base::Bytes message) const;

 private:
  KeyPair() = default;
  std::array<uint8_t, 64> secret_{};  // seed || public key, as libsodium keeps it
  base::PublicKey public_key_;
};

bool Verify(const base::PublicKey& key, base::Bytes message, const base::SignatureBytes& signature);

// Whether `key` is canonical, on the curve, not of small order, and in the main subgroup.
bool IsUsableKey(const base::PublicKey& key);

// TagText(tag) || 0x00 || parts...: the message that is signed.
std::string TaggedMessage(Tag tag, std::initializer_list<base::Bytes> parts);

// Overwrites secrets with zeros in a way that the compiler cannot leave out.
void Wipe(void* data, size_t size);

}  // namespace tributary::crypto

#endif  // TRIBUTARY_CRYPTO_ED25519_H_
