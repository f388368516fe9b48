// Submitting, and waiting for what becomes of a transaction.
#ifndef TRIBUTARY_API_SUBMIT_H_
#define TRIBUTARY_API_SUBMIT_H_

#include "api/lineage_shares.h"
#include "grpcpp/grpcpp.h"
#include "node/ledger.h"
#include "tributary/v1/api.pb.h"

namespace tributary::api {

// What the handlers that write share. Ownership: all of it outlives every call.
struct SubmitContext {
  node::Ledger& ledger;
  LineageCache& lineages;
};

grpc::ServerUnaryReactor* StartSubmit(const SubmitContext& context,
                                      grpc::CallbackServerContext* call,
                                      const v1::SubmitRequest& request,
                                      v1::SubmitResponse* response);
grpc::ServerUnaryReactor* StartWaitTransaction(const SubmitContext& context,
                                               grpc::CallbackServerContext* call,
                                               const v1::WaitTransactionRequest& request,
                                               v1::TransactionStatus* response);
grpc::ServerBidiReactor<v1::SubmitStreamRequest, v1::SubmitStreamResponse>* StartSubmitStream(
    const SubmitContext& context);

// The state of a transaction, now.
grpc::Status LookupTransaction(const SubmitContext& context, const std::string& id,
                               uint64_t valid_until_ms, v1::TransactionStatus* to);

}  // namespace tributary::api

#endif  // TRIBUTARY_API_SUBMIT_H_
