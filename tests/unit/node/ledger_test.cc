#include "node/ledger.h"

#include <gtest/gtest.h>

#include "state/overlay.h"
#include "unit/node/test_disk.h"
#include "unit/node/test_node.h"

namespace tributary::node {
namespace {

using base::RejectionCode;
using testing::TestDisk;
using testing::TestNode;

const Refused* AsRefused(const Decision& decision) {
  return std::get_if<Refused>(&decision.result);
}

TEST(LedgerTest, ACommittedTransactionIsSeenByReadersAndRemembered) {
  TestNode node;
  const Decision decision = node.Run("steward", {node.chain.Register("ada")});
  ASSERT_TRUE(std::holds_alternative<Committed>(decision.result));
  EXPECT_EQ(std::get<Committed>(decision.result).entry, base::EntryIndex(2));
  const auto view = node.ledger->view();
  EXPECT_EQ(view->header().height, base::Height(2));
  EXPECT_TRUE(view->FindHandle("ada").has_value());
  EXPECT_TRUE(view->FindHandle("ADA").has_value());
  const auto known = node.ledger->Lookup(decision.id, 0);
  ASSERT_TRUE(known.ok());
  EXPECT_TRUE(std::holds_alternative<Committed>(*known));
}

TEST(LedgerTest, AViewDoesNotChangeWhenBlocksAreMade) {
  TestNode node;
  const auto before = node.ledger->view();
  node.Run("steward", {node.chain.Register("ada")});
  EXPECT_FALSE(before->FindHandle("ada").has_value());
  EXPECT_EQ(before->log_size(), 2u);
  EXPECT_EQ(node.ledger->view()->log_size(), 4u);
}

TEST(LedgerTest, ARefusedTransactionLeavesNoBlockAndIsRemembered) {
  TestNode node;
  const Decision decision = node.Run("reporter", {node.chain.Register("ada")});
  ASSERT_NE(AsRefused(decision), nullptr);
  EXPECT_EQ(node.ledger->view()->log_size(), 2u);
  const auto known = node.ledger->Lookup(decision.id, 0);
  EXPECT_TRUE(std::holds_alternative<Refused>(*known));
}

TEST(LedgerTest, TheSameTransactionTwiceIsRefusedAndStaysKnownAsCommitted) {
  TestNode node;
  const std::string bytes = node.chain.Sign("steward", {node.chain.Register("ada")});
  const Decision first = node.Run(bytes);
  ASSERT_TRUE(std::holds_alternative<Committed>(first.result));
  const Decision second = node.Run(bytes);
  ASSERT_NE(AsRefused(second), nullptr);
  EXPECT_EQ(AsRefused(second)->rejection.code, RejectionCode::kDuplicateTransaction);
  EXPECT_TRUE(std::holds_alternative<Committed>(*node.ledger->Lookup(first.id, 0)));
}

TEST(LedgerTest, BytesThatAreNoTransactionAreRefusedAtTheDoor) {
  TestNode node;
  const auto submitted = node.ledger->Submit("\x0a", {});
  ASSERT_TRUE(std::holds_alternative<Refused>(submitted));
  EXPECT_EQ(std::get<Refused>(submitted).rejection.code, RejectionCode::kWireTruncated);
}

TEST(LedgerTest, UnknownAndExpiredAreToldApart) {
  TestNode node;
  base::TxId id;
  id.bytes[0] = 1;
  EXPECT_TRUE(std::holds_alternative<Ledger::Unknown>(*node.ledger->Lookup(id, 0)));
  const uint64_t now_ms = node.ledger->view()->header().time_ms.value();
  EXPECT_TRUE(std::holds_alternative<Ledger::Unknown>(*node.ledger->Lookup(id, now_ms + 1)));
  EXPECT_TRUE(std::holds_alternative<Ledger::Expired>(*node.ledger->Lookup(id, now_ms)));
}

TEST(LedgerTest, AFullQueueIsTroubleWithARetryHint) {
  LedgerOptions options;
  options.mempool.transactions_max = 1;
  TestNode node({}, options);
  node.ledger->Submit(node.chain.Sign("steward", {node.chain.Register("ada")}), {});
  const auto second =
      node.ledger->Submit(node.chain.Sign("steward", {node.chain.Register("bob")}), {});
  ASSERT_TRUE(std::holds_alternative<Trouble>(second));
  const auto& trouble = std::get<Trouble>(second);
  EXPECT_EQ(trouble.status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_GT(trouble.retry_after_ms, 0u);
  EXPECT_TRUE(node.ledger->MakeBlock({}).ok());
  EXPECT_TRUE(node.ledger->view()->FindHandle("ada").has_value());
}

TEST(LedgerTest, AClockThatJumpedStopsBlocksUntilItComesBack) {
  TestNode node;
  const uint64_t wall_ms = node.clock.WallMs();
  node.clock.SetWall(wall_ms + 3'600'000);
  const Decision decision = node.Run("steward", {node.chain.Register("ada")});
  ASSERT_TRUE(std::holds_alternative<Trouble>(decision.result));
  EXPECT_EQ(node.ledger->mode(), Mode::kClockRefused);
  EXPECT_EQ(node.ledger->view()->log_size(), 2u);
  node.clock.SetWall(wall_ms);
  EXPECT_TRUE(node.ledger->MakeBlock({}).ok());
  EXPECT_EQ(node.ledger->mode(), Mode::kServing);
  EXPECT_TRUE(
      std::holds_alternative<Committed>(node.Run("steward", {node.chain.Register("bob")}).result));
}

TEST(LedgerTest, AStoreThatFailsMakesTheNodeReadOnlyUntilItIsReopened) {
  const auto files = std::make_shared<TestDisk>();
  LedgerOptions options;
  options.storage.file_system = files;
  TestNode node({}, options);
  node.Run("steward", {node.chain.Register("ada")});
  files->full = true;
  const Decision decision = node.Run("steward", {node.chain.Register("bob")});
  ASSERT_TRUE(std::holds_alternative<Trouble>(decision.result));
  EXPECT_EQ(std::get<Trouble>(decision.result).retry_after_ms, 0u);
  EXPECT_EQ(node.ledger->mode(), Mode::kReadOnly);
  EXPECT_NE(node.ledger->mode_reason().find("disk is full"), std::string::npos);
  files->full = false;
  const auto refused =
      node.ledger->Submit(node.chain.Sign("steward", {node.chain.Register("cyd")}), {});
  ASSERT_TRUE(std::holds_alternative<Trouble>(refused));
  EXPECT_EQ(std::get<Trouble>(refused).status.code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(node.ledger->view()->FindHandle("ada").has_value()) << "reads go on";
  EXPECT_FALSE(node.ledger->view()->FindHandle("bob").has_value());
  node.ledger.reset();
  node.Open();
  EXPECT_EQ(node.ledger->mode(), Mode::kServing);
  EXPECT_TRUE(node.ledger->view()->FindHandle("ada").has_value());
}

TEST(LedgerTest, AnAtomTooManyHaltsTheNodeAndNothingIsCommitted) {
  TestNode node;
  const base::Hash root = node.ledger->view()->log_root();
  node.ledger->set_fault_for_test([](state::Overlay& overlay) {
    auto totals = overlay.Get<state::TotalsRow>(0);
    totals.fees += base::Atoms(1);
    overlay.Put(0, totals);
  });
  const Decision decision = node.Run("steward", {node.chain.Register("ada")});
  ASSERT_TRUE(std::holds_alternative<Trouble>(decision.result));
  EXPECT_EQ(node.ledger->mode(), Mode::kHalted);
  EXPECT_EQ(node.ledger->view()->log_root(), root);
  node.ledger->set_fault_for_test({});
  const auto refused =
      node.ledger->Submit(node.chain.Sign("steward", {node.chain.Register("bob")}), {});
  EXPECT_TRUE(std::holds_alternative<Trouble>(refused)) << "a halted node stays halted";
}

TEST(LedgerTest, WhatWasCommittedIsThereAfterReopening) {
  TestNode node;
  const Decision decision = node.Run("steward", {node.chain.Register("ada")});
  const base::Hash root = node.ledger->view()->log_root();
  node.ledger.reset();
  node.Open();
  EXPECT_EQ(node.ledger->view()->log_root(), root);
  EXPECT_TRUE(node.ledger->view()->FindHandle("ada").has_value());
  // Recent decisions are gone; the log is not.
  EXPECT_TRUE(std::holds_alternative<Committed>(*node.ledger->Lookup(decision.id, 0)));
}

TEST(LedgerTest, AReadThatFailedSpoilsOnlyTheViewsThatWereGivenOut) {
  const auto disk = std::make_shared<TestDisk>();
  LedgerOptions options;
  options.storage.file_system = disk;
  TestNode node({}, options);
  node.Run("steward", {node.chain.Register("ada")});
  node.ledger.reset();
  options.storage.block_cache_bytes = 0;
  node.options = options;
  node.Open();  // what is read now stands in files
  const auto spoilt = node.ledger->view();
  const base::AccountIndex ada = *spoilt->FindHandle("ada");
  disk->unreadable = true;
  EXPECT_EQ(spoilt->Account(ada).Handle(), "");
  EXPECT_FALSE(spoilt->status().ok());
  disk->unreadable = false;
  EXPECT_FALSE(spoilt->status().ok()) << "what was read from it counts for nothing";
  const auto fresh = node.ledger->view();
  EXPECT_EQ(fresh->header().height, spoilt->header().height) << "no block was needed";
  EXPECT_EQ(fresh->Account(ada).Handle(), "ada");
  EXPECT_TRUE(fresh->status().ok());
  EXPECT_EQ(fresh, node.ledger->view()) << "and it is kept";
}

}  // namespace
}  // namespace tributary::node
