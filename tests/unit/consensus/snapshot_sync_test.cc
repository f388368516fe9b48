// Snapshots between two nodes, as CometBFT carries them, and validators that governance sets.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "consensus/application.h"
#include "consensus/bundle.h"
#include "consensus/join.h"
#include "unit/node/test_node.h"

namespace tributary::consensus {
namespace {

using testing::ChainOptions;
using testing::TestNode;

class SnapshotSyncTest : public ::testing::Test {
 protected:
  SnapshotSyncTest()
      : snapshots_(node_.ledger->store(), node_.dir + "/snapshots", 2, node_.logger) {
    ApplicationOptions options;
    options.snapshots = &snapshots_;
    options.snapshot_interval = 2;
    app_ = std::make_unique<Application>(*node_.ledger, options, node_.logger);
  }

  abci::ResponseFinalizeBlock Block(uint64_t height, const std::vector<std::string>& transactions) {
    abci::Request request;
    auto* block = request.mutable_finalize_block();
    block->set_height(static_cast<int64_t>(height));
    if (!transactions.empty()) {
      block->add_txs(EncodeBundle(0, {transactions.begin(), transactions.end()}));
    }
    const uint64_t ms = ChainOptions().time_ms + height * 1'000;
    block->mutable_time()->set_seconds(static_cast<int64_t>(ms / 1'000));
    const abci::Response finalized = app_->Handle(request);
    EXPECT_TRUE(finalized.has_finalize_block()) << finalized.exception().error();
    abci::Request commit;
    commit.mutable_commit();
    EXPECT_TRUE(app_->Handle(commit).has_commit());
    return finalized.finalize_block();
  }
  std::string Registration(const std::string& handle) {
    return node_.chain.Sign("steward", {node_.chain.Register(handle)});
  }
  // The only snapshot; waits until it is made.
  abci::Snapshot Listed() {
    abci::Request request;
    request.mutable_list_snapshots();
    for (int i = 0; i < 3'000; ++i) {
      const abci::Response response = app_->Handle(request);
      if (response.list_snapshots().snapshots_size() == 1) {
        return response.list_snapshots().snapshots(0);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << "no snapshot was made";
    return {};
  }
  std::string Chunk(const abci::Snapshot& snapshot, uint32_t number) {
    abci::Request request;
    request.mutable_load_snapshot_chunk()->set_height(snapshot.height());
    request.mutable_load_snapshot_chunk()->set_format(snapshot.format());
    request.mutable_load_snapshot_chunk()->set_chunk(number);
    return app_->Handle(request).load_snapshot_chunk().chunk();
  }
  std::unique_ptr<Join> Joining() {
    JoinOptions options;
    options.dir = node_.dir + "/joined";
    options.abci_socket = node_.dir + "/join.sock";
    options.supervise = false;
    auto join = Join::Start(options, node_.logger);
    EXPECT_TRUE(join.ok()) << join.status();
    return *std::move(join);
  }
  static int32_t Offer(Join& join, const abci::Snapshot& snapshot, const std::string& app_hash) {
    abci::Request request;
    *request.mutable_offer_snapshot()->mutable_snapshot() = snapshot;
    request.mutable_offer_snapshot()->set_app_hash(app_hash);
    return join.Handle(request).offer_snapshot().result();
  }
  static abci::ResponseApplySnapshotChunk Apply(Join& join, uint32_t index,
                                                const std::string& chunk) {
    abci::Request request;
    request.mutable_apply_snapshot_chunk()->set_index(index);
    request.mutable_apply_snapshot_chunk()->set_chunk(chunk);
    request.mutable_apply_snapshot_chunk()->set_sender("peer");
    return join.Handle(request).apply_snapshot_chunk();
  }

  TestNode node_;
  node::Snapshots snapshots_;
  std::unique_ptr<Application> app_;
};

TEST_F(SnapshotSyncTest, ANodeJoinsFromTheSnapshotOfAnotherAndStandsAtItsHeight) {
  Block(1, {Registration("ada")});
  const std::string app_hash = Block(2, {Registration("bob")}).app_hash();
  const abci::Snapshot snapshot = Listed();
  EXPECT_EQ(snapshot.height(), 2u);
  EXPECT_EQ(snapshot.chunks(), 1u);
  Block(3, {Registration("cid")});  // the other goes on
  const auto join = Joining();
  EXPECT_EQ(Offer(*join, snapshot, app_hash), 1);
  EXPECT_FALSE(join->Wait(0));
  EXPECT_EQ(Apply(*join, 0, Chunk(snapshot, 0)).result(), 1);
  ASSERT_TRUE(join->Wait(0));
  auto ledger = node::Ledger::Open(node_.dir + "/joined", node_.options, node_.clock, node_.logger);
  ASSERT_TRUE(ledger.ok()) << ledger.status();
  EXPECT_EQ((*ledger)->engine_height(), 2u);
  EXPECT_EQ(base::AsText((*ledger)->view()->header_hash().view()), app_hash);
  EXPECT_FALSE((*ledger)->store().history().log_complete());
}

TEST_F(SnapshotSyncTest, WhatTheNetworkDoesNotConfirmIsRefused) {
  Block(1, {});
  const std::string app_hash = Block(2, {Registration("ada")}).app_hash();
  const abci::Snapshot good = Listed();
  const auto join = Joining();
  EXPECT_EQ(Offer(*join, good, std::string(32, 'x')), 3) << "another header";
  abci::Snapshot bad = good;
  bad.set_format(2);
  EXPECT_EQ(Offer(*join, bad, app_hash), 4);
  bad = good;
  bad.set_height(4);
  EXPECT_EQ(Offer(*join, bad, app_hash), 3);
  bad = good;
  bad.mutable_metadata()->back() ^= 1;
  EXPECT_EQ(Offer(*join, bad, app_hash), 3);
  ASSERT_EQ(Offer(*join, good, app_hash), 1);
  std::string chunk = Chunk(good, 0);
  chunk[40] ^= 1;
  const auto refused = Apply(*join, 0, chunk);
  EXPECT_EQ(refused.result(), 3) << "again, from somebody else";
  ASSERT_EQ(refused.refetch_chunks_size(), 1);
  EXPECT_EQ(refused.reject_senders(0), "peer");
  EXPECT_EQ(Apply(*join, 0, Chunk(good, 0)).result(), 1);
  EXPECT_TRUE(join->Wait(0));
}

TEST_F(SnapshotSyncTest, ANodeThatWaitsForASnapshotExecutesNothing) {
  const auto join = Joining();
  abci::Request request;
  request.mutable_init_chain();
  EXPECT_TRUE(join->Handle(request).has_exception());
  abci::Request info;
  info.mutable_info();
  EXPECT_EQ(join->Handle(info).info().last_block_height(), 0);
}

TEST_F(SnapshotSyncTest, AValidatorSetByGovernanceReachesTheEngineWithTheBlockOfItsHeight) {
  codec::SetValidator change;
  change.public_key = testing::KeyOf("validator").public_key();
  change.power = 7;
  change.account = node_.chain.IdOf("steward");
  codec::Propose propose;
  propose.changes = {change};
  propose.effective_height = base::Height(3);
  propose.reason = "one more";
  EXPECT_EQ(
      Block(1, {node_.chain.Sign("admin", {codec::Operation(propose)})}).validator_updates_size(),
      0);
  const abci::ResponseFinalizeBlock at = Block(2, {Registration("ada")});
  ASSERT_EQ(at.validator_updates_size(), 1);
  EXPECT_EQ(at.validator_updates(0).power(), 7);
  EXPECT_EQ(at.validator_updates(0).pub_key().ed25519(), base::AsText(change.public_key.bytes));
  EXPECT_EQ(Block(3, {Registration("bob")}).validator_updates_size(), 0) << "told once";
}

}  // namespace
}  // namespace tributary::consensus
