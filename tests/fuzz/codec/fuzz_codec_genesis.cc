// The strict reader on a genesis and on the registrations in it.
#include <cstddef>
#include <cstdint>

#include "codec/ledger.h"
#include "fuzz/codec/round_trip.h"
#include "tributary/v1/ledger.pb.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;
  const base::Bytes bytes(data, size);
  if (!fuzz::CheckRoundTrip<codec::Genesis, v1::Genesis>(bytes)) return 0;
  const auto genesis = codec::Decode<codec::Genesis>(bytes);
  for (const codec::GenesisAccount& account : genesis->accounts) {
    fuzz::CheckRoundTrip<codec::Registration, v1::Registration>(account.registration);
  }
  return 0;
}
