// Reads of a running node: explanations of a large lineage, and small reads at a fixed rate.
//
// usage: read_bench DIR [RECORDS [SECONDS]]
// DIR is made and must not exist. RECORDS (default 100,000) are all ancestors of one asset, by a
// tenth as many accounts. Loads are open: calls go out on a schedule of 1,000 a second, whatever
// the answers do, and a latency counts from the moment a call was due. Every row is one JSON line.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <thread>

#include "api/checkpoint.h"
#include "api/grpc_server.h"
#include "api/handlers.h"
#include "bench/bench.h"
#include "bench/bench_node.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "keys/key_file.h"
#include "rewards/explain.h"
#include "support/wide_lineage.h"
#include "tributary/v1/api.grpc.pb.h"

namespace tributary::bench {
namespace {

constexpr uint64_t kSeed = 20260102;
constexpr uint64_t kAmount = 1'000'000'000'000;
constexpr int kRounds = 21;
constexpr uint64_t kRatePerSecond = 1'000;

double At(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<size_t>(part * values.size()))];
}

template <class Work>
double MedianMs(Work&& work) {
  std::vector<double> times;
  for (int round = 0; round < kRounds; ++round) {
    const Stopwatch watch;
    work();
    times.push_back(watch.Seconds() * 1e3);
  }
  return At(std::move(times), 0.5);
}

// ---- Explanations

struct Wide {
  base::RecordId top;
  uint32_t records;
};

v1::PreviewSplitRequest PreviewOf(const Wide& wide, uint32_t recipients) {
  v1::PreviewSplitRequest request;
  request.mutable_asset()->set_id(
      {reinterpret_cast<const char*>(wide.top.bytes.data()), wide.top.bytes.size()});
  request.set_currency("USD");
  request.set_amount_minor(kAmount);
  request.set_recipients_max(recipients);
  return request;
}

