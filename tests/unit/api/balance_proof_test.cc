// A balance proved by a node and checked by a client that has nothing but the log's key.
#include <gtest/gtest.h>

#include "api/balance_proof.h"
#include "tributary/client/proof.h"
#include "unit/node/test_node.h"

namespace tributary::api {
namespace {

using base::RejectionCode;
using testing::RecordSpec;
using testing::TestNode;

class BalanceProofTest : public ::testing::Test {
 protected:
  BalanceProofTest()
      : key_(keys::SigningKey::Generate("log")),
        log_key_{LogOrigin(*node_.ledger->view()), merkle::NoteKeyType::kEd25519,
                 key_.public_key()},
        signer_(log_key_.name, std::move(key_)) {
    Run("steward", {node_.chain.Register("ada"), node_.chain.Register("bob")});
    RecordSpec model{"model", {{"ada", 1'000'000'000}}, {}};
    Run("ada", {node_.chain.Submit(model)});
    Run("reporter", {node_.chain.Revenue(node_.chain.RecordIdOf(model), 1'000, "r1")});
    for (int i = 0; i < 3; ++i) {
      node_.Pass(1'000'000);
      Run("steward", {node_.chain.Register("tick" + std::to_string(i))});
    }
  }
  void Run(std::string_view sender, const std::vector<codec::Operation>& operations) {
    const node::Decision decision = node_.Run(sender, operations);
    ASSERT_TRUE(std::holds_alternative<node::Committed>(decision.result));
  }
  grpc::Status Prove(const std::string& handle, const LogSigner* signer, v1::BalanceProof* to) {
    v1::GetBalanceProofRequest request;
    request.mutable_account()->set_handle(handle);
    request.set_currency("USD");
    return ProveBalance({*node_.ledger, lineages_}, signer, request, to);
  }
  RejectionCode Refusal(const v1::BalanceProof& proof) {
    const auto shown = client::VerifyBalance(proof, log_key_);
    return shown ? RejectionCode{} : shown.rejection().code;
  }

  TestNode node_;
  LineageCache lineages_;
  keys::SigningKey key_;
  merkle::NoteKey log_key_;
  LogSigner signer_;
};

TEST_F(BalanceProofTest, ShowsTheBalanceToWhoeverHasTheLogsKey) {
  v1::BalanceProof proof;
  ASSERT_TRUE(Prove("ada", &signer_, &proof).ok());
  const auto file = client::ParseBalanceProofFile(client::BalanceProofFile(proof));
  ASSERT_TRUE(file.ok());
  const auto shown = client::VerifyBalance(*file, log_key_);
  ASSERT_TRUE(shown.ok()) << shown.rejection().ToString();
  EXPECT_EQ(shown->handle, "ada");
  EXPECT_EQ(shown->currency, "USD");
  EXPECT_EQ(shown->chain_id, node_.ledger->view()->chain_id());
  EXPECT_EQ(shown->height, node_.ledger->view()->header().height);
  const auto account = node_.ledger->view()->FindHandle("ada");
  const auto row = node_.ledger->view()->Get<state::BalanceRow>(account->value());
  EXPECT_GT(shown->available, base::Atoms());
  EXPECT_EQ(shown->available, row.available);
  EXPECT_EQ(shown->credited, row.credited);
}

TEST_F(BalanceProofTest, HoldsForNothingElse) {
  v1::BalanceProof good;
  ASSERT_TRUE(Prove("ada", &signer_, &good).ok());
  const auto flipped = [](std::string bytes) {
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    return bytes;
  };
  v1::BalanceProof bad = good;
  bad.mutable_balance()->set_data(flipped(bad.balance().data()));
  EXPECT_EQ(Refusal(bad), RejectionCode::kProofMismatch);
  bad = good;
  bad.mutable_account()->set_data(flipped(bad.account().data()));
  EXPECT_EQ(Refusal(bad), RejectionCode::kProofMismatch);
  bad = good;
  bad.mutable_currency()->set_row(bad.currency().row() + 1);
  EXPECT_NE(Refusal(bad), RejectionCode{});
  bad = good;
  *bad.mutable_balance() = bad.account();
  EXPECT_EQ(Refusal(bad), RejectionCode::kProofRange);
  bad = good;
  bad.set_header(flipped(bad.header()));
  EXPECT_EQ(Refusal(bad), RejectionCode::kProofMismatch);
  bad = good;
  bad.set_header("");
  EXPECT_EQ(Refusal(bad), RejectionCode::kProofMismatch);
  bad = good;
  bad.set_tree_size(bad.tree_size() + 1);
  EXPECT_EQ(Refusal(bad), RejectionCode::kProofMismatch);
  bad = good;
  bad.mutable_log_path(0)->pop_back();
  EXPECT_EQ(Refusal(bad), RejectionCode::kProofLength);
  bad = good;
  bad.mutable_balance()->mutable_state_path()->RemoveLast();
  EXPECT_EQ(Refusal(bad), RejectionCode::kProofLength);
}

TEST_F(BalanceProofTest, IsWorthNothingUnderAnotherKey) {
  v1::BalanceProof proof;
  ASSERT_TRUE(Prove("ada", &signer_, &proof).ok());
  log_key_.key = keys::SigningKey::Generate("other").public_key();
  EXPECT_EQ(Refusal(proof), RejectionCode::kNoteUnsigned);
}

// The row of one account under the balance of another.
TEST_F(BalanceProofTest, TheAccountsOfItsRowsAreTheSame) {
  Run("reporter", {node_.chain.Revenue(
                      node_.chain.RecordIdOf({"model", {{"ada", 1'000'000'000}}, {}}), 7, "r2")});
  v1::BalanceProof proof;
  ASSERT_TRUE(Prove("ada", &signer_, &proof).ok());
  v1::BalanceProof other = proof;
  const auto view = node_.ledger->view();
  const auto steward = view->FindHandle("steward")->value();
  const auto rows = view->ProveRows({{{state::TableKind::kAccounts, 0}, steward}});
  ASSERT_TRUE(rows.has_value());
  other.mutable_account()->set_row(steward);
  other.mutable_account()->set_data((*rows)[0].bytes);
  other.mutable_account()->clear_page_path();
  for (const base::Hash& hash : (*rows)[0].page_path) {
    other.mutable_account()->add_page_path(
        std::string(reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()));
  }
  EXPECT_EQ(Refusal(other), RejectionCode::kProofMismatch);
}

TEST_F(BalanceProofTest, IsRefusedWithAReason) {
  v1::BalanceProof proof;
  EXPECT_EQ(Prove("ada", nullptr, &proof).error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Prove("nobody", &signer_, &proof).error_code(), grpc::StatusCode::NOT_FOUND);
  // Registered after all who were ever credited: no row.
  EXPECT_EQ(Prove("tick2", &signer_, &proof).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST(BalanceProofFileTest, OtherBytesAreRefused) {
  for (const std::string text :
       {"", "tributary-balance-proof-v1", "tributary-balance-proof-v2\n",
        "tributary-balance-proof-v1\nAAAA", "tributary-balance-proof-v1\n!!!!\n",
        "tributary-balance-proof-v1\nAAAB\n"}) {
    const auto proof = client::ParseBalanceProofFile(text);
    ASSERT_FALSE(proof.ok()) << text;
    EXPECT_EQ(proof.rejection().code, RejectionCode::kProofFileMalformed) << text;
  }
  EXPECT_FALSE(client::ParseBalanceProofFile(std::string(70'000, 'A')).ok());
}

}  // namespace
}  // namespace tributary::api
