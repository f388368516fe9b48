// The handlers of the reads: one function for each, in files by subject. Each decodes and bounds
// its request, reads the view, and encodes. The caller looks at the context's status() afterwards.
#ifndef TRIBUTARY_API_HANDLERS_H_
#define TRIBUTARY_API_HANDLERS_H_

#include "api/read_context.h"
#include "grpcpp/support/status.h"
#include "node/ledger.h"
#include "tributary/v1/api.pb.h"

namespace tributary::api {

// handlers_records.cc
grpc::Status GetRecord(ReadContext& c, const v1::GetRecordRequest& q, v1::RecordView* r);
grpc::Status ListRecords(ReadContext& c, const v1::ListRecordsRequest& q,
                         v1::ListRecordsResponse* r);
// handlers_versions.cc
grpc::Status ListVersions(ReadContext& c, const v1::ListVersionsRequest& q,
                          v1::ListVersionsResponse* r);
// handlers_cases.cc
grpc::Status GetCase(ReadContext& c, const v1::GetCaseRequest& q, v1::CaseView* r);
grpc::Status ListCases(ReadContext& c, const v1::ListCasesRequest& q, v1::ListCasesResponse* r);
grpc::Status SimulateRuling(ReadContext& c, const v1::SimulateRulingRequest& q,
                            v1::SimulateRulingResponse* r);
// handlers_governance.cc
grpc::Status GetProposal(ReadContext& c, const v1::GetProposalRequest& q, v1::ProposalView* r);
grpc::Status ListProposals(ReadContext& c, const v1::ListProposalsRequest& q,
                           v1::ListProposalsResponse* r);
grpc::Status GetGovernance(ReadContext& c, const v1::GetGovernanceRequest& q,
                           v1::GovernanceView* r);
// handlers_attestations.cc
grpc::Status GetReservation(ReadContext& c, const v1::GetReservationRequest& q,
                            v1::ReservationView* r);
grpc::Status ListAttestations(ReadContext& c, const v1::ListAttestationsRequest& q,
                              v1::ListAttestationsResponse* r);
// handlers_accounts.cc
grpc::Status GetAccount(ReadContext& c, const v1::GetAccountRequest& q, v1::AccountView* r);
grpc::Status ListAccounts(ReadContext& c, const v1::ListAccountsRequest& q,
                          v1::ListAccountsResponse* r);
// handlers_lineage.cc
grpc::Status ListAncestors(ReadContext& c, const v1::ListLineageRequest& q,
                           v1::ListLineageResponse* r);
grpc::Status ListDescendants(ReadContext& c, const v1::ListLineageRequest& q,
                             v1::ListLineageResponse* r);
// handlers_money.cc
grpc::Status GetBalance(ReadContext& c, const v1::GetBalanceRequest& q, v1::GetBalanceResponse* r);
grpc::Status GetTrialBalance(ReadContext& c, const v1::GetTrialBalanceRequest& q,
                             v1::GetTrialBalanceResponse* r);
grpc::Status ListReceivables(ReadContext& c, const v1::ListReceivablesRequest& q,
                             v1::ListReceivablesResponse* r);
// handlers_reporting.cc
grpc::Status ListReporting(ReadContext& c, const v1::ListReportingRequest& q,
                           v1::ListReportingResponse* r);
// handlers_statement.cc
grpc::Status GetStatement(ReadContext& c, const v1::GetStatementRequest& q,
                          v1::GetStatementResponse* r);
// handlers_record_statement.cc
grpc::Status GetRecordStatement(ReadContext& c, const v1::GetRecordStatementRequest& q,
                                v1::GetRecordStatementResponse* r);
// handlers_asset_statement.cc
grpc::Status GetAssetStatement(ReadContext& c, const v1::GetAssetStatementRequest& q,
                               v1::GetAssetStatementResponse* r);
grpc::Status ListRevenue(ReadContext& c, const v1::ListRevenueRequest& q,
                         v1::ListRevenueResponse* r);
// handlers_settlements.cc
grpc::Status GetSettlement(ReadContext& c, const v1::GetSettlementRequest& q,
                           v1::GetSettlementResponse* r);
grpc::Status ListSettlements(ReadContext& c, const v1::ListSettlementsRequest& q,
                             v1::ListSettlementsResponse* r);
// handlers_explain.cc
grpc::Status PreviewSplit(ReadContext& c, const v1::PreviewSplitRequest& q,
                          v1::SplitExplanation* r);
grpc::Status ExplainRevenue(ReadContext& c, const v1::ExplainRevenueRequest& q,
                            v1::ExplainRevenueResponse* r);
// handlers_explain_balance.cc
grpc::Status ExplainBalance(ReadContext& c, const v1::ExplainBalanceRequest& q,
                            v1::ExplainBalanceResponse* r);
// handlers_incidents.cc
grpc::Status GetIncident(ReadContext& c, const v1::GetIncidentRequest& q, v1::IncidentView* r);
grpc::Status ListIncidents(ReadContext& c, const v1::ListIncidentsRequest& q,
                           v1::ListIncidentsResponse* r);
void EncodeIncident(ReadContext& c, uint64_t number, v1::IncidentView* to);
// handlers_trace.cc
grpc::Status TraceResponsibility(ReadContext& c, const v1::TraceResponsibilityRequest& q,
                                 v1::TraceResponsibilityResponse* r);
// handlers_similar.cc
grpc::Status FindSimilar(ReadContext& c, const v1::FindSimilarRequest& q,
                         v1::FindSimilarResponse* r);
// handlers_payouts.cc
grpc::Status ListPayouts(ReadContext& c, const v1::ListPayoutsRequest& q,
                         v1::ListPayoutsResponse* r);
// handlers_log.cc
grpc::Status GetBlock(ReadContext& c, const v1::GetBlockRequest& q, v1::Block* r);
grpc::Status GetEntry(ReadContext& c, const v1::GetEntryRequest& q, v1::Entry* r);
grpc::Status ListEntries(ReadContext& c, const v1::ListEntriesRequest& q,
                         v1::ListEntriesResponse* r);
grpc::Status GetInclusionProof(ReadContext& c, const v1::GetInclusionProofRequest& q,
                               v1::InclusionProof* r);
grpc::Status GetConsistencyProof(ReadContext& c, const v1::GetConsistencyProofRequest& q,
                                 v1::ConsistencyProof* r);
// Fills everything but the index.
void EncodeEntry(std::string_view data, v1::Entry* to);

}  // namespace tributary::api

#endif  // TRIBUTARY_API_HANDLERS_H_
