// Submits many transactions over one stream, with a bounded number of them unanswered.
#ifndef TRIBUTARY_CLIENT_SUBMIT_STREAM_H_
#define TRIBUTARY_CLIENT_SUBMIT_STREAM_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "tributary/client/transaction.h"
#include "tributary/v1/api.pb.h"

namespace tributary::client {

// Every transaction given to Send is answered exactly once through the handler. A node that is
// overloaded is given the time it asks for, then the transaction is sent again. When the stream
// fails, what is unanswered is answered with that error: whether those took effect is not known,
// and the same bytes may be sent again, for they take effect once.
//
// Thread safety: Send and Finish from one thread. The handler is called from another, never twice
// at a time; it must not call Send or Finish.
class SubmitStream {
 public:
  struct Answer {
    uint64_t client_id = 0;
    // Pending (WAIT_FOR_ACCEPTED) or committed; or why not: RefusalOf names the rule.
    absl::StatusOr<v1::TransactionStatus> outcome;
  };
  using Handler = std::function<void(const Answer&)>;

  virtual ~SubmitStream() = default;
  // Waits while too many are unanswered. Error: the stream has failed; the handler has answered, or
  // will answer, everything sent before, and this transaction was not sent.
  virtual absl::Status Send(uint64_t client_id, const Transaction& transaction) = 0;
  // Waits until everything is answered and ends the stream.
  virtual absl::Status Finish() = 0;
};

}  // namespace tributary::client

#endif  // TRIBUTARY_CLIENT_SUBMIT_STREAM_H_
