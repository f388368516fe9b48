// How an amount splits, as a message: recipients, lines and paths, with everything that is not
// shown folded, so that the parts add up to the amount to the atom.
#ifndef TRIBUTARY_API_SPLIT_ENCODER_H_
#define TRIBUTARY_API_SPLIT_ENCODER_H_

#include <cstdint>

#include "api/read_context.h"
#include "grpcpp/support/status.h"
#include "tributary/base/types.h"
#include "tributary/v1/api.pb.h"

namespace tributary::api {

struct SplitQuery {
  base::RecordSeq asset;
  base::CurrencyIndex currency;
  base::MinorUnits amount;
  base::Epoch epoch;
  uint32_t recipients_max = 0;  // as in PreviewSplitRequest
  uint32_t paths_max = 0;
};

// Errors: LimitReached.
grpc::Status EncodeSplit(ReadContext& c, const SplitQuery& query, v1::SplitExplanation* to);

}  // namespace tributary::api

#endif  // TRIBUTARY_API_SPLIT_ENCODER_H_
