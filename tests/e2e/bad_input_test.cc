// What the real daemon refuses, through its public surface, and that nothing has changed after it.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "e2e/node_process.h"
#include "tributary/base/status.h"
#include "tributary/client/client.h"
#include "tributary/client/error.h"
#include "tributary/client/record.h"
#include "tributary/client/transaction.h"

namespace tributary::e2e {
namespace {

constexpr char kCurrency[] = "USD";

struct Person {
  std::unique_ptr<client::Signer> key;
  base::AccountId id;
  client::AccountSigner signer() const { return {id, key.get()}; }
};

// One node for all tests of the file: starting it is what takes time.
class BadInputTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    node_ = new NodeProcess(TRIBUTARYD_PATH, {"--epoch-ms", "1000"});
    node_->Start();
    client_ = node_->Connect().release();
    for (const char* role : {"steward", "reporter", "treasurer"}) {
      Person& person = (*people_)[role];
      auto key = client::LoadSigner(node_->KeyFile(role));
      ASSERT_TRUE(key.ok());
      person.key = std::move(*key);
      const auto id = client_->AccountOf(*person.key);
      ASSERT_TRUE(id.ok()) << client::Readable(id.status());
      person.id = *id;
    }
    asset_ = new base::RecordId(Commit("steward", Record("x:asset")).Id());
  }
  static void TearDownTestSuite() {
    EXPECT_EQ(node_->Stop(), 0);
    delete asset_;
    delete client_;
    delete node_;
  }

  void SetUp() override { before_ = Status(); }
  // A refused transaction leaves no trace.
  void TearDown() override {
    const v1::NodeStatus after = Status();
    EXPECT_EQ(after.records(), before_.records());
    EXPECT_EQ(after.accounts(), before_.accounts());
    EXPECT_EQ(after.payouts(), before_.payouts());
    EXPECT_EQ(after.live_transaction_ids(), before_.live_transaction_ids());
    if (after.height() == before_.height()) {
      EXPECT_EQ(after.state_root(), before_.state_root());
    }
  }

  static v1::NodeStatus Status() {
    auto status = client_->GetStatus();
    EXPECT_TRUE(status.ok()) << client::Readable(status.status());
    return status.ok() ? *status : v1::NodeStatus();
  }
  static const Person& Who(const std::string& role) { return people_->at(role); }

  static client::RecordBuilder Record(const std::string& external_id) {
    client::RecordBuilder record(v1::RECORD_KIND_MODEL);
    record.Author(Who("steward").id, base::Ppb(base::kPpbOne)).ExternalId(external_id);
    return record;
  }
  static client::RecordBuilder Commit(const std::string& role,
                                      const client::RecordBuilder& record) {
    const auto outcome = Send(role, record.Submit());
    EXPECT_TRUE(outcome.ok()) << client::Readable(outcome.status());
    return record;
  }
  static v1::Operation Revenue(const std::string& reference, uint64_t minor = 100) {
    v1::Operation operation;
    v1::ReportRevenue* report = operation.mutable_report_revenue();
    report->set_asset(client::ToField(*asset_));
    report->set_currency(kCurrency);
    report->set_amount_minor(minor);
    report->set_occurred_at_ms(Status().node_time_ms());
    report->set_reference(reference);
    return operation;
  }

