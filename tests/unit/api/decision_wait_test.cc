#include "api/decision_wait.h"

#include <gtest/gtest.h>

#include <thread>

namespace tributary::api {
namespace {

// A call without a connection: what it is finished with is kept for one.
class Call : public grpc::ServerUnaryReactor {
  void OnDone() override {}
};

// Whether all holders let go within some seconds.
bool Goes(const std::weak_ptr<DecisionWait>& wait) {
  for (int i = 0; i < 2'000 && !wait.expired(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return wait.expired();
}

TEST(DecisionWaitTest, AnswersOnceAndNothingIsLeftOfIt) {
  for (const bool in_time : {true, false}) {
    Call call;
    std::atomic<int> decided{0}, timed_out{0};
    auto wait = std::make_shared<DecisionWait>(&call, [&](const node::Decision&) {
      ++decided;
      return grpc::Status::OK;
    });
    const std::weak_ptr<DecisionWait> weak = wait;
    auto callback = wait->Callback();
    wait->StartTimer(in_time ? 60'000 : 10, [&] {
      ++timed_out;
      return grpc::Status::OK;
    });
    wait.reset();
    if (!in_time) {
      for (int i = 0; i < 2'000 && timed_out == 0; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    }
    callback(node::Decision{});
    callback = {};
    EXPECT_EQ(decided, in_time ? 1 : 0);
    EXPECT_EQ(timed_out, in_time ? 0 : 1);
    EXPECT_TRUE(Goes(weak)) << "the alarm holds it";
  }
}

TEST(DecisionWaitTest, ADecisionBeforeTheTimerLeavesNoTimer) {
  Call call;
  auto wait =
      std::make_shared<DecisionWait>(&call, [](const node::Decision&) { return grpc::Status::OK; });
  const std::weak_ptr<DecisionWait> weak = wait;
  wait->Callback()(node::Decision{});
  wait->StartTimer(60'000, [] { return grpc::Status::OK; });
  wait.reset();
  EXPECT_TRUE(weak.expired());
}

}  // namespace
}  // namespace tributary::api
