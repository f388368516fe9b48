// A server stream that reads the ledger bit by bit, and, where asked to, follows it.
#ifndef TRIBUTARY_API_STREAM_READER_H_
#define TRIBUTARY_API_STREAM_READER_H_

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

#include "api/commit_fanout.h"
#include "api/errors.h"
#include "api/stream_slots.h"
#include "grpcpp/alarm.h"
#include "grpcpp/grpcpp.h"
#include "node/ledger.h"

namespace tributary::api {

// Subclasses say how to read the next few messages. The object holds itself until the call is over.
// Thread safety: gRPC's threads and the fan-out's call it; everything below is under mutex_.
template <class Message>
class StreamReader : public grpc::ServerWriteReactor<Message>,
                     public Follower,
                     public std::enable_shared_from_this<StreamReader<Message>> {
 public:
  StreamReader(node::Ledger& ledger, bool follow) : ledger_(ledger), follow_(follow) {}

  // To be called once after construction by make_shared. `status`: end at once with it; so it ends
  // where all slots are taken.
  void Begin(CommitFanout& fanout, StreamSlots& slots, const grpc::Status& status) {
    self_ = this->shared_from_this();
    slot_ = slots.Take();
    if (!status.ok() || slot_ == nullptr) {
      const std::lock_guard lock(mutex_);
      return End(status.ok() ? Overloaded("as many streams as may read at a time do so") : status);
    }
    if (follow_) fanout.Add(self_);
    Advance();
  }

  void OnCommit() override { Advance(); }
  void OnStop() override {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    if (!writing_) End({grpc::StatusCode::UNAVAILABLE, "the node is stopping"});
  }
  void OnWriteDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      writing_ = false;
      if (!ok || cancelled_) return End({grpc::StatusCode::CANCELLED, "the client went away"});
      if (stopping_) return End({grpc::StatusCode::UNAVAILABLE, "the node is stopping"});
    }
    Advance();
  }
  void OnCancel() override {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    if (!writing_) End({grpc::StatusCode::CANCELLED, "the client went away"});
  }
  void OnDone() override { self_.reset(); }

 protected:
  // Appends the next messages, a bounded number of bytes of them and for a bounded amount of work.
  // None: there is no more yet, or, where `more` is set, there may be.
  virtual grpc::Status Read(const node::ReadView& view, std::deque<Message>* to, bool* more) = 0;
  node::Ledger& ledger() { return ledger_; }

 private:
  // Writes the next message if none is being written.
  void Advance() {
    const std::lock_guard lock(mutex_);
    if (writing_ || ended_ || cancelled_ || resting_) return;
    bool more = false;
    if (queue_.empty()) {
      const grpc::Status status = ReadGuarded(&more);
      if (!status.ok()) return End(status);
    }
    if (queue_.empty() && more) return Rest();
    if (queue_.empty()) {
      if (!follow_) End(grpc::Status::OK);
      return;
    }
    current_ = std::move(queue_.front());
    queue_.pop_front();
    writing_ = true;
    // Without a buffer hint: a hinted message may wait for the next one, which may be long in
    // coming.
    this->StartWrite(&current_);
  }

  // Gives the thread to others before it goes on.
  void Rest() {
    resting_ = true;
    alarm_.Set(std::chrono::system_clock::now(), [held = this->shared_from_this()](bool) mutable {
      // The alarm keeps this function as long as it lives itself, and it lives in what is held.
      const auto self = std::move(held);
      {
        const std::lock_guard lock(self->mutex_);
        self->resting_ = false;
      }
      self->Advance();
    });
  }

  grpc::Status ReadGuarded(bool* more) {
    try {
      return Read(*ledger_.view(), &queue_, more);
    } catch (const std::exception& error) {
      return InternalError(error.what());
    }
  }

  void End(const grpc::Status& status) {
    if (ended_) return;
    ended_ = true;
    this->Finish(status);
  }

  node::Ledger& ledger_;
  const bool follow_;
  std::shared_ptr<StreamReader> self_;
  std::unique_ptr<StreamSlots::Slot> slot_;
  grpc::Alarm alarm_;
  std::mutex mutex_;
  // Guarded by mutex_.
  std::deque<Message> queue_;
  Message current_;
  bool writing_ = false;
  bool ended_ = false;
  bool cancelled_ = false;
  bool stopping_ = false;
  bool resting_ = false;
};

}  // namespace tributary::api

#endif  // TRIBUTARY_API_STREAM_READER_H_
