// A client that sends bytes over TCP as they are, well formed or not.
#ifndef TRIBUTARY_TESTS_UNIT_API_HTTP_CLIENT_H_
#define TRIBUTARY_TESTS_UNIT_API_HTTP_CLIENT_H_

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace tributary::testing {

class RawConnection {
 public:
  RawConnection() : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    // No test waits for ever.
    const timeval patience{20, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  }
  explicit RawConnection(uint16_t port) : RawConnection() { Connect(port); }
  ~RawConnection() { close(socket_); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  void Connect(uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }
  void Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
  }
  // At least one byte; empty where the other side has closed, or nothing came in time.
  std::string ReadSome() {
    std::string bytes(64 << 10, '\0');
    const ssize_t got = recv(socket_, bytes.data(), bytes.size(), 0);
    bytes.resize(got > 0 ? static_cast<size_t>(got) : 0);
    return bytes;
  }
  std::string ReadToEnd() {
    std::string all;
    for (std::string some = ReadSome(); !some.empty(); some = ReadSome()) all += some;
    return all;
  }

 private:
  const int socket_;
};

struct RawResponse {
  int status = 0;
  std::string head, body;
  bool Has(std::string_view header) const { return head.find(header) != std::string::npos; }
};

inline RawResponse ParseResponse(const std::string& bytes) {
  const size_t end = bytes.find("\r\n\r\n");
  if (bytes.size() < 12 || end == std::string::npos) return {};
  return {std::atoi(bytes.c_str() + 9), bytes.substr(0, end + 2), bytes.substr(end + 4)};
}

// Sends a whole request and reads until the other side closes.
inline RawResponse Exchange(uint16_t port, std::string_view request) {
  RawConnection connection(port);
  connection.Send(request);
  return ParseResponse(connection.ReadToEnd());
}

inline RawResponse Get(uint16_t port, const std::string& path) {
  return Exchange(port, "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
}

}  // namespace tributary::testing

#endif  // TRIBUTARY_TESTS_UNIT_API_HTTP_CLIENT_H_
