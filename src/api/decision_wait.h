// A unary call that waits for a decision or a timeout, whichever comes first.
#ifndef TRIBUTARY_API_DECISION_WAIT_H_
#define TRIBUTARY_API_DECISION_WAIT_H_

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
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

  DecisionWait(grpc::ServerUnaryReactor* reactor, Decided decided, TimedOut timed_out)
      : reactor_(reactor), decided_(std::move(decided)), timed_out_(std::move(timed_out)) {}

  // The callback to give to the ledger.
  node::DecisionCallback Callback() {
    return [self = shared_from_this()](const node::Decision& decision) {
      if (self->Claim()) self->reactor_->Finish(self->decided_(decision));
      self->alarm_.Cancel();
    };
  }

  // Starts the clock; to be called once, after the callback was given away.
  void StartTimer(uint64_t timeout_ms) {
    const auto deadline = std::chrono::system_clock::now() + std::chrono::milliseconds(timeout_ms);
    alarm_.Set(deadline, [self = shared_from_this()](bool fired) {
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
  const TimedOut timed_out_;
  std::atomic<bool> claimed_{false};
  grpc::Alarm alarm_;
};

}  // namespace tributary::api

#endif  // TRIBUTARY_API_DECISION_WAIT_H_
