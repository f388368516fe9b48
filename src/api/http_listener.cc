#include "api/http_listener.h"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <exception>
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

constexpr size_t kConnectionsMax = 64;
constexpr uint32_t kHeaderBytesMax = 8 << 10;
constexpr auto kRequestTime = std::chrono::seconds(10);
constexpr auto kAnswerTime = std::chrono::seconds(30);

// One connection: reads a request, answers, and begins anew while the client keeps it alive.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const HttpHandler& handler, size_t& sessions)
      : stream_(std::move(socket)), handler_(handler), sessions_(sessions) {
    ++sessions_;
  }
  ~Session() { --sessions_; }

  void Read() {
    parser_.emplace();
    parser_->header_limit(kHeaderBytesMax);
    parser_->body_limit(std::uint64_t{0});
    stream_.expires_after(kRequestTime);
    http::async_read(
        stream_, buffer_, *parser_, [self = shared_from_this()](beast::error_code error, size_t) {
          if (!error) return self->Answer(self->Handle(self->parser_->get()), true);
          // What broke a bound, or is not HTTP, is told so; who went away is not.
          if (error.category() != http::make_error_code(http::error{}).category() ||
              error == http::error::end_of_stream) {
            return;
          }
          self->Answer({400, "text/plain; charset=utf-8", error.message() + "\n"}, false);
        });
  }

 private:
  void Answer(HttpResponse answer, bool keep_alive) {
    const http::request<http::empty_body>& request = parser_->get();
    response_.emplace(static_cast<http::status>(answer.status), request.version());
    response_->set(http::field::server, "tributaryd");
    response_->set(http::field::content_type, answer.content_type);
    response_->set(http::field::cache_control,
                   answer.immutable ? "public, max-age=31536000, immutable" : "no-store");
    response_->keep_alive(keep_alive && request.keep_alive());
    const size_t size = answer.body.size();
    if (request.method() != http::verb::head) response_->body() = std::move(answer.body);
    response_->content_length(size);
    stream_.expires_after(kAnswerTime);
    http::async_write(stream_, *response_,
                      [self = shared_from_this()](beast::error_code error, size_t) {
                        if (error) return;
                        if (self->response_->need_eof()) return self->Close();
                        self->Read();
                      });
  }

  HttpResponse Handle(const http::request<http::empty_body>& request) {
    if (request.method() != http::verb::get && request.method() != http::verb::head) {
      return {405, "text/plain; charset=utf-8", "only GET and HEAD are answered\n"};
    }
    const beast::string_view target = request.target();
    const std::string_view whole(target.data(), target.size());
    try {
      return handler_(whole.substr(0, whole.find('?')));
    } catch (const std::exception& error) {
      return {500, "text/plain; charset=utf-8", std::string(error.what()) + "\n"};
    }
  }

  void Close() {
    beast::error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_{kHeaderBytesMax + 4'096};
  const HttpHandler& handler_;
  size_t& sessions_;
  std::optional<http::request_parser<http::empty_body>> parser_;
  std::optional<http::response<http::string_body>> response_;
};

}  // namespace

class HttpListener::Impl {
 public:
  explicit Impl(HttpHandler handler) : handler_(std::move(handler)) {}

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
      // Beyond the bound the connection is closed at once.
      if (!error && sessions_ < kConnectionsMax) {
        std::make_shared<Session>(std::move(socket), handler_, sessions_)->Read();
      }
      if (acceptor_.is_open()) Accept();
    });
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

  const HttpHandler handler_;
  size_t sessions_ = 0;  // the listener's thread's; outlives the sessions that io_ still holds
  asio::io_context io_{1};
  tcp::acceptor acceptor_{io_};
  std::thread thread_;
};

absl::StatusOr<std::unique_ptr<HttpListener>> HttpListener::Start(const ListenAddress& address,
                                                                  HttpHandler handler) {
  auto impl = std::make_unique<Impl>(std::move(handler));
  TRIBUTARY_RETURN_IF_ERROR(impl->Listen(address));
  return std::unique_ptr<HttpListener>(new HttpListener(std::move(impl)));
}

HttpListener::HttpListener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpListener::~HttpListener() { Stop(); }
void HttpListener::Stop() { impl_->Stop(); }
uint16_t HttpListener::port() const { return impl_->port(); }

}  // namespace tributary::api
