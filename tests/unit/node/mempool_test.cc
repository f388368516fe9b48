#include "node/mempool.h"

#include <gtest/gtest.h>

#include <string>

namespace tributary::node {
namespace {

std::unique_ptr<state::PreparedTransaction> Transaction(uint8_t id, std::string bytes) {
  auto transaction = std::make_unique<state::PreparedTransaction>();
  transaction->id.bytes[0] = id;
  transaction->bytes = std::move(bytes);
  return transaction;
}

TEST(MempoolTest, GivesBackInOrderOfArrival) {
  Mempool pool({10, 1'000, 8});
  for (uint8_t i = 0; i < 3; ++i) {
    EXPECT_EQ(pool.Add(Transaction(i, "x"), {}), Mempool::Added::kQueued);
  }
  const auto taken = pool.Take(2, 1'000);
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_EQ(taken[0]->transaction->id.bytes[0], 0);
  EXPECT_EQ(taken[1]->transaction->id.bytes[0], 1);
  EXPECT_EQ(pool.usage().transactions, 1u);
}

TEST(MempoolTest, IsFullAtItsCountAndAtItsBytes) {
  Mempool by_count({2, 1'000, 8});
  EXPECT_EQ(by_count.Add(Transaction(1, "x"), {}), Mempool::Added::kQueued);
  EXPECT_EQ(by_count.Add(Transaction(2, "x"), {}), Mempool::Added::kQueued);
  EXPECT_EQ(by_count.Add(Transaction(3, "x"), {}), Mempool::Added::kFull);
  Mempool by_bytes({10, 8, 8});
  EXPECT_EQ(by_bytes.Add(Transaction(1, "1234"), {}), Mempool::Added::kQueued);
  EXPECT_EQ(by_bytes.Add(Transaction(2, "12345"), {}), Mempool::Added::kFull);
  EXPECT_EQ(by_bytes.Add(Transaction(3, "1234"), {}), Mempool::Added::kQueued);
}

TEST(MempoolTest, TheSameBytesAreJoinedAlsoWhileTheirBlockIsMade) {
  Mempool pool({10, 1'000, 8});
  int told = 0;
  const auto tell = [&told](const Decision&) { ++told; };
  EXPECT_EQ(pool.Add(Transaction(1, "x"), tell), Mempool::Added::kQueued);
  EXPECT_EQ(pool.Add(Transaction(1, "x"), tell), Mempool::Added::kJoined);
  const auto taken = pool.Take(10, 1'000);
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(pool.Add(Transaction(1, "x"), tell), Mempool::Added::kJoined);
  EXPECT_TRUE(pool.IsPending(taken[0]->transaction->id));
  for (const auto& done : pool.Forget(taken[0])) done(Decision{});
  EXPECT_EQ(told, 3);
  EXPECT_FALSE(pool.IsPending(taken[0]->transaction->id));
}

TEST(MempoolTest, OtherSignaturesOverTheSameBodyAreQueuedForThemselves) {
  Mempool pool({10, 1'000, 8});
  EXPECT_EQ(pool.Add(Transaction(1, "bad signature"), {}), Mempool::Added::kQueued);
  EXPECT_EQ(pool.Add(Transaction(1, "good signature"), {}), Mempool::Added::kQueued);
  EXPECT_EQ(pool.usage().transactions, 2u);
}

TEST(MempoolTest, TakesAtLeastOneAndNoMoreThanTheBytes) {
  Mempool pool({10, 1'000, 8});
  for (uint8_t i = 0; i < 3; ++i) pool.Add(Transaction(i, "12345"), {});
  EXPECT_EQ(pool.Take(10, 1).size(), 1u);
  EXPECT_EQ(pool.Take(10, 10).size(), 2u);
}

TEST(MempoolTest, AfterCloseNothingIsTaken) {
  Mempool pool({10, 1'000, 8});
  pool.Add(Transaction(1, "x"), {});
  EXPECT_EQ(pool.Close().size(), 1u);
  EXPECT_EQ(pool.Add(Transaction(2, "x"), {}), Mempool::Added::kClosed);
  EXPECT_FALSE(pool.Wait(std::nullopt));
}

}  // namespace
}  // namespace tributary::node
