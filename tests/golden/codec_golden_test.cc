// The vectors of codec_vectors.txt, which make_codec_vectors.py wrote without any of our code.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

#include "codec/header.h"
#include "codec/ids.h"
#include "codec/ledger.h"
#include "crypto/ed25519.h"
#include "support/paths.h"
#include "tributary/base/hex.h"

namespace tributary::codec {
namespace {

using base::AsBytes;

class CodecGoldenTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::ifstream file(testing::SourceDir() + "/tests/golden/codec_vectors.txt");
    std::string name;
    std::string hex;
    while (file >> name >> hex) {
      const auto bytes = base::FromHex(hex);
      ASSERT_TRUE(bytes.has_value()) << name;
      vectors()[name] = std::string(bytes->begin(), bytes->end());
    }
    ASSERT_EQ(vectors().size(), 23u);
  }
  static std::map<std::string, std::string>& vectors() {
    static std::map<std::string, std::string> map;
    return map;
  }
  static const std::string& Vector(const std::string& name) { return vectors().at(name); }
  static base::Bytes Of(const std::string& name) { return AsBytes(Vector(name)); }
  template <class F>
  static F Fixed(const std::string& name) {
    F out;
    EXPECT_EQ(Vector(name).size(), out.bytes.size()) << name;
    std::copy(Of(name).begin(), Of(name).end(), out.bytes.begin());
    return out;
  }
  static crypto::KeyPair Key(char seed) {
    const std::string bytes(32, seed);
    return crypto::KeyPair::FromSeed(AsBytes(bytes));
  }
  template <class T>
  static T Read(const std::string& name) {
    auto decoded = Decode<T>(Of(name));
    EXPECT_TRUE(decoded.ok()) << name << ": " << decoded.rejection().ToString();
    EXPECT_EQ(Encode(*decoded), Vector(name)) << name;
    return *std::move(decoded);
  }
};

TEST_F(CodecGoldenTest, Accounts) {
  EXPECT_EQ(Key(1).public_key(), Fixed<base::PublicKey>("sponsor.public_key"));
  EXPECT_EQ(AccountIdOf(Of("sponsor.registration")), Fixed<base::AccountId>("sponsor.account_id"));
  EXPECT_EQ(AccountIdOf(Of("author.registration")), Fixed<base::AccountId>("author.account_id"));
  const auto author = Read<Registration>("author.registration");
  EXPECT_EQ(author.handle, "ann.b");
  EXPECT_EQ(author.sponsor, Fixed<base::AccountId>("sponsor.account_id"));
  EXPECT_EQ(author.public_key, Key(2).public_key());
  EXPECT_EQ(base::AsText(author.salt), "salt");
  const std::string message = PossessionMessage(
      "golden-1", Fixed<base::AccountId>("author.account_id"), Key(2).public_key());
  EXPECT_EQ(message, Vector("author.possession_message"));
  EXPECT_EQ(Key(2).Sign(AsBytes(message)), Fixed<base::SignatureBytes>("author.possession"));
}

TEST_F(CodecGoldenTest, Records) {
  const auto record = Read<Record>("record.bytes");
  EXPECT_EQ(RecordIdOf(Of("record.bytes")), Fixed<base::RecordId>("record.id"));
  EXPECT_EQ(record.kind, RecordKind::kModel);
  ASSERT_EQ(record.authors.size(), 2u);
  EXPECT_EQ(record.authors[1].share_ppb, base::Ppb(400'000'000));
  EXPECT_EQ(record.external_id, "hf:Acme/Model");
  ASSERT_EQ(record.parents.size(), 1u);
  EXPECT_EQ(record.parents[0].relation, Relation::kFinetunedFrom);
  EXPECT_EQ(record.parents[0].weight, 3u);
  EXPECT_EQ(record.parents[0].evidence->score_nano, -1'500'000'000);
  EXPECT_EQ(record.terms.royalty_ppb, base::Ppb(5'000'000));
  EXPECT_EQ(ReserveCommitment(Fixed<base::AccountId>("author.account_id"), *record.reservation_salt,
                              *record.content_sha256),
            Fixed<base::Hash>("record.reserve_commitment"));
}

TEST_F(CodecGoldenTest, Attributions) {
  const auto claim = Read<AttributionClaim>("claim.bytes");
  EXPECT_EQ(claim.asset, Fixed<base::RecordId>("record.id"));
  EXPECT_EQ(claim.alpha_ppb, base::Ppb(50'000'000));
  const std::string message = AttributionMessage("golden-1", Of("claim.bytes"));
  EXPECT_EQ(message, Vector("claim.message"));
  EXPECT_TRUE(crypto::Verify(Key(2).public_key(), AsBytes(message),
                             Fixed<base::SignatureBytes>("claim.signature")));
}

TEST_F(CodecGoldenTest, Transactions) {
  const auto transaction = Read<SignedTransaction>("transaction.bytes");
  EXPECT_EQ(base::AsText(transaction.body), Vector("transaction.body"));
  EXPECT_EQ(TxIdOf(transaction.body), Fixed<base::TxId>("transaction.id"));
  const std::string message = TransactionMessage(transaction.body);
  EXPECT_EQ(message, Vector("transaction.message"));
  ASSERT_EQ(transaction.signatures.size(), 2u);
  EXPECT_EQ(transaction.signatures[0].signature, Key(1).Sign(AsBytes(message)));
  EXPECT_EQ(transaction.signatures[1].signature, Key(2).Sign(AsBytes(message)));
  const auto body = Read<TransactionBody>("transaction.body");
  ASSERT_EQ(body.operations.size(), 5u);
  EXPECT_EQ(OperationName(body.operations[0]), "register_account");
  EXPECT_EQ(OperationName(body.operations[1]), "reserve");
  EXPECT_EQ(base::AsText(std::get<SubmitRecord>(body.operations[2]).record),
            Vector("record.bytes"));
  const auto& revenue = std::get<ReportRevenue>(body.operations[3]);
  EXPECT_EQ(revenue.amount_minor, base::MinorUnits((uint64_t{1} << 63) - 1));
  EXPECT_EQ(base::AsText(revenue.attribution->claim), Vector("claim.bytes"));
  EXPECT_EQ(std::get<WithdrawClaim>(body.operations[4]).case_number, 0u);
}

TEST_F(CodecGoldenTest, GenesisAndHeader) {
  EXPECT_EQ(ChainHash(Of("genesis.entry")), Fixed<base::Hash>("genesis.chain_hash"));
  const auto genesis = Decode<Genesis>(Of("genesis.entry").subspan(1));
  ASSERT_TRUE(genesis.ok()) << genesis.rejection().ToString();
  EXPECT_EQ(GenesisEntry(AsBytes(Encode(*genesis))), Vector("genesis.entry"));
  EXPECT_EQ(genesis->accounts[0].credit_limits[0].limit_minor, ~uint64_t{0});
  const auto header = DecodeHeader(Of("header.bytes"));
  ASSERT_TRUE(header.ok()) << header.rejection().ToString();
  EXPECT_EQ(base::AsText(EncodeHeader(*header)), Vector("header.bytes"));
  EXPECT_EQ(header->chain_hash, Fixed<base::Hash>("genesis.chain_hash"));
  EXPECT_EQ(header->height, base::Height(1));
  EXPECT_EQ(header->log_size, 2u);
  EXPECT_EQ(HeaderHash(Of("header.bytes")), Fixed<base::Hash>("header.hash"));
}

}  // namespace
}  // namespace tributary::codec
