// The strict reader on what is hashed into ids, and on attribution claims.
#include <cstddef>
#include <cstdint>

#include "codec/ledger.h"
#include "fuzz/codec/round_trip.h"
#include "tributary/v1/ledger.pb.h"

namespace tributary::fuzz {

std::vector<std::string> Required() {
  return {"accepted",          "WireTruncated", "WireVarint", "WireUnknownField",
          "WireRepeatedField", "WireType",      "WireLength", "WireUtf8",
          "WireCount",         "WireMissing",   "WireEnum",   "WireRange",
          "WireDefault",       "NoAuthors",     "PpbRange",   "ZeroWeight",
          "ExternalIdInvalid", "HandleInvalid"};
}

}  // namespace tributary::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;
  const fuzz::Input input(data, size);
  const base::Bytes bytes(data, size);
  fuzz::CheckRoundTrip<codec::Record, v1::Record>(bytes);
  fuzz::CheckRoundTrip<codec::Registration, v1::Registration>(bytes);
  fuzz::CheckRoundTrip<codec::AttributionClaim, v1::AttributionClaim>(bytes);
  return 0;
}
