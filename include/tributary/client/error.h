// What a node's error says: the status with its google.rpc details, and the rule that was broken.
#ifndef TRIBUTARY_CLIENT_ERROR_H_
#define TRIBUTARY_CLIENT_ERROR_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "tributary/base/rejection.h"
#include "tributary/v1/api.pb.h"

namespace tributary::client {

// The rule that a transaction or request broke; nullopt where the status is of another kind.
std::optional<v1::Refusal> RefusalOf(const absl::Status& status);

// How long the node asks to wait before the next attempt.
std::optional<uint32_t> RetryAfterMs(const absl::Status& status);

// google.rpc.ErrorInfo's reason, e.g. "NotFound", "Overloaded", "ReadOnly"; empty without one.
std::string ReasonOf(const absl::Status& status);

// One sentence for people: what happened, to which thing, what to do now.
std::string Readable(const absl::Status& status);

// A refusal, and a rule that was found broken before anything was sent, as a status.
absl::Status ToStatus(const v1::Refusal& refusal);
absl::Status ToStatus(const base::Rejection& rejection);

}  // namespace tributary::client

#endif  // TRIBUTARY_CLIENT_ERROR_H_
