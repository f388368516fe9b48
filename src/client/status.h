// A gRPC status with its details as absl::Status.
#ifndef TRIBUTARY_CLIENT_STATUS_H_
#define TRIBUTARY_CLIENT_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace tributary::client {

// google.rpc.Status becomes the payload that client/error.h reads.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace tributary::client

#endif  // TRIBUTARY_CLIENT_STATUS_H_
