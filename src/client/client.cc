#include "tributary/client/client.h"

#include <grpcpp/grpcpp.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <thread>
#include <utility>

#include "client/retry.h"
#include "client/status.h"
#include "client/stream.h"
#include "keys/random.h"
#include "tributary/base/status.h"
#include "tributary/client/error.h"
#include "tributary/v1/api.grpc.pb.h"

namespace tributary::client {
namespace {

using Clock = std::chrono::steady_clock;
using Stub = v1::LedgerService::Stub;
template <class Request, class Response>
using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Response*);

constexpr uint32_t kNodeWaitMsMax = 60'000;
constexpr uint32_t kDuplicateTransaction = 207;
// What a node needs beyond the time that it was asked to wait.
constexpr uint32_t kAnswerMarginMs = 5'000;

uint64_t ElapsedMs(Clock::time_point since) {
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - since).count());
}

uint32_t Jitter() {
  std::array<uint8_t, 4> bytes;
  keys::FillRandom(bytes);
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

// gRPC's own words do not say which node could not be reached.
absl::Status Explained(const absl::Status& status, const std::string& address) {
  if (status.code() != absl::StatusCode::kUnavailable || !ReasonOf(status).empty()) return status;
  return base::Unavailable("no answer from a node at " + address + ": " +
                           std::string(base::Message(status)) +
                           "; check the address (--node) and that the node is running");
}

template <class Request, class Response>
absl::StatusOr<Response> Call(Stub& stub, const ClientOptions& options, uint32_t deadline_ms,
                              Method<Request, Response> method, const Request& request) {
  RetryPolicy policy(options.retry_for_ms);
  for (;;) {
    const Clock::time_point begin = Clock::now();
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(deadline_ms));
    Response response;
    const absl::Status status = FromGrpc((stub.*method)(&context, request, &response));
    if (status.ok()) return response;
    policy.Spend(ElapsedMs(begin));
    const auto pause = policy.NextPauseMs(status, Jitter());
    if (!pause) return Explained(status, options.address);
    std::this_thread::sleep_for(std::chrono::milliseconds(*pause));
  }
}

template <class M>
absl::Status ReadAll(std::unique_ptr<grpc::ClientReader<M>> reader, grpc::ClientContext& context,
                     const std::function<bool(const M&)>& handler) {
  M message;
  bool stopped = false;
  while (!stopped && reader->Read(&message)) stopped = !handler(message);
  if (stopped) context.TryCancel();
  const absl::Status status = FromGrpc(reader->Finish());
  return stopped ? absl::OkStatus() : status;
}

}  // namespace

struct Client::Connection {
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<Stub> stub;
};

Client::Client(ClientOptions options)
    : options_(std::move(options)), connection_(std::make_unique<Connection>()) {
  grpc::ChannelArguments arguments;
  // Back within a second when a node restarts.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  connection_->channel =
      grpc::CreateCustomChannel(options_.address, grpc::InsecureChannelCredentials(), arguments);
  connection_->stub = v1::LedgerService::NewStub(connection_->channel);
}

Client::~Client() = default;

absl::StatusOr<v1::SubmitResponse> Client::SubmitOnce(const v1::SubmitRequest& request) {
  return Call(*connection_->stub, options_, request.timeout_ms() + kAnswerMarginMs, &Stub::Submit,
              request);
}

