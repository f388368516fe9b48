// SHA-256: plain, tagged by domain, and as RFC 6962 hashes the leaves and nodes of a Merkle tree.
// Thread safety: free functions may be called from any thread; a Hasher belongs to one thread.
// Errors: none; a failing library is a bug of this machine and aborts.
#ifndef TRIBUTARY_CRYPTO_HASH_H_
#define TRIBUTARY_CRYPTO_HASH_H_

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "crypto/tags.h"
#include "tributary/base/types.h"

namespace tributary::crypto {

base::Hash Sha256(base::Bytes bytes);

// SHA-256 of what was given to Update, in order. Finish makes it ready for a new message.
class Hasher {
 public:
  Hasher();
  // Starts with TagText(tag) and a zero byte, like TaggedHash.
  explicit Hasher(Tag tag);
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  Hasher& Update(base::Bytes bytes);
  Hasher& Update(std::string_view text) { return Update(base::AsBytes(text)); }
  base::Hash Finish();

 private:
  void* context_;  // EVP_MD_CTX
};

// SHA-256(TagText(tag) || 0x00 || parts...). The parts are not delimited: give parts of variable
// length last, or with their length.
base::Hash TaggedHash(Tag tag, std::initializer_list<base::Bytes> parts);

// The same as a digest type of its own, e.g. TaggedDigest<RecordId>(Tag::kRecord, {bytes}).
template <class D>
D TaggedDigest(Tag tag, std::initializer_list<base::Bytes> parts) {
  return D{TaggedHash(tag, parts).bytes};
}

// RFC 6962: SHA-256(0x00 || leaf) and SHA-256(0x01 || left || right).
base::Hash LeafHash(base::Bytes leaf);
base::Hash NodeHash(const base::Hash& left, const base::Hash& right);

}  // namespace tributary::crypto

#endif  // TRIBUTARY_CRYPTO_HASH_H_