void PreviewRows(Node& node, const Wide& wide) {
  const auto view = node.ledger->view();
  const auto seq = view->FindRecord(wide.top);
  if (!seq) Fail("the asset is not there");
  rewards::ExplainInput input;
  input.inflow.push_back({*seq, base::Atoms::FromMinor(base::MinorUnits(kAmount))});
  uint64_t edges = 0;
  const double flow = MedianMs([&] {
    const auto explanation = rewards::Explain(view->graph(), base::Epoch(0), input, {});
    if (explanation.records.size() != wide.records) Fail("not every record is an ancestor");
    edges = explanation.edges;
  });
  api::LineageCache cache;
  const std::string graph = std::to_string(wide.records - 1) + " ancestors, " +
                            std::to_string(edges) + " edges, " + std::to_string(wide.records / 10) +
                            " recipients";
  for (const uint32_t recipients : {20u, 100u, 1'000u}) {
    const v1::PreviewSplitRequest request = PreviewOf(wide, recipients);
    v1::SplitExplanation split;
    const double time = MedianMs([&] {
      split.Clear();
      api::ReadContext context(node.ledger->view(), cache);
      if (!api::PreviewSplit(context, request, &split).ok()) Fail("the preview failed");
    });
    const std::string size = std::to_string(split.ByteSizeLong() / 1024) + " KiB";
    Print({"preview of a split, " + std::to_string(recipients) + " recipients to a page", time,
           "ms", "the flow alone, ms", flow, recipients == 20 ? "20 ms" : "-",
           graph + ", 3 paths each, " + size + ", in process"});
  }
}

// ---- Loads

using Clock = std::chrono::steady_clock;

// Sends `seconds` of calls on schedule and returns their latencies in milliseconds.
template <class Request, class Response>
std::vector<double> OpenLoop(const std::shared_ptr<grpc::Channel>& channel,
                             const std::string& method, const std::vector<Request>& requests,
                             uint64_t seconds) {
  struct Call {
    grpc::ClientContext context;
    Response response;
    double latency_ms = 0;
  };
  grpc::TemplatedGenericStub<Request, Response> stub(channel);
  std::vector<Call> calls(seconds * kRatePerSecond);
  std::atomic<size_t> done{0};
  std::atomic<size_t> failed{0};
  const Clock::time_point start = Clock::now() + std::chrono::milliseconds(10);
  for (size_t i = 0; i < calls.size(); ++i) {
    const Clock::time_point due = start + std::chrono::microseconds(i * 1'000'000 / kRatePerSecond);
    std::this_thread::sleep_until(due);
    Call& call = calls[i];
    const auto finished = [&call, &done, &failed, due](const grpc::Status& status) {
      call.latency_ms = std::chrono::duration<double, std::milli>(Clock::now() - due).count();
      if (!status.ok()) ++failed;
      ++done;
    };
    stub.UnaryCall(&call.context, method, {}, &requests[i % requests.size()], &call.response,
                   finished);
  }
  while (done < calls.size()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  if (failed > 0) Fail(std::to_string(failed) + " calls of " + method + " failed");
  std::vector<double> latencies;
  for (const Call& call : calls) latencies.push_back(call.latency_ms);
  return latencies;
}

void LoadRows(Node& node, const Wide& wide, uint64_t seconds) {
  api::RequestCounters counters;
  const api::LogSigner signer("tributary/test/1", keys::SigningKey::Generate("log"));
  auto server = api::GrpcServer::Start({"127.0.0.1", 0}, *node.ledger, "none", &signer, counters);
  if (!server.ok()) Fail(server.status().ToString());
  (*server)->SetServing(true);
  const auto channel = grpc::CreateChannel("127.0.0.1:" + std::to_string((*server)->port()),
                                           grpc::InsecureChannelCredentials());
  const std::vector<grpc::health::v1::HealthCheckRequest> empty(1);
  using Health = grpc::health::v1::HealthCheckResponse;
  const std::string check = "/grpc.health.v1.Health/Check";
  OpenLoop<grpc::health::v1::HealthCheckRequest, Health>(channel, check, empty, 1);  // warm
  const auto peer =
      OpenLoop<grpc::health::v1::HealthCheckRequest, Health>(channel, check, empty, seconds);
  const size_t accounts = wide.records / 10;
  std::vector<v1::GetBalanceRequest> balances(accounts);
  std::vector<v1::GetBalanceProofRequest> proofs(accounts);
  for (size_t i = 0; i < accounts; ++i) {
    const std::string handle = "c" + std::to_string(i * 7'919 % accounts);
    balances[i].mutable_account()->set_handle(handle);
    balances[i].set_currency("USD");
    proofs[i].mutable_account()->set_handle(handle);
    proofs[i].set_currency("USD");
  }
  const std::string service = "/tributary.v1.LedgerService/";
  const auto row = [&peer, seconds](const std::string& name, const std::vector<double>& latencies) {
    Print({name + " over gRPC, 99th percentile", At(latencies, 0.99), "ms",
           "an empty call (health check), ms", At(peer, 0.99), "1 ms at 1,000/s",
           "open loop, 1,000 calls/s for " + std::to_string(seconds) +
               " s over one loopback connection, from the moment each was due; median " +
               std::to_string(At(latencies, 0.5)).substr(0, 5) + " ms"});
  };
  row("balance read", OpenLoop<v1::GetBalanceRequest, v1::GetBalanceResponse>(
                          channel, service + "GetBalance", balances, seconds));
  row("balance with proof", OpenLoop<v1::GetBalanceProofRequest, v1::BalanceProof>(
                                channel, service + "GetBalanceProof", proofs, seconds));
  (*server)->Stop(1'000);
}

// Money through the whole lineage, settled: every account has a balance.
void Earn(Node& node, LateClock& clock, testing::Chain& chain, const Wide& wide) {
  chain.AdvanceTo(clock.WallMs());
  node.Ingest({chain.Sign("reporter", {chain.Revenue(wide.top, kAmount / 10, "all")})});
  clock.CatchUp(3 * kHourMs);
  chain.AdvanceTo(clock.WallMs());
  node.Ingest({chain.Sign("steward", {chain.Register("last")})});
}

int Run(const std::string& dir, uint32_t records, uint64_t seconds) {
  LateClock clock;
  testing::ChainOptions options;
  options.time_ms = clock.WallMs() - 1'000;
  options.parameters.epoch_ms = kHourMs;
  options.parameters.validity_window_ms = 24 * kHourMs;
  CreateNode(dir + "/node", options);
  Node node(dir + "/node", &clock);
  testing::Chain chain(options);
  chain.AdvanceTo(clock.WallMs());
  chain.valid_for_ms = 80'000'000;
  const auto lineage = testing::MakeWideLineage(chain, records, records / 10, kSeed);
  for (const std::string& transaction : lineage.transactions) node.Ingest({transaction});
  const Wide wide{lineage.top, records};
  Earn(node, clock, chain, wide);
  PreviewRows(node, wide);
  LoadRows(node, wide, seconds);
  return 0;
}

}  // namespace
}  // namespace tributary::bench

int main(int argc, char** argv) {
  const unsigned long records = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 100'000;
  const unsigned long seconds = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 5;
  if (argc < 2 || std::filesystem::exists(argv[1]) || records < 100 || seconds < 1) {
    std::fprintf(stderr, "usage: read_bench NEW_DIR [RECORDS [SECONDS]]\n");
    return 2;
  }
  return tributary::bench::Run(argv[1], static_cast<uint32_t>(records), seconds);
}
