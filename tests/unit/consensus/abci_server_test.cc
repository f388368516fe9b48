// The socket as CometBFT uses it: several connections, requests in flight, frames cut anywhere.
#include "consensus/abci_server.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/null_sink.h>
#include <sys/stat.h>

#include <atomic>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "consensus/abci_frames.h"

namespace tributary::consensus {
namespace {

namespace abci = ::tendermint::abci;
namespace asio = boost::asio;
using Milliseconds = std::chrono::milliseconds;

class Peer {
 public:
  explicit Peer(const std::string& path) : socket_(context_) {
    socket_.connect(asio::local::stream_protocol::endpoint(path));
  }
  void Send(const abci::Request& request) {
    std::string out;
    AppendFrame(out, request.SerializeAsString());
    SendBytes(out);
  }
  void SendBytes(const std::string& bytes) {
    boost::system::error_code ignored;
    asio::write(socket_, asio::buffer(bytes), ignored);
  }
  // nullopt: the connection has ended.
  std::optional<abci::Response> Receive() {
    for (;;) {
      auto frame = frames_.Next();
      if (frame.ok() && *frame) {
        abci::Response response;
        EXPECT_TRUE(response.ParseFromString(**frame));
        return response;
      }
      char buffer[4096];
      boost::system::error_code error;
      const size_t size = socket_.read_some(asio::buffer(buffer), error);
      if (error) return std::nullopt;
      frames_.Feed({buffer, size});
    }
  }

 private:
  asio::io_context context_;
  asio::local::stream_protocol::socket socket_;
  FrameReader frames_;
};

abci::Request Echo(const std::string& text) {
  abci::Request request;
  request.mutable_echo()->set_message(text);
  return request;
}
abci::Request Check(const std::string& text) {
  abci::Request request;
  request.mutable_check_tx()->set_tx(text);
  return request;
}

class AbciServerTest : public ::testing::Test {
 protected:
  AbciServerTest() {
    std::string name = (std::filesystem::temp_directory_path() / "tributary-abci-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    dir_ = name;
    path_ = dir_ + "/abci.sock";
  }
  ~AbciServerTest() override {
    server_.reset();
    std::filesystem::remove_all(dir_);
  }

  absl::Status Start(size_t connections_max = 16) {
    const auto handler = [this](const abci::Request& request) {
      abci::Response response;
      if (request.has_check_tx()) {
        const int running = ++running_;
        int most = most_.load();
        while (most < running && !most_.compare_exchange_weak(most, running)) {
        }
        // The first takes longest: answers must not overtake it.
        std::this_thread::sleep_for(Milliseconds(request.check_tx().tx() == "0" ? 30 : 1));
        --running_;
        response.mutable_check_tx()->set_log(request.check_tx().tx());
        return response;
      }
      while (held_ && request.echo().message() == "slow")
        std::this_thread::sleep_for(Milliseconds(1));
      response.mutable_echo()->set_message(request.echo().message());
      return response;
    };
    auto server = AbciServer::Start({path_, connections_max, 2}, handler, logger_);
    if (!server.ok()) return server.status();
    server_ = *std::move(server);
    return absl::OkStatus();
  }

  spdlog::logger logger_{"test", std::make_shared<spdlog::sinks::null_sink_mt>()};
  std::string dir_, path_;
  std::atomic<bool> held_{false};
  std::atomic<int> running_{0}, most_{0};
  std::unique_ptr<AbciServer> server_;
};

TEST_F(AbciServerTest, AnswersLeaveInTheOrderOfTheRequestsAlsoWhereTheyAreMadeTogether) {
  ASSERT_TRUE(Start().ok());
  Peer peer(path_);
  std::string all;
  for (int i = 0; i < 40; ++i) AppendFrame(all, Check(std::to_string(i)).SerializeAsString());
  AppendFrame(all, Echo("end").SerializeAsString());
  peer.SendBytes(all);
  for (int i = 0; i < 40; ++i) EXPECT_EQ(peer.Receive()->check_tx().log(), std::to_string(i));
  EXPECT_EQ(peer.Receive()->echo().message(), "end");
  EXPECT_EQ(most_.load(), 2) << "checks that arrive together are made together";
}

TEST_F(AbciServerTest, ASlowRequestOnOneConnectionDelaysNoOther) {
  ASSERT_TRUE(Start().ok());
  held_ = true;
  Peer slow(path_), quick(path_);
  slow.Send(Echo("slow"));
  for (int i = 0; i < 20; ++i) {
    quick.Send(Echo("quick"));
    EXPECT_EQ(quick.Receive()->echo().message(), "quick");
  }
  held_ = false;
  EXPECT_EQ(slow.Receive()->echo().message(), "slow");
}

TEST_F(AbciServerTest, AFrameThatIsCutAnywhereIsPutTogether) {
  ASSERT_TRUE(Start().ok());
  Peer peer(path_);
  std::string bytes;
  AppendFrame(bytes, Echo(std::string(300, 'x')).SerializeAsString());
  for (const char byte : bytes) peer.SendBytes(std::string(1, byte));
  EXPECT_EQ(peer.Receive()->echo().message().size(), 300u);
}

TEST_F(AbciServerTest, WhatIsNoRequestEndsItsConnectionAndNoOther) {
  ASSERT_TRUE(Start().ok());
  Peer bad(path_), huge(path_), good(path_);
  bad.SendBytes(std::string("\x02\xff\xff", 3));
  EXPECT_FALSE(bad.Receive().has_value());
  huge.SendBytes(std::string("\xff\xff\xff\xff\x0f", 5));
  EXPECT_FALSE(huge.Receive().has_value());
  good.Send(Echo("still here"));
  EXPECT_EQ(good.Receive()->echo().message(), "still here");
}

TEST_F(AbciServerTest, ConnectionsAreBounded) {
  ASSERT_TRUE(Start(1).ok());
  Peer first(path_);
  first.Send(Echo("a"));
  EXPECT_TRUE(first.Receive().has_value());
  Peer second(path_);
  second.Send(Echo("b"));
  EXPECT_FALSE(second.Receive().has_value());
}

TEST_F(AbciServerTest, TheSocketIsForThisUserAloneAndAStaleOneIsReplaced) {
  ASSERT_TRUE(Start().ok());
  struct stat file {};
  ASSERT_EQ(stat(path_.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600u);
  EXPECT_EQ(AbciServer::Start({path_}, {}, logger_).status().code(),
            absl::StatusCode::kFailedPrecondition)
      << "somebody listens there";
  server_.reset();
  EXPECT_FALSE(std::filesystem::exists(path_));
  {
    asio::io_context context;  // what a process that was killed leaves behind
    asio::local::stream_protocol::acceptor left(context,
                                                asio::local::stream_protocol::endpoint(path_));
  }
  ASSERT_TRUE(std::filesystem::exists(path_));
  EXPECT_TRUE(Start().ok());
  server_.reset();
  std::ofstream(path_) << "no socket";
  EXPECT_EQ(Start().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(std::filesystem::exists(path_)) << "a file of somebody else is left alone";
}

TEST_F(AbciServerTest, APathThatNoSocketCanHaveIsRefused) {
  path_ = dir_ + "/" + std::string(100, 'x');
  EXPECT_EQ(Start().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace tributary::consensus
