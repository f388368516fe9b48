// tributary.v1.LedgerService: each method hands over to its handler.
#ifndef TRIBUTARY_API_SERVICE_H_
#define TRIBUTARY_API_SERVICE_H_

#include <string>

#include "api/checkpoint.h"
#include "api/commit_fanout.h"
#include "api/lineage_shares.h"
#include "api/read_context.h"
#include "api/request_counters.h"
#include "api/stream_slots.h"
#include "grpcpp/grpcpp.h"
#include "node/ledger.h"
#include "tributary/v1/api.grpc.pb.h"

namespace tributary::api {

// Thread safety: called by gRPC's threads. Ownership: what it is given outlives it.
class LedgerService final : public v1::LedgerService::CallbackService {
 public:
  LedgerService(node::Ledger& ledger, std::string engine, const LogSigner* signer,
                RequestCounters& counters, const StreamLimits& streams)
      : ledger_(ledger),
        engine_(std::move(engine)),
        signer_(signer),
        counters_(counters),
        slots_(streams),
        fanout_(ledger) {}

  // Ends the streams that follow.
  void Stop() { fanout_.Stop(); }

  // What the overrides below are called with, and what all unary reads are.
  using Context = grpc::CallbackServerContext;
  using Unary = grpc::ServerUnaryReactor*;

  Unary Submit(Context* c, const v1::SubmitRequest* q, v1::SubmitResponse* r) override;
  grpc::ServerBidiReactor<v1::SubmitStreamRequest, v1::SubmitStreamResponse>* SubmitStream(
      Context* c) override;
  Unary GetTransaction(Context* c, const v1::GetTransactionRequest* q,
                       v1::TransactionStatus* r) override;
  Unary WaitTransaction(Context* c, const v1::WaitTransactionRequest* q,
                        v1::TransactionStatus* r) override;
  grpc::ServerWriteReactor<v1::Entry>* StreamEntries(Context* c,
                                                     const v1::StreamEntriesRequest* q) override;
  grpc::ServerWriteReactor<v1::CreditBatch>* StreamCredits(
      Context* c, const v1::StreamCreditsRequest* q) override;
  Unary GetCheckpoint(Context* c, const v1::GetCheckpointRequest* q, v1::Checkpoint* r) override;
  Unary GetBalanceProof(Context* c, const v1::GetBalanceProofRequest* q,
                        v1::BalanceProof* r) override;
  Unary GetStatus(Context* c, const v1::GetStatusRequest* q, v1::NodeStatus* r) override;

