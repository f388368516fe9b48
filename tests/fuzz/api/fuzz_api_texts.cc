// Short texts that clients and operators send: page tokens and addresses to listen on.
#include <cstddef>
#include <cstdint>
#include <string>

#include "api/listen_address.h"
#include "api/page.h"
#include "fuzz/support/reached.h"
#include "tributary/base/check.h"
#include "tributary/base/types.h"

namespace tributary::fuzz {
namespace {

void CheckToken(std::string_view text, api::PageQuery query, size_t count) {
  const auto numbers = api::ParseToken(text, query, count);
  Reached(numbers ? "a token" : "no token");
  if (!numbers) return;
  TRIBUTARY_CHECK(numbers->size() == count, "as many numbers as the list has");
  std::string again = api::MakeToken(query, {});
  for (const uint64_t number : *numbers) again += '.' + std::to_string(number);
  TRIBUTARY_CHECK(api::ParseToken(again, query, count) == numbers, "a token reads as it is");
}

}  // namespace

std::vector<std::string> Required() {
  return {"a token",
          "no token",
          "an address",
          "has no port: write it like",
          "needs brackets around the host",
          "has no port from 0 to 65535",
          "names no IP address",
          "is not a loopback address"};
}

}  // namespace tributary::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;  // NOLINT: a target of its own
  const fuzz::Input input(data, size);
  const std::string_view text = base::AsText({data, size});
  fuzz::CheckToken(text, {'s', 7041}, 3);
  fuzz::CheckToken(text, {'r', 7}, 1);
  const auto address = api::ParseListenAddress(text);
  if (!address.ok()) {
    fuzz::ReachedText(address.status());
    return 0;
  }
  fuzz::Reached("an address");
  const auto again = api::ParseListenAddress(address->ToString());
  TRIBUTARY_CHECK(again.ok() && again->host == address->host && again->port == address->port,
                  "an address reads as it is written");
  return 0;
}
