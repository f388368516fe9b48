#include "api/submit.h"

#include <algorithm>
#include <string>

#include "api/decision_wait.h"
#include "api/encode.h"
#include "api/errors.h"
#include "api/resolve.h"
#include "codec/limits.h"

namespace tributary::api {
namespace {

constexpr uint32_t kTimeoutMsDefault = 10'000;
constexpr uint32_t kTimeoutMsMax = 60'000;

uint64_t TimeoutMs(uint32_t asked_ms) {
  return asked_ms == 0 ? kTimeoutMsDefault : std::min(asked_ms, kTimeoutMsMax);
}

grpc::Status EncodeDecision(const SubmitContext& context, const node::Decision& decision,
                            v1::TransactionStatus* to) {
  if (const auto* refused = std::get_if<node::Refused>(&decision.result)) {
    return RefusedStatus(refused->rejection);
  }
  if (const auto* trouble = std::get_if<node::Trouble>(&decision.result)) {
    return TroubleStatus(*trouble);
  }
  ReadContext c(context.ledger.view(), context.lineages);
  EncodeKnown(c, decision.id, std::get<node::Committed>(decision.result), to);
  return grpc::Status::OK;
}

grpc::Status CheckSize(const std::string& bytes) {
  if (!bytes.empty()) return grpc::Status::OK;
  return BadRequest("signed_transaction", "a serialized SignedTransaction is needed");
}

}  // namespace

grpc::Status LookupTransaction(const SubmitContext& context, const std::string& id,
                               uint64_t valid_until_ms, v1::TransactionStatus* to) {
  base::Hash digest;
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveDigest(id, "id", &digest));
  const base::TxId tx_id{digest.bytes};
  const auto known = context.ledger.Lookup(tx_id, valid_until_ms);
  if (!known.ok()) return FaultStatus(known.status());
  ReadContext c(context.ledger.view(), context.lineages);
  EncodeKnown(c, tx_id, *known, to);
  return grpc::Status::OK;
}

grpc::ServerUnaryReactor* StartSubmit(const SubmitContext& context,
                                      grpc::CallbackServerContext* call,
                                      const v1::SubmitRequest& request,
                                      v1::SubmitResponse* response) {
  grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
  if (const grpc::Status status = CheckSize(request.signed_transaction()); !status.ok()) {
    reactor->Finish(status);
    return reactor;
  }
  const bool waits = request.wait() != v1::WAIT_FOR_ACCEPTED;
  const auto wait =
      std::make_shared<DecisionWait>(reactor, [context, response](const node::Decision& decision) {
        response->set_transaction_id(AsString(decision.id));
        return EncodeDecision(context, decision, response->mutable_status());
      });
  const auto pending = [response](const base::TxId& id) {
    response->set_transaction_id(AsString(id));
    response->mutable_status()->set_id(AsString(id));
    response->mutable_status()->mutable_pending();
    return grpc::Status::OK;
  };
  const node::Ledger::Submitted submitted = context.ledger.Submit(
      request.signed_transaction(), waits ? wait->Callback() : node::DecisionCallback());
  if (const auto* refused = std::get_if<node::Refused>(&submitted)) {
    wait->Finish(RefusedStatus(refused->rejection));
  } else if (const auto* trouble = std::get_if<node::Trouble>(&submitted)) {
    wait->Finish(TroubleStatus(*trouble));
  } else if (waits) {
    wait->StartTimer(TimeoutMs(request.timeout_ms()),
                     [pending, id = std::get<base::TxId>(submitted)] { return pending(id); });
  } else {
    wait->Finish(pending(std::get<base::TxId>(submitted)));
  }
  return reactor;
}

grpc::ServerUnaryReactor* StartWaitTransaction(const SubmitContext& context,
                                               grpc::CallbackServerContext* call,
                                               const v1::WaitTransactionRequest& request,
                                               v1::TransactionStatus* response) {
  grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
  base::Hash digest;
  if (const grpc::Status status = ResolveDigest(request.id(), "id", &digest); !status.ok()) {
    reactor->Finish(status);
    return reactor;
  }
  const auto look = [context, id = request.id(), until_ms = request.valid_until_ms(), response] {
    return LookupTransaction(context, id, until_ms, response);
  };
  // Once it is decided it is no longer pending, and recent: a look-up tells everything.
  const auto wait =
      std::make_shared<DecisionWait>(reactor, [context, response](const node::Decision& decision) {
        const auto* refused = std::get_if<node::Refused>(&decision.result);
        if (refused == nullptr) return EncodeDecision(context, decision, response);
        response->set_id(AsString(decision.id));
        EncodeRefusal(refused->rejection, response->mutable_refused()->mutable_refusal());
        response->mutable_refused()->set_at_height(refused->height.value());
        return grpc::Status::OK;
      });
  if (context.ledger.Watch(base::TxId{digest.bytes}, wait->Callback())) {
    wait->StartTimer(TimeoutMs(request.timeout_ms()), look);
  } else {
    wait->Finish(look());
  }
  return reactor;
}

}  // namespace tributary::api
