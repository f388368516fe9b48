// The block header's fixed form, and the kinds of entries.
#include <cstddef>
#include <cstdint>

#include "codec/header.h"
#include "fuzz/support/reached.h"
#include "tributary/base/check.h"

namespace tributary::fuzz {

std::vector<std::string> Required() {
  return {"accepted",      "entry.WireTruncated", "entry.WireEnum",
          "WireTruncated", "WireTrailing",        "WireEnum",
          "WireRange"};
}

}  // namespace tributary::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;
  const fuzz::Input input(data, size);
  const base::Bytes bytes(data, size);
  const auto kind = codec::KindOf(bytes);
  TRIBUTARY_CHECK(!kind || static_cast<uint8_t>(*kind) == bytes[0], "a kind is its first byte");
  if (!kind) fuzz::Reached(kind.rejection(), "entry.");
  const auto header = codec::DecodeHeader(bytes);
  if (!header) {
    fuzz::Reached(header.rejection());
    return 0;
  }
  fuzz::Reached(fuzz::kAccepted);
  TRIBUTARY_CHECK(kind && *kind == codec::EntryKind::kHeader, "a header is an entry of its kind");
  const auto again = codec::EncodeHeader(*header);
  TRIBUTARY_CHECK(base::AsText(again) == base::AsText(bytes), "a header has one form");
  return 0;
}
