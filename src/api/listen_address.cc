#include "api/listen_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <charconv>

#include "tributary/base/status.h"

namespace tributary::api {
namespace {

absl::Status Bad(std::string_view text, std::string_view why) {
  return base::InvalidArgument("'" + std::string(text) + "' " + std::string(why));
}

absl::Status CheckLoopback(std::string_view text, const std::string& host) {
  in_addr v4{};
  in6_addr v6{};
  bool loopback = false;
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) {
    loopback = ntohl(v4.s_addr) >> 24 == 127;
  } else if (inet_pton(AF_INET6, host.c_str(), &v6) == 1) {
    loopback = IN6_IS_ADDR_LOOPBACK(&v6);
  } else {
    return Bad(text, "names no IP address: write it like 127.0.0.1:7400 or [::1]:7400");
  }
  if (loopback) return absl::OkStatus();
  return Bad(text,
             "is not a loopback address: leaving this machine needs TLS, which this version does "
             "not offer; put a proxy that does in front of a loopback address");
}

}  // namespace

std::string ListenAddress::ToString() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return Bad(text, "has no port: write it like 127.0.0.1:7400");
  ListenAddress out;
  const std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  out.host = std::string(bracketed ? host.substr(1, host.size() - 2) : host);
  if (out.host == "localhost") out.host = "127.0.0.1";
  if (!bracketed && out.host.find(':') != std::string::npos) {
    return Bad(text, "needs brackets around the host: write it like [::1]:7400");
  }
  const auto parsed = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (parsed.ec != std::errc() || parsed.ptr != port.data() + port.size()) {
    return Bad(text, "has no port from 0 to 65535");
  }
  TRIBUTARY_RETURN_IF_ERROR(CheckLoopback(text, out.host));
  return out;
}

}  // namespace tributary::api
