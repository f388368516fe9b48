// The strict reader on a genesis and on the registrations in it.
#include <cstddef>
#include <cstdint>

#include "codec/ledger.h"
#include "fuzz/codec/round_trip.h"
#include "tributary/v1/ledger.pb.h"

namespace tributary::fuzz {

std::vector<std::string> Required() {
  return {"accepted", "WireTruncated", "WireVarint",  "WireUnknownField", "WireRepeatedField",
          "WireType", "WireLength",    "WireUtf8",    "WireCount",        "WireMissing",
          "WireEnum", "WireRange",     "WireDefault", "WireSyntax",       "HandleInvalid"};
}

}  // namespace tributary::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;
  const fuzz::Input input(data, size);
  const base::Bytes bytes(data, size);
  if (!fuzz::CheckRoundTrip<codec::Genesis, v1::Genesis>(bytes)) return 0;
  const auto genesis = codec::Decode<codec::Genesis>(bytes);
  for (const codec::GenesisAccount& account : genesis->accounts) {
    fuzz::CheckRoundTrip<codec::Registration, v1::Registration>(account.registration);
  }
  return 0;
}
