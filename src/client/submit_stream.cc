#include "tributary/client/submit_stream.h"

#include <grpcpp/grpcpp.h>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "client/status.h"
#include "client/stream.h"
#include "tributary/base/check.h"
#include "tributary/base/status.h"
#include "tributary/client/error.h"

namespace tributary::client {
namespace {

using Clock = std::chrono::steady_clock;

constexpr uint32_t kPauseMsMin = 20;

absl::Status ToStatus(const v1::Trouble& trouble) {
  return base::MakeStatus(static_cast<absl::StatusCode>(trouble.code()), trouble.message());
}

class GrpcSubmitStream final : public SubmitStream {
 public:
  GrpcSubmitStream(v1::LedgerService::Stub& stub, std::string address, v1::WaitFor wait,
                   size_t in_flight_max, Handler handler)
      : address_(std::move(address)),
        wait_(wait),
        in_flight_max_(std::max<size_t>(in_flight_max, 1)),
        handler_(std::move(handler)),
        stream_(stub.SubmitStream(&context_)),
        reader_([this] { ReadLoop(); }) {}

  ~GrpcSubmitStream() override {
    if (!finished_) context_.TryCancel();
    if (reader_.joinable()) reader_.join();
  }

  absl::Status Send(uint64_t client_id, const Transaction& transaction) override {
    {
      std::unique_lock<std::mutex> lock(mutex_);
      TRIBUTARY_RETURN_IF_ERROR(WriteRepeated(lock, in_flight_max_ - 1));
    }
    return Write(client_id, transaction.bytes);
  }

  absl::Status Finish() override {
    {
      std::unique_lock<std::mutex> lock(mutex_);
      // A failure has been told to the handler of each; here only whether the stream was whole.
      const absl::Status status = WriteRepeated(lock, 0);
      if (!status.ok()) context_.TryCancel();
    }
    finished_ = true;
    stream_->WritesDone();
    reader_.join();
    return failure_;
  }

 private:
  struct Sent {
    uint64_t client_id = 0;
    std::string bytes;
  };
  struct Repeat {
    Clock::time_point due;
    Sent sent;
  };

  // Sends again what is due, and waits until at most `unanswered_max` are unanswered.
  absl::Status WriteRepeated(std::unique_lock<std::mutex>& lock, size_t unanswered_max) {
    for (;;) {
      if (failed_) return failure_;
      if (!repeats_.empty() && repeats_.front().due <= Clock::now()) {
        const Sent sent = std::move(repeats_.front().sent);
        repeats_.pop_front();
        lock.unlock();
        TRIBUTARY_RETURN_IF_ERROR(Write(sent.client_id, sent.bytes));
        lock.lock();
        continue;
      }
      if (unanswered_.size() + repeats_.size() <= unanswered_max) return absl::OkStatus();
      if (repeats_.empty()) {
        changed_.wait(lock);
      } else {
        changed_.wait_until(lock, repeats_.front().due);
      }
    }
  }

  // Writes are of the caller's thread only. A number of our own finds the answer's transaction.
  absl::Status Write(uint64_t client_id, const std::string& bytes) {
    v1::SubmitStreamRequest request;
    request.set_signed_transaction(bytes);
    request.set_wait(wait_);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (failed_) return failure_;
      request.set_client_id(next_number_);
      unanswered_.emplace(next_number_++, Sent{client_id, bytes});
    }
    if (stream_->Write(request)) return absl::OkStatus();
    // The reader finds out why and answers, this transaction too.
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return failed_; });
    return failure_;
  }

  void ReadLoop() {
    try {
      v1::SubmitStreamResponse response;
      while (stream_->Read(&response)) Take(response);
      End(FromGrpc(stream_->Finish()));
    } catch (const std::exception& e) {
      TRIBUTARY_CHECK(false, e.what());
    }
  }

  void Take(const v1::SubmitStreamResponse& response) {
    Sent sent;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      const auto it = unanswered_.find(response.client_id());
      if (it == unanswered_.end()) return;
      sent = std::move(it->second);
      unanswered_.erase(it);
      if (response.has_trouble() && response.trouble().retry_after_ms() > 0) {
        const auto pause =
            std::chrono::milliseconds(std::max(response.trouble().retry_after_ms(), kPauseMsMin));
        repeats_.push_back({Clock::now() + pause, std::move(sent)});
        changed_.notify_all();
        return;
      }
    }
    handler_({sent.client_id, OutcomeOf(response)});
    changed_.notify_all();
  }

  static absl::StatusOr<v1::TransactionStatus> OutcomeOf(const v1::SubmitStreamResponse& response) {
    if (response.has_status()) return response.status();
    if (response.has_refused()) return client::ToStatus(response.refused());
    if (response.has_trouble()) return ToStatus(response.trouble());
    return base::Internal("the node answered without an outcome");
  }

  void End(absl::Status status) {
    std::map<uint64_t, Sent> unanswered;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      for (Repeat& repeat : repeats_) unanswered_.emplace(next_number_++, std::move(repeat.sent));
      repeats_.clear();
      unanswered.swap(unanswered_);
      if (status.ok() && !unanswered.empty()) {
        status = base::Unavailable("the node at " + address_ + " ended the stream");
      }
      failure_ = status;
    }
    for (const auto& [number, sent] : unanswered) handler_({sent.client_id, status});
    const std::lock_guard<std::mutex> lock(mutex_);
    failed_ = true;
    if (failure_.ok() && !finished_) failure_ = base::Unavailable("the stream has ended");
    changed_.notify_all();
  }

  const std::string address_;
  const v1::WaitFor wait_;
  const size_t in_flight_max_;
  const Handler handler_;
  grpc::ClientContext context_;

  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_:
  std::map<uint64_t, Sent> unanswered_;
  std::deque<Repeat> repeats_;
  uint64_t next_number_ = 0;
  bool failed_ = false;  // the reader has ended; failure_ says why
  absl::Status failure_;

  std::atomic<bool> finished_ = false;  // the caller has sent everything
  std::unique_ptr<grpc::ClientReaderWriter<v1::SubmitStreamRequest, v1::SubmitStreamResponse>>
      stream_;
  std::thread reader_;
};

}  // namespace

std::unique_ptr<SubmitStream> MakeSubmitStream(v1::LedgerService::Stub& stub, std::string address,
                                               v1::WaitFor wait, size_t in_flight_max,
                                               SubmitStream::Handler handler) {
  return std::make_unique<GrpcSubmitStream>(stub, std::move(address), wait, in_flight_max,
                                            std::move(handler));
}

}  // namespace tributary::client
