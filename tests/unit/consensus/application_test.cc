// The application as CometBFT calls it, with the real ledger and the real store.
#include "consensus/application.h"

#include <gtest/gtest.h>

#include "consensus/bundle.h"
#include "tributary/base/hex.h"
#include "unit/node/test_node.h"

namespace tributary::consensus {
namespace {

using base::RejectionCode;
using testing::ChainOptions;
using testing::TestNode;

class ApplicationTest : public ::testing::Test {
 protected:
  void SetUp() override { Restart(); }

  // The node ends and starts again; the engine has not noticed yet.
  void Restart() {
    app_.reset();
    if (!node_) {
      node_ = std::make_unique<TestNode>();
    } else {
      node_->ledger.reset();
      node_->Open();
    }
    app_ = std::make_unique<Application>(*node_->ledger, ApplicationOptions{}, node_->logger);
  }

  abci::ResponseInfo Info() {
    abci::Request request;
    request.mutable_info();
    return app_->Handle(request).info();
  }
  abci::Response InitChain(const std::string& chain_id, const std::string& state) {
    abci::Request request;
    auto* init = request.mutable_init_chain();
    init->set_chain_id(chain_id);
    init->set_app_state_bytes(state);
    SetTime(init->mutable_time(), 0);
    return app_->Handle(request);
  }
  std::string OurState() {
    return "\"" + base::ToHex(node_->ledger->view()->chain().chain_hash.view()) + "\"";
  }
  static void SetTime(google::protobuf::Timestamp* to, uint64_t after_ms) {
    const uint64_t ms = ChainOptions().time_ms + after_ms;
    to->set_seconds(static_cast<int64_t>(ms / 1'000));
    to->set_nanos(static_cast<int32_t>(ms % 1'000 * 1'000'000));
  }
  abci::Response Finalize(uint64_t height, const std::vector<std::string>& txs) {
    abci::Request request;
    auto* block = request.mutable_finalize_block();
    block->set_height(static_cast<int64_t>(height));
    for (const std::string& tx : txs) block->add_txs(tx);
    SetTime(block->mutable_time(), height * 1'000);
    return app_->Handle(request);
  }
  abci::Response Commit() {
    abci::Request request;
    request.mutable_commit();
    return app_->Handle(request);
  }
  std::string Block(uint64_t height, const std::vector<std::string>& txs) {
    const abci::Response finalized = Finalize(height, txs);
    EXPECT_TRUE(finalized.has_finalize_block()) << finalized.exception().error();
    EXPECT_TRUE(Commit().has_commit());
    return finalized.finalize_block().app_hash();
  }
  std::vector<std::string> Prepare(const std::vector<std::string>& txs, int64_t bytes_max = 1 << 20,
                                   uint64_t after_ms = 1'000) {
    abci::Request request;
    auto* prepare = request.mutable_prepare_proposal();
    prepare->set_max_tx_bytes(bytes_max);
    for (const std::string& tx : txs) prepare->add_txs(tx);
    SetTime(prepare->mutable_time(), after_ms);
    const abci::Response response = app_->Handle(request);
    return {response.prepare_proposal().txs().begin(), response.prepare_proposal().txs().end()};
  }
  int32_t Process(const std::vector<std::string>& txs) {
    abci::Request request;
    request.mutable_process_proposal();
    for (const std::string& tx : txs) request.mutable_process_proposal()->add_txs(tx);
    return app_->Handle(request).process_proposal().status();
  }
  abci::ResponseCheckTx Check(const std::string& tx) {
    abci::Request request;
    request.mutable_check_tx()->set_tx(tx);
    return app_->Handle(request).check_tx();
  }

  std::string Registration(const std::string& handle) {
    return node_->chain.Sign("steward", {node_->chain.Register(handle)});
  }
  static std::string Of(const std::vector<std::string>& transactions, uint32_t attempt = 0) {
    return EncodeBundle(attempt, {transactions.begin(), transactions.end()});
  }
  std::string Hash() {
    return std::string(base::AsText(node_->ledger->view()->header_hash().view()));
  }
  uint64_t Height() { return node_->ledger->view()->header().height.value(); }

  std::unique_ptr<TestNode> node_;
  std::unique_ptr<Application> app_;
};

TEST_F(ApplicationTest, AChainBeginsWithTheHashOfTheGenesisHeader) {
  EXPECT_EQ(Info().last_block_height(), 0);
  const abci::Response begun = InitChain("test/1", OurState());
  ASSERT_TRUE(begun.has_init_chain()) << begun.exception().error();
  EXPECT_EQ(begun.init_chain().app_hash(), Hash());
  EXPECT_TRUE(InitChain("test/1", OurState()).has_init_chain()) << "again, until there is a block";
}

TEST_F(ApplicationTest, AnotherGenesisIsNotBegun) {
  EXPECT_NE(InitChain("test/2", OurState()).exception().error().find("test/2"), std::string::npos);
  EXPECT_NE(InitChain("test/1", "{}").exception().error().find(OurState()), std::string::npos);
  Block(1, {Of({Registration("ada")})});
  EXPECT_TRUE(InitChain("test/1", OurState()).has_exception()) << "a ledger that has blocks";
}

TEST_F(ApplicationTest, ABlockIsThereAfterCommitAndNotBefore) {
  const std::string before = Hash();
  const abci::Response finalized = Finalize(1, {Of({Registration("ada")})});
  ASSERT_TRUE(finalized.has_finalize_block()) << finalized.exception().error();
  EXPECT_EQ(finalized.finalize_block().tx_results(0).code(), kCodeOk);
  EXPECT_EQ(Hash(), before) << "FinalizeBlock kept something";
  EXPECT_EQ(node_->ledger->engine_height(), 0u);
  EXPECT_TRUE(Commit().has_commit());
  EXPECT_EQ(Hash(), finalized.finalize_block().app_hash());
  EXPECT_NE(Hash(), before);
  EXPECT_EQ(Info().last_block_height(), 1);
  EXPECT_EQ(Info().last_block_app_hash(), Hash());
}

TEST_F(ApplicationTest, BlocksThatChangeNothingHaveNoHeaderAndTheSameHash) {
  const std::string before = Block(1, {Of({Registration("ada")})});
  EXPECT_EQ(Block(2, {}), before);
  EXPECT_EQ(Block(3, {Of({Registration("ada")}, 1)}), before) << "refused: ada is there";
  EXPECT_EQ(Height(), 2u);
  Restart();
  EXPECT_EQ(Info().last_block_height(), 3);
  EXPECT_EQ(Info().last_block_app_hash(), before);
}

TEST_F(ApplicationTest, AfterACrashBeforeCommitTheSameBlockGivesTheSameHash) {
  const std::string bundle = Of({Registration("ada"), Registration("bob")});
  const std::string first = Finalize(1, {bundle}).finalize_block().app_hash();
  Restart();
  EXPECT_EQ(Info().last_block_height(), 0);
  EXPECT_EQ(Finalize(1, {bundle}).finalize_block().app_hash(), first);
  EXPECT_EQ(Finalize(1, {bundle}).finalize_block().app_hash(), first) << "without a commit between";
  EXPECT_TRUE(Commit().has_commit());
  Restart();
  EXPECT_EQ(Info().last_block_height(), 1) << "after Commit it is durable";
  EXPECT_EQ(Info().last_block_app_hash(), first);
}

TEST_F(ApplicationTest, AnotherBlockOfTheSameHeightReplacesTheOneThatWasExecuted) {
  Finalize(1, {Of({Registration("ada")})});
  const std::string second = Finalize(1, {Of({Registration("bob")})}).finalize_block().app_hash();
  EXPECT_TRUE(Commit().has_commit());
  EXPECT_EQ(Hash(), second);
  EXPECT_TRUE(node_->ledger->view()->FindHandle("bob"));
  EXPECT_FALSE(node_->ledger->view()->FindHandle("ada"));
}

TEST_F(ApplicationTest, WhatWasExecutedBeforeTheEngineBeganAnewIsNotCommitted) {
  Finalize(1, {Of({Registration("ada")})});
  Info();
  EXPECT_TRUE(Commit().has_exception());
  EXPECT_EQ(Height(), 1u);
}

TEST_F(ApplicationTest, AHeightThatDoesNotFollowIsRefused) {
  EXPECT_TRUE(Finalize(2, {}).has_exception());
  EXPECT_TRUE(Finalize(0, {}).has_exception()) << "as abci-cli sends it";
  Block(1, {});
  EXPECT_TRUE(Finalize(1, {}).has_exception());
  EXPECT_TRUE(Commit().has_exception()) << "nothing was executed";
}

TEST_F(ApplicationTest, ATransactionOfTwoBundlesTakesEffectOnce) {
  const std::string ada = Registration("ada"), bob = Registration("bob");
  Block(1, {Of({ada, bob}, 0), Of({ada, bob}, 1)});
  EXPECT_EQ(node_->ledger->view()->log_size(), 2u + 3u) << "ada, bob, the header";
  Block(2, {Of({bob}, 2)});
  EXPECT_EQ(node_->ledger->view()->log_size(), 5u);
}

TEST_F(ApplicationTest, ABundleThatIsNoneHasACodeAndNoEffect) {
  const abci::Response block = Finalize(1, {"nonsense", Of({Registration("ada")}), ""});
  ASSERT_EQ(block.finalize_block().tx_results_size(), 3) << "one result for each";
  EXPECT_EQ(block.finalize_block().tx_results(0).code(), kCodeBadBundle);
  EXPECT_EQ(block.finalize_block().tx_results(1).code(), kCodeOk);
  EXPECT_EQ(block.finalize_block().tx_results(2).code(), kCodeBadBundle);
}

TEST_F(ApplicationTest, TheClientOfThisNodeIsAnsweredByTheBlockThatHoldsItsTransaction) {
  std::vector<node::Decision> decisions;
  const std::string ada = Registration("ada");
  const auto submitted = node_->ledger->Submit(
      ada, [&decisions](const node::Decision& decision) { decisions.push_back(decision); });
  ASSERT_TRUE(std::holds_alternative<base::TxId>(submitted));
  Finalize(1, {Of({ada})});
  EXPECT_TRUE(decisions.empty()) << "answered before it was durable";
  Commit();
  ASSERT_EQ(decisions.size(), 1u);
  const auto* committed = std::get_if<node::Committed>(&decisions[0].result);
  ASSERT_NE(committed, nullptr);
  EXPECT_EQ(committed->height, base::Height(2));
}

TEST_F(ApplicationTest, ARefusedTransactionIsAnsweredWithItsRule) {
  Block(1, {Of({Registration("ada")})});
  std::vector<node::Decision> decisions;
  const std::string again = Registration("ada");
  node_->ledger->Submit(again, [&decisions](const node::Decision& d) { decisions.push_back(d); });
  Block(2, {Of({again})});
  ASSERT_EQ(decisions.size(), 1u);
  const auto* refused = std::get_if<node::Refused>(&decisions[0].result);
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(refused->rejection.code, RejectionCode::kAccountExists);
}

TEST_F(ApplicationTest, ChecksRefuseWhatNoCorrectNodeGathers) {
  EXPECT_EQ(Check(Of({Registration("ada")})).code(), kCodeOk);
  EXPECT_EQ(Check("nonsense").code(), kCodeBadBundle);
  const abci::ResponseCheckTx bad = Check(Of({"no transaction"}));
  EXPECT_EQ(bad.code(), kCodeBadBundle);
  EXPECT_FALSE(bad.log().empty());
}

TEST_F(ApplicationTest, WhatIsCommittedElsewhereLeavesThePoolAndItsClientIsAnswered) {
  const std::string ada = Registration("ada");
  Block(1, {Of({ada})});
  EXPECT_EQ(Check(Of({ada}, 1)).code(), kCodeUseless);
  // A client who did not hear of it sends it again; no block will hold it.
  std::vector<node::Decision> decisions;
  node_->ledger->Submit(ada, [&decisions](const node::Decision& d) { decisions.push_back(d); });
  const auto items = node_->ledger->TakePending(10, 1 << 20);
  ASSERT_EQ(items.size(), 1u);
  EXPECT_FALSE(node_->ledger->MayTakeEffect(*items[0]->transaction));
  node_->ledger->GiveUp(items);
  ASSERT_EQ(decisions.size(), 1u);
  const auto* refused = std::get_if<node::Refused>(&decisions[0].result);
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(refused->rejection.code, RejectionCode::kDuplicateTransaction);
  node_->ledger->GiveUp(items);
  EXPECT_EQ(decisions.size(), 1u) << "answered once";
}

TEST_F(ApplicationTest, AProposalDropsWhatBecameInvalid) {
  const std::string ada = Registration("ada"), bob = Registration("bob");
  Block(1, {Of({ada})});
  EXPECT_EQ(Prepare({Of({ada}, 1), "nonsense", Of({bob}), Of({bob})}),
            std::vector<std::string>{Of({bob})});
  EXPECT_EQ(Prepare({Of({ada, bob}, 2)}).size(), 1u) << "one of the two may still take effect";
  EXPECT_TRUE(Prepare({Of({bob})}, 1 << 20, 1'000'000'000).empty()) << "expired by then";
}

TEST_F(ApplicationTest, AProposalKeepsWithinItsEncodedSize) {
  const std::string bundle = Of({Registration("ada")});
  const std::string other = Of({Registration("bob")});
  const auto encoded = static_cast<int64_t>(bundle.size() + 1 + (bundle.size() < 128 ? 1 : 2));
  ASSERT_EQ(bundle.size(), other.size());
  EXPECT_EQ(Prepare({bundle, other}, 2 * encoded).size(), 2u);
  EXPECT_EQ(Prepare({bundle, other}, 2 * encoded - 1).size(), 1u);
  EXPECT_EQ(Prepare({bundle, other}, encoded - 1).size(), 0u);
  EXPECT_EQ(Prepare({bundle, other}, -1).size(), 0u);
}

TEST_F(ApplicationTest, WhatACorrectProposerCannotMakeIsRejected) {
  const std::string bundle = Of({Registration("ada")});
  EXPECT_EQ(Process({bundle}), 1);
  EXPECT_EQ(Process({}), 1);
  EXPECT_EQ(Process({bundle, bundle}), 2) << "twice the same";
  EXPECT_EQ(Process({"nonsense"}), 2);
  EXPECT_EQ(Process({std::string(kBundleBytesMax + 1, 'x')}), 2);
  Block(1, {bundle});
  EXPECT_EQ(Process({bundle}), 1) << "a judgement of the bytes alone, whatever was committed";
}

TEST_F(ApplicationTest, PeersThatAreNotOnTheListAreRefused) {
  ApplicationOptions options;
  options.may_connect = [](const std::string& id) { return id == "aa"; };
  Application app(*node_->ledger, options, node_->logger);
  const auto code = [](Application& to, const std::string& path) {
    abci::Request request;
    request.mutable_query()->set_path(path);
    return to.Handle(request).query().code();
  };
  EXPECT_EQ(code(app, "/p2p/filter/id/aa"), 0u);
  EXPECT_NE(code(app, "/p2p/filter/id/bb"), 0u);
  EXPECT_EQ(code(app, "/p2p/filter/addr/127.0.0.1:1"), 0u) << "an address proves nothing";
  EXPECT_EQ(code(*app_, "/p2p/filter/id/bb"), 0u) << "without a list";
  EXPECT_NE(code(app, "\xff"), 0u) << "a query that is none is answered, not dropped";
}

TEST_F(ApplicationTest, ANodeThatCannotGoOnSaysSoAndCommitsNothing) {
  abci::Request request;
  EXPECT_TRUE(app_->Handle(request).has_exception()) << "no request at all";
  Block(1, {});
  // A block of an earlier time than the ledger's last: data of two networks.
  abci::Request late;
  late.mutable_finalize_block()->set_height(2);
  Block(2, {Of({Registration("ada")})});
  late.mutable_finalize_block()->set_height(3);
  late.mutable_finalize_block()->mutable_time()->set_seconds(1);
  const abci::Response refused = app_->Handle(late);
  EXPECT_NE(refused.exception().error().find("snapshot"), std::string::npos);
  EXPECT_EQ(node_->ledger->mode(), node::Mode::kServing);
}

}  // namespace
}  // namespace tributary::consensus
