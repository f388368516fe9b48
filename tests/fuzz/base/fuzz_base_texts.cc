// Hexadecimal, base64 and decimal numbers: one text for each value, and back.
#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <string>

#include "fuzz/support/reached.h"
#include "tributary/base/amount.h"
#include "tributary/base/base64.h"
#include "tributary/base/check.h"
#include "tributary/base/hex.h"

std::vector<std::string> tributary::fuzz::Required() {
  return {"hex", "no hex", "base64", "no base64", "a number", "no number", "a digest", "no digest"};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;  // NOLINT: a target of its own
  const fuzz::Input input(data, size);
  const std::string_view text = base::AsText({data, size});
  const auto from_hex = base::FromHex(text);
  fuzz::Reached(from_hex ? "hex" : "no hex");
  if (from_hex) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    TRIBUTARY_CHECK(base::ToHex(*from_hex) == lower, "hex has one form in lower case");
  }
  const bool digest = base::DigestFromHex<base::Hash>(text).has_value();
  fuzz::Reached(digest ? "a digest" : "no digest");
  TRIBUTARY_CHECK(digest == (from_hex && size == 64), "a digest is 64 digits");
  const auto from_base64 = base::FromBase64(text);
  fuzz::Reached(from_base64 ? "base64" : "no base64");
  TRIBUTARY_CHECK(!from_base64 || base::ToBase64(*from_base64) == text, "base64 has one form");
  const base::Bytes bytes(data, size);
  const auto encoded = base::FromBase64(base::ToBase64(bytes));
  TRIBUTARY_CHECK(encoded && base::AsText(*encoded) == text, "base64 takes all bytes");
  const auto number = base::ParseDecimal(text);
  fuzz::Reached(number ? "a number" : "no number");
  TRIBUTARY_CHECK(!number || base::ToDecimal(*number) == text, "a number has one form");
  return 0;
}
