// A signer with a fixed key, for tests.
#ifndef TRIBUTARY_TESTS_UNIT_CLIENT_TEST_SIGNER_H_
#define TRIBUTARY_TESTS_UNIT_CLIENT_TEST_SIGNER_H_

#include <array>
#include <string>

#include "crypto/ed25519.h"
#include "tributary/client/signer.h"

namespace tributary::client {

class TestSigner final : public Signer {
 public:
  explicit TestSigner(uint8_t number)
      : pair_(crypto::KeyPair::FromSeed(SeedOf(number))),
        handle_("account-" + std::to_string(number)) {}
  const base::PublicKey& public_key() const override { return pair_.public_key(); }
  base::SignatureBytes Sign(base::Bytes message) const override { return pair_.Sign(message); }
  const std::string& handle() const override { return handle_; }

 private:
  static std::array<uint8_t, 32> SeedOf(uint8_t number) {
    std::array<uint8_t, 32> seed{};
    seed.fill(number);
    return seed;
  }
  crypto::KeyPair pair_;
  std::string handle_;
};

}  // namespace tributary::client

#endif  // TRIBUTARY_TESTS_UNIT_CLIENT_TEST_SIGNER_H_
