#include "api/errors.h"
#include "api/handlers.h"

namespace tributary::api {

grpc::Status FindSimilar(ReadContext&, const v1::FindSimilarRequest&, v1::FindSimilarResponse*) {
  return grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "sketches are not compared yet");
}

}  // namespace tributary::api
