// The HTTP listener against clients that are slow, wrong or many.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "api/http_listener.h"
#include "unit/api/http_client.h"

namespace tributary::api {
namespace {

using testing::Exchange;
using testing::Get;
using testing::RawConnection;
using testing::RawResponse;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

constexpr char kClose[] = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";

class HttpTest : public ::testing::Test {
 protected:
  void Start(const HttpLimits& limits = {}) {
    auto listener = HttpListener::Start(
        {"127.0.0.1", 0},
        [](std::string_view path) -> HttpResponse {
          if (path == "/there") return {200, "text/plain; charset=utf-8", "here\n"};
          if (path == "/large") return {200, "application/octet-stream", std::string(8 << 20, 'x')};
          if (path == "/throws") throw std::runtime_error("planted");
          return {404, "text/plain; charset=utf-8", "no\n"};
        },
        limits);
    ASSERT_TRUE(listener.ok()) << listener.status();
    listener_ = *std::move(listener);
    port_ = listener_->port();
  }
  static std::string Request(const std::string& method, const std::string& target,
                             const std::string& more = "") {
    return method + " " + target + kClose + more + "\r\n";
  }

  std::unique_ptr<HttpListener> listener_;
  uint16_t port_ = 0;
};

TEST_F(HttpTest, AnswersWhatIsThereAndSaysWhatIsNot) {
  Start();
  const RawResponse there = Get(port_, "/there?and=more");
  EXPECT_EQ(there.status, 200);
  EXPECT_EQ(there.body, "here\n");
  EXPECT_TRUE(there.Has("Cache-Control: no-store\r\n")) << there.head;
  EXPECT_EQ(Get(port_, "/elsewhere").status, 404);
  EXPECT_EQ(Get(port_, "/throws").status, 500);
  const RawResponse head = Exchange(port_, Request("HEAD", "/there"));
  EXPECT_EQ(head.status, 200);
  EXPECT_TRUE(head.Has("Content-Length: 5\r\n")) << head.head;
  EXPECT_EQ(head.body, "");
}

TEST_F(HttpTest, OtherMethodsAreToldWhichOnesThereAre) {
  Start();
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
    const RawResponse response = Exchange(port_, Request(method, "/there"));
    EXPECT_EQ(response.status, 405) << method;
    EXPECT_TRUE(response.Has("Allow: GET, HEAD\r\n")) << response.head;
  }
  EXPECT_EQ(Exchange(port_, Request("POST", "/there", "Content-Length: 3\r\n") + "abc").status,
            405);
  EXPECT_EQ(Exchange(port_, Request("GET", "/there", "Content-Length: 3\r\n") + "abc").status, 413);
}

TEST_F(HttpTest, WhatIsTooLongOrNoHttpIsToldSo) {
  Start();
  const auto target = [](size_t size) { return "/" + std::string(size - 1, 'a'); };
  EXPECT_EQ(Get(port_, target(2'000)).status, 404);
  EXPECT_EQ(Get(port_, target(2'001)).status, 414);
  EXPECT_EQ(Get(port_, target(20'000)).status, 414);
  const auto header = [](size_t size) { return "X: " + std::string(size, 'b') + "\r\n"; };
  EXPECT_EQ(Exchange(port_, Request("GET", "/there", header(7'000))).status, 200);
  EXPECT_EQ(Exchange(port_, Request("GET", "/there", header(9'000))).status, 431);
  EXPECT_EQ(Exchange(port_, "\x16\x03\x01 this is TLS\r\n\r\n").status, 400);
}

TEST_F(HttpTest, AConnectionIsKeptForTheNextRequest) {
  Start();
  RawConnection connection(port_);
  for (int i = 0; i < 3; ++i) {
    connection.Send("GET /there HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(testing::ParseResponse(connection.ReadSome()).status, 200);
  }
}

TEST_F(HttpTest, WhoDoesNotSendARequestInTimeIsClosed) {
  HttpLimits limits;
  limits.request_ms = 200;
  Start(limits);
  for (const char* sent : {"", "GET /there HT", "GET /there HTTP/1.1\r\nHost: x\r\n"}) {
    const auto begin = Clock::now();
    RawConnection connection(port_);
    connection.Send(sent);
    EXPECT_EQ(connection.ReadToEnd(), "") << sent;
    EXPECT_GE(Clock::now() - begin, Milliseconds(150)) << sent;
    EXPECT_LT(Clock::now() - begin, Milliseconds(10'000)) << sent;
  }
  // Bytes that drip in do not make it longer.
  RawConnection drips(port_);
  const auto begin = Clock::now();
  std::thread dripping([&drips] {
    for (int i = 0; i < 20; ++i) {
      drips.Send("G");
      std::this_thread::sleep_for(Milliseconds(50));
    }
  });
  drips.ReadToEnd();
  EXPECT_LT(Clock::now() - begin, Milliseconds(900));
  dripping.join();
}

TEST_F(HttpTest, WhoDoesNotTakeAnAnswerInTimeIsClosed) {
  HttpLimits limits;
  limits.answer_ms = 200;
  Start(limits);
  RawConnection connection(port_);
  connection.Send(Request("GET", "/large"));
  std::this_thread::sleep_for(Milliseconds(1'000));
  EXPECT_LT(connection.ReadToEnd().size(), 8u << 20);
}

TEST_F(HttpTest, ANewConnectionTakesThePlaceOfTheOneThatWaitedLongest) {
  HttpLimits limits;
  limits.connections_max = 3;
  Start(limits);
  std::vector<std::unique_ptr<RawConnection>> slow;
  for (int i = 0; i < 3; ++i) {
    slow.push_back(std::make_unique<RawConnection>(port_));
    slow.back()->Send("GET /th");
    std::this_thread::sleep_for(Milliseconds(50));
  }
  EXPECT_EQ(Get(port_, "/there").status, 200) << "slow clients do not keep others out";
  EXPECT_EQ(slow[0]->ReadToEnd(), "") << "the first one had to go";
  slow[2]->Send("ere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(testing::ParseResponse(slow[2]->ReadToEnd()).status, 200) << "the last one did not";
}

TEST_F(HttpTest, WhatIsBeingAnsweredIsNotClosedForOthers) {
  HttpLimits limits;
  limits.connections_max = 1;
  Start(limits);
  RawConnection busy(port_);
  busy.Send(Request("GET", "/large"));
  std::string begin = busy.ReadSome();
  EXPECT_EQ(Get(port_, "/there").status, 0) << "closed at once";
  EXPECT_EQ(testing::ParseResponse(begin + busy.ReadToEnd()).body.size(), 8u << 20);
  EXPECT_EQ(Get(port_, "/there").status, 200);
}

TEST_F(HttpTest, AnswersOnTheirWayAreBoundedInBytes) {
  HttpLimits limits;
  limits.answer_bytes_max = 10 << 20;
  Start(limits);
  RawConnection first(port_);
  first.Send(Request("GET", "/large"));
  std::string begin = first.ReadSome();
  const RawResponse second = Get(port_, "/large");
  EXPECT_EQ(second.status, 503);
  EXPECT_TRUE(second.Has("Retry-After: 1\r\n")) << second.head;
  EXPECT_EQ(Get(port_, "/there").status, 200) << "a small one still goes out";
  EXPECT_EQ(testing::ParseResponse(begin + first.ReadToEnd()).body.size(), 8u << 20);
  EXPECT_EQ(Get(port_, "/large").status, 200);
}

// The process's own time on the CPU, in milliseconds.
int64_t CpuMs() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto ms = [](const timeval& time) { return time.tv_sec * 1'000 + time.tv_usec / 1'000; };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

TEST_F(HttpTest, WithoutDescriptorsItRestsAndGoesOnWhenThereAreSome) {
  Start();
  EXPECT_EQ(Get(port_, "/there").status, 200);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  RawConnection connection;  // its own descriptor is there already
  const int next = dup(0);
  ASSERT_GE(next, 0);
  close(next);
  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(next);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const int64_t cpu_ms = CpuMs();
  connection.Connect(port_);
  std::this_thread::sleep_for(Milliseconds(600));
  const int64_t used_ms = CpuMs() - cpu_ms;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_LT(used_ms, 100) << "it spins";
  connection.Send(Request("GET", "/there"));
  EXPECT_EQ(testing::ParseResponse(connection.ReadToEnd()).status, 200);
}

}  // namespace
}  // namespace tributary::api
