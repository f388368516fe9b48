#include "crypto/keyed_tag.h"

#include <sodium.h>

#include <cstring>

namespace tributary::crypto {

Tag96 KeyedTag96(const TagKey& key, base::Bytes bytes) {
  static_assert(crypto_shorthash_siphashx24_KEYBYTES == sizeof(TagKey));
  uint8_t out[crypto_shorthash_siphashx24_BYTES];
  crypto_shorthash_siphashx24(out, bytes.data(), bytes.size(), key.data());
  Tag96 tag;
  std::memcpy(&tag.low, out, sizeof tag.low);
  std::memcpy(&tag.high, out + sizeof tag.low, sizeof tag.high);
  return tag;
}

}  // namespace tributary::crypto
