#include "tributary/client/transaction.h"

#include <gtest/gtest.h>
#include <algorithm>

#include "codec/ids.h"
#include "codec/ledger.h"
#include "codec/limits.h"
#include "tributary/client/record.h"
#include "unit/client/test_signer.h"

namespace tributary::client {
namespace {

using base::RejectionCode;

const base::AccountId kSender = AccountIdOf("sender");
const base::AccountId kOther = AccountIdOf("other");

v1::Operation Payout() {
  v1::Operation operation;
  operation.mutable_request_payout()->set_currency("EUR");
  operation.mutable_request_payout()->set_amount_minor(100);
  return operation;
}

// An operation that takes exactly `bytes` within its transaction body.
v1::Operation OfSize(size_t bytes) {
  v1::Operation operation;
  std::string* text = operation.mutable_object_to_claim()->mutable_reason();
  text->resize(bytes > 20 ? bytes - 20 : 0, 'x');
  const auto size = [&] { return operation.ByteSizeLong() + 1 + 3; };
  while (size() < bytes) text->push_back('x');
  while (size() > bytes) text->pop_back();
  return operation;
}

TransactionBuilder Builder(size_t signatures = 1) {
  return TransactionBuilder("dev", kSender, base::TimeMs(1'000'000), signatures);
}

TEST(TransactionBuilderTest, WhatIsSignedIsReadByTheStrictCodecAndVerifies) {
  const TestSigner key(1);
  TransactionBuilder builder = Builder();
  ASSERT_TRUE(builder.Add(Payout()));
  const AccountSigner signer{kSender, &key};
  const auto transaction = builder.Sign({&signer, 1});
  ASSERT_TRUE(transaction.ok()) << transaction.rejection().ToString();
  const auto read = codec::Decode<codec::SignedTransaction>(base::AsBytes(transaction->bytes));
  ASSERT_TRUE(read.ok()) << read.rejection().ToString();
  const auto body = codec::Decode<codec::TransactionBody>(read->body);
  ASSERT_TRUE(body.ok()) << body.rejection().ToString();
  EXPECT_EQ(body->chain_id, "dev");
  EXPECT_EQ(body->sender, kSender);
  EXPECT_EQ(body->valid_until_ms, base::TimeMs(1'000'000));
  EXPECT_EQ(transaction->id, codec::TxIdOf(read->body));
  ASSERT_EQ(read->signatures.size(), 1u);
  EXPECT_EQ(read->signatures[0].account, kSender);
  EXPECT_TRUE(crypto::Verify(key.public_key(), base::AsBytes(codec::TransactionMessage(read->body)),
                             read->signatures[0].signature));
}

TEST(TransactionBuilderTest, EveryTransactionHasItsOwnNonceAndId) {
  const TestSigner key(1);
  const AccountSigner signer{kSender, &key};
  TransactionBuilder one = Builder();
  TransactionBuilder two = Builder();
  ASSERT_TRUE(one.Add(Payout()) && two.Add(Payout()));
  EXPECT_NE(one.Sign({&signer, 1})->id, two.Sign({&signer, 1})->id);
  one.SetNonce({1});
  two.SetNonce({1});
  EXPECT_EQ(one.Sign({&signer, 1})->bytes, two.Sign({&signer, 1})->bytes);
}

TEST(TransactionBuilderTest, TakesAtMost512Operations) {
  TransactionBuilder builder = Builder();
  for (size_t i = 0; i < codec::kOperationsMax; ++i) ASSERT_TRUE(builder.Add(Payout())) << i;
  EXPECT_FALSE(builder.Add(Payout()));
  EXPECT_EQ(builder.operations(), codec::kOperationsMax);
}

TEST(TransactionBuilderTest, FillsABodyToItsLimitAndNotBeyond) {
  const size_t empty = Builder().body_bytes();
  TransactionBuilder fits = Builder();
  EXPECT_TRUE(fits.Add(OfSize(codec::kBodyBytesMax - empty)));
  EXPECT_EQ(fits.body_bytes(), codec::kBodyBytesMax);
  TransactionBuilder beyond = Builder();
  EXPECT_FALSE(beyond.Add(OfSize(codec::kBodyBytesMax - empty + 1)));
  EXPECT_TRUE(beyond.empty());
}

TEST(TransactionBuilderTest, ManySignaturesLeaveLessRoomForOperations) {
  const size_t empty = Builder(64).body_bytes();
  const size_t room = codec::kTransactionBytesMax - 4 - 64 * 102;
  EXPECT_TRUE(Builder(64).Add(OfSize(room - empty)));
  EXPECT_FALSE(Builder(64).Add(OfSize(room - empty + 1)));
}

TEST(TransactionBuilderTest, ATransactionWithoutOperationsIsNotSigned) {
  const TestSigner key(1);
  const AccountSigner signer{kSender, &key};
  const auto transaction = Builder().Sign({&signer, 1});
  ASSERT_FALSE(transaction.ok());
  EXPECT_EQ(transaction.rejection().code, RejectionCode::kNoOperations);
}

TEST(TransactionBuilderTest, TheSenderMustBeAmongTheSigners) {
  const TestSigner key(1);
  TransactionBuilder builder = Builder();
  ASSERT_TRUE(builder.Add(Payout()));
  const AccountSigner signer{kOther, &key};
  EXPECT_EQ(builder.Sign({&signer, 1}).rejection().code, RejectionCode::kMissingSignature);
  EXPECT_EQ(builder.Sign({}).rejection().code, RejectionCode::kMissingSignature);
}

TEST(TransactionBuilderTest, AnAccountSignsOnce) {
  const TestSigner one(1);
  const TestSigner two(2);
  TransactionBuilder builder = Builder(2);
  ASSERT_TRUE(builder.Add(Payout()));
  const AccountSigner twice[] = {{kSender, &one}, {kSender, &two}};
  EXPECT_EQ(builder.Sign(twice).rejection().code, RejectionCode::kUnneededSignature);
  const AccountSigner both[] = {{kSender, &one}, {kOther, &two}};
  EXPECT_TRUE(builder.Sign(both).ok());
}

TEST(TransactionBuilderTest, WhatNoNodeWouldReadIsNamedBeforeItIsSigned) {
  const TestSigner key(1);
  const AccountSigner signer{kSender, &key};
  TransactionBuilder builder = Builder();
  v1::Operation operation = Payout();
  operation.mutable_request_payout()->clear_currency();
  ASSERT_TRUE(builder.Add(operation));
  const auto transaction = builder.Sign({&signer, 1});
  ASSERT_FALSE(transaction.ok());
  EXPECT_EQ(transaction.rejection().code, RejectionCode::kWireMissing);
  EXPECT_EQ(transaction.rejection().field, "operations[0].request_payout.currency");
}

TEST(TransactionBuilderTest, RecordsInsideAreReadToo) {
  const TestSigner key(1);
  const AccountSigner signer{kSender, &key};
  TransactionBuilder builder = Builder();
  RecordBuilder record(v1::RECORD_KIND_MODEL);
  record.Author(kSender, base::Ppb(base::kPpbOne)).ExternalId("no scheme");
  ASSERT_TRUE(builder.Add(Payout()));
  ASSERT_TRUE(builder.Add(record.Submit()));
  const auto transaction = builder.Sign({&signer, 1});
  ASSERT_FALSE(transaction.ok());
  EXPECT_EQ(transaction.rejection().code, RejectionCode::kExternalIdInvalid);
  EXPECT_EQ(transaction.rejection().field, "operations[1].submit_record.record.external_id");
}

TEST(OperationsTest, ARegistrationNamesTheAccountThatTheChainWillMake) {
  const TestSigner key(3);
  base::AccountId id;
  const v1::Operation with = RegisterAccountOperation("dev", "ada", kSender, &key, &id);
  const auto& registration = with.register_account().registration();
  EXPECT_EQ(id, AccountIdOf(registration));
  base::SignatureBytes possession;
  ASSERT_EQ(with.register_account().possession().size(), possession.bytes.size());
  std::copy_n(with.register_account().possession().begin(), possession.bytes.size(),
              reinterpret_cast<char*>(possession.bytes.data()));
  EXPECT_TRUE(crypto::Verify(key.public_key(),
                             base::AsBytes(codec::PossessionMessage("dev", id, key.public_key())),
                             possession));
  const v1::Operation custodial = RegisterAccountOperation("dev", "ada", kSender, nullptr, &id);
  EXPECT_TRUE(custodial.register_account().possession().empty());
}

}  // namespace
}  // namespace tributary::client
