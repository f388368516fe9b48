// What a caller should do about a rejection, in the words of absl::Status (and so of gRPC).
#ifndef TRIBUTARY_BASE_REJECTION_CLASS_H_
#define TRIBUTARY_BASE_REJECTION_CLASS_H_

#include <string_view>

#include "absl/status/status.h"
#include "tributary/base/rejection.h"

namespace tributary::base {

// kInvalidArgument: wrong whatever the chain holds; mend the message and sign again.
// kNotFound: names something that the chain does not have (yet).
// kAlreadyExists: the detail names what is there already; often nothing is left to do.
// kUnauthenticated: a signature is missing or does not verify.
// kPermissionDenied: somebody else has to sign.
// kResourceExhausted: a quota or a window is full; later it may succeed unchanged.
// kFailedPrecondition: the chain's state forbids it now; change something first.
absl::StatusCode StatusCodeOf(RejectionCode code);

// As gRPC writes it, e.g. "INVALID_ARGUMENT"; "UNKNOWN" for a code that StatusCodeOf never gives.
std::string_view StatusCodeName(absl::StatusCode code);

}  // namespace tributary::base

#endif  // TRIBUTARY_BASE_REJECTION_CLASS_H_
