// The gRPC client of a node: every method of tributary.v1, with deadlines and retries.
//
// Retries: UNAVAILABLE and RESOURCE_EXHAUSTED are tried again after the time that the node asks for
// (google.rpc.RetryInfo), or an exponential back-off with jitter, until `retry_for_ms` has passed.
// That is safe for transactions too: the same bytes take effect once. A node that is read-only
// (reason "ReadOnly") is not asked again.
//
// Errors: absl::Status with the node's google.rpc.Status as payload; client/error.h reads it.
// Thread safety: a Client may be used from any thread.
#ifndef TRIBUTARY_CLIENT_CLIENT_H_
#define TRIBUTARY_CLIENT_CLIENT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "tributary/base/types.h"
#include "tributary/client/submit_stream.h"
#include "tributary/client/transaction.h"
#include "tributary/v1/api.pb.h"

namespace tributary::client {

struct ClientOptions {
  std::string address = "127.0.0.1:7400";  // host:port, or unix:/path
  uint32_t deadline_ms = 15'000;           // of one attempt
  uint32_t retry_for_ms = 30'000;          // of all attempts of a call; 0: one attempt
};

class Client {
 public:
  // Connects when first used.
  explicit Client(ClientOptions options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  const std::string& address() const { return options_.address; }

  // ---- Transactions

  // Sends, and by default waits until the transaction is committed, refused or expired, at most
  // until `wait_ms` has passed (then kDeadlineExceeded: ask again with Wait, or send the same bytes
  // again). Errors: RefusalOf(status) names the rule that refused it.
  absl::StatusOr<v1::TransactionStatus> Submit(const Transaction& transaction,
                                               v1::WaitFor wait = v1::WAIT_FOR_COMMITTED,
                                               uint32_t wait_ms = 60'000);
  // The same without a second look: what the node answered.
  absl::StatusOr<v1::SubmitResponse> SubmitOnce(const v1::SubmitRequest& request);
  absl::StatusOr<v1::TransactionStatus> GetTransaction(const v1::GetTransactionRequest& request);
  // Asks again and again until it is decided or `wait_ms` has passed; then the last answer.
  absl::StatusOr<v1::TransactionStatus> Wait(const base::TxId& id, base::TimeMs valid_until,
                                             uint32_t wait_ms);
  // A stream with at most `in_flight_max` unanswered transactions; see submit_stream.h.
  std::unique_ptr<SubmitStream> OpenSubmitStream(v1::WaitFor wait, size_t in_flight_max,
                                                 SubmitStream::Handler handler);

  // ---- Reads

  absl::StatusOr<v1::RecordView> GetRecord(const v1::GetRecordRequest& request);
  absl::StatusOr<v1::ListRecordsResponse> ListRecords(const v1::ListRecordsRequest& request);
  absl::StatusOr<v1::AccountView> GetAccount(const v1::GetAccountRequest& request);
  absl::StatusOr<v1::ListAccountsResponse> ListAccounts(const v1::ListAccountsRequest& request);
  absl::StatusOr<v1::ListLineageResponse> ListAncestors(const v1::ListLineageRequest& request);
  absl::StatusOr<v1::ListLineageResponse> ListDescendants(const v1::ListLineageRequest& request);
  absl::StatusOr<v1::GetBalanceResponse> GetBalance(const v1::GetBalanceRequest& request);
  absl::StatusOr<v1::BalanceProof> GetBalanceProof(const v1::GetBalanceProofRequest& request);
  absl::StatusOr<v1::GetStatementResponse> GetStatement(const v1::GetStatementRequest& request);
  absl::StatusOr<v1::GetRecordStatementResponse> GetRecordStatement(
      const v1::GetRecordStatementRequest& request);
  absl::StatusOr<v1::GetAssetStatementResponse> GetAssetStatement(
      const v1::GetAssetStatementRequest& request);
  absl::StatusOr<v1::ListRevenueResponse> ListRevenue(const v1::ListRevenueRequest& request);
  absl::StatusOr<v1::GetSettlementResponse> GetSettlement(const v1::GetSettlementRequest& request);
  absl::StatusOr<v1::ListSettlementsResponse> ListSettlements(
      const v1::ListSettlementsRequest& request);
  absl::StatusOr<v1::SplitExplanation> PreviewSplit(const v1::PreviewSplitRequest& request);
  absl::StatusOr<v1::ExplainRevenueResponse> ExplainRevenue(
      const v1::ExplainRevenueRequest& request);
  absl::StatusOr<v1::ExplainBalanceResponse> ExplainBalance(
      const v1::ExplainBalanceRequest& request);
  absl::StatusOr<v1::IncidentView> GetIncident(const v1::GetIncidentRequest& request);
  absl::StatusOr<v1::ListIncidentsResponse> ListIncidents(const v1::ListIncidentsRequest& request);
  absl::StatusOr<v1::TraceResponsibilityResponse> TraceResponsibility(
      const v1::TraceResponsibilityRequest& request);
  absl::StatusOr<v1::FindSimilarResponse> FindSimilar(const v1::FindSimilarRequest& request);
  absl::StatusOr<v1::ListPayoutsResponse> ListPayouts(const v1::ListPayoutsRequest& request);
  absl::StatusOr<v1::CaseView> GetCase(const v1::GetCaseRequest& request);
  absl::StatusOr<v1::ListCasesResponse> ListCases(const v1::ListCasesRequest& request);
  absl::StatusOr<v1::SimulateRulingResponse> SimulateRuling(
      const v1::SimulateRulingRequest& request);
  absl::StatusOr<v1::ProposalView> GetProposal(const v1::GetProposalRequest& request);
  absl::StatusOr<v1::ListProposalsResponse> ListProposals(const v1::ListProposalsRequest& request);
  absl::StatusOr<v1::GovernanceView> GetGovernance(const v1::GetGovernanceRequest& request);
  absl::StatusOr<v1::ReservationView> GetReservation(const v1::GetReservationRequest& request);
  absl::StatusOr<v1::ListAttestationsResponse> ListAttestations(
      const v1::ListAttestationsRequest& request);
  absl::StatusOr<v1::ListVersionsResponse> ListVersions(const v1::ListVersionsRequest& request);
  absl::StatusOr<v1::ListReportingResponse> ListReporting(const v1::ListReportingRequest& request);
  absl::StatusOr<v1::ListReceivablesResponse> ListReceivables(
      const v1::ListReceivablesRequest& request);
  absl::StatusOr<v1::GetTrialBalanceResponse> GetTrialBalance(
      const v1::GetTrialBalanceRequest& request);
  absl::StatusOr<v1::Block> GetBlock(const v1::GetBlockRequest& request);
  absl::StatusOr<v1::Entry> GetEntry(const v1::GetEntryRequest& request);
  absl::StatusOr<v1::ListEntriesResponse> ListEntries(const v1::ListEntriesRequest& request);
  absl::StatusOr<v1::InclusionProof> GetInclusionProof(const v1::GetInclusionProofRequest& request);
  absl::StatusOr<v1::ConsistencyProof> GetConsistencyProof(
      const v1::GetConsistencyProofRequest& request);
  absl::StatusOr<v1::Checkpoint> GetCheckpoint();
  absl::StatusOr<v1::NodeStatus> GetStatus();

  // Reads a stream until it ends, `handler` returns false, or the connection fails (kUnavailable;
  // resume from the last element). No deadline.
  absl::Status StreamEntries(const v1::StreamEntriesRequest& request,
                             const std::function<bool(const v1::Entry&)>& handler);
  absl::Status StreamCredits(const v1::StreamCreditsRequest& request,
                             const std::function<bool(const v1::CreditBatch&)>& handler);

  // ---- Small helpers

  // The account that `signer` signs for, found by its handle. Errors: kNotFound.
  absl::StatusOr<base::AccountId> AccountOf(const Signer& signer);

 private:
  struct Connection;

  ClientOptions options_;
  std::unique_ptr<Connection> connection_;
};

// A good valid_until for a transaction that is sent now: half of the chain's validity window, at
// most ten minutes, from the later of block time and the node's clock.
base::TimeMs GoodValidUntil(const v1::NodeStatus& status);

}  // namespace tributary::client

#endif  // TRIBUTARY_CLIENT_CLIENT_H_
