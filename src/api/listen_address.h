// Addresses to listen on: loopback only, as long as there is no TLS.
#ifndef TRIBUTARY_API_LISTEN_ADDRESS_H_
#define TRIBUTARY_API_LISTEN_ADDRESS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace tributary::api {

struct ListenAddress {
  std::string host;   // "127.x.y.z", "::1"
  uint16_t port = 0;  // 0: any free one

  std::string ToString() const;  // "127.0.0.1:7400", "[::1]:7400"
};

// "host:port" or "[host]:port"; "localhost" is 127.0.0.1.
// Errors: kInvalidArgument for anything else; for an address that is not loopback the text says
// that TLS is needed for it.
absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view text);

}  // namespace tributary::api

#endif  // TRIBUTARY_API_LISTEN_ADDRESS_H_
