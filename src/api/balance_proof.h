// A balance with its way to a signed checkpoint.
#ifndef TRIBUTARY_API_BALANCE_PROOF_H_
#define TRIBUTARY_API_BALANCE_PROOF_H_

#include "api/checkpoint.h"
#include "api/submit.h"
#include "grpcpp/support/status.h"
#include "tributary/v1/api.pb.h"

namespace tributary::api {

// `signer` may be null: then there is nothing to prove a balance to.
grpc::Status ProveBalance(const SubmitContext& context, const LogSigner* signer,
                          const v1::GetBalanceProofRequest& request, v1::BalanceProof* to);

}  // namespace tributary::api

#endif  // TRIBUTARY_API_BALANCE_PROOF_H_
