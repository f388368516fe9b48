// Keys for tests of notes: the log's, a node's and a stranger's.
#ifndef TRIBUTARY_TESTS_UNIT_MERKLE_SIGNING_H_
#define TRIBUTARY_TESTS_UNIT_MERKLE_SIGNING_H_

#include <string>
#include <string_view>

#include "crypto/ed25519.h"
#include "crypto/hash.h"
#include "tributary/merkle/note.h"

namespace tributary::merkle::testing {

struct Signer {
  Signer(std::string name, std::string_view seed_text, NoteKeyType type)
      : pair(crypto::KeyPair::FromSeed(crypto::Sha256(base::AsBytes(seed_text)).view())),
        key{std::move(name), type, pair.public_key()} {}
  SignFunction function() const {
    return [this](base::Bytes message) { return pair.Sign(message); };
  }

  crypto::KeyPair pair;
  NoteKey key;
};

inline constexpr char kOrigin[] = "ledger.example.com/attribution";

inline const Signer& LogSigner() {
  static const Signer signer(kOrigin, "tributary test key", NoteKeyType::kEd25519);
  return signer;
}
inline const Signer& NodeSigner() {
  static const Signer signer("node-1.example.com", "tributary test node",
                             NoteKeyType::kCosignature);
  return signer;
}
inline const Signer& Stranger() {
  static const Signer signer("stranger.example.com", "stranger", NoteKeyType::kEd25519);
  return signer;
}

}  // namespace tributary::merkle::testing

#endif  // TRIBUTARY_TESTS_UNIT_MERKLE_SIGNING_H_
