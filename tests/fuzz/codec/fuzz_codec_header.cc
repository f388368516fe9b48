// The block header's fixed form, and the kinds of entries.
#include <cstddef>
#include <cstdint>

#include "codec/header.h"
#include "tributary/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;
  const base::Bytes bytes(data, size);
  const auto kind = codec::KindOf(bytes);
  TRIBUTARY_CHECK(!kind || static_cast<uint8_t>(*kind) == bytes[0], "a kind is its first byte");
  const auto header = codec::DecodeHeader(bytes);
  if (!header) return 0;
  TRIBUTARY_CHECK(kind && *kind == codec::EntryKind::kHeader, "a header is an entry of its kind");
  const auto again = codec::EncodeHeader(*header);
  TRIBUTARY_CHECK(base::AsText(again) == base::AsText(bytes), "a header has one form");
  return 0;
}
