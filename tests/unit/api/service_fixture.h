// The service over a real connection to a real ledger, with the engine running.
#ifndef TRIBUTARY_TESTS_UNIT_API_SERVICE_FIXTURE_H_
#define TRIBUTARY_TESTS_UNIT_API_SERVICE_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/encode.h"
#include "api/grpc_server.h"
#include "consensus/solo.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/grpcpp.h"
#include "tributary/v1/api.grpc.pb.h"
#include "unit/node/test_node.h"

namespace tributary::api {

class ServiceTest : public ::testing::Test {
 protected:
  explicit ServiceTest(const testing::ChainOptions& chain = {}, node::LedgerOptions options = {},
                       const StreamLimits& streams = {})
      : node_(chain, std::move(options)) {
    engine_ =
        std::make_unique<consensus::SoloEngine>(*node_.ledger, node::BlockLimits{}, node_.logger);
    EXPECT_TRUE(engine_->Start().ok());
    auto server =
        GrpcServer::Start({"127.0.0.1", 0}, *node_.ledger, "solo", nullptr, requests_, streams);
    EXPECT_TRUE(server.ok());
    server_ = *std::move(server);
    stub_ = v1::LedgerService::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials()));
  }
  ~ServiceTest() override {
    engine_->Stop();
    server_->Stop(1'000);
  }

  grpc::Status Submit(const std::string& bytes, v1::SubmitResponse* response) {
    grpc::ClientContext context;
    v1::SubmitRequest request;
    request.set_signed_transaction(bytes);
    return stub_->Submit(&context, request, response);
  }
  void MustRun(std::string_view sender, const std::vector<codec::Operation>& operations,
               const std::vector<std::string>& cosigners = {}) {
    v1::SubmitResponse response;
    const grpc::Status status = Submit(node_.chain.Sign(sender, operations, cosigners), &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    ASSERT_TRUE(response.status().has_committed());
  }
  template <class Request, class Response>
  grpc::Status Call(grpc::Status (v1::LedgerService::Stub::*method)(grpc::ClientContext*,
                                                                    const Request&, Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    return (stub_.get()->*method)(&context, request, response);
  }
  // ada: a data set; bob: a model trained on it, half of whose inflow passes on.
  void MakeLineage() {
    MustRun("steward", {node_.chain.Register("ada"), node_.chain.Register("bob")});
    testing::RecordSpec data{"data", {{"ada", 1'000'000'000}}, {}};
    data.kind = codec::RecordKind::kDataset;
    MustRun("ada", {node_.chain.Submit(data)});
    data_ = node_.chain.RecordIdOf(data);
    testing::RecordSpec model{"model", {{"bob", 1'000'000'000}}, {{data_, 1}}, 500'000'000};
    MustRun("bob", {node_.chain.Submit(model)});
    model_ = node_.chain.RecordIdOf(model);
  }
  // Ends epochs until what was reported has settled.
  void Settle() {
    for (int i = 0; i < 3; ++i) {
      node_.Pass(1'000'000);
      MustRun("steward", {node_.chain.Register("tick" + std::to_string(ticks_++))});
    }
  }

  testing::TestNode node_;
  RequestCounters requests_;
  std::unique_ptr<consensus::SoloEngine> engine_;
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<v1::LedgerService::Stub> stub_;
  base::RecordId data_, model_;
  int ticks_ = 0;
};

// The detail of an error status that is of this type; an empty one where there is none.
template <class Detail>
Detail DetailOf(const grpc::Status& status) {
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  Detail detail;
  for (const auto& any : details.details()) {
    if (any.UnpackTo(&detail)) return detail;
  }
  return Detail();
}

}  // namespace tributary::api

#endif  // TRIBUTARY_TESTS_UNIT_API_SERVICE_FIXTURE_H_