absl::StatusOr<v1::TransactionStatus> Client::Submit(const Transaction& transaction,
                                                     v1::WaitFor wait, uint32_t wait_ms) {
  const Clock::time_point begin = Clock::now();
  v1::SubmitRequest request;
  request.set_signed_transaction(transaction.bytes);
  request.set_wait(wait);
  for (;;) {
    const uint64_t elapsed = ElapsedMs(begin);
    const uint64_t left = elapsed < wait_ms ? wait_ms - elapsed : 1;
    request.set_timeout_ms(static_cast<uint32_t>(std::min<uint64_t>(left, kNodeWaitMsMax)));
    const auto response = SubmitOnce(request);
    if (!response.ok()) {
      const auto refusal = RefusalOf(response.status());
      if (!refusal || refusal->number() != kDuplicateTransaction) return response.status();
      // An earlier attempt, whose answer was lost, has taken effect.
      return Wait(transaction.id, transaction.valid_until, 1);
    }
    if (response->status().has_committed() || wait == v1::WAIT_FOR_ACCEPTED) {
      return response->status();
    }
    // The same bytes join what is pending, so asking again is waiting on.
    if (ElapsedMs(begin) >= wait_ms) {
      return base::MakeStatus(absl::StatusCode::kDeadlineExceeded,
                              "the transaction is still pending; ask for it later by its id");
    }
  }
}

absl::StatusOr<v1::TransactionStatus> Client::Wait(const base::TxId& id, base::TimeMs valid_until,
                                                   uint32_t wait_ms) {
  const Clock::time_point begin = Clock::now();
  v1::WaitTransactionRequest request;
  request.set_id(ToField(id));
  request.set_valid_until_ms(valid_until.value());
  for (;;) {
    const uint64_t elapsed = ElapsedMs(begin);
    const uint64_t left = elapsed < wait_ms ? wait_ms - elapsed : 1;
    request.set_timeout_ms(static_cast<uint32_t>(std::min<uint64_t>(left, kNodeWaitMsMax)));
    auto status = Call(*connection_->stub, options_, request.timeout_ms() + kAnswerMarginMs,
                       &Stub::WaitTransaction, request);
    if (!status.ok() || !status->has_pending() || ElapsedMs(begin) >= wait_ms) return status;
  }
}

std::unique_ptr<SubmitStream> Client::OpenSubmitStream(v1::WaitFor wait, size_t in_flight_max,
                                                       SubmitStream::Handler handler) {
  return MakeSubmitStream(*connection_->stub, options_.address, wait, in_flight_max,
                          std::move(handler));
}

#define TRIBUTARY_CLIENT_READ(name, Response)                                              \
  absl::StatusOr<v1::Response> Client::name(const v1::name##Request& request) {            \
    return Call(*connection_->stub, options_, options_.deadline_ms, &Stub::name, request); \
  }
TRIBUTARY_CLIENT_READ(GetTransaction, TransactionStatus)
TRIBUTARY_CLIENT_READ(GetCase, CaseView)
TRIBUTARY_CLIENT_READ(ListCases, ListCasesResponse)
TRIBUTARY_CLIENT_READ(SimulateRuling, SimulateRulingResponse)
TRIBUTARY_CLIENT_READ(GetProposal, ProposalView)
TRIBUTARY_CLIENT_READ(ListProposals, ListProposalsResponse)
TRIBUTARY_CLIENT_READ(GetGovernance, GovernanceView)
TRIBUTARY_CLIENT_READ(GetReservation, ReservationView)
TRIBUTARY_CLIENT_READ(ListAttestations, ListAttestationsResponse)
TRIBUTARY_CLIENT_READ(GetRecord, RecordView)
TRIBUTARY_CLIENT_READ(ListRecords, ListRecordsResponse)
TRIBUTARY_CLIENT_READ(GetAccount, AccountView)
TRIBUTARY_CLIENT_READ(ListAccounts, ListAccountsResponse)
TRIBUTARY_CLIENT_READ(GetBalance, GetBalanceResponse)
TRIBUTARY_CLIENT_READ(GetBalanceProof, BalanceProof)
TRIBUTARY_CLIENT_READ(GetStatement, GetStatementResponse)
TRIBUTARY_CLIENT_READ(GetRecordStatement, GetRecordStatementResponse)
TRIBUTARY_CLIENT_READ(GetAssetStatement, GetAssetStatementResponse)
TRIBUTARY_CLIENT_READ(ListRevenue, ListRevenueResponse)
TRIBUTARY_CLIENT_READ(GetSettlement, GetSettlementResponse)
TRIBUTARY_CLIENT_READ(ListSettlements, ListSettlementsResponse)
TRIBUTARY_CLIENT_READ(PreviewSplit, SplitExplanation)
TRIBUTARY_CLIENT_READ(ExplainRevenue, ExplainRevenueResponse)
TRIBUTARY_CLIENT_READ(ExplainBalance, ExplainBalanceResponse)
TRIBUTARY_CLIENT_READ(GetIncident, IncidentView)
TRIBUTARY_CLIENT_READ(ListIncidents, ListIncidentsResponse)
TRIBUTARY_CLIENT_READ(TraceResponsibility, TraceResponsibilityResponse)
TRIBUTARY_CLIENT_READ(FindSimilar, FindSimilarResponse)
TRIBUTARY_CLIENT_READ(ListPayouts, ListPayoutsResponse)
TRIBUTARY_CLIENT_READ(ListVersions, ListVersionsResponse)
TRIBUTARY_CLIENT_READ(ListReporting, ListReportingResponse)
TRIBUTARY_CLIENT_READ(ListReceivables, ListReceivablesResponse)
TRIBUTARY_CLIENT_READ(GetTrialBalance, GetTrialBalanceResponse)
TRIBUTARY_CLIENT_READ(GetBlock, Block)
TRIBUTARY_CLIENT_READ(GetEntry, Entry)
TRIBUTARY_CLIENT_READ(ListEntries, ListEntriesResponse)
TRIBUTARY_CLIENT_READ(GetInclusionProof, InclusionProof)
TRIBUTARY_CLIENT_READ(GetConsistencyProof, ConsistencyProof)
#undef TRIBUTARY_CLIENT_READ

