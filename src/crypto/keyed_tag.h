// Short keyed tags for identity tables in memory (SipHash-2-4 with 128 bits of output, cut to 96).
// The key is random and secret to one process, so that nobody can look for two identities with one
// tag. Tags differ from process to process and are never hashed into state. A table takes a tag for
// the identity and compares nothing else: state/identity_table.h says with what chance that errs.
#ifndef TRIBUTARY_CRYPTO_KEYED_TAG_H_
#define TRIBUTARY_CRYPTO_KEYED_TAG_H_

#include <array>
#include <compare>
#include <cstdint>

#include "tributary/base/types.h"

namespace tributary::crypto {

using TagKey = std::array<uint8_t, 16>;

struct Tag96 {
  uint64_t low = 0;
  uint32_t high = 0;
  friend auto operator<=>(const Tag96&, const Tag96&) = default;
};

Tag96 KeyedTag96(const TagKey& key, base::Bytes bytes);

}  // namespace tributary::crypto

#endif  // TRIBUTARY_CRYPTO_KEYED_TAG_H_
