#include "crypto/ed25519.h"

#include <sodium.h>

#include "tributary/base/check.h"

namespace tributary::crypto {
namespace {

static_assert(crypto_sign_SECRETKEYBYTES == 64);
static_assert(crypto_sign_PUBLICKEYBYTES == 32);
static_assert(crypto_sign_SEEDBYTES == kSeedBytes);
static_assert(crypto_sign_BYTES == 64);

// sodium_init picks the implementations for this machine; safe to call again, from any thread.
void EnsureSodium() {
  static const int ready = sodium_init();
  TRIBUTARY_CHECK(ready >= 0, "libsodium cannot be initialised");
}

}  // namespace

KeyPair KeyPair::FromSeed(base::Bytes seed) {
  EnsureSodium();
  TRIBUTARY_CHECK(seed.size() == kSeedBytes, "a seed has 32 bytes");
  KeyPair pair;
  crypto_sign_seed_keypair(pair.public_key_.bytes.data(), pair.secret_.data(), seed.data());
  return pair;
}

KeyPair::KeyPair(KeyPair&& other) noexcept
    : secret_(other.secret_), public_key_(other.public_key_) {
  Wipe(other.secret_.data(), other.secret_.size());
}

KeyPair& KeyPair::operator=(KeyPair&& other) noexcept {
  if (this == &other) return *this;
  secret_ = other.secret_;
  public_key_ = other.public_key_;
  Wipe(other.secret_.data(), other.secret_.size());
  return *this;
}

KeyPair::~KeyPair() { Wipe(secret_.data(), secret_.size()); }

base::SignatureBytes KeyPair::Sign(base::Bytes message) const {
  base::SignatureBytes signature;
  crypto_sign_detached(signature.bytes.data(), nullptr, message.data(), message.size(),
                       secret_.data());
  return signature;
}

bool Verify(const base::PublicKey& key, base::Bytes message,
            const base::SignatureBytes& signature) {
  EnsureSodium();
  return crypto_sign_verify_detached(signature.bytes.data(), message.data(), message.size(),
                                     key.bytes.data()) == 0;
}

bool IsUsableKey(const base::PublicKey& key) {
  EnsureSodium();
  return crypto_core_ed25519_is_valid_point(key.bytes.data()) == 1;
}

std::string TaggedMessage(Tag tag, std::initializer_list<base::Bytes> parts) {
  std::string message(TagText(tag));
  message.push_back('\0');
  for (const base::Bytes part : parts) message += base::AsText(part);
  return message;
}

void Wipe(void* data, size_t size) { sodium_memzero(data, size); }

}  // namespace tributary::crypto
