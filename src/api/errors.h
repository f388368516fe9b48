// Errors as gRPC statuses with google.rpc details, as the top of api.proto promises.
#ifndef TRIBUTARY_API_ERRORS_H_
#define TRIBUTARY_API_ERRORS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"
#include "node/decision.h"
#include "tributary/base/rejection.h"
#include "tributary/v1/api.pb.h"

namespace tributary::api {

// A rule was broken: ErrorInfo with its name, number, field, detail and advice, and BadRequest.
grpc::Status RefusedStatus(const base::Rejection& rejection);
void EncodeRefusal(const base::Rejection& rejection, v1::Refusal* to);

// The node cannot take it: RESOURCE_EXHAUSTED or UNAVAILABLE, with RetryInfo where waiting helps.
grpc::Status TroubleStatus(const node::Trouble& trouble);
void EncodeTrouble(const node::Trouble& trouble, v1::Trouble* to);

// Too much is asked for at this time by all together; waiting helps.
grpc::Status Overloaded(std::string_view what);

// `field` of the request is wrong: `what` says how.
grpc::Status BadRequest(std::string_view field, std::string_view what);
grpc::Status NotFound(std::string_view what);
// More work than one request may ask for; `what` names the limit and how to ask for less.
grpc::Status LimitReached(std::string_view what);
// Who asked has gone or its deadline has passed: nobody reads this.
grpc::Status CallerGone();

// The node has no key that signs checkpoints.
grpc::Status NoLogKey();
// It may well work in a moment.
grpc::Status Busy(std::string_view what);

// A fault of the environment on the way to an answer.
grpc::Status FaultStatus(const absl::Status& status);
// A bug that was caught at the edge of a request.
grpc::Status InternalError(std::string_view what);

}  // namespace tributary::api

#endif  // TRIBUTARY_API_ERRORS_H_