absl::StatusOr<v1::ListLineageResponse> Client::ListAncestors(
    const v1::ListLineageRequest& request) {
  return Call(*connection_->stub, options_, options_.deadline_ms, &Stub::ListAncestors, request);
}

absl::StatusOr<v1::ListLineageResponse> Client::ListDescendants(
    const v1::ListLineageRequest& request) {
  return Call(*connection_->stub, options_, options_.deadline_ms, &Stub::ListDescendants, request);
}

absl::StatusOr<v1::Checkpoint> Client::GetCheckpoint() {
  return Call(*connection_->stub, options_, options_.deadline_ms, &Stub::GetCheckpoint,
              v1::GetCheckpointRequest());
}

absl::StatusOr<v1::NodeStatus> Client::GetStatus() {
  return Call(*connection_->stub, options_, options_.deadline_ms, &Stub::GetStatus,
              v1::GetStatusRequest());
}

absl::Status Client::StreamEntries(const v1::StreamEntriesRequest& request,
                                   const std::function<bool(const v1::Entry&)>& handler) {
  grpc::ClientContext context;
  return Explained(ReadAll(connection_->stub->StreamEntries(&context, request), context, handler),
                   options_.address);
}

absl::Status Client::StreamCredits(const v1::StreamCreditsRequest& request,
                                   const std::function<bool(const v1::CreditBatch&)>& handler) {
  grpc::ClientContext context;
  return Explained(ReadAll(connection_->stub->StreamCredits(&context, request), context, handler),
                   options_.address);
}

absl::StatusOr<base::AccountId> Client::AccountOf(const Signer& signer) {
  v1::GetAccountRequest request;
  request.mutable_account()->set_handle(signer.handle());
  const auto view = GetAccount(request);
  if (!view.ok()) return view.status();
  const auto id = FromField<base::AccountId>(view->id());
  if (!id) return base::Internal("the node gave an account id that is not 32 bytes");
  return *id;
}

base::TimeMs GoodValidUntil(const v1::NodeStatus& status) {
  constexpr uint64_t kAheadMsMax = 600'000;
  const uint64_t now = std::max(status.time_ms(), status.node_time_ms());
  const uint64_t window = status.parameters().validity_window_ms();
  // Block time may lag behind the clock: the window counts from block time.
  return base::TimeMs(std::min(now + std::min(window / 2, kAheadMsMax), status.time_ms() + window));
}

}  // namespace tributary::client
