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

// Bounds: headers of 8 KiB, no body, 64 connections, 10 s for a request and 30 s for an answer.
// Thread safety: one thread owns it; Stop may be called once.
class HttpListener {
 public:
  static absl::StatusOr<std::unique_ptr<HttpListener>> Start(const ListenAddress& address,
                                                             HttpHandler handler);
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
