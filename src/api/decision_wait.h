// A unary call that waits for a decision or a timeout, whichever comes first.
#ifndef TRIBUTARY_API_DECISION_WAIT_H_
#define TRIBUTARY_API_DECISION_WAIT_H_

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "grpcpp/alarm.h"
#include "grpcpp/grpcpp.h"
#include "node/decision.h"

namespace tributary::api {

// Held by the decision's callback and by the alarm's. Whoever claims it first answers the call.
// Thread safety: all members, from any thread.
class DecisionWait : public std::enable_shared_from_this<DecisionWait> {
 public:
  using Decided = std::function<grpc::Status(const node::Decision&)>;
  using TimedOut = std::function<grpc::Status()>;

  DecisionWait(grpc::ServerUnaryReactor* reactor, Decided decided)
      : reactor_(reactor), decided_(std::move(decided)) {}

  // The callback to give to the ledger.
  node::DecisionCallback Callback() {
    return [self = shared_from_this()](const node::Decision& decision) {
      if (self->Claim()) self->reactor_->Finish(self->decided_(decision));
      const std::lock_guard lock(self->alarm_mutex_);
      if (self->alarm_set_) self->alarm_.Cancel();
    };
  }

  // Starts the clock; to be called once, after the callback was given away. `timed_out` answers
  // where there is no decision in time.
  void StartTimer(uint64_t timeout_ms, TimedOut timed_out) {
    const auto deadline = std::chrono::system_clock::now() + std::chrono::milliseconds(timeout_ms);
    const std::lock_guard lock(alarm_mutex_);
    if (claimed_) return;  // the decision came first
    timed_out_ = std::move(timed_out);
    alarm_set_ = true;
    alarm_.Set(deadline, [held = shared_from_this()](bool fired) mutable {
      // The alarm keeps this function as long as it lives itself, and it lives in what is held.
      const std::shared_ptr<DecisionWait> self = std::move(held);
      if (fired && self->Claim()) self->reactor_->Finish(self->timed_out_());
    });
  }

  // Answers at once, for a call that need not wait.
  void Finish(const grpc::Status& status) {
    if (Claim()) reactor_->Finish(status);
  }

 private:
  bool Claim() { return !claimed_.exchange(true); }

  grpc::ServerUnaryReactor* const reactor_;
  const Decided decided_;
  TimedOut timed_out_;  // read by the alarm alone
  std::atomic<bool> claimed_{false};
  std::mutex alarm_mutex_;
  bool alarm_set_ = false;  // guarded by alarm_mutex_
  grpc::Alarm alarm_;
};

}  // namespace tributary::api

#endif  // TRIBUTARY_API_DECISION_WAIT_H_
