#include "crypto/hash.h"

#include <openssl/evp.h>

#include "tributary/base/check.h"

namespace tributary::crypto {
namespace {

using base::Bytes;
using base::Hash;

constexpr uint8_t kZero = 0;

// Fetched once: looking the algorithm up costs more than hashing a node.
const EVP_MD* Algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  TRIBUTARY_CHECK(algorithm != nullptr, "OpenSSL offers no SHA-256");
  return algorithm;
}

EVP_MD_CTX* NewContext() {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  TRIBUTARY_CHECK(context != nullptr, "no memory for a hash context");
  TRIBUTARY_CHECK(EVP_DigestInit_ex2(context, Algorithm(), nullptr) == 1, "SHA-256 failed");
  return context;
}

void Feed(EVP_MD_CTX* context, Bytes bytes) {
  TRIBUTARY_CHECK(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1, "SHA-256 failed");
}

void Restart(EVP_MD_CTX* context) {
  // Without an algorithm the context keeps the one it has: three times as fast as naming it.
  TRIBUTARY_CHECK(EVP_DigestInit_ex2(context, nullptr, nullptr) == 1, "SHA-256 failed");
}

Hash TakeHash(EVP_MD_CTX* context) {
  Hash hash;
  unsigned int size = 0;
  TRIBUTARY_CHECK(EVP_DigestFinal_ex(context, hash.bytes.data(), &size) == 1 && size == 32,
                  "SHA-256 failed");
  Restart(context);
  return hash;
}

// One context per thread serves all one-shot calls; it is fresh between them.
class ThreadContext {
 public:
  ThreadContext() : context_(NewContext()) {}
  ~ThreadContext() { EVP_MD_CTX_free(context_); }
  ThreadContext(const ThreadContext&) = delete;
  ThreadContext& operator=(const ThreadContext&) = delete;
  EVP_MD_CTX* get() const { return context_; }

 private:
  EVP_MD_CTX* context_;
};

EVP_MD_CTX* OneShot() {
  thread_local ThreadContext context;
  return context.get();
}

EVP_MD_CTX* Of(void* context) { return static_cast<EVP_MD_CTX*>(context); }

}  // namespace

Hash Sha256(Bytes bytes) {
  EVP_MD_CTX* context = OneShot();
  Feed(context, bytes);
  return TakeHash(context);
}

Hasher::Hasher() : context_(NewContext()) {}

Hasher::Hasher(Tag tag) : Hasher() {
  Update(TagText(tag));
  Update(Bytes(&kZero, 1));
}

Hasher::~Hasher() { EVP_MD_CTX_free(Of(context_)); }

Hasher& Hasher::Update(Bytes bytes) {
  Feed(Of(context_), bytes);
  return *this;
}

Hash Hasher::Finish() { return TakeHash(Of(context_)); }

Hash TaggedHash(Tag tag, std::initializer_list<Bytes> parts) {
  EVP_MD_CTX* context = OneShot();
  Feed(context, base::AsBytes(TagText(tag)));
  Feed(context, Bytes(&kZero, 1));
  for (const Bytes part : parts) Feed(context, part);
  return TakeHash(context);
}

Hash LeafHash(Bytes leaf) {
  EVP_MD_CTX* context = OneShot();
  Feed(context, Bytes(&kZero, 1));
  Feed(context, leaf);
  return TakeHash(context);
}

Hash NodeHash(const Hash& left, const Hash& right) {
  std::array<uint8_t, 65> node;
  node[0] = 1;
  std::memcpy(node.data() + 1, left.bytes.data(), 32);
  std::memcpy(node.data() + 33, right.bytes.data(), 32);
  return Sha256(node);
}

}  // namespace tributary::crypto
