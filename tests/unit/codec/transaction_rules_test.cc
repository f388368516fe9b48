#include "codec/limits.h"
#include "unit/codec/messages.h"

namespace tributary::codec {
namespace {

SignedTransaction Signed(std::string_view body, size_t signatures) {
  SignedTransaction transaction;
  transaction.body = base::AsBytes(body);
  transaction.signatures.resize(signatures);
  return transaction;
}

TEST(SignedTransactionTest, HoldsOneTo64Signatures) {
  const std::string body = Encode(SmallBody());
  EXPECT_EQ(Verdict(Signed(body, 0)), Refused(kMissingSignature, "signatures"));
  EXPECT_EQ(Verdict(Signed(body, 1)), "ok");
  EXPECT_EQ(Verdict(Signed(body, 64)), "ok");
  EXPECT_EQ(Verdict(Signed(body, 65)), Refused(kTooManySignatures, "signatures"));
}

TEST(SignedTransactionTest, HasABodyOfAtMost65400Bytes) {
  EXPECT_EQ(Verdict(Signed("", 1)), Refused(kWireMissing, "body"));
  EXPECT_EQ(Verdict(Signed("b", 1)), "ok");
  EXPECT_EQ(Verdict(Signed(Wide(65'400), 1)), "ok");
  EXPECT_EQ(Verdict(Signed(Wide(65'401), 1)), Refused(kWireLength, "body"));
}

TEST(SignedTransactionTest, HasAtMost65535Bytes) {
  // A signature takes 102 bytes, the tag and length of the body 4.
  const std::string exact = Encode(Signed(Wide(65'535 - 4 - 2 * 102), 2));
  ASSERT_EQ(exact.size(), kTransactionBytesMax);
  EXPECT_EQ(DecodeAs<SignedTransaction>(exact), "ok");
  const std::string above = Encode(Signed(Wide(65'536 - 4 - 2 * 102), 2));
  ASSERT_EQ(above.size(), kTransactionBytesMax + 1);
  EXPECT_EQ(DecodeAs<SignedTransaction>(above), Refused(kTransactionTooLarge, ""));
}

TEST(SignedTransactionTest, NamesTheSignatureAtFault) {
  std::string bytes = Encode(Signed("b", 2));
  bytes.pop_back();
  EXPECT_EQ(DecodeAs<SignedTransaction>(bytes), Refused(kWireTruncated, "signatures"));
  std::string element = Encode(Signature{});
  AppendVarint(element, 24);
  AppendVarint(element, 1);
  bytes = Encode(Signed("b", 1));
  AppendField(bytes, 2, base::AsBytes(element));
  EXPECT_EQ(DecodeAs<SignedTransaction>(bytes), Refused(kWireUnknownField, "signatures[1]"));
}

TEST(TransactionBodyTest, HoldsOneTo512Operations) {
  TransactionBody body = SmallBody(WithdrawClaim{1});
  EXPECT_EQ(Verdict(body), "ok");
  body.operations.assign(512, WithdrawClaim{1});
  EXPECT_EQ(Verdict(body), "ok");
  body.operations.assign(513, WithdrawClaim{1});
  EXPECT_EQ(Verdict(body), Refused(kTooManyOperations, "operations"));
  body.operations.clear();
  EXPECT_EQ(Verdict(body), Refused(kNoOperations, "operations"));
}

TEST(TransactionBodyTest, NamesItsChainWithAtMost50Bytes) {
  const std::string longest = Wide(50);
  const std::string longer = Wide(51);
  EXPECT_EQ(Verdict(With(SmallBody(), &TransactionBody::chain_id, longest)), "ok");
  EXPECT_EQ(Verdict(With(SmallBody(), &TransactionBody::chain_id, longer)),
            Refused(kWireLength, "chain_id"));
  EXPECT_EQ(Verdict(With(SmallBody(), &TransactionBody::chain_id, "")),
            Refused(kWireMissing, "chain_id"));
}

TEST(TransactionBodyTest, SaysUntilWhenItIsValid) {
  EXPECT_EQ(Verdict(With(SmallBody(), &TransactionBody::valid_until_ms, base::TimeMs(0))),
            Refused(kWireMissing, "valid_until_ms"));
  EXPECT_EQ(Verdict(With(SmallBody(), &TransactionBody::valid_until_ms, base::TimeMs(1))), "ok");
}

TEST(TransactionBodyTest, HasSenderAndNonceOfTheirLengths) {
  const auto body = [](size_t sender, size_t nonce) {
    std::string bytes;
    AppendField(bytes, 1, base::AsBytes("test"));
    if (sender > 0) AppendField(bytes, 2, base::AsBytes(Wide(sender)));
    AppendTag(bytes, 3, WireType::kVarint);
    AppendVarint(bytes, 1);
    if (nonce > 0) AppendField(bytes, 4, base::AsBytes(Wide(nonce)));
    AppendField(bytes, 5, base::AsBytes(Encode(Operation(WithdrawClaim{1}))));
    return DecodeAs<TransactionBody>(bytes);
  };
  EXPECT_EQ(body(32, 16), "ok");
  EXPECT_EQ(body(0, 16), Refused(kWireMissing, "sender"));
  EXPECT_EQ(body(31, 16), Refused(kWireLength, "sender"));
  EXPECT_EQ(body(32, 0), Refused(kWireMissing, "nonce"));
  EXPECT_EQ(body(32, 15), Refused(kWireLength, "nonce"));
  EXPECT_EQ(body(32, 17), Refused(kWireLength, "nonce"));
}

TEST(TransactionBodyTest, KeepsEveryValue) {
  const TransactionBody body = SmallBody(ConfirmPayout{base::PayoutIndex(9), "bank-1"});
  const std::string bytes = Encode(body);
  const auto decoded = Decode<TransactionBody>(base::AsBytes(bytes));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->chain_id, "test");
  EXPECT_EQ(decoded->sender, body.sender);
  EXPECT_EQ(decoded->valid_until_ms, body.valid_until_ms);
  EXPECT_EQ(decoded->nonce, body.nonce);
  ASSERT_EQ(decoded->operations.size(), 1u);
  const auto& confirm = std::get<ConfirmPayout>(decoded->operations[0]);
  EXPECT_EQ(confirm.payout, base::PayoutIndex(9));
  EXPECT_EQ(confirm.external_reference, "bank-1");
}

}  // namespace
}  // namespace tributary::codec
