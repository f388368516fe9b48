// A small HTTP/1.1 listener for GET requests, on a thread of its own.
#ifndef TRIBUTARY_API_HTTP_LISTENER_H_
#define TRIBUTARY_API_HTTP_LISTENER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "api/listen_address.h"

namespace tributary::api {

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  bool immutable = false;  // may be cached for ever
};

// Called on the listener's thread with the path, which begins with "/", without the query.
using HttpHandler = std::function<HttpResponse(std::string_view path)>;

struct HttpLimits {
  size_t connections_max = 64;
  size_t answer_bytes_max = 64u << 20;  // of all answers on their way
  uint64_t request_ms = 10'000;         // for a request to arrive, and for the next one to begin
  uint64_t answer_ms = 30'000;          // for an answer to be taken
};

// Headers have at most 8 KiB (431), of which the target at most 2,000 bytes (414); other methods
// than GET and HEAD are 405; a request with a body is 413. A connection whose time is over is
// closed. Beyond the number of connections, a new one takes the place of the one that has longest
// sent no whole request; where all are being answered, it is closed at once. Beyond the bytes of
// answers: 503 with Retry-After.
// Thread safety: one thread owns it; Stop may be called once.
class HttpListener {
 public:
  static absl::StatusOr<std::unique_ptr<HttpListener>> Start(const ListenAddress& address,
                                                             HttpHandler handler,
                                                             const HttpLimits& limits = {});
  ~HttpListener();
  void Stop();
  uint16_t port() const;

 private:
  class Impl;
  explicit HttpListener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tributary::api

#endif  // TRIBUTARY_API_HTTP_LISTENER_H_
