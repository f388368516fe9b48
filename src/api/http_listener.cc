#include "api/http_listener.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <exception>
#include <list>
#include <optional>
#include <thread>
#include <utility>

#include "tributary/base/status.h"

namespace tributary::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr uint32_t kHeaderBytesMax = 8 << 10;
constexpr size_t kTargetBytesMax = 2'000;
constexpr auto kLingerTime = std::chrono::seconds(1);
constexpr auto kAcceptRest = std::chrono::milliseconds(100);  // after an error of the machine

class Session;

// What the sessions of a listener share; the listener's thread's.
struct Shared {
  HttpHandler handler;
  HttpLimits limits;
  size_t answer_bytes = 0;      // of all answers on their way
  std::list<Session*> waiting;  // for a request, the longest first; before them those that close
  size_t sessions = 0;
};

HttpResponse Text(int status, std::string_view what) {
  return {status, "text/plain; charset=utf-8", std::string(what) + "\n"};
}

// One connection: reads a request, answers, and begins anew while the client keeps it alive.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, Shared& shared) : stream_(std::move(socket)), shared_(shared) {
    ++shared_.sessions;
  }
  ~Session() {
    StopWaiting();
    --shared_.sessions;
  }

  void Read() {
    parser_.emplace();
    parser_->header_limit(kHeaderBytesMax);
    parser_->body_limit(std::uint64_t{0});
    StartWaiting();
    stream_.expires_after(std::chrono::milliseconds(shared_.limits.request_ms));
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](beast::error_code error, size_t) {
                       self->StopWaiting();
                       if (!error) return self->Answer(self->Handle(), true);
                       // What broke a bound, or is not HTTP, is told so; who went away is not.
                       if (error.category() == http::make_error_code(http::error{}).category() &&
                           error != http::error::end_of_stream) {
                         self->Answer(self->WhatIsWrong(error), false);
                       }
                     });
  }

  // Gives the connection up; it waits for a request.
  void Drop() {
    StopWaiting();
    stream_.close();
  }

 private:
  void StartWaiting() { place_ = shared_.waiting.insert(shared_.waiting.end(), this); }
  void StopWaiting() {
    if (place_) shared_.waiting.erase(*place_);
    place_.reset();
  }

  void Answer(HttpResponse answer, bool keep_alive) {
    const http::request<http::empty_body>& request = parser_->get();
    // The first answer goes out, however large it is.
    if (shared_.answer_bytes > 0 &&
        shared_.answer_bytes + answer.body.size() > shared_.limits.answer_bytes_max) {
      answer = Text(503, "too many bytes of other answers are on their way");
    }
    answer_bytes_ = answer.body.size();
    shared_.answer_bytes += answer_bytes_;
    response_.emplace(static_cast<http::status>(answer.status), request.version());
    response_->set(http::field::server, "tributaryd");
    response_->set(http::field::content_type, answer.content_type);
    response_->set(http::field::cache_control,
                   answer.immutable ? "public, max-age=31536000, immutable" : "no-store");
    if (answer.status == 405) response_->set(http::field::allow, "GET, HEAD");
    if (answer.status == 503) response_->set(http::field::retry_after, "1");
    response_->keep_alive(keep_alive && request.keep_alive());
    const size_t size = answer.body.size();
    if (request.method() != http::verb::head) response_->body() = std::move(answer.body);
    response_->content_length(size);
    stream_.expires_after(std::chrono::milliseconds(shared_.limits.answer_ms));
    http::async_write(stream_, *response_,
                      [self = shared_from_this()](beast::error_code error, size_t) {
                        self->shared_.answer_bytes -= self->answer_bytes_;
                        const bool last = self->response_->need_eof();
                        self->response_.reset();
                        if (error) return;
                        if (last) return self->Close();
                        self->Read();
                      });
  }

  HttpResponse Handle() {
    const http::request<http::empty_body>& request = parser_->get();
    if (!IsRead(request.method())) return WrongMethod();
    const beast::string_view target = request.target();
    if (target.size() > kTargetBytesMax) return Text(414, "the target is too long");
    const std::string_view whole(target.data(), target.size());
    try {
      return shared_.handler(whole.substr(0, whole.find('?')));
    } catch (const std::exception& error) {
      return Text(500, error.what());
    }
  }

  HttpResponse WhatIsWrong(beast::error_code error) const {
    const http::request<http::empty_body>& request = parser_->get();
    // Without a target the first line itself is too long.
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
      return request.target().empty() || request.target().size() > kTargetBytesMax
                 ? Text(414, "the target is too long")
                 : Text(431, "the headers are too long");
    }
    if (error == http::error::body_limit) {
      return IsRead(request.method()) ? Text(413, "a request has no body") : WrongMethod();
    }
    return Text(400, error.message());
  }

  static bool IsRead(http::verb method) {
    return method == http::verb::get || method == http::verb::head;
  }
  static HttpResponse WrongMethod() { return Text(405, "only GET and HEAD are answered"); }

  // What the client still sends is read and forgotten for a moment: closed over unread bytes, the
  // connection would be reset before the client has read the answer.
  void Close() {
    beast::error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(kLingerTime);
    place_ = shared_.waiting.insert(shared_.waiting.begin(), this);  // the first to make room
    Drain();
  }
  void Drain() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(4'096),
                            [self = shared_from_this()](beast::error_code error, size_t) {
                              if (!error) self->Drain();
                            });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_{kHeaderBytesMax + 4'096};
  Shared& shared_;
  std::optional<std::list<Session*>::iterator> place_;  // among those that wait
  size_t answer_bytes_ = 0;
  std::optional<http::request_parser<http::empty_body>> parser_;
  std::optional<http::response<http::string_body>> response_;
};

}  // namespace