  // A transaction whose body the caller may change before it is signed, without our own checks.
  static v1::TransactionBody Body(const std::string& role, const v1::Operation& operation) {
    const v1::NodeStatus status = Status();
    v1::TransactionBody body;
    body.set_chain_id(status.chain_id());
    body.set_sender(client::ToField(Who(role).id));
    body.set_valid_until_ms(client::GoodValidUntil(status).value());
    body.set_nonce(std::string(15, 'n') + static_cast<char>(++nonce_));
    *body.add_operations() = operation;
    return body;
  }
  static std::string Signed(const std::string& body, const std::vector<std::string>& roles) {
    v1::SignedTransaction transaction;
    transaction.set_body(body);
    std::string message("tributary/v1/transaction", 25);  // with the zero byte
    message += body;
    for (const std::string& role : roles) {
      const auto bytes = Who(role).key->Sign(base::AsBytes(message)).bytes;
      v1::Signature* signature = transaction.add_signatures();
      signature->set_account(client::ToField(Who(role).id));
      signature->set_signature(std::string(bytes.begin(), bytes.end()));
    }
    return transaction.SerializeAsString();
  }
  static absl::StatusOr<v1::SubmitResponse> SendBytes(const std::string& bytes) {
    v1::SubmitRequest request;
    request.set_signed_transaction(bytes);
    request.set_timeout_ms(10'000);
    return client_->SubmitOnce(request);
  }
  static absl::StatusOr<v1::SubmitResponse> Send(const std::string& role,
                                                 const v1::Operation& operation) {
    return SendBytes(Signed(Body(role, operation).SerializeAsString(), {role}));
  }

  static void ExpectRefused(const absl::StatusOr<v1::SubmitResponse>& outcome,
                            base::RejectionCode code, const std::string& field = {}) {
    ASSERT_FALSE(outcome.ok()) << "accepted; expected " << base::Describe(code).name;
    const auto refusal = client::RefusalOf(outcome.status());
    ASSERT_TRUE(refusal.has_value()) << client::Readable(outcome.status());
    EXPECT_EQ(refusal->number(), static_cast<uint32_t>(code)) << client::Readable(outcome.status());
    EXPECT_FALSE(refusal->advice().empty());
    if (!field.empty()) {
      EXPECT_EQ(refusal->field(), field);
    }
  }

  static NodeProcess* node_;
  static client::Client* client_;
  static std::map<std::string, Person>* people_;
  static base::RecordId* asset_;
  static int nonce_;
  v1::NodeStatus before_;
};

NodeProcess* BadInputTest::node_ = nullptr;
client::Client* BadInputTest::client_ = nullptr;
std::map<std::string, Person>* BadInputTest::people_ = new std::map<std::string, Person>();
base::RecordId* BadInputTest::asset_ = nullptr;
int BadInputTest::nonce_ = 0;

using base::RejectionCode;

TEST_F(BadInputTest, WrongChain) {
  v1::TransactionBody body = Body("steward", Record("x:1").Submit());
  body.set_chain_id("another.chain");
  ExpectRefused(SendBytes(Signed(body.SerializeAsString(), {"steward"})),
                RejectionCode::kWrongChain);
}

TEST_F(BadInputTest, BadSignature) {
  std::string bytes =
      Signed(Body("steward", Record("x:1").Submit()).SerializeAsString(), {"steward"});
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  ExpectRefused(SendBytes(bytes), RejectionCode::kBadSignature);
}

TEST_F(BadInputTest, MissingAndUnneededSignatures) {
  const std::string body = Body("steward", Record("x:1").Submit()).SerializeAsString();
  ExpectRefused(SendBytes(Signed(body, {"reporter"})), RejectionCode::kMissingSignature);
  ExpectRefused(SendBytes(Signed(body, {"steward", "reporter"})),
                RejectionCode::kUnneededSignature);
  ExpectRefused(SendBytes(Signed(body, {"steward", "steward"})), RejectionCode::kUnneededSignature);
}

TEST_F(BadInputTest, UnknownSender) {
  v1::TransactionBody body = Body("steward", Record("x:1").Submit());
  body.set_sender(std::string(32, 'u'));
  ExpectRefused(SendBytes(Signed(body.SerializeAsString(), {"steward"})),
                RejectionCode::kUnknownSender);
}

TEST_F(BadInputTest, MissingRole) {
  ExpectRefused(Send("steward", Revenue("r")), RejectionCode::kMissingRole);
}

TEST_F(BadInputTest, ExpiredAndTooDistant) {
  v1::TransactionBody body = Body("steward", Record("x:1").Submit());
  body.set_valid_until_ms(Status().time_ms());
  ExpectRefused(SendBytes(Signed(body.SerializeAsString(), {"steward"})), RejectionCode::kExpired);
  body.set_valid_until_ms(Status().node_time_ms() + 60'000 +
                          Status().parameters().validity_window_ms());
  ExpectRefused(SendBytes(Signed(body.SerializeAsString(), {"steward"})),
                RejectionCode::kValidUntilTooFar);
}

TEST_F(BadInputTest, MalformedBytes) {
  const v1::TransactionBody body = Body("steward", Record("x:1").Submit());
  const std::string good = Signed(body.SerializeAsString(), {"steward"});
  EXPECT_EQ(client::ReasonOf(SendBytes("").status()), "BadRequest");
  for (const std::string& bytes :
       {std::string("nonsense"), good.substr(0, good.size() - 1), good + good}) {
    const auto outcome = SendBytes(bytes);
    ASSERT_FALSE(outcome.ok());
    const auto refusal = client::RefusalOf(outcome.status());
    ASSERT_TRUE(refusal.has_value()) << client::Readable(outcome.status());
    EXPECT_GE(refusal->number(), 100u);
    EXPECT_LT(refusal->number(), 200u);
  }
  ExpectRefused(SendBytes(good + std::string("\x1a\x00", 2)), RejectionCode::kWireUnknownField);
  // Field 15 of the body, which nobody knows, well signed.
  const std::string unknown = body.SerializeAsString() + std::string("\x78\x01", 2);
  ExpectRefused(SendBytes(Signed(unknown, {"steward"})), RejectionCode::kWireUnknownField);
}

TEST_F(BadInputTest, TooLarge) {
  ExpectRefused(SendBytes(std::string(65'536, '\x0a')), RejectionCode::kTransactionTooLarge);
}

TEST_F(BadInputTest, ParentsThatDoNotExistOrStandTwiceOrWeighNothing) {
  const base::RecordId nobody = client::RecordIdOf("nobody");
  client::RecordBuilder unknown = Record("x:1");
  unknown.Parent(nobody, v1::RELATION_MERGED_FROM).PassThrough(base::Ppb(1'000));
  ExpectRefused(Send("steward", unknown.Submit()), RejectionCode::kParentUnknown,
                "operations[0].submit_record.record.parents[0].record");
  client::RecordBuilder twice = Record("x:1");
  twice.Parent(*asset_, v1::RELATION_MERGED_FROM).Parent(*asset_, v1::RELATION_TRAINED_ON);
  twice.PassThrough(base::Ppb(1'000));
  ExpectRefused(Send("steward", twice.Submit()), RejectionCode::kParentTwice);
  client::RecordBuilder weightless = Record("x:1");
  weightless.Parent(*asset_, v1::RELATION_MERGED_FROM, 0).PassThrough(base::Ppb(1'000));
  const auto outcome = Send("steward", weightless.Submit());
  ASSERT_FALSE(outcome.ok());
  EXPECT_TRUE(client::RefusalOf(outcome.status()).has_value());
}

TEST_F(BadInputTest, SharesThatDoNotAddUp) {
  client::RecordBuilder orphan = Record("x:1");
  orphan.PassThrough(base::Ppb(1));
  ExpectRefused(Send("steward", orphan.Submit()), RejectionCode::kPassThroughWithoutParents);
  client::RecordBuilder less(v1::RECORD_KIND_MODEL);
  less.Author(Who("steward").id, base::Ppb(base::kPpbOne - 1)).ExternalId("x:1");
  ExpectRefused(Send("steward", less.Submit()), RejectionCode::kAuthorShares);
  client::RecordBuilder twice(v1::RECORD_KIND_MODEL);
  twice.Author(Who("steward").id, base::Ppb(base::kPpbOne / 2))
      .Author(Who("steward").id, base::Ppb(base::kPpbOne / 2))
      .ExternalId("x:1");
  ExpectRefused(Send("steward", twice.Submit()), RejectionCode::kAuthorTwice);
}

TEST_F(BadInputTest, ContentThatIsTaken) {
  ExpectRefused(Send("steward", Record("X:ASSET").Submit()), RejectionCode::kExternalIdTaken);
  ExpectRefused(Send("steward", Record("x:asset").Submit()), RejectionCode::kRecordExists);
}

TEST_F(BadInputTest, RevenueThatCannotBe) {
  v1::Operation operation = Revenue("r");
  operation.mutable_report_revenue()->set_asset(std::string(32, 'a'));
  ExpectRefused(Send("reporter", operation), RejectionCode::kAssetUnknown);
  operation = Revenue("r", 0);
  EXPECT_FALSE(Send("reporter", operation).ok());
  operation = Revenue("r", uint64_t{1} << 63);
  EXPECT_FALSE(Send("reporter", operation).ok());
  operation = Revenue("r");
  operation.mutable_report_revenue()->set_currency("XXX");
  ExpectRefused(Send("reporter", operation), RejectionCode::kCurrencyUnknown);
  operation = Revenue("r");
  operation.mutable_report_revenue()->set_occurred_at_ms(Status().node_time_ms() + 600'000);
  ExpectRefused(Send("reporter", operation), RejectionCode::kEventInFuture);
}

TEST_F(BadInputTest, MoneyThatIsNotThere) {
  v1::Operation operation;
  operation.mutable_request_payout()->set_currency(kCurrency);
  operation.mutable_request_payout()->set_amount_minor(1);
  ExpectRefused(Send("steward", operation), RejectionCode::kPayoutUnit);
  operation.mutable_request_payout()->set_amount_minor(1'000'000'000);
  ExpectRefused(Send("steward", operation), RejectionCode::kInsufficientBalance);
  v1::Operation confirm;
  confirm.mutable_confirm_payout()->set_payout(99);
  confirm.mutable_confirm_payout()->set_external_reference("w");
  ExpectRefused(Send("treasurer", confirm), RejectionCode::kPayoutUnknown);
}

TEST_F(BadInputTest, OneBadOperationRefusesTheWholeTransaction) {
  v1::TransactionBody body = Body("steward", Record("x:good").Submit());
  *body.add_operations() = Record("x:asset").Submit();
  ExpectRefused(SendBytes(Signed(body.SerializeAsString(), {"steward"})),
                RejectionCode::kRecordExists);
}

// Its own fixture: it does change something, once.
class RepetitionTest : public BadInputTest {
 protected:
  void SetUp() override {}
  void TearDown() override {}
};

TEST_F(RepetitionTest, TheSameBytesTakeEffectOnce) {
  const std::string bytes =
      Signed(Body("steward", Record("x:once").Submit()).SerializeAsString(), {"steward"});
  ASSERT_TRUE(SendBytes(bytes).ok());
  const uint64_t records = Status().records();
  const auto again = SendBytes(bytes);
  if (again.ok()) {
    EXPECT_TRUE(again->status().has_committed());
  } else {
    ExpectRefused(again, RejectionCode::kDuplicateTransaction);
  }
  EXPECT_EQ(Status().records(), records);
}

TEST_F(RepetitionTest, AReferenceCountsOnce) {
  ASSERT_TRUE(Send("reporter", Revenue("once")).ok());
  ExpectRefused(Send("reporter", Revenue("once")), RejectionCode::kReferenceTaken);
}

}  // namespace
}  // namespace tributary::e2e
