// Makes the gRPC implementation of SubmitStream.
#ifndef TRIBUTARY_CLIENT_STREAM_H_
#define TRIBUTARY_CLIENT_STREAM_H_

#include <memory>
#include <string>

#include "tributary/client/submit_stream.h"
#include "tributary/v1/api.grpc.pb.h"

namespace tributary::client {

// `stub` outlives the stream.
std::unique_ptr<SubmitStream> MakeSubmitStream(v1::LedgerService::Stub& stub, std::string address,
                                               v1::WaitFor wait, size_t in_flight_max,
                                               SubmitStream::Handler handler);

}  // namespace tributary::client

#endif  // TRIBUTARY_CLIENT_STREAM_H_