class HttpListener::Impl {
 public:
  Impl(HttpHandler handler, const HttpLimits& limits) {
    shared_.handler = std::move(handler);
    shared_.limits = limits;
  }

  absl::Status Listen(const ListenAddress& address) {
    beast::error_code error;
    const auto host = asio::ip::make_address(address.host, error);
    if (error) return base::InvalidArgument("no address: " + address.host);
    const tcp::endpoint endpoint(host, address.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
    if (error) {
      return base::Unavailable("cannot listen on " + address.ToString() + ": " + error.message());
    }
    Accept();
    thread_ = std::thread([this] { Run(); });
    return absl::OkStatus();
  }

  void Stop() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  void Accept() {
    acceptor_.async_accept([this](beast::error_code error, tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      // No descriptors are left, or the like: at once it would fail again, and so without end.
      if (error) return AcceptLater();
      if (MakeRoom()) std::make_shared<Session>(std::move(socket), shared_)->Read();
      Accept();
    });
  }

  void AcceptLater() {
    rest_.expires_after(kAcceptRest);
    rest_.async_wait([this](beast::error_code) { Accept(); });
  }

  // Whether there is room for one more connection.
  bool MakeRoom() {
    if (shared_.sessions < shared_.limits.connections_max) return true;
    if (shared_.waiting.empty()) return false;
    shared_.waiting.front()->Drop();
    return true;
  }

  void Run() {
    while (!io_.stopped()) {
      try {
        io_.run();
      } catch (const std::exception&) {
        // A connection failed in a way that Asio throws for; the others go on.
      }
    }
  }

  Shared shared_;  // outlives the sessions that io_ still holds
  asio::io_context io_{1};
  asio::steady_timer rest_{io_};
  tcp::acceptor acceptor_{io_};
  std::thread thread_;
};

absl::StatusOr<std::unique_ptr<HttpListener>> HttpListener::Start(const ListenAddress& address,
                                                                  HttpHandler handler,
                                                                  const HttpLimits& limits) {
  auto impl = std::make_unique<Impl>(std::move(handler), limits);
  TRIBUTARY_RETURN_IF_ERROR(impl->Listen(address));
  return std::unique_ptr<HttpListener>(new HttpListener(std::move(impl)));
}

HttpListener::HttpListener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpListener::~HttpListener() { Stop(); }
void HttpListener::Stop() { impl_->Stop(); }
uint16_t HttpListener::port() const { return impl_->port(); }

}  // namespace tributary::api
