// What must hold for every message that the strict reader accepts.
#ifndef TRIBUTARY_TESTS_FUZZ_CODEC_ROUND_TRIP_H_
#define TRIBUTARY_TESTS_FUZZ_CODEC_ROUND_TRIP_H_

#include <string>

#include "codec/ledger.h"
#include "fuzz/support/reached.h"
#include "tributary/base/check.h"

namespace tributary::fuzz {

// Decodes `bytes`; if they are accepted, both our writer and libprotobuf (P is its class) must
// write the same bytes again. Returns whether they were accepted.
template <class T, class P>
bool CheckRoundTrip(base::Bytes bytes) {
  const base::Checked<T> message = codec::Decode<T>(bytes);
  if (!message) {
    Reached(message.rejection());
    return false;
  }
  Reached(kAccepted);
  TRIBUTARY_CHECK(codec::Encode(*message) == base::AsText(bytes), "our writer differs");
  P theirs;
  TRIBUTARY_CHECK(theirs.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())),
                  "libprotobuf refuses what we accept");
  TRIBUTARY_CHECK(theirs.SerializeAsString() == base::AsText(bytes), "libprotobuf differs");
  return true;
}

}  // namespace tributary::fuzz

#endif  // TRIBUTARY_TESTS_FUZZ_CODEC_ROUND_TRIP_H_
