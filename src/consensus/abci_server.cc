#include "consensus/abci_server.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/write.hpp>
#include <exception>
#include <future>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

#include "consensus/abci_frames.h"
#include "tributary/base/status.h"

namespace tributary::consensus {
namespace {

namespace abci = ::tendermint::abci;
namespace asio = boost::asio;
using Protocol = asio::local::stream_protocol;

constexpr size_t kReadBytes = 64u << 10;
constexpr size_t kPathCharactersMax = 100;  // sockaddr_un holds 107

// Whether somebody listens on the socket file.
bool IsAlive(const std::string& path) {
  asio::io_context context;
  Protocol::socket socket(context);
  boost::system::error_code error;
  socket.connect(Protocol::endpoint(path), error);
  return !error;
}

}  // namespace

class AbciServer::Impl {
 public:
  Impl(AbciServerOptions options, AbciHandler handler, spdlog::logger& logger)
      : options_(std::move(options)),
        handler_(std::move(handler)),
        logger_(logger),
        acceptor_(context_),
        pool_(options_.check_threads) {}

  absl::Status Listen() {
    if (options_.socket.empty() || options_.socket.size() > kPathCharactersMax) {
      return base::InvalidArgument("the path of a socket must have 1..100 characters, not " +
                                   std::to_string(options_.socket.size()) + ": " + options_.socket);
    }
    struct stat file {};
    if (lstat(options_.socket.c_str(), &file) == 0) {
      if (!S_ISSOCK(file.st_mode)) {
        return base::FailedPrecondition(options_.socket + " is there and is no socket");
      }
      if (IsAlive(options_.socket)) {
        return base::FailedPrecondition("another process listens on " + options_.socket);
      }
      unlink(options_.socket.c_str());
    }
    boost::system::error_code error;
    acceptor_.open(Protocol(), error);
    const mode_t mask = umask(0177);
    if (!error) acceptor_.bind(Protocol::endpoint(options_.socket), error);
    umask(mask);
    if (!error) acceptor_.listen(static_cast<int>(options_.connections_max), error);
    if (error) {
      return base::Unavailable("cannot listen on " + options_.socket + ": " + error.message());
    }
    accepting_ = std::thread([this] { Accept(); });
    return absl::OkStatus();
  }

  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      if (stopped_) return;
      stopped_ = true;
      for (Connection& connection : connections_) Shut(connection.socket);
    }
    // A blocking accept ends when its socket is shut down.
    if (acceptor_.is_open()) ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    if (accepting_.joinable()) accepting_.join();
    for (Connection& connection : connections_) connection.thread.join();
    connections_.clear();
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    unlink(options_.socket.c_str());
    pool_.join();
  }

 private:
  struct Connection {
    explicit Connection(Protocol::socket taken) : socket(std::move(taken)) {}
    Protocol::socket socket;
    std::thread thread;
    bool done = false;  // guarded by mutex_
  };

  static void Shut(Protocol::socket& socket) {
    boost::system::error_code ignored;
    socket.shutdown(Protocol::socket::shutdown_both, ignored);
  }

  void Accept() {
    for (;;) {
      boost::system::error_code error;
      Protocol::socket socket(context_);
      acceptor_.accept(socket, error);
      const std::lock_guard lock(mutex_);
      if (stopped_) return;
      if (error) {
        logger_.error("accepting on {}: {}", options_.socket, error.message());
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        continue;
      }
      for (auto it = connections_.begin(); it != connections_.end();) {
        if (!it->done) {
          ++it;
          continue;
        }
        it->thread.join();
        it = connections_.erase(it);
      }
      if (connections_.size() >= options_.connections_max) continue;
      Connection& connection = connections_.emplace_back(std::move(socket));
      connection.thread = std::thread([this, &connection] { Run(connection); });
    }
  }

  void Run(Connection& connection) {
    try {
      const absl::Status status = Serve(connection.socket);
      const std::lock_guard lock(mutex_);
      if (!status.ok() && !stopped_) {
        logger_.error("a connection of the consensus engine ends: {}", base::Message(status));
      }
    } catch (const std::exception& error) {
      logger_.error("a connection of the consensus engine ends: {}", error.what());
    }
    Shut(connection.socket);
    const std::lock_guard lock(mutex_);
    connection.done = true;
  }

  absl::Status Serve(Protocol::socket& socket) {
    FrameReader frames;
    std::string buffer(kReadBytes, '\0');
    for (;;) {
      boost::system::error_code error;
      const size_t size = socket.read_some(asio::buffer(buffer), error);
      if (error) return absl::OkStatus();  // the other side has gone
      frames.Feed(std::string_view(buffer).substr(0, size));
      std::vector<abci::Request> requests;
      for (;;) {
        auto frame = frames.Next();
        if (!frame.ok()) return frame.status();
        if (!*frame) break;
        abci::Request& request = requests.emplace_back();
        if (!request.ParseFromString(**frame)) {
          return base::InvalidArgument("a frame that is no request");
        }
      }
      std::string out;
      TRIBUTARY_RETURN_IF_ERROR(AnswerAll(requests, out));
      if (out.empty()) continue;
      asio::write(socket, asio::buffer(out), error);
      if (error) return absl::OkStatus();
    }
  }

  absl::Status AnswerAll(const std::vector<abci::Request>& requests, std::string& out) {
    for (size_t i = 0; i < requests.size();) {
      size_t end = i;
      while (end < requests.size() && requests[end].has_check_tx()) ++end;
      if (end > i + 1) {
        CheckAll(requests, i, end, out);
        i = end;
        continue;
      }
      AppendFrame(out, handler_(requests[i]).SerializeAsString());
      ++i;
    }
    return absl::OkStatus();
  }

  // Checks that arrived together, in parallel; their answers in order.
  void CheckAll(const std::vector<abci::Request>& requests, size_t begin, size_t end,
                std::string& out) {
    std::vector<std::future<std::string>> answers;
    for (size_t i = begin; i < end; ++i) {
      auto task = std::make_shared<std::packaged_task<std::string()>>(
          [this, &request = requests[i]] { return handler_(request).SerializeAsString(); });
      answers.push_back(task->get_future());
      asio::post(pool_, [task] { (*task)(); });
    }
    for (std::future<std::string>& answer : answers) AppendFrame(out, answer.get());
  }

  const AbciServerOptions options_;
  const AbciHandler handler_;
  spdlog::logger& logger_;
  asio::io_context context_;
  Protocol::acceptor acceptor_;
  asio::thread_pool pool_;
  std::thread accepting_;
  std::mutex mutex_;
  // Guarded by mutex_.
  bool stopped_ = false;
  std::list<Connection> connections_;
};

absl::StatusOr<std::unique_ptr<AbciServer>> AbciServer::Start(AbciServerOptions options,
                                                              AbciHandler handler,
                                                              spdlog::logger& logger) {
  auto impl = std::make_unique<Impl>(std::move(options), std::move(handler), logger);
  TRIBUTARY_RETURN_IF_ERROR(impl->Listen());
  return std::unique_ptr<AbciServer>(new AbciServer(std::move(impl)));
}

AbciServer::AbciServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AbciServer::~AbciServer() { Stop(); }
void AbciServer::Stop() { impl_->Stop(); }

}  // namespace tributary::consensus
