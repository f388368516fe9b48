#include "state/overlay.h"

#include <gtest/gtest.h>

#include "state/identity_keys.h"
#include "support/chain.h"

namespace tributary::state {
namespace {

constexpr TableId kEdgesTable{TableKind::kEdges, 0};
constexpr TableId kDueTable{TableKind::kDue, 0};
constexpr TableId kAccountsTable{TableKind::kAccounts, 0};

base::Hash KeyNumber(uint8_t number) {
  base::Hash key;
  key.bytes[0] = number;
  return key;
}

EdgeRow EdgeOf(uint32_t parent) {
  EdgeRow edge;
  edge.parent = parent;
  return edge;
}

DueRow DueAt(uint64_t due_ms) {
  DueRow due;
  due.due_ms = due_ms;
  due.kind = static_cast<uint8_t>(DueKind::kClaim);
  return due;
}

class OverlayTest : public ::testing::Test {
 protected:
  testing::Chain chain_;
  Overlay overlay_{chain_.pages(), chain_.resident()};
};

TEST_F(OverlayTest, ReadsItsOwnChangesFirst) {
  const auto before = overlay_.Get<AccountRow>(0);
  auto changed = before;
  changed.record_count = 7;
  overlay_.Put(0, changed);
  EXPECT_EQ(overlay_.Get<AccountRow>(0).record_count, 7u);
  EXPECT_EQ(ReadRow<AccountRow>(chain_.pages(), 0).record_count, before.record_count);
}

TEST_F(OverlayTest, RowsBeyondTheEndDoNotExist) {
  EXPECT_EQ(overlay_.RowCount(kEdgesTable), 0u);
  EXPECT_DEATH(overlay_.Get<EdgeRow>(0), "no such row");
  EXPECT_EQ(overlay_.Append(EdgeOf(3)), 0u);
  EXPECT_EQ(overlay_.Get<EdgeRow>(0).parent, 3u);
  EXPECT_DEATH(overlay_.Get<EdgeRow>(1), "no such row");
}

TEST_F(OverlayTest, ARollbackRestoresRowsCountsIdentitiesAndRecords) {
  overlay_.Append(EdgeOf(1));
  overlay_.AddIdentity(Identity::kContent, KeyNumber(1), 1);
  const base::Hash root = overlay_.StateRoot();
  overlay_.BeginTransaction();
  overlay_.Put(0, EdgeOf(2));
  overlay_.Put(0, EdgeOf(3));
  for (uint32_t i = 0; i < 1000; ++i) overlay_.Append(EdgeOf(i));  // some pages
  overlay_.AddIdentity(Identity::kContent, KeyNumber(2), 2);
  overlay_.AddRecord({});
  overlay_.new_edges().push_back({});
  overlay_.new_authors().push_back({});
  overlay_.RollbackTransaction();
  EXPECT_EQ(overlay_.RowCount(kEdgesTable), 1u);
  EXPECT_EQ(overlay_.Get<EdgeRow>(0).parent, 1u);
  EXPECT_EQ(overlay_.Find(Identity::kContent, KeyNumber(1)), 1u);
  EXPECT_EQ(overlay_.Find(Identity::kContent, KeyNumber(2)), std::nullopt);
  EXPECT_TRUE(overlay_.new_edges().empty());
  EXPECT_TRUE(overlay_.new_authors().empty());
  EXPECT_EQ(overlay_.StateRoot(), root);
  // The rows that come now begin as zeros.
  overlay_.Grow(kEdgesTable, 3);
  EXPECT_EQ(overlay_.Get<EdgeRow>(2).parent, 0u);
}

TEST_F(OverlayTest, ARollbackKeepsWhatEarlierTransactionsDid) {
  overlay_.BeginTransaction();
  overlay_.Append(EdgeOf(5));
  overlay_.AddIdentity(Identity::kContent, KeyNumber(1), 1);
  overlay_.CommitTransaction();
  overlay_.BeginTransaction();
  overlay_.Put(0, EdgeOf(6));
  overlay_.RollbackTransaction();
  EXPECT_EQ(overlay_.Get<EdgeRow>(0).parent, 5u);
  EXPECT_EQ(overlay_.Find(Identity::kContent, KeyNumber(1)), 1u);
}

TEST_F(OverlayTest, ATableThatATransactionBeganIsGoneAfterItsRollback) {
  const base::Hash root = overlay_.StateRoot();
  overlay_.BeginTransaction();
  overlay_.Append(EdgeOf(5));
  EXPECT_NE(overlay_.StateRoot(), root);
  overlay_.RollbackTransaction();
  EXPECT_EQ(overlay_.StateRoot(), root);
  EXPECT_EQ(overlay_.StateRoot(), chain_.resident().StateRoot());
}

TEST_F(OverlayTest, TheEarliestDueItemComesFirstUntilItIsDone) {
  overlay_.AddDue(DueAt(20));
  const uint64_t first = overlay_.AddDue(DueAt(10));
  ASSERT_TRUE(overlay_.NextDue());
  EXPECT_EQ(overlay_.NextDue()->row, first);
  overlay_.FinishDue(*overlay_.NextDue());
  EXPECT_EQ(overlay_.NextDue()->due_ms, 20u);
  EXPECT_EQ(overlay_.Get<DueRow>(first).done, 1);
}

TEST_F(OverlayTest, ARollbackUndoesOnlyItsOwnDueItems) {
  overlay_.BeginTransaction();
  overlay_.AddDue(DueAt(10));
  overlay_.CommitTransaction();
  const DueItem item = *overlay_.NextDue();
  overlay_.BeginTransaction();
  overlay_.FinishDue(item);
  overlay_.AddDue(DueAt(5));
  EXPECT_EQ(overlay_.NextDue()->due_ms, 5u);
  overlay_.RollbackTransaction();
  ASSERT_TRUE(overlay_.NextDue());
  EXPECT_EQ(*overlay_.NextDue(), item);
  EXPECT_EQ(overlay_.RowCount(kDueTable), 1u);
}

TEST_F(OverlayTest, AClearedTableStartsAnew) {
  EXPECT_GT(overlay_.RowCount(kAccountsTable), 1u);
  overlay_.Clear(kAccountsTable);
  EXPECT_TRUE(overlay_.Cleared(kAccountsTable));
  EXPECT_EQ(overlay_.RowCount(kAccountsTable), 0u);
  AccountRow row;
  row.record_count = 9;
  EXPECT_EQ(overlay_.Append(row), 0u);
  EXPECT_EQ(overlay_.Get<AccountRow>(0).record_count, 9u);
  EXPECT_EQ(overlay_.Get<AccountRow>(0).handle_bytes, 0);
}

TEST_F(OverlayTest, ARemovedIdentityMayBeAddedAgain) {
  const base::Hash key = HandleKey("admin");
  ASSERT_TRUE(overlay_.Find(Identity::kHandle, key));
  overlay_.RemoveIdentity(Identity::kHandle, key, 0);
  EXPECT_EQ(overlay_.Find(Identity::kHandle, key), std::nullopt);
  overlay_.AddIdentity(Identity::kHandle, key, 3);
  EXPECT_EQ(overlay_.Find(Identity::kHandle, key), 3u);
  EXPECT_DEATH(overlay_.AddIdentity(Identity::kHandle, key, 4), "twice");
}

TEST_F(OverlayTest, TablesAreNotClearedInsideATransaction) {
  overlay_.BeginTransaction();
  EXPECT_DEATH(overlay_.Clear(kAccountsTable), "inside a transaction");
  EXPECT_DEATH(overlay_.BeginTransaction(), "a transaction is open");
}

}  // namespace
}  // namespace tributary::state
