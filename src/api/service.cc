#include "api/service.h"

#include <exception>

#include "api/balance_proof.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/node_status.h"
#include "api/streams.h"
#include "api/submit.h"

namespace tributary::api {

namespace {

// A call that was cancelled, or whose deadline has passed.
class CallStop final : public lineage::StopSignal {
 public:
  explicit CallStop(const grpc::CallbackServerContext& call) : call_(call) {}
  bool IsStopped() const override { return call_.IsCancelled(); }

 private:
  const grpc::CallbackServerContext& call_;
};

}  // namespace

template <class Request, class Response>
LedgerService::Unary LedgerService::Read(Context* call, const Request& request, Response* response,
                                         Handler<Request, Response> handler) {
  grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
  grpc::Status status;
  try {
    const CallStop stop(*call);
    ReadContext c(ledger_.view(), lineages_, &stop);
    status = handler(c, request, response);
    // What could not be read showed as empty: no such answer leaves the node, nor a "not found".
    if (!c.status().ok()) status = FaultStatus(c.status());
  } catch (const std::exception& error) {
    status = InternalError(error.what());
  }
  counters_.CountRead(status.error_code());
  reactor->Finish(status);
  return reactor;
}

LedgerService::Unary LedgerService::Submit(Context* c, const v1::SubmitRequest* q,
                                           v1::SubmitResponse* r) {
  return StartSubmit({ledger_, lineages_}, c, *q, r);
}

grpc::ServerBidiReactor<v1::SubmitStreamRequest, v1::SubmitStreamResponse>*
LedgerService::SubmitStream(Context*) {
  counters_.streams.fetch_add(1, std::memory_order_relaxed);
  return StartSubmitStream({ledger_, lineages_});
}

LedgerService::Unary LedgerService::GetTransaction(Context* c, const v1::GetTransactionRequest* q,
                                                   v1::TransactionStatus* r) {
  grpc::ServerUnaryReactor* reactor = c->DefaultReactor();
  const grpc::Status status =
      LookupTransaction({ledger_, lineages_}, q->id(), q->valid_until_ms(), r);
  counters_.CountRead(status.error_code());
  reactor->Finish(status);
  return reactor;
}

LedgerService::Unary LedgerService::WaitTransaction(Context* c, const v1::WaitTransactionRequest* q,
                                                    v1::TransactionStatus* r) {
  return StartWaitTransaction({ledger_, lineages_}, c, *q, r);
}

grpc::ServerWriteReactor<v1::Entry>* LedgerService::StreamEntries(
    Context*, const v1::StreamEntriesRequest* q) {
  counters_.streams.fetch_add(1, std::memory_order_relaxed);
  return StartStreamEntries(ledger_, fanout_, slots_, *q);
}

grpc::ServerWriteReactor<v1::CreditBatch>* LedgerService::StreamCredits(
    Context*, const v1::StreamCreditsRequest* q) {
  counters_.streams.fetch_add(1, std::memory_order_relaxed);
  return StartStreamCredits(ledger_, fanout_, slots_, lineages_, *q);
}

LedgerService::Unary LedgerService::GetCheckpoint(Context* c, const v1::GetCheckpointRequest*,
                                                  v1::Checkpoint* r) {
  grpc::ServerUnaryReactor* reactor = c->DefaultReactor();
  EncodeCheckpoint(*ledger_.view(), signer_, r);
  counters_.CountRead(0);
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

LedgerService::Unary LedgerService::GetBalanceProof(Context* c, const v1::GetBalanceProofRequest* q,
                                                    v1::BalanceProof* r) {
  grpc::ServerUnaryReactor* reactor = c->DefaultReactor();
  const grpc::Status status = ProveBalance({ledger_, lineages_}, signer_, *q, r);
  counters_.CountRead(status.error_code());
  reactor->Finish(status);
  return reactor;
}

LedgerService::Unary LedgerService::GetStatus(Context* c, const v1::GetStatusRequest*,
                                              v1::NodeStatus* r) {
  grpc::ServerUnaryReactor* reactor = c->DefaultReactor();
  ReadContext context(ledger_.view(), lineages_);
  EncodeStatus(context, ledger_, engine_, r);
  const grpc::Status status = FaultStatus(context.status());
  counters_.CountRead(status.error_code());
  reactor->Finish(status);
  return reactor;
}

// ---- Reads that answer from the view alone

LedgerService::Unary LedgerService::GetCase(Context* c, const v1::GetCaseRequest* q,
                                            v1::CaseView* r) {
  return Read(c, *q, r, api::GetCase);
}
LedgerService::Unary LedgerService::ListCases(Context* c, const v1::ListCasesRequest* q,
                                              v1::ListCasesResponse* r) {
  return Read(c, *q, r, api::ListCases);
}
LedgerService::Unary LedgerService::SimulateRuling(Context* c, const v1::SimulateRulingRequest* q,
                                                   v1::SimulateRulingResponse* r) {
  return Read(c, *q, r, api::SimulateRuling);
}
LedgerService::Unary LedgerService::GetProposal(Context* c, const v1::GetProposalRequest* q,
                                                v1::ProposalView* r) {
  return Read(c, *q, r, api::GetProposal);
}
LedgerService::Unary LedgerService::ListProposals(Context* c, const v1::ListProposalsRequest* q,
                                                  v1::ListProposalsResponse* r) {
  return Read(c, *q, r, api::ListProposals);
}
LedgerService::Unary LedgerService::GetGovernance(Context* c, const v1::GetGovernanceRequest* q,
                                                  v1::GovernanceView* r) {
  return Read(c, *q, r, api::GetGovernance);
}
LedgerService::Unary LedgerService::GetReservation(Context* c, const v1::GetReservationRequest* q,
                                                   v1::ReservationView* r) {
  return Read(c, *q, r, api::GetReservation);
}
LedgerService::Unary LedgerService::ListAttestations(Context* c,
                                                     const v1::ListAttestationsRequest* q,
                                                     v1::ListAttestationsResponse* r) {
  return Read(c, *q, r, api::ListAttestations);
}
LedgerService::Unary LedgerService::GetRecord(Context* c, const v1::GetRecordRequest* q,
                                              v1::RecordView* r) {
  return Read(c, *q, r, api::GetRecord);
}
LedgerService::Unary LedgerService::ListVersions(Context* c, const v1::ListVersionsRequest* q,
                                                 v1::ListVersionsResponse* r) {
  return Read(c, *q, r, api::ListVersions);
}
LedgerService::Unary LedgerService::ListRecords(Context* c, const v1::ListRecordsRequest* q,
                                                v1::ListRecordsResponse* r) {
  return Read(c, *q, r, api::ListRecords);
}
LedgerService::Unary LedgerService::GetAccount(Context* c, const v1::GetAccountRequest* q,
                                               v1::AccountView* r) {
  return Read(c, *q, r, api::GetAccount);
}
LedgerService::Unary LedgerService::ListAccounts(Context* c, const v1::ListAccountsRequest* q,
                                                 v1::ListAccountsResponse* r) {
  return Read(c, *q, r, api::ListAccounts);
}
LedgerService::Unary LedgerService::ListAncestors(Context* c, const v1::ListLineageRequest* q,
                                                  v1::ListLineageResponse* r) {
  return Read(c, *q, r, api::ListAncestors);
}
LedgerService::Unary LedgerService::ListDescendants(Context* c, const v1::ListLineageRequest* q,
                                                    v1::ListLineageResponse* r) {
  return Read(c, *q, r, api::ListDescendants);
}
LedgerService::Unary LedgerService::GetBalance(Context* c, const v1::GetBalanceRequest* q,
                                               v1::GetBalanceResponse* r) {
  return Read(c, *q, r, api::GetBalance);
}
LedgerService::Unary LedgerService::GetStatement(Context* c, const v1::GetStatementRequest* q,
                                                 v1::GetStatementResponse* r) {
  return Read(c, *q, r, api::GetStatement);
}
LedgerService::Unary LedgerService::GetRecordStatement(Context* c,
                                                       const v1::GetRecordStatementRequest* q,
                                                       v1::GetRecordStatementResponse* r) {
  return Read(c, *q, r, api::GetRecordStatement);
}
LedgerService::Unary LedgerService::GetAssetStatement(Context* c,
                                                      const v1::GetAssetStatementRequest* q,
                                                      v1::GetAssetStatementResponse* r) {
  return Read(c, *q, r, api::GetAssetStatement);
}
LedgerService::Unary LedgerService::ListRevenue(Context* c, const v1::ListRevenueRequest* q,
                                                v1::ListRevenueResponse* r) {
  return Read(c, *q, r, api::ListRevenue);
}
LedgerService::Unary LedgerService::GetSettlement(Context* c, const v1::GetSettlementRequest* q,
                                                  v1::GetSettlementResponse* r) {
  return Read(c, *q, r, api::GetSettlement);
}
LedgerService::Unary LedgerService::ListSettlements(Context* c, const v1::ListSettlementsRequest* q,
                                                    v1::ListSettlementsResponse* r) {
  return Read(c, *q, r, api::ListSettlements);
}
LedgerService::Unary LedgerService::PreviewSplit(Context* c, const v1::PreviewSplitRequest* q,
                                                 v1::SplitExplanation* r) {
  return Read(c, *q, r, api::PreviewSplit);
}
LedgerService::Unary LedgerService::ExplainRevenue(Context* c, const v1::ExplainRevenueRequest* q,
                                                   v1::ExplainRevenueResponse* r) {
  return Read(c, *q, r, api::ExplainRevenue);
}
LedgerService::Unary LedgerService::ExplainBalance(Context* c, const v1::ExplainBalanceRequest* q,
                                                   v1::ExplainBalanceResponse* r) {
  return Read(c, *q, r, api::ExplainBalance);
}
LedgerService::Unary LedgerService::ListPayouts(Context* c, const v1::ListPayoutsRequest* q,
                                                v1::ListPayoutsResponse* r) {
  return Read(c, *q, r, api::ListPayouts);
}
LedgerService::Unary LedgerService::ListReporting(Context* c, const v1::ListReportingRequest* q,
                                                  v1::ListReportingResponse* r) {
  return Read(c, *q, r, api::ListReporting);
}
LedgerService::Unary LedgerService::ListReceivables(Context* c, const v1::ListReceivablesRequest* q,
                                                    v1::ListReceivablesResponse* r) {
  return Read(c, *q, r, api::ListReceivables);
}
LedgerService::Unary LedgerService::GetTrialBalance(Context* c, const v1::GetTrialBalanceRequest* q,
                                                    v1::GetTrialBalanceResponse* r) {
  return Read(c, *q, r, api::GetTrialBalance);
}
LedgerService::Unary LedgerService::GetIncident(Context* c, const v1::GetIncidentRequest* q,
                                                v1::IncidentView* r) {
  return Read(c, *q, r, api::GetIncident);
}
LedgerService::Unary LedgerService::ListIncidents(Context* c, const v1::ListIncidentsRequest* q,
                                                  v1::ListIncidentsResponse* r) {
  return Read(c, *q, r, api::ListIncidents);
}
LedgerService::Unary LedgerService::TraceResponsibility(Context* c,
                                                        const v1::TraceResponsibilityRequest* q,
                                                        v1::TraceResponsibilityResponse* r) {
  return Read(c, *q, r, api::TraceResponsibility);
}
LedgerService::Unary LedgerService::FindSimilar(Context* c, const v1::FindSimilarRequest* q,
                                                v1::FindSimilarResponse* r) {
  return Read(c, *q, r, api::FindSimilar);
}
LedgerService::Unary LedgerService::GetBlock(Context* c, const v1::GetBlockRequest* q,
                                             v1::Block* r) {
  return Read(c, *q, r, api::GetBlock);
}
LedgerService::Unary LedgerService::GetEntry(Context* c, const v1::GetEntryRequest* q,
                                             v1::Entry* r) {
  return Read(c, *q, r, api::GetEntry);
}
LedgerService::Unary LedgerService::ListEntries(Context* c, const v1::ListEntriesRequest* q,
                                                v1::ListEntriesResponse* r) {
  return Read(c, *q, r, api::ListEntries);
}
LedgerService::Unary LedgerService::GetInclusionProof(Context* c,
                                                      const v1::GetInclusionProofRequest* q,
                                                      v1::InclusionProof* r) {
  return Read(c, *q, r, api::GetInclusionProof);
}
LedgerService::Unary LedgerService::GetConsistencyProof(Context* c,
                                                        const v1::GetConsistencyProofRequest* q,
                                                        v1::ConsistencyProof* r) {
  return Read(c, *q, r, api::GetConsistencyProof);
}

}  // namespace tributary::api