  Unary GetCase(Context* c, const v1::GetCaseRequest* q, v1::CaseView* r) override;
  Unary ListCases(Context* c, const v1::ListCasesRequest* q, v1::ListCasesResponse* r) override;
  Unary SimulateRuling(Context* c, const v1::SimulateRulingRequest* q,
                       v1::SimulateRulingResponse* r) override;
  Unary GetProposal(Context* c, const v1::GetProposalRequest* q, v1::ProposalView* r) override;
  Unary ListProposals(Context* c, const v1::ListProposalsRequest* q,
                      v1::ListProposalsResponse* r) override;
  Unary GetGovernance(Context* c, const v1::GetGovernanceRequest* q,
                      v1::GovernanceView* r) override;
  Unary GetReservation(Context* c, const v1::GetReservationRequest* q,
                       v1::ReservationView* r) override;
  Unary ListAttestations(Context* c, const v1::ListAttestationsRequest* q,
                         v1::ListAttestationsResponse* r) override;
  Unary GetRecord(Context* c, const v1::GetRecordRequest* q, v1::RecordView* r) override;
  Unary ListVersions(Context* c, const v1::ListVersionsRequest* q,
                     v1::ListVersionsResponse* r) override;
  Unary ListRecords(Context* c, const v1::ListRecordsRequest* q,
                    v1::ListRecordsResponse* r) override;
  Unary GetAccount(Context* c, const v1::GetAccountRequest* q, v1::AccountView* r) override;
  Unary ListAccounts(Context* c, const v1::ListAccountsRequest* q,
                     v1::ListAccountsResponse* r) override;
  Unary ListAncestors(Context* c, const v1::ListLineageRequest* q,
                      v1::ListLineageResponse* r) override;
  Unary ListDescendants(Context* c, const v1::ListLineageRequest* q,
                        v1::ListLineageResponse* r) override;
  Unary GetBalance(Context* c, const v1::GetBalanceRequest* q, v1::GetBalanceResponse* r) override;
  Unary GetStatement(Context* c, const v1::GetStatementRequest* q,
                     v1::GetStatementResponse* r) override;
  Unary GetRecordStatement(Context* c, const v1::GetRecordStatementRequest* q,
                           v1::GetRecordStatementResponse* r) override;
  Unary GetAssetStatement(Context* c, const v1::GetAssetStatementRequest* q,
                          v1::GetAssetStatementResponse* r) override;
  Unary ListRevenue(Context* c, const v1::ListRevenueRequest* q,
                    v1::ListRevenueResponse* r) override;
  Unary GetSettlement(Context* c, const v1::GetSettlementRequest* q,
                      v1::GetSettlementResponse* r) override;
  Unary ListSettlements(Context* c, const v1::ListSettlementsRequest* q,
                        v1::ListSettlementsResponse* r) override;
  Unary PreviewSplit(Context* c, const v1::PreviewSplitRequest* q,
                     v1::SplitExplanation* r) override;
  Unary ExplainRevenue(Context* c, const v1::ExplainRevenueRequest* q,
                       v1::ExplainRevenueResponse* r) override;
  Unary ExplainBalance(Context* c, const v1::ExplainBalanceRequest* q,
                       v1::ExplainBalanceResponse* r) override;
  Unary ListPayouts(Context* c, const v1::ListPayoutsRequest* q,
                    v1::ListPayoutsResponse* r) override;
  Unary ListReporting(Context* c, const v1::ListReportingRequest* q,
                      v1::ListReportingResponse* r) override;
  Unary ListReceivables(Context* c, const v1::ListReceivablesRequest* q,
                        v1::ListReceivablesResponse* r) override;
  Unary GetTrialBalance(Context* c, const v1::GetTrialBalanceRequest* q,
                        v1::GetTrialBalanceResponse* r) override;
  Unary GetIncident(Context* c, const v1::GetIncidentRequest* q, v1::IncidentView* r) override;
  Unary ListIncidents(Context* c, const v1::ListIncidentsRequest* q,
                      v1::ListIncidentsResponse* r) override;
  Unary TraceResponsibility(Context* c, const v1::TraceResponsibilityRequest* q,
                            v1::TraceResponsibilityResponse* r) override;
  Unary FindSimilar(Context* c, const v1::FindSimilarRequest* q,
                    v1::FindSimilarResponse* r) override;
  Unary GetBlock(Context* c, const v1::GetBlockRequest* q, v1::Block* r) override;
  Unary GetEntry(Context* c, const v1::GetEntryRequest* q, v1::Entry* r) override;
  Unary ListEntries(Context* c, const v1::ListEntriesRequest* q,
                    v1::ListEntriesResponse* r) override;
  Unary GetInclusionProof(Context* c, const v1::GetInclusionProofRequest* q,
                          v1::InclusionProof* r) override;
  Unary GetConsistencyProof(Context* c, const v1::GetConsistencyProofRequest* q,
                            v1::ConsistencyProof* r) override;

 private:
  template <class Request, class Response>
  using Handler = grpc::Status (*)(ReadContext&, const Request&, Response*);

  // Answers a read: the handler on the newest view, then whether all of it could be read.
  template <class Request, class Response>
  Unary Read(Context* call, const Request& request, Response* response,
             Handler<Request, Response> handler);

  node::Ledger& ledger_;
  const std::string engine_;
  const LogSigner* const signer_;
  RequestCounters& counters_;
  LineageCache lineages_;
  StreamSlots slots_;
  CommitFanout fanout_;
};

}  // namespace tributary::api

#endif  // TRIBUTARY_API_SERVICE_H_
