// The client against a server that answers as a test says: over a real connection on loopback.
#include "tributary/client/submit_stream.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <atomic>
#include <map>
#include <mutex>

#include "tributary/base/status.h"
#include "tributary/client/client.h"
#include "tributary/client/error.h"
#include "tributary/v1/api.grpc.pb.h"

namespace tributary::client {
namespace {

// Commits everything, but treats bytes that begin with a word of this list in its own way.
class FakeNode final : public v1::LedgerService::Service {
 public:
  grpc::Status SubmitStream(grpc::ServerContext*,
                            grpc::ServerReaderWriter<v1::SubmitStreamResponse,
                                                     v1::SubmitStreamRequest>* stream) override {
    v1::SubmitStreamRequest request;
    while (stream->Read(&request)) {
      if (request.signed_transaction() == "die") return {grpc::StatusCode::UNAVAILABLE, "dying"};
      stream->Write(Answer(request));
    }
    return grpc::Status::OK;
  }

  grpc::Status GetStatus(grpc::ServerContext*, const v1::GetStatusRequest*,
                         v1::NodeStatus* response) override {
    if (failures_left.fetch_sub(1) > 0) return {grpc::StatusCode::UNAVAILABLE, "not yet"};
    response->set_chain_id("dev");
    return grpc::Status::OK;
  }

  std::atomic<int> failures_left = 0;
  std::atomic<int> busy_answers = 0;

 private:
  v1::SubmitStreamResponse Answer(const v1::SubmitStreamRequest& request) {
    v1::SubmitStreamResponse response;
    response.set_client_id(request.client_id());
    if (request.signed_transaction() == "bad") {
      response.mutable_refused()->set_number(404);
      response.mutable_refused()->set_name("ParentUnknown");
    } else if (request.signed_transaction() == "busy" && busy_answers++ < 2) {
      response.mutable_trouble()->set_code(8);
      response.mutable_trouble()->set_retry_after_ms(1);
    } else if (request.signed_transaction() == "full") {
      response.mutable_trouble()->set_code(14);
      response.mutable_trouble()->set_message("read only");
    } else {
      response.mutable_status()->mutable_committed();
    }
    return response;
  }
};

class ClientTest : public testing::Test {
 protected:
  void SetUp() override {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&node_);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    ClientOptions options;
    options.address = "127.0.0.1:" + std::to_string(port);
    options.retry_for_ms = 2'000;
    client_ = std::make_unique<Client>(options);
  }
  void TearDown() override { server_->Shutdown(); }

  std::unique_ptr<SubmitStream> Open(size_t in_flight_max) {
    return client_->OpenSubmitStream(v1::WAIT_FOR_COMMITTED, in_flight_max,
                                     [this](const SubmitStream::Answer& answer) {
                                       const std::lock_guard<std::mutex> lock(mutex_);
                                       EXPECT_EQ(answers_.count(answer.client_id), 0u);
                                       answers_.emplace(answer.client_id, answer.outcome);
                                     });
  }
  static Transaction Of(const std::string& bytes) {
    Transaction transaction;
    transaction.bytes = bytes;
    return transaction;
  }

  FakeNode node_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Client> client_;
  std::mutex mutex_;
  std::map<uint64_t, absl::StatusOr<v1::TransactionStatus>> answers_;
};

TEST_F(ClientTest, EverythingSentIsAnsweredOnce) {
  auto stream = Open(8);
  for (uint64_t i = 0; i < 1'000; ++i) ASSERT_TRUE(stream->Send(i, Of("good")).ok());
  ASSERT_TRUE(stream->Finish().ok());
  ASSERT_EQ(answers_.size(), 1'000u);
  for (const auto& answer : answers_) EXPECT_TRUE(answer.second.ok());
}

TEST_F(ClientTest, ARefusalAnswersItsOwnTransactionOnly) {
  auto stream = Open(1);
  ASSERT_TRUE(stream->Send(1, Of("good")).ok());
  ASSERT_TRUE(stream->Send(2, Of("bad")).ok());
  ASSERT_TRUE(stream->Send(3, Of("good")).ok());
  ASSERT_TRUE(stream->Finish().ok());
  EXPECT_TRUE(answers_.at(1).ok());
  EXPECT_EQ(RefusalOf(answers_.at(2).status())->number(), 404u);
  EXPECT_TRUE(answers_.at(3).ok());
}

TEST_F(ClientTest, AnOverloadedNodeIsGivenTimeAndTheTransactionIsSentAgain) {
  auto stream = Open(4);
  ASSERT_TRUE(stream->Send(1, Of("busy")).ok());
  ASSERT_TRUE(stream->Finish().ok());
  EXPECT_TRUE(answers_.at(1).ok());
  EXPECT_EQ(node_.busy_answers, 3);
}

TEST_F(ClientTest, TroubleWithoutAHintIsToldAtOnce) {
  auto stream = Open(4);
  ASSERT_TRUE(stream->Send(1, Of("full")).ok());
  ASSERT_TRUE(stream->Finish().ok());
  EXPECT_EQ(answers_.at(1).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(base::Message(answers_.at(1).status()), "read only");
}

TEST_F(ClientTest, WhenTheStreamFailsTheUnansweredAreAnsweredWithTheError) {
  auto stream = Open(100);
  ASSERT_TRUE(stream->Send(1, Of("die")).ok());
  for (uint64_t i = 2; i < 50; ++i) {
    if (!stream->Send(i, Of("good")).ok()) break;
  }
  EXPECT_EQ(stream->Finish().code(), absl::StatusCode::kUnavailable);
  ASSERT_FALSE(answers_.empty());
  EXPECT_EQ(answers_.at(1).status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(ClientTest, AStreamThatIsDroppedEndsByItself) {
  auto stream = Open(4);
  ASSERT_TRUE(stream->Send(1, Of("good")).ok());
  stream.reset();
  EXPECT_EQ(answers_.size(), 1u);
}

TEST_F(ClientTest, AReadIsTriedAgainWhileTheNodeComesUp) {
  node_.failures_left = 3;
  const auto status = client_->GetStatus();
  ASSERT_TRUE(status.ok()) << base::Message(status.status());
  EXPECT_EQ(status->chain_id(), "dev");
}

TEST_F(ClientTest, AReadThatNeverSucceedsSaysWhichNode) {
  node_.failures_left = 1'000'000;
  const auto status = client_->GetStatus();
  EXPECT_EQ(status.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(base::Message(status.status()).find(client_->address()), std::string::npos);
}

TEST(GoodValidUntilTest, StaysWithinTheWindowOfBlockTime) {
  v1::NodeStatus status;
  status.set_time_ms(1'000'000);
  status.set_node_time_ms(1'000'500);
  status.mutable_parameters()->set_validity_window_ms(100'000);
  EXPECT_EQ(GoodValidUntil(status), base::TimeMs(1'050'500));
  status.set_node_time_ms(1'090'000);  // a quiet network: block time lags behind
  EXPECT_EQ(GoodValidUntil(status), base::TimeMs(1'100'000));
  status.mutable_parameters()->set_validity_window_ms(86'400'000);
  EXPECT_EQ(GoodValidUntil(status), base::TimeMs(1'690'000));
}

}  // namespace
}  // namespace tributary::client
