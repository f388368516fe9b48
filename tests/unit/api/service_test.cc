#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <set>
#include <thread>

#include "tributary/merkle/verify.h"
#include "unit/api/service_fixture.h"

namespace tributary::api {
namespace {

using testing::RecordSpec;

base::Uint128 AtomsOf(const v1::Amount& amount) { return *base::ParseDecimal(amount.atoms()); }

// Recipients, lines, paths and what is folded of each, to the atom.
void ExpectAddsUp(const v1::SplitExplanation& split) {
  base::Uint128 sum =
      AtomsOf(split.fee()) + AtomsOf(split.dust()) + AtomsOf(split.folded_recipients());
  for (const auto& recipient : split.recipients()) {
    sum += AtomsOf(recipient.amount());
    base::Uint128 lines = AtomsOf(recipient.folded_lines());
    for (const auto& line : recipient.lines()) {
      lines += AtomsOf(line.amount());
      base::Uint128 paths = AtomsOf(line.folded_paths());
      for (const auto& path : line.paths()) paths += AtomsOf(path.amount());
      EXPECT_EQ(paths, AtomsOf(line.amount()));
    }
    EXPECT_EQ(lines, AtomsOf(recipient.amount()));
  }
  EXPECT_EQ(sum, AtomsOf(split.gross()));
}

TEST_F(ServiceTest, ARefusalCarriesItsRuleFieldAndAdvice) {
  v1::SubmitResponse response;
  const grpc::Status status =
      Submit(node_.chain.Sign("reporter", {node_.chain.Register("ada", "reporter")}), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  google::rpc::ErrorInfo info;
  ASSERT_GE(details.details_size(), 2);
  ASSERT_TRUE(details.details(0).UnpackTo(&info));
  EXPECT_EQ(info.domain(), "tributary");
  EXPECT_EQ(info.reason(), "MissingRole");
  EXPECT_EQ(info.metadata().at("number"), "213");
  EXPECT_FALSE(info.metadata().at("advice").empty());
  google::rpc::BadRequest bad;
  EXPECT_TRUE(details.details(1).UnpackTo(&bad));
}

TEST_F(ServiceTest, RecordsAreFoundByEveryName) {
  MakeLineage();
  v1::GetRecordRequest by_id;
  by_id.mutable_record()->set_id(AsString(model_));
  v1::RecordView record;
  ASSERT_TRUE(Call(&v1::LedgerService::Stub::GetRecord, by_id, &record).ok());
  EXPECT_EQ(record.sequence(), 1u);
  ASSERT_EQ(record.parents_size(), 1);
  EXPECT_EQ(record.parents(0).share_ppb(), 500'000'000u);
  EXPECT_EQ(record.authors(0).handle(), "bob");
  v1::GetRecordRequest by_content;
  by_content.mutable_record()->set_content_sha256(record.record().content_sha256());
  v1::RecordView same;
  ASSERT_TRUE(Call(&v1::LedgerService::Stub::GetRecord, by_content, &same).ok());
  EXPECT_EQ(same.id(), record.id());
  v1::GetRecordRequest none;
  none.mutable_record()->set_external_id("hf:no/body");
  EXPECT_EQ(Call(&v1::LedgerService::Stub::GetRecord, none, &same).error_code(),
            grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Call(&v1::LedgerService::Stub::GetRecord, v1::GetRecordRequest(), &same).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ServiceTest, ListsArePagedToTheEnd) {
  MakeLineage();
  v1::ListRecordsRequest request;
  request.set_page_size(1);
  std::vector<uint64_t> seen;
  do {
    v1::ListRecordsResponse response;
    ASSERT_TRUE(Call(&v1::LedgerService::Stub::ListRecords, request, &response).ok());
    for (const auto& record : response.records()) seen.push_back(record.sequence());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen, (std::vector<uint64_t>{1, 0}));
  request.set_page_token("x1");
  v1::ListRecordsResponse response;
  EXPECT_EQ(Call(&v1::LedgerService::Stub::ListRecords, request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ServiceTest, APreviewAddsUpToTheAtomAndLineageShowsTheSameShares) {
  MakeLineage();
  v1::PreviewSplitRequest request;
  request.mutable_asset()->set_id(AsString(model_));
  request.set_currency("USD");
  request.set_amount_minor(19);
  v1::SplitExplanation split;
  ASSERT_TRUE(Call(&v1::LedgerService::Stub::PreviewSplit, request, &split).ok());
  ExpectAddsUp(split);
  EXPECT_EQ(split.recipients_size(), 2);
  v1::ListLineageRequest lineage;
  lineage.mutable_record()->set_id(AsString(model_));
  v1::ListLineageResponse ancestors;
  ASSERT_TRUE(Call(&v1::LedgerService::Stub::ListAncestors, lineage, &ancestors).ok());
  ASSERT_EQ(ancestors.nodes_size(), 1);
  EXPECT_EQ(ancestors.nodes(0).share_e18(), "500000000000000000");
  lineage.mutable_record()->set_id(AsString(data_));
  v1::ListLineageResponse descendants;
  ASSERT_TRUE(Call(&v1::LedgerService::Stub::ListDescendants, lineage, &descendants).ok());
  ASSERT_EQ(descendants.nodes_size(), 1);
  EXPECT_EQ(descendants.nodes(0).share_e18(), "500000000000000000");
}

TEST_F(ServiceTest, APreviewFoldsWhatDoesNotFitIntoAMessage) {
  MustRun("steward", {node_.chain.Register("ada"), node_.chain.Register("bob")});
  // A ladder: two records to a level, each trained on both below, so that paths are many and long.
  constexpr int kLevels = 100;
  std::vector<std::pair<base::RecordId, uint32_t>> below;
  std::vector<codec::Operation> operations;
  for (int level = 0; level < kLevels; ++level) {
    std::vector<std::pair<base::RecordId, uint32_t>> records;
    for (const char* side : {"left", "right"}) {
      const RecordSpec spec{side + std::to_string(level),
                            {{"ada", 500'000'000}, {"bob", 500'000'000}},
                            below,
                            below.empty() ? 0u : 999'000'000u};
      operations.push_back(node_.chain.Submit(spec));
      // Mostly to the left, so that single paths are worth something.
      records.emplace_back(node_.chain.RecordIdOf(spec), records.empty() ? 1'000'000 : 1);
    }
    below = records;
  }
  MustRun("ada", operations, {"bob"});
  v1::PreviewSplitRequest request;
  request.mutable_asset()->set_id(AsString(below.front().first));
  request.set_currency("USD");
  request.set_amount_minor(1'000'000'000);
  request.set_paths_max(100);
  v1::SplitExplanation split;
  const grpc::Status status = Call(&v1::LedgerService::Stub::PreviewSplit, request, &split);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ExpectAddsUp(split);
  ASSERT_EQ(split.recipients_size(), 2);
  EXPECT_EQ(split.recipients(1).lines_size(), 100);
  EXPECT_GT(split.recipients(0).lines(0).paths_size(), 0);
  EXPECT_EQ(split.recipients(1).lines(99).paths_size(), 0);
}

TEST_F(ServiceTest, RevenueSettlesIntoBalancesStatementsAndCredits) {
  MakeLineage();
  MustRun("reporter", {node_.chain.Revenue(model_, 1'000'000, "invoice-1")});
  v1::ExplainRevenueRequest explain;
  explain.mutable_reporter()->set_handle("reporter");
  explain.set_reference("invoice-1");
  v1::ExplainRevenueResponse event;
  ASSERT_TRUE(Call(&v1::LedgerService::Stub::ExplainRevenue, explain, &event).ok());
  EXPECT_EQ(event.state(), v1::REVENUE_STATE_PENDING);
  Settle();
  ASSERT_TRUE(Call(&v1::LedgerService::Stub::ExplainRevenue, explain, &event).ok());
  EXPECT_EQ(event.state(), v1::REVENUE_STATE_SETTLED);

  v1::GetBalanceRequest balance_request;
  balance_request.mutable_account()->set_handle("ada");
  balance_request.set_currency("USD");
  v1::GetBalanceResponse balance;
  ASSERT_TRUE(Call(&v1::LedgerService::Stub::GetBalance, balance_request, &balance).ok());
  EXPECT_EQ(balance.balances(0).available().minor(), "495000");  // 99 % of half

  v1::GetStatementRequest statement_request;
  statement_request.mutable_account()->set_handle("ada");
  v1::GetStatementResponse statement;
  ASSERT_TRUE(Call(&v1::LedgerService::Stub::GetStatement, statement_request, &statement).ok());
  ASSERT_EQ(statement.lines_size(), 1);
  EXPECT_EQ(statement.lines(0).amount().minor(), "495000");
  EXPECT_EQ(statement.lines(0).record(), AsString(data_));

  v1::ExplainBalanceRequest source_request;
  source_request.mutable_account()->set_handle("ada");
  source_request.set_currency("USD");
  v1::ExplainBalanceResponse source;
  ASSERT_TRUE(Call(&v1::LedgerService::Stub::ExplainBalance, source_request, &source).ok());
  ASSERT_EQ(source.records_size(), 1);
  EXPECT_EQ(source.records(0).amount().atoms(), source.balance().credited().atoms());
  ASSERT_EQ(source.records(0).assets_size(), 1);
  EXPECT_EQ(source.records(0).assets(0).record(), AsString(model_));

  v1::StreamCreditsRequest credits_request;
  credits_request.mutable_account()->set_handle("ada");
  grpc::ClientContext context;
  auto reader = stub_->StreamCredits(&context, credits_request);
  v1::CreditBatch batch;
  ASSERT_TRUE(reader->Read(&batch));
  EXPECT_EQ(batch.total().minor(), "495000");
  EXPECT_FALSE(reader->Read(&batch));
  EXPECT_TRUE(reader->Finish().ok());

  v1::GetTrialBalanceResponse trial;
  ASSERT_TRUE(
      Call(&v1::LedgerService::Stub::GetTrialBalance, v1::GetTrialBalanceRequest(), &trial).ok());
  for (const auto& currency : trial.currencies()) EXPECT_TRUE(currency.balanced());
}

TEST_F(ServiceTest, AFollowedStreamGivesEachEntryOnceWithAProofOfIt) {
  grpc::ClientContext context;
  v1::StreamEntriesRequest request;
  request.set_follow(true);
  auto reader = stub_->StreamEntries(&context, request);
  v1::Entry entry;
  ASSERT_TRUE(reader->Read(&entry));
  EXPECT_EQ(entry.kind(), v1::ENTRY_KIND_GENESIS);
  ASSERT_TRUE(reader->Read(&entry));
  EXPECT_EQ(entry.kind(), v1::ENTRY_KIND_HEADER);
  MustRun("steward", {node_.chain.Register("ada")});
  ASSERT_TRUE(reader->Read(&entry));
  EXPECT_EQ(entry.index(), 2u);
  EXPECT_EQ(entry.kind(), v1::ENTRY_KIND_TRANSACTION);
  v1::GetInclusionProofRequest proof_request;
  proof_request.set_index(2);
  v1::InclusionProof proof;
  ASSERT_TRUE(Call(&v1::LedgerService::Stub::GetInclusionProof, proof_request, &proof).ok());
  std::vector<base::Hash> hashes;
  for (const std::string& hash : proof.hashes()) {
    hashes.push_back(base::Hash::From(base::AsBytes(hash)));
  }
  EXPECT_FALSE(merkle::VerifyInclusion(2, proof.tree_size(),
                                       base::Hash::From(base::AsBytes(entry.leaf_hash())), hashes,
                                       base::Hash::From(base::AsBytes(proof.root())))
                   .has_value());
  context.TryCancel();
  while (reader->Read(&entry)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(ServiceTest, AStreamOfTransactionsAnswersEachWithItsOwnNumber) {
  grpc::ClientContext context;
  auto stream = stub_->SubmitStream(&context);
  constexpr int kCount = 50;
  for (int i = 0; i < kCount; ++i) {
    v1::SubmitStreamRequest request;
    request.set_client_id(static_cast<uint64_t>(i));
    request.set_signed_transaction(
        i % 10 == 9 ? std::string("rubbish")
                    : node_.chain.Sign("steward", {node_.chain.Register("a" + std::to_string(i))}));
    ASSERT_TRUE(stream->Write(request));
  }
  stream->WritesDone();
  std::set<uint64_t> committed, refused;
  v1::SubmitStreamResponse response;
  while (stream->Read(&response)) {
    if (response.has_refused()) refused.insert(response.client_id());
    if (response.status().has_committed()) committed.insert(response.client_id());
  }
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(committed.size(), 45u);
  EXPECT_EQ(refused, (std::set<uint64_t>{9, 19, 29, 39, 49}));
}

TEST_F(ServiceTest, AStreamIsNotReadFromWhileItsAnswersAreNotTaken) {
  // Far more than may be unanswered and than the connection itself holds on its way.
  constexpr int kRequests = 40'000;
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 64 << 10);
  const auto stub = v1::LedgerService::NewStub(
      grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(server_->port()),
                                grpc::InsecureChannelCredentials(), arguments));
  grpc::ClientContext context;
  const auto stream = stub->SubmitStream(&context);
  std::atomic<int> sent{0};
  std::thread writer([&] {
    v1::SubmitStreamRequest request;
    request.set_signed_transaction(std::string(1'000, 'x'));
    for (; sent < kRequests; ++sent) {
      request.set_client_id(static_cast<uint64_t>(sent));
      if (!stream->Write(request)) return;
    }
    stream->WritesDone();
  });
  int before = -1;
  while (sent != before) {
    before = sent;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  EXPECT_LT(before, kRequests);
  // Once they are taken all the rest is answered, each once.
  v1::SubmitStreamResponse response;
  int answered = 0;
  for (; stream->Read(&response); ++answered) {
    EXPECT_EQ(response.client_id(), static_cast<uint64_t>(answered));
    EXPECT_TRUE(response.has_refused());
  }
  writer.join();
  EXPECT_EQ(answered, kRequests);
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(ServiceTest, StatusAndBlocksTellTheSameStory) {
  MakeLineage();
  v1::NodeStatus status;
  ASSERT_TRUE(Call(&v1::LedgerService::Stub::GetStatus, v1::GetStatusRequest(), &status).ok());
  EXPECT_EQ(status.mode(), v1::NODE_MODE_SERVING);
  EXPECT_EQ(status.records(), 2u);
  v1::GetBlockRequest request;
  request.set_latest(true);
  v1::Block block;
  ASSERT_TRUE(Call(&v1::LedgerService::Stub::GetBlock, request, &block).ok());
  EXPECT_EQ(block.height(), status.height());
  EXPECT_EQ(block.header_hash(), status.header_hash());
  EXPECT_EQ(block.transaction_ids_size(), 1);
  request.set_height(0);
  EXPECT_EQ(Call(&v1::LedgerService::Stub::GetBlock, request, &block).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(ServiceTest, VersionsOfARecordAreListedNewestFirst) {
  MakeLineage();
  codec::AmendRecord amendment;
  amendment.record = model_;
  amendment.effective_epoch = base::Epoch(1'000'000);
  amendment.parents = {{data_, codec::Relation::kDerivedFrom, 1, std::nullopt}};
  amendment.pass_through_ppb = base::Ppb(600'000'000);
  amendment.authors = {{node_.chain.IdOf("bob"), base::Ppb(1'000'000'000)}};
  MustRun("bob", {amendment});
  MustRun("bob", {codec::WithdrawAmendment{model_, amendment.effective_epoch}});
  amendment.pass_through_ppb = base::Ppb(700'000'000);
  MustRun("bob", {amendment});
  v1::ListVersionsRequest request;
  request.mutable_record()->set_id(AsString(model_));
  request.set_page_size(2);
  v1::ListVersionsResponse first, second;
  ASSERT_TRUE(Call(&v1::LedgerService::Stub::ListVersions, request, &first).ok());
  ASSERT_EQ(first.versions_size(), 2);
  EXPECT_EQ(first.versions(0).number(), 2u);
  EXPECT_EQ(first.versions(0).kept_ppb(), 300'000'000u);
  EXPECT_FALSE(first.versions(0).in_force());
  EXPECT_FALSE(first.versions(0).withdrawn());
  EXPECT_TRUE(first.versions(1).withdrawn());
  EXPECT_GT(first.versions(1).withdrawn_at().entry(), first.versions(1).position().entry());
  request.set_page_token(first.next_page_token());
  ASSERT_TRUE(Call(&v1::LedgerService::Stub::ListVersions, request, &second).ok());
  ASSERT_EQ(second.versions_size(), 1);
  EXPECT_EQ(second.versions(0).number(), 0u);
  EXPECT_TRUE(second.versions(0).in_force());
  EXPECT_EQ(second.versions(0).parents(0).share_ppb(), 500'000'000u);
  EXPECT_EQ(second.versions(0).authors(0).handle(), "bob");
  EXPECT_TRUE(second.next_page_token().empty());
  v1::RecordView record;
  v1::GetRecordRequest get;
  get.mutable_record()->set_id(AsString(model_));
  ASSERT_TRUE(Call(&v1::LedgerService::Stub::GetRecord, get, &record).ok());
  EXPECT_TRUE(record.amended());
  request.set_page_token("v99999");
  EXPECT_EQ(Call(&v1::LedgerService::Stub::ListVersions, request, &second).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace tributary::api
