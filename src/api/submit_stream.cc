#include <deque>
#include <mutex>
#include <utility>

#include "api/encode.h"
#include "api/errors.h"
#include "api/submit.h"

namespace tributary::api {
namespace {

constexpr uint64_t kInFlightMax = 4'096;

// Reads requests as long as not too many are unanswered; writes answers as they come. The object
// holds itself until the call is over; decisions that come later find it gone quiet.
// Thread safety: gRPC's threads and the writer's call it; everything below is under mutex_.
class SubmitStream
    : public grpc::ServerBidiReactor<v1::SubmitStreamRequest, v1::SubmitStreamResponse>,
      public std::enable_shared_from_this<SubmitStream> {
 public:
  explicit SubmitStream(const SubmitContext& context) : context_(context) {}

  void Begin() {
    self_ = shared_from_this();
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      const std::lock_guard lock(mutex_);
      reads_over_ = true;
      return MaybeEnd();
    }
    {
      const std::lock_guard lock(mutex_);
      ++in_flight_;
    }
    Submit();
    const std::lock_guard lock(mutex_);
    if (HasRoom()) {
      StartRead(&request_);
    } else {
      reading_paused_ = true;
    }
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok) cancelled_ = true;
    WriteNext();
    ResumeReading();
    MaybeEnd();
  }

  void OnCancel() override {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    MaybeEnd();
  }
  void OnDone() override { self_.reset(); }

 private:
  void Submit() {
    const uint64_t client_id = request_.client_id();
    const bool waits = request_.wait() != v1::WAIT_FOR_ACCEPTED;
    node::DecisionCallback done;
    if (waits) {
      done = [self = shared_from_this(), client_id](const node::Decision& decision) {
        self->Decided(client_id, decision);
      };
    }
    const node::Ledger::Submitted submitted =
        context_.ledger.Submit(request_.signed_transaction(), std::move(done));
    v1::SubmitStreamResponse response;
    response.set_client_id(client_id);
    if (const auto* refused = std::get_if<node::Refused>(&submitted)) {
      EncodeRefusal(refused->rejection, response.mutable_refused());
    } else if (const auto* trouble = std::get_if<node::Trouble>(&submitted)) {
      EncodeTrouble(*trouble, response.mutable_trouble());
    } else if (waits) {
      return;
    } else {
      const std::string id = AsString(std::get<base::TxId>(submitted));
      response.set_transaction_id(id);
      response.mutable_status()->set_id(id);
      response.mutable_status()->mutable_pending();
    }
    Answer(std::move(response));
  }

  // On the writer's thread.
  void Decided(uint64_t client_id, const node::Decision& decision) {
    v1::SubmitStreamResponse response;
    response.set_client_id(client_id);
    response.set_transaction_id(AsString(decision.id));
    if (const auto* refused = std::get_if<node::Refused>(&decision.result)) {
      EncodeRefusal(refused->rejection, response.mutable_refused());
    } else if (const auto* trouble = std::get_if<node::Trouble>(&decision.result)) {
      EncodeTrouble(*trouble, response.mutable_trouble());
    } else {
      // Without the ids of new records: the client knows them, and looking them up is not quick.
      const auto& committed = std::get<node::Committed>(decision.result);
      auto* status = response.mutable_status();
      status->set_id(response.transaction_id());
      auto* position = status->mutable_committed()->mutable_position();
      position->set_entry(committed.entry.value());
      position->set_height(committed.height.value());
      position->set_time_ms(committed.time.value());
      status->mutable_committed()->set_skipped_records(committed.skipped_records);
      for (const uint64_t payout : committed.payouts) {
        status->mutable_committed()->add_payouts(payout);
      }
    }
    Answer(std::move(response));
  }

  void Answer(v1::SubmitStreamResponse response) {
    const std::lock_guard lock(mutex_);
    --in_flight_;
    if (!cancelled_) queue_.push_back(std::move(response));
    WriteNext();
    ResumeReading();
    MaybeEnd();
  }

  // An answer that the client has not taken counts too: who never reads is not read from for ever.
  bool HasRoom() const { return in_flight_ + queue_.size() < kInFlightMax; }

  void ResumeReading() {
    if (!reading_paused_ || cancelled_ || !HasRoom()) return;
    reading_paused_ = false;
    StartRead(&request_);
  }

  void WriteNext() {
    if (writing_ || ended_ || cancelled_ || queue_.empty()) return;
    current_ = std::move(queue_.front());
    queue_.pop_front();
    writing_ = true;
    StartWrite(&current_);
  }

  void MaybeEnd() {
    if (ended_ || writing_) return;
    if (cancelled_) {
      ended_ = true;
      Finish({grpc::StatusCode::CANCELLED, "the client went away"});
    } else if (reads_over_ && in_flight_ == 0 && queue_.empty()) {
      ended_ = true;
      Finish(grpc::Status::OK);
    }
  }

  const SubmitContext context_;
  std::shared_ptr<SubmitStream> self_;
  v1::SubmitStreamRequest request_;  // of the read that is running
  std::mutex mutex_;
  // Guarded by mutex_.
  uint64_t in_flight_ = 0;  // read and not decided
  std::deque<v1::SubmitStreamResponse> queue_;
  v1::SubmitStreamResponse current_;
  bool writing_ = false;
  bool reading_paused_ = false;
  bool reads_over_ = false;
  bool cancelled_ = false;
  bool ended_ = false;
};

}  // namespace

grpc::ServerBidiReactor<v1::SubmitStreamRequest, v1::SubmitStreamResponse>* StartSubmitStream(
    const SubmitContext& context) {
  const auto stream = std::make_shared<SubmitStream>(context);
  stream->Begin();
  return stream.get();
}

}  // namespace tributary::api
