// The strict reader on whole transactions, and on everything that travels inside as bytes.
#include <cstddef>
#include <cstdint>
#include <variant>

#include "codec/ledger.h"
#include "fuzz/codec/round_trip.h"
#include "tributary/v1/ledger.pb.h"

namespace {

using namespace tributary;

void CheckInner(const codec::Operation& operation) {
  if (const auto* submit = std::get_if<codec::SubmitRecord>(&operation)) {
    fuzz::CheckRoundTrip<codec::Record, v1::Record>(submit->record);
  } else if (const auto* account = std::get_if<codec::RegisterAccount>(&operation)) {
    fuzz::CheckRoundTrip<codec::Registration, v1::Registration>(account->registration);
  } else if (const auto* revenue = std::get_if<codec::ReportRevenue>(&operation)) {
    if (!revenue->attribution) return;
    fuzz::CheckRoundTrip<codec::AttributionClaim, v1::AttributionClaim>(
        revenue->attribution->claim);
  }
}

void CheckBody(base::Bytes bytes) {
  if (!fuzz::CheckRoundTrip<codec::TransactionBody, v1::TransactionBody>(bytes)) return;
  const auto body = codec::Decode<codec::TransactionBody>(bytes);
  for (const codec::Operation& operation : body->operations) CheckInner(operation);
}

}  // namespace

namespace tributary::fuzz {

// Not among them: TransactionTooLarge, which needs 65,536 bytes; the codec's tests have it.
std::vector<std::string> Required() {
  return {"accepted",          "WireTruncated",     "WireVarint",        "WireUnknownField",
          "WireRepeatedField", "WireType",          "WireLength",        "WireUtf8",
          "WireCount",         "WireMissing",       "WireEnum",          "WireRange",
          "WireDefault",       "WireSyntax",        "TooManySignatures", "MissingSignature",
          "NoOperations",      "TooManyOperations", "AmountZero",        "AmountTooLarge",
          "NoAuthors",         "PpbRange",          "ZeroWeight",        "ExternalIdInvalid",
          "HandleInvalid"};
}

}  // namespace tributary::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::Input input(data, size);
  const base::Bytes bytes(data, size);
  if (fuzz::CheckRoundTrip<codec::SignedTransaction, v1::SignedTransaction>(bytes)) {
    CheckBody(codec::Decode<codec::SignedTransaction>(bytes)->body);
  }
  CheckBody(bytes);  // the same bytes as a body: the fuzzer need not grow an envelope around them
  return 0;
}
