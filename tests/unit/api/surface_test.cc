// What clients meet at the edges: a full queue, waiting, pages, streams.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <future>
#include <set>
#include <thread>

#include "crypto/hash.h"
#include "tributary/merkle/verify.h"
#include "unit/api/service_fixture.h"
#include "unit/node/test_disk.h"

namespace tributary::api {
namespace {

using testing::RecordSpec;
using testing::TestDisk;
using Stub = v1::LedgerService::Stub;
using Milliseconds = std::chrono::milliseconds;
using grpc::StatusCode;

std::string ReasonOf(const grpc::Status& status) {
  return DetailOf<google::rpc::ErrorInfo>(status).reason();
}
std::string FieldOf(const grpc::Status& status) {
  const auto bad = DetailOf<google::rpc::BadRequest>(status);
  return bad.field_violations_size() == 0 ? "" : bad.field_violations(0).field();
}
uint64_t RetryMsOf(const grpc::Status& status) {
  const auto delay = DetailOf<google::rpc::RetryInfo>(status).retry_delay();
  return static_cast<uint64_t>(delay.seconds() * 1'000 + delay.nanos() / 1'000'000);
}

// ---- While a block is being synced

class HeldTest : public ServiceTest {
 protected:
  explicit HeldTest(std::shared_ptr<TestDisk> disk = std::make_shared<TestDisk>())
      : ServiceTest({}, Options(disk)), disk_(std::move(disk)) {}
  ~HeldTest() override { disk_->sync_gate.Open(); }

  static node::LedgerOptions Options(const std::shared_ptr<TestDisk>& disk) {
    node::LedgerOptions options;
    options.storage.file_system = disk;
    options.mempool.transactions_max = 2;
    return options;
  }
  std::string Registration(const std::string& handle) {
    return node_.chain.Sign("steward", {node_.chain.Register(handle)});
  }
  grpc::Status Accept(const std::string& bytes, v1::SubmitResponse* response) {
    v1::SubmitRequest request;
    request.set_signed_transaction(bytes);
    request.set_wait(v1::WAIT_FOR_ACCEPTED);
    return Call(&Stub::Submit, request, response);
  }
  // The block of the first one waits for the disk; returns its id.
  std::string HoldABlock() {
    disk_->sync_gate.Close();
    v1::SubmitResponse response;
    EXPECT_TRUE(Accept(Registration("first"), &response).ok());
    EXPECT_TRUE(disk_->sync_gate.WaitForSomebody());
    return response.transaction_id();
  }
  v1::TransactionStatus Wait(const std::string& id, uint32_t timeout_ms,
                             uint64_t valid_until_ms = 0) {
    v1::WaitTransactionRequest request;
    request.set_id(id);
    request.set_timeout_ms(timeout_ms);
    request.set_valid_until_ms(valid_until_ms);
    v1::TransactionStatus status;
    const grpc::Status answer = Call(&Stub::WaitTransaction, request, &status);
    EXPECT_TRUE(answer.ok()) << answer.error_message();
    return status;
  }

  const std::shared_ptr<TestDisk> disk_;
};

TEST_F(HeldTest, AFullQueueIsResourceExhaustedWithRetryInfo) {
  HoldABlock();
  v1::SubmitResponse response;
  EXPECT_TRUE(Accept(Registration("a"), &response).ok());
  EXPECT_TRUE(Accept(Registration("b"), &response).ok());
  const std::string beyond = Registration("beyond");
  const grpc::Status full = Accept(beyond, &response);
  EXPECT_EQ(full.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(full), "Overloaded");
  EXPECT_GT(RetryMsOf(full), 0u);
  disk_->sync_gate.Open();
  std::this_thread::sleep_for(Milliseconds(RetryMsOf(full)));
  EXPECT_TRUE(Submit(beyond, &response).ok());
}

TEST_F(HeldTest, ASubmitThatRunsOutOfTimeIsPendingAndNamesItsTransaction) {
  HoldABlock();
  v1::SubmitRequest request;
  request.set_signed_transaction(Registration("slow"));
  request.set_timeout_ms(50);
  v1::SubmitResponse response;
  ASSERT_TRUE(Call(&Stub::Submit, request, &response).ok());
  EXPECT_TRUE(response.status().has_pending());
  ASSERT_EQ(response.transaction_id().size(), 32u);
  EXPECT_EQ(response.status().id(), response.transaction_id());
  disk_->sync_gate.Open();
  EXPECT_TRUE(Wait(response.transaction_id(), 10'000).has_committed());
}

TEST_F(HeldTest, WaitingTellsPendingThenCommittedWhere) {
  const std::string id = HoldABlock();
  const v1::TransactionStatus pending = Wait(id, 50);
  EXPECT_TRUE(pending.has_pending());
  EXPECT_EQ(pending.id(), id);
  auto waiting = std::async(std::launch::async, [this, &id] { return Wait(id, 20'000); });
  EXPECT_EQ(waiting.wait_for(Milliseconds(50)), std::future_status::timeout);
  disk_->sync_gate.Open();
  const v1::TransactionStatus status = waiting.get();
  ASSERT_TRUE(status.has_committed());
  EXPECT_EQ(status.id(), id);
  EXPECT_EQ(status.committed().position().entry(), 2u);
  EXPECT_EQ(status.committed().position().height(), 2u);
  EXPECT_EQ(status.committed().position().time_ms(),
            node_.ledger->view()->header().time_ms.value());
  const v1::TransactionStatus again = Wait(id, 20'000);
  EXPECT_EQ(again.committed().position().entry(), 2u) << "decided already";
}

TEST_F(HeldTest, WaitingTellsRefusedAndWhy) {
  HoldABlock();
  v1::SubmitResponse response;
  ASSERT_TRUE(Accept(node_.chain.Sign("reporter", {node_.chain.Register("x")}), &response).ok());
  const std::string id = response.transaction_id();
  auto waiting = std::async(std::launch::async, [this, &id] { return Wait(id, 20'000); });
  EXPECT_EQ(waiting.wait_for(Milliseconds(50)), std::future_status::timeout);
  disk_->sync_gate.Open();
  for (const v1::TransactionStatus& status : {waiting.get(), Wait(id, 20'000)}) {
    ASSERT_TRUE(status.has_refused());
    EXPECT_EQ(status.id(), id);
    EXPECT_EQ(status.refused().refusal().name(), "MissingRole");
    EXPECT_FALSE(status.refused().refusal().advice().empty());
    EXPECT_GE(status.refused().at_height(), 1u);
  }
}

TEST_F(HeldTest, WaitingTellsExpiredFromUnknown) {
  const std::string id(32, 'x');
  const uint64_t now_ms = node_.ledger->view()->header().time_ms.value();
  EXPECT_TRUE(Wait(id, 10).has_unknown());
  EXPECT_TRUE(Wait(id, 10, now_ms + 1).has_unknown());
  EXPECT_TRUE(Wait(id, 10, now_ms).has_expired());
  v1::WaitTransactionRequest request;
  request.set_id("short");
  v1::TransactionStatus status;
  EXPECT_EQ(FieldOf(Call(&Stub::WaitTransaction, request, &status)), "id");
}

// ---- Pages

// ada: two data sets; bob: a model of both, and one tuned from it, which earns in two currencies.
class ListTest : public ServiceTest {
 protected:
  void SetUp() override {
    auto& chain = node_.chain;
    MustRun("steward", {chain.Register("ada"), chain.Register("bob")});
    RecordSpec first{"first", {{"ada", base::kPpbOne}}, {}, 0, codec::RecordKind::kDataset};
    RecordSpec second{"second", {{"ada", base::kPpbOne}}, {}, 0, codec::RecordKind::kDataset};
    MustRun("ada", {chain.Submit(first), chain.Submit(second)});
    first_ = chain.RecordIdOf(first);
    RecordSpec model{"model",
                     {{"bob", base::kPpbOne}},
                     {{first_, 1}, {chain.RecordIdOf(second), 1}},
                     500'000'000};
    const base::RecordId model_id = chain.RecordIdOf(model);
    RecordSpec tuned{"tuned", {{"bob", base::kPpbOne}}, {{model_id, 1}}, 500'000'000};
    MustRun("bob", {chain.Submit(model), chain.Submit(tuned)});
    tuned_ = chain.RecordIdOf(tuned);
    MustRun("reporter", {chain.Revenue(tuned_, 1'000'000, "usd"),
                         chain.Revenue(tuned_, 1'000'000, "eur", "EUR")});
    Settle();
    MustRun("treasurer", {chain.Funding("reporter", 400'000, "bank"),
                          chain.Funding("reporter", 900'000, "eu", "EUR")});
    for (int i = 0; i < 3; ++i) MustRun("bob", {chain.Payout(10'000)});
    MustRun("treasurer", {codec::ConfirmPayout{base::PayoutIndex(0), "wire"},
                          codec::FailPayout{base::PayoutIndex(2), "returned"}});
  }

  // Pages of one element each, to the end; then what is wrong with tokens.
  template <class Request, class Response>
  void CheckPages(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                  int (Response::*size)() const, Request request,
                  const std::function<void(Request*)>& change_filter) {
    SCOPED_TRACE(Request::descriptor()->name());
    Response whole;
    request.set_page_size(UINT32_MAX);
    ASSERT_TRUE(Call(method, request, &whole).ok());
    ASSERT_GE((whole.*size)(), 2);
    EXPECT_TRUE(whole.next_page_token().empty());
    request.set_page_size(1);
    int seen = 0;
    std::string first_token;
    do {
      Response page;
      ASSERT_TRUE(Call(method, request, &page).ok());
      ASSERT_LE((page.*size)(), 1);
      seen += (page.*size)();
      request.set_page_token(page.next_page_token());
      if (first_token.empty()) first_token = page.next_page_token();
    } while (!request.page_token().empty());
    EXPECT_EQ(seen, (whole.*size)());
    ASSERT_FALSE(first_token.empty());
    Request other = request;
    change_filter(&other);
    other.set_page_token(first_token);
    Response ignored;
    ExpectBadToken(Call(method, other, &ignored), "another filter");
    for (const std::string& token : {std::string("?"), first_token + ".1", "z" + first_token,
                                     std::string(100'000, '1'), first_token.substr(0, 2)}) {
      request.set_page_token(token);
      ExpectBadToken(Call(method, request, &ignored), token.substr(0, 40));
    }
    for (const std::string& token : foreign_) {
      request.set_page_token(token);
      ExpectBadToken(Call(method, request, &ignored), "of another method");
    }
    foreign_.insert(first_token);
  }
  static void ExpectBadToken(const grpc::Status& status, const std::string& what) {
    EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT) << what;
    EXPECT_EQ(FieldOf(status), "page_token") << what;
  }

  std::set<std::string> foreign_;  // tokens of the methods so far
  base::RecordId first_, tuned_;
};

TEST_F(ListTest, EveryListIsPagedToItsEndAndRefusesTokensThatAreNotItsOwn) {
  CheckPages<v1::ListRecordsRequest, v1::ListRecordsResponse>(
      &Stub::ListRecords, &v1::ListRecordsResponse::records_size, {},
      [](auto* q) { q->set_kind(v1::RECORD_KIND_MODEL); });
  v1::ListRecordsRequest by_author;
  by_author.mutable_author()->set_handle("ada");
  CheckPages<v1::ListRecordsRequest, v1::ListRecordsResponse>(
      &Stub::ListRecords, &v1::ListRecordsResponse::records_size, by_author,
      [](auto* q) { q->mutable_author()->set_handle("bob"); });
  CheckPages<v1::ListAccountsRequest, v1::ListAccountsResponse>(
      &Stub::ListAccounts, &v1::ListAccountsResponse::accounts_size, {},
      [](auto* q) { q->set_role(v1::ROLE_ADMIN); });
  v1::ListLineageRequest up, down;
  up.mutable_record()->set_id(AsString(tuned_));
  down.mutable_record()->set_id(AsString(first_));
  const auto at_epoch = [](auto* q) { q->set_epoch(0); };
  CheckPages<v1::ListLineageRequest, v1::ListLineageResponse>(
      &Stub::ListAncestors, &v1::ListLineageResponse::nodes_size, up, at_epoch);
  CheckPages<v1::ListLineageRequest, v1::ListLineageResponse>(
      &Stub::ListDescendants, &v1::ListLineageResponse::nodes_size, down, at_epoch);
  v1::GetStatementRequest statement;
  statement.mutable_account()->set_handle("bob");
  CheckPages<v1::GetStatementRequest, v1::GetStatementResponse>(
      &Stub::GetStatement, &v1::GetStatementResponse::lines_size, statement,
      [](auto* q) { q->set_currency("USD"); });
  v1::ExplainBalanceRequest explain;
  explain.mutable_account()->set_handle("ada");
  explain.set_currency("USD");
  CheckPages<v1::ExplainBalanceRequest, v1::ExplainBalanceResponse>(
      &Stub::ExplainBalance, &v1::ExplainBalanceResponse::records_size, explain,
      [](auto* q) { q->set_currency("EUR"); });
  CheckPages<v1::ListPayoutsRequest, v1::ListPayoutsResponse>(
      &Stub::ListPayouts, &v1::ListPayoutsResponse::payouts_size, {},
      [](auto* q) { q->set_state(v1::PAYOUT_STATE_PAID); });
  CheckPages<v1::ListReceivablesRequest, v1::ListReceivablesResponse>(
      &Stub::ListReceivables, &v1::ListReceivablesResponse::receivables_size, {},
      [](auto* q) { q->set_currency("USD"); });
}

TEST_F(ListTest, APageIsNeverLargerThanTheLimitWhateverIsAsked) {
  for (int n = 0; n < 1'000;) {
    std::vector<codec::Operation> operations;
    for (int i = 0; i < 250; ++i) {
      operations.push_back(node_.chain.Register("many" + std::to_string(n++)));
    }
    MustRun("steward", operations);
  }
  for (const uint32_t asked : {1'000u, 1'001u, UINT32_MAX}) {
    v1::ListAccountsRequest request;
    request.set_page_size(asked);
    v1::ListAccountsResponse page;
    ASSERT_TRUE(Call(&Stub::ListAccounts, request, &page).ok());
    EXPECT_EQ(page.accounts_size(), 1'000) << asked;
    EXPECT_FALSE(page.next_page_token().empty());
  }
  v1::ListAccountsResponse page;
  ASSERT_TRUE(Call(&Stub::ListAccounts, v1::ListAccountsRequest(), &page).ok());
  EXPECT_EQ(page.accounts_size(), 100);
}

TEST_F(ListTest, ALineageOfManyAuthorsIsCutByBytes) {
  auto& chain = node_.chain;
  std::vector<codec::Operation> operations;
  std::vector<std::pair<std::string, uint32_t>> authors;
  for (int i = 0; i < 64; ++i) {
    const std::string handle = std::string(60, 'h') + std::to_string(100 + i);
    operations.push_back(chain.Register(handle, "steward", true));
    authors.emplace_back(handle, i == 0 ? 1'000'000'000 - 63 : 1);
  }
  MustRun("steward", operations);
  constexpr int kChildren = 480;
  for (int n = 0; n < kChildren;) {
    operations.clear();
    for (int i = 0; i < 16; ++i, ++n) {
      RecordSpec spec{"child" + std::to_string(n), authors, {{first_, 1}}, 1'000};
      spec.custodial = true;
      operations.push_back(chain.Submit(spec));
    }
    MustRun("steward", operations);
  }
  v1::ListLineageRequest request;
  request.mutable_record()->set_id(AsString(first_));
  request.set_page_size(1'000);
  int seen = 0;
  do {
    v1::ListLineageResponse page;
    const grpc::Status status = Call(&Stub::ListDescendants, request, &page);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_LT(page.ByteSizeLong(), 3'300'000u);
    EXPECT_LT(page.nodes_size(), kChildren);
    seen += page.nodes_size();
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen, kChildren + 2);
}

TEST_F(ListTest, ReceivablesSayWhatEachReporterOwes) {
  v1::ListReceivablesRequest request;
  v1::ListReceivablesResponse all;
  ASSERT_TRUE(Call(&Stub::ListReceivables, request, &all).ok());
  ASSERT_EQ(all.receivables_size(), 2);
  request.set_currency("USD");
  ASSERT_TRUE(Call(&Stub::ListReceivables, request, &all).ok());
  ASSERT_EQ(all.receivables_size(), 1);
  const v1::Receivable& usd = all.receivables(0);
  EXPECT_EQ(usd.handle(), "reporter");
  EXPECT_EQ(usd.reported().minor(), "1000000");
  EXPECT_EQ(usd.confirmed().minor(), "400000");
  EXPECT_EQ(usd.outstanding().minor(), "600000");
  request.mutable_reporter()->set_handle("admin");
  ASSERT_TRUE(Call(&Stub::ListReceivables, request, &all).ok());
  EXPECT_EQ(all.receivables_size(), 0);
  request.set_currency("XYZ");
  EXPECT_EQ(Call(&Stub::ListReceivables, request, &all).error_code(), StatusCode::NOT_FOUND);
}

TEST_F(ListTest, PayoutsAreListedByStateAccountAndCurrency) {
  const auto numbers = [this](v1::ListPayoutsRequest request) {
    v1::ListPayoutsResponse response;
    EXPECT_TRUE(Call(&Stub::ListPayouts, request, &response).ok());
    std::vector<uint64_t> out;
    for (const v1::Payout& payout : response.payouts()) out.push_back(payout.number());
    return out;
  };
  using Numbers = std::vector<uint64_t>;
  v1::ListPayoutsRequest request;
  EXPECT_EQ(numbers(request), (Numbers{2, 1, 0})) << "newest first";
  request.set_state(v1::PAYOUT_STATE_REQUESTED);
  EXPECT_EQ(numbers(request), (Numbers{1}));
  request.set_state(v1::PAYOUT_STATE_PAID);
  EXPECT_EQ(numbers(request), (Numbers{0}));
  v1::ListPayoutsResponse paid, failed;
  ASSERT_TRUE(Call(&Stub::ListPayouts, request, &paid).ok());
  EXPECT_EQ(paid.payouts(0).external_reference(), "wire");
  EXPECT_EQ(paid.payouts(0).amount_minor(), 10'000u);
  request.set_state(v1::PAYOUT_STATE_FAILED);
  ASSERT_TRUE(Call(&Stub::ListPayouts, request, &failed).ok());
  ASSERT_EQ(failed.payouts_size(), 1);
  EXPECT_EQ(failed.payouts(0).number(), 2u);
  EXPECT_EQ(failed.payouts(0).reason(), "returned");
  request.mutable_account()->set_handle("ada");
  EXPECT_EQ(numbers(request), Numbers{});
  v1::ListPayoutsRequest in_euro;
  in_euro.set_currency("EUR");
  EXPECT_EQ(numbers(in_euro), Numbers{});
  request.set_state(static_cast<v1::PayoutState>(9));
  EXPECT_EQ(FieldOf(Call(&Stub::ListPayouts, request, &failed)), "state");
}

TEST_F(ListTest, AConsistencyProofLeadsFromEachSizeToTheNewest) {
  const uint64_t size = node_.ledger->view()->log_size();
  for (uint64_t first = 1; first <= size; ++first) {
    v1::GetConsistencyProofRequest request;
    request.set_first_size(first);
    v1::ConsistencyProof proof;
    ASSERT_TRUE(Call(&Stub::GetConsistencyProof, request, &proof).ok());
    EXPECT_EQ(proof.second_size(), size);
    std::vector<base::Hash> hashes;
    for (const std::string& hash : proof.hashes()) {
      hashes.push_back(base::Hash::From(base::AsBytes(hash)));
    }
    const auto root = [](const std::string& bytes) {
      return base::Hash::From(base::AsBytes(bytes));
    };
    EXPECT_FALSE(merkle::VerifyConsistency(first, size, root(proof.first_root()),
                                           root(proof.second_root()), hashes)
                     .has_value());
    EXPECT_EQ(root(proof.second_root()), node_.ledger->view()->log_root());
    if (first < size) {
      EXPECT_TRUE(merkle::VerifyConsistency(first, size, root(proof.second_root()),
                                            root(proof.second_root()), hashes)
                      .has_value())
          << "of another log";
    }
  }
  v1::GetConsistencyProofRequest request;
  v1::ConsistencyProof proof;
  request.set_first_size(3);
  request.set_second_size(2);
  EXPECT_EQ(FieldOf(Call(&Stub::GetConsistencyProof, request, &proof)), "first_size");
  request.set_second_size(size + 1);
  EXPECT_EQ(FieldOf(Call(&Stub::GetConsistencyProof, request, &proof)), "second_size");
}

// ---- Streams

TEST_F(ListTest, AStreamOfEntriesGoesOnWhereItBrokeOff) {
  std::vector<std::string> seen;
  const auto read = [this, &seen](uint64_t first, size_t count_max) {
    grpc::ClientContext context;
    v1::StreamEntriesRequest request;
    request.set_first(first);
    const auto reader = stub_->StreamEntries(&context, request);
    v1::Entry entry;
    while (count_max-- > 0 && reader->Read(&entry)) {
      EXPECT_EQ(entry.index(), seen.size());
      seen.push_back(entry.data());
    }
    context.TryCancel();
    reader->Finish();
  };
  const uint64_t size = node_.ledger->view()->log_size();
  while (seen.size() < size) read(seen.size(), 3);
  v1::ListEntriesRequest request;
  request.set_page_size(1'000);
  v1::ListEntriesResponse all;
  ASSERT_TRUE(Call(&Stub::ListEntries, request, &all).ok());
  ASSERT_EQ(static_cast<size_t>(all.entries_size()), seen.size());
  for (size_t i = 0; i < seen.size(); ++i) {
    EXPECT_EQ(all.entries(static_cast<int>(i)).data(), seen[i]);
  }
  read(size, 1);
  EXPECT_EQ(seen.size(), size) << "nothing is after the end";
  grpc::ClientContext context;
  v1::StreamEntriesRequest beyond;
  beyond.set_first(size + 1);
  const auto reader = stub_->StreamEntries(&context, beyond);
  v1::Entry entry;
  EXPECT_FALSE(reader->Read(&entry));
  EXPECT_EQ(FieldOf(reader->Finish()), "first");
}

class StreamTest : public ServiceTest {
 protected:
  StreamTest() : ServiceTest({}, {}, {2, 1}) {}
};

TEST_F(StreamTest, CreditsAreFoundBehindSettlementsWithoutAnyOneAtATime) {
  MakeLineage();
  auto& chain = node_.chain;
  const RecordSpec own{"own", {{"bob", base::kPpbOne}}, {}, 0};
  MustRun("bob", {chain.Submit(own)});
  const auto earn = [this, &chain](const base::RecordId& asset, const std::string& reference) {
    MustRun("reporter", {chain.Revenue(asset, 1'000, reference)});
    Settle();
  };
  earn(chain.RecordIdOf(own), "one");  // ada has no part in it
  earn(chain.RecordIdOf(own), "two");
  earn(model_, "three");
  earn(chain.RecordIdOf(own), "four");
  earn(model_, "five");
  v1::StreamCreditsRequest request;
  request.mutable_account()->set_handle("ada");
  const auto settlements = [this](const v1::StreamCreditsRequest& asked) {
    grpc::ClientContext context;
    const auto reader = stub_->StreamCredits(&context, asked);
    std::vector<uint64_t> out;
    v1::CreditBatch batch;
    while (reader->Read(&batch)) out.push_back(batch.settlement());
    EXPECT_TRUE(reader->Finish().ok());
    return out;
  };
  EXPECT_EQ(settlements(request), (std::vector<uint64_t>{2, 4}));
  request.set_first_settlement(3);
  EXPECT_EQ(settlements(request), (std::vector<uint64_t>{4})) << "resumed";
  request.set_first_settlement(99);
  EXPECT_EQ(settlements(request), std::vector<uint64_t>{});
  request.set_first_settlement(3);
  request.set_follow(true);
  grpc::ClientContext context;
  const auto reader = stub_->StreamCredits(&context, request);
  v1::CreditBatch batch;
  ASSERT_TRUE(reader->Read(&batch));
  EXPECT_EQ(batch.settlement(), 4u);
  earn(chain.RecordIdOf(own), "six");
  earn(model_, "seven");
  ASSERT_TRUE(reader->Read(&batch));
  EXPECT_EQ(batch.settlement(), 6u);
  context.TryCancel();
  reader->Finish();
}

TEST_F(StreamTest, NoMoreStreamsReadThanMayAndThePlaceOfOneThatEndsIsFree) {
  v1::StreamEntriesRequest request;
  request.set_follow(true);
  v1::Entry entry;
  grpc::ClientContext contexts[2];
  std::unique_ptr<grpc::ClientReader<v1::Entry>> readers[2];
  for (int i = 0; i < 2; ++i) {
    readers[i] = stub_->StreamEntries(&contexts[i], request);
    ASSERT_TRUE(readers[i]->Read(&entry));
  }
  const auto third = [this, &entry](const v1::StreamEntriesRequest& asked) {
    grpc::ClientContext context;
    const auto reader = stub_->StreamEntries(&context, asked);
    while (reader->Read(&entry)) {
    }
    return reader->Finish();
  };
  request.set_follow(false);
  const grpc::Status full = third(request);
  EXPECT_EQ(full.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(full), "Overloaded");
  EXPECT_GT(RetryMsOf(full), 0u);
  contexts[0].TryCancel();
  while (readers[0]->Read(&entry)) {
  }
  readers[0]->Finish();
  grpc::Status free = full;
  for (int i = 0; i < 1'000 && !free.ok(); ++i) {
    std::this_thread::sleep_for(Milliseconds(10));
    free = third(request);
  }
  EXPECT_TRUE(free.ok()) << free.error_message();
  contexts[1].TryCancel();
  while (readers[1]->Read(&entry)) {
  }
  readers[1]->Finish();
}

}  // namespace
}  // namespace tributary::api
