// The solo engine with the real ledger and the real store, and a disk and a clock that tests hold.
#include "consensus/solo.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <map>
#include <thread>

#include "codec/ids.h"
#include "state/overlay.h"
#include "unit/node/test_disk.h"
#include "unit/node/test_node.h"

namespace tributary::consensus {
namespace {

using base::RejectionCode;
using node::Committed;
using node::Decision;
using node::Ledger;
using node::Mode;
using node::Refused;
using node::Trouble;
using testing::Chain;
using testing::ChainOptions;
using testing::TestDisk;
using testing::TestNode;
using Seconds = std::chrono::seconds;
using Milliseconds = std::chrono::milliseconds;

constexpr Seconds kPatience{20};

// A node with an engine that runs, on a disk that the test holds.
class SoloTest : public ::testing::Test {
 protected:
  void Make(const ChainOptions& chain = {}, node::LedgerOptions options = {}) {
    options.storage.file_system = disk_;
    node_ = std::make_unique<TestNode>(chain, options);
  }
  void StartEngine() {
    const auto report = [this](const absl::Status& status) {
      EXPECT_FALSE(status.ok());
      out_of_service_.fetch_add(1);
    };
    engine_ =
        std::make_unique<SoloEngine>(*node_->ledger, node::BlockLimits{}, node_->logger, report);
    ASSERT_TRUE(engine_->Start().ok());
  }
  void TearDown() override {
    disk_->sync_gate.Open();
    engine_.reset();
  }

  std::string Registration(const std::string& handle) {
    return node_->chain.Sign("steward", {node_->chain.Register(handle)});
  }
  // What becomes of a transaction that is taken; a verdict at the door is there at once.
  std::future<Decision> Submit(std::string bytes) {
    const auto promise = std::make_shared<std::promise<Decision>>();
    std::future<Decision> future = promise->get_future();
    const Ledger::Submitted submitted = node_->ledger->Submit(
        std::move(bytes), [promise](const Decision& made) { promise->set_value(made); });
    if (const auto* refused = std::get_if<Refused>(&submitted)) promise->set_value({{}, *refused});
    if (const auto* trouble = std::get_if<Trouble>(&submitted)) promise->set_value({{}, *trouble});
    return future;
  }
  static Decision Wait(std::future<Decision> future) {
    if (future.wait_for(kPatience) != std::future_status::ready) {
      ADD_FAILURE() << "no answer";
      return {{}, Trouble{}};
    }
    return future.get();
  }
  static base::Height HeightOf(std::future<Decision> future) {
    const Decision decision = Wait(std::move(future));
    const auto* committed = std::get_if<Committed>(&decision.result);
    EXPECT_NE(committed, nullptr) << "not committed";
    return committed == nullptr ? base::Height() : committed->height;
  }
  uint64_t Height() const { return node_->ledger->view()->header().height.value(); }
  uint64_t Epoch() const { return node_->ledger->view()->chain().epoch; }
  // Whether it came true before the patience ended.
  template <class Condition>
  static bool Eventually(const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(Milliseconds(2));
    }
    return true;
  }
  // A block is being synced, and stays so until the gate opens.
  std::future<Decision> HoldABlock(const std::string& handle) {
    disk_->sync_gate.Close();
    std::future<Decision> first = Submit(Registration(handle));
    EXPECT_TRUE(disk_->sync_gate.WaitForSomebody());
    return first;
  }

  std::shared_ptr<TestDisk> disk_ = std::make_shared<TestDisk>();
  std::unique_ptr<TestNode> node_;
  std::atomic<int> out_of_service_{0};
  std::unique_ptr<SoloEngine> engine_;
};

TEST_F(SoloTest, WhatArrivesWhileABlockIsSyncedIsTheNextOneBlock) {
  Make();
  StartEngine();
  std::future<Decision> first = HoldABlock("first");
  std::vector<std::future<Decision>> later;
  for (int i = 0; i < 25; ++i) later.push_back(Submit(Registration("a" + std::to_string(i))));
  EXPECT_EQ(node_->ledger->mempool_usage().transactions, 25u);
  EXPECT_EQ(first.wait_for(Milliseconds(50)), std::future_status::timeout)
      << "answered before it was durable";
  EXPECT_EQ(Height(), 1u) << "readers saw what was not durable";
  disk_->sync_gate.Open();
  EXPECT_EQ(HeightOf(std::move(first)), base::Height(2));
  for (auto& future : later) EXPECT_EQ(HeightOf(std::move(future)), base::Height(3));
  EXPECT_EQ(Height(), 3u);
}

TEST_F(SoloTest, ABlockIsNoLargerThanItsLimits) {
  Make();
  engine_ =
      std::make_unique<SoloEngine>(*node_->ledger, node::BlockLimits{10, 8u << 20}, node_->logger);
  ASSERT_TRUE(engine_->Start().ok());
  std::future<Decision> first = HoldABlock("first");
  std::vector<std::future<Decision>> later;
  for (int i = 0; i < 25; ++i) later.push_back(Submit(Registration("a" + std::to_string(i))));
  disk_->sync_gate.Open();
  std::map<base::Height, int> sizes;
  for (auto& future : later) ++sizes[HeightOf(std::move(future))];
  const std::map<base::Height, int> expected = {
      {base::Height(3), 10}, {base::Height(4), 10}, {base::Height(5), 5}};
  EXPECT_EQ(sizes, expected);
}

// A timer of any length would show in each of the rounds; a busy machine shows in some.
TEST_F(SoloTest, NoTimerStandsBetweenATransactionAndItsBlock) {
  Make();
  StartEngine();
  auto fastest = std::chrono::steady_clock::duration::max();
  for (int i = 0; i < 30; ++i) {
    std::string bytes = Registration("a" + std::to_string(i));
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(HeightOf(Submit(std::move(bytes))), base::Height(static_cast<uint64_t>(i) + 2));
    fastest = std::min(fastest, std::chrono::steady_clock::now() - begin);
  }
  EXPECT_LT(fastest, Milliseconds(40));
}

TEST_F(SoloTest, WhileNothingArrivesAndNothingIsDueThereIsNoBlock) {
  Make();
  StartEngine();
  std::this_thread::sleep_for(Milliseconds(100));
  EXPECT_EQ(Height(), 1u);
  EXPECT_EQ(out_of_service_, 0);
  EXPECT_EQ(node_->ledger->counters().block_time.count(0), 0u);
}

TEST_F(SoloTest, AnEpochThatEndsWhileNobodySendsAnythingIsSettled) {
  Make();
  Chain& chain = node_->chain;
  const testing::RecordSpec spec{"model", {{"steward", base::kPpbOne}}, {}, 0};
  const auto must = [this](std::string_view who, const std::vector<codec::Operation>& operations) {
    EXPECT_TRUE(std::holds_alternative<Committed>(node_->Run(who, operations).result));
  };
  must("steward", {chain.Submit(spec)});
  must("reporter", {chain.Revenue(chain.RecordIdOf(spec), 1'000'000, "sale")});
  // An epoch that ends without anything to settle makes no block; the one after it matures the
  // sale.
  const uint64_t end_ms = node_->ledger->view()->chain().epoch_end_ms;
  const uint64_t due_ms = end_ms + 1'000'000;
  node_->Pass(due_ms - 20 - node_->clock.WallMs());
  StartEngine();
  std::this_thread::sleep_for(Milliseconds(100));
  EXPECT_EQ(Epoch(), 0u) << "the chain's clock has not moved";
  node_->Pass(20);
  ASSERT_TRUE(Eventually([this] { return node_->ledger->view()->chain().settlements == 1; }));
  EXPECT_EQ(Epoch(), 2u);
  EXPECT_EQ(node_->ledger->view()->header().time_ms.value(), due_ms);
  EXPECT_EQ(Height(), 4u) << "and no block more";
}

TEST_F(SoloTest, AClaimComesIntoForceWhileNobodySendsAnything) {
  ChainOptions options;
  options.people.push_back({"late", {}, {}, true});
  options.parameters.claim_notice_ms = 200;
  Make(options);
  Chain& chain = node_->chain;
  const crypto::KeyPair key = testing::KeyOf("late/1");
  const base::AccountId id = chain.IdOf("late");
  const codec::ClaimAccount claim{
      id, key.public_key(),
      key.Sign(base::AsBytes(codec::PossessionMessage(chain.chain_id, id, key.public_key())))};
  const std::string bytes = chain.Sign("steward", {claim}, {"steward2"});
  StartEngine();
  ASSERT_EQ(HeightOf(Submit(bytes)), base::Height(2));
  const auto pending = [this, &id] {
    const auto view = node_->ledger->view();
    const auto index = view->FindAccount(id);
    return index && view->Account(*index).pending_claim != state::kNone32;
  };
  EXPECT_TRUE(pending());
  std::this_thread::sleep_for(Milliseconds(250));
  EXPECT_TRUE(pending()) << "the chain's clock has not moved";
  node_->Pass(200);
  EXPECT_TRUE(Eventually([&pending] { return !pending(); }));
  EXPECT_EQ(Height(), 3u);
}

TEST_F(SoloTest, AFullQueueIsResourceExhaustedWithARetryHintAndTheRestIsCommitted) {
  node::LedgerOptions options;
  options.mempool.transactions_max = 3;
  Make({}, options);
  StartEngine();
  std::vector<std::future<Decision>> taken;
  taken.push_back(HoldABlock("first"));
  for (int i = 0; i < 3; ++i) taken.push_back(Submit(Registration("a" + std::to_string(i))));
  const std::string beyond = Registration("beyond");
  const Decision full = Wait(Submit(beyond));
  ASSERT_TRUE(std::holds_alternative<Trouble>(full.result));
  const auto& trouble = std::get<Trouble>(full.result);
  EXPECT_EQ(trouble.status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_GT(trouble.retry_after_ms, 0u);
  EXPECT_EQ(node_->ledger->counters().transactions_overloaded, 1u);
  disk_->sync_gate.Open();
  for (auto& future : taken) HeightOf(std::move(future));
  std::this_thread::sleep_for(Milliseconds(trouble.retry_after_ms));
  EXPECT_EQ(HeightOf(Submit(beyond)), base::Height(4)) << "the same bytes, later";
}

TEST_F(SoloTest, AtStartAClockFarFromTheLastBlockIsRefusedWithoutTheOperator) {
  Make();
  node_->ledger.reset();
  node_->Pass(86'400'001);
  node_->Open();
  StartEngine();
  const Decision refused = Wait(Submit(Registration("ada")));
  ASSERT_TRUE(std::holds_alternative<Trouble>(refused.result));
  const auto& trouble = std::get<Trouble>(refused.result);
  EXPECT_EQ(trouble.status.code(), absl::StatusCode::kUnavailable);
  EXPECT_GT(trouble.retry_after_ms, 0u);
  EXPECT_NE(trouble.status.message().find("--accept-clock-jump"), std::string::npos);
  EXPECT_EQ(node_->ledger->mode(), Mode::kClockRefused);
  EXPECT_EQ(Height(), 1u);
  engine_.reset();
  EXPECT_GE(out_of_service_, 1);
  node_->ledger.reset();
  node_->options.clock.accept_jump = true;
  node_->Open();
  StartEngine();
  const Decision decision = Wait(Submit(Registration("bob")));
  ASSERT_TRUE(std::holds_alternative<Committed>(decision.result));
  EXPECT_EQ(std::get<Committed>(decision.result).time.value(), node_->clock.WallMs());
}

TEST_F(SoloTest, AClockThatJumpsWhileTheNodeRunsStopsBlocksUntilItComesBackByItself) {
  for (const int64_t by_ms : {600'001, -600'001}) {
    Make();
    StartEngine();
    const uint64_t wall_ms = node_->clock.WallMs();
    node_->clock.SetWall(wall_ms + static_cast<uint64_t>(by_ms));
    const Decision refused = Wait(Submit(Registration("ada")));
    ASSERT_TRUE(std::holds_alternative<Trouble>(refused.result));
    EXPECT_EQ(node_->ledger->mode(), Mode::kClockRefused);
    EXPECT_EQ(Height(), 1u);
    node_->clock.SetWall(wall_ms);
    EXPECT_TRUE(Eventually([this] { return node_->ledger->mode() == Mode::kServing; }))
        << "nobody sends anything, and it serves again";
    EXPECT_EQ(HeightOf(Submit(Registration("bob"))), base::Height(2));
    engine_.reset();
  }
}

TEST_F(SoloTest, AClockThatGoesBackALittleStopsBlockTimeAndNothingElse) {
  Make();
  StartEngine();
  const Decision first = Wait(Submit(Registration("ada")));
  const base::TimeMs time = std::get<Committed>(first.result).time;
  node_->clock.SetWall(time.value() - 600'000);
  const Decision second = Wait(Submit(Registration("bob")));
  ASSERT_TRUE(std::holds_alternative<Committed>(second.result));
  EXPECT_EQ(std::get<Committed>(second.result).time, time);
  EXPECT_EQ(std::get<Committed>(second.result).height, base::Height(3));
}

TEST_F(SoloTest, AFailedCommitAnswersItsClientsAndLatchesUntilTheStoreIsReopened) {
  Make();
  StartEngine();
  HeightOf(Submit(Registration("ada")));
  disk_->full = true;
  const Decision failed = Wait(Submit(Registration("bob")));
  ASSERT_TRUE(std::holds_alternative<Trouble>(failed.result));
  EXPECT_EQ(std::get<Trouble>(failed.result).retry_after_ms, 0u) << "waiting will not help";
  disk_->full = false;
  const Decision after = Wait(Submit(Registration("cyd")));
  ASSERT_TRUE(std::holds_alternative<Trouble>(after.result)) << "the disk has room, but it latched";
  EXPECT_EQ(std::get<Trouble>(after.result).status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(node_->ledger->mode(), Mode::kReadOnly);
  EXPECT_EQ(Height(), 2u);
  engine_.reset();
  EXPECT_EQ(out_of_service_, 1) << "once, not in a loop";
  node_->ledger.reset();
  node_->Open();
  StartEngine();
  EXPECT_EQ(HeightOf(Submit(Registration("bob"))), base::Height(3));
}

TEST_F(SoloTest, MoneyThatDoesNotAddUpHaltsTheNodeAndAnswersWhoeverWaits) {
  Make();
  node_->ledger->set_fault_for_test([](state::Overlay& overlay) {
    auto totals = overlay.Get<state::TotalsRow>(0);
    totals.fees += base::Atoms(1);
    overlay.Put(0, totals);
  });
  StartEngine();
  const Decision halted = Wait(Submit(Registration("ada")));
  ASSERT_TRUE(std::holds_alternative<Trouble>(halted.result));
  EXPECT_EQ(node_->ledger->mode(), Mode::kHalted);
  EXPECT_EQ(Height(), 1u);
}

TEST_F(SoloTest, StoppingDecidesWhatWasAcceptedAndRefusesWhatComesAfter) {
  Make();
  StartEngine();
  std::vector<std::future<Decision>> accepted;
  accepted.push_back(HoldABlock("first"));
  for (int i = 0; i < 5; ++i) accepted.push_back(Submit(Registration("a" + std::to_string(i))));
  std::thread stopper([this] { engine_->Stop(); });
  Decision late;
  const bool refused = Eventually([this, &late] {
    static int n = 0;
    std::future<Decision> future = Submit(Registration("late" + std::to_string(n++)));
    if (future.wait_for(Seconds(0)) != std::future_status::ready) return false;
    late = future.get();
    return true;
  });
  EXPECT_TRUE(refused);
  ASSERT_TRUE(std::holds_alternative<Trouble>(late.result));
  EXPECT_EQ(std::get<Trouble>(late.result).status.code(), absl::StatusCode::kUnavailable);
  EXPECT_GT(std::get<Trouble>(late.result).retry_after_ms, 0u) << "another node, or this one later";
  disk_->sync_gate.Open();
  stopper.join();
  for (auto& future : accepted) HeightOf(std::move(future));
}

TEST_F(SoloTest, StoppingOnADiskThatFailsAnswersEverybodyToo) {
  Make();
  StartEngine();
  std::vector<std::future<Decision>> waiting;
  waiting.push_back(HoldABlock("first"));
  for (int i = 0; i < 5; ++i) waiting.push_back(Submit(Registration("a" + std::to_string(i))));
  node_->ledger->Stop();
  disk_->full = true;
  disk_->sync_gate.Open();
  engine_->Stop();
  waiting.erase(waiting.begin());  // was in the block that was being synced
  for (auto& future : waiting) {
    EXPECT_TRUE(std::holds_alternative<Trouble>(Wait(std::move(future)).result));
  }
}

// Submissions race with the end: each is answered once, whichever way.
TEST_F(SoloTest, NobodyIsForgottenInTheRaceWithTheEnd) {
  Make();
  StartEngine();
  constexpr int kThreads = 3, kEach = 40;
  std::vector<std::vector<std::string>> signed_bytes(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    for (int i = 0; i < kEach; ++i) {
      signed_bytes[t].push_back(Registration("t" + std::to_string(t * kEach + i)));
    }
  }
  std::atomic<int> sent{0};
  std::vector<std::vector<std::future<Decision>>> futures(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t, &signed_bytes, &futures, &sent] {
      for (std::string& bytes : signed_bytes[t]) {
        futures[t].push_back(Submit(std::move(bytes)));
        sent.fetch_add(1);
      }
    });
  }
  ASSERT_TRUE(Eventually([&sent] { return sent.load() >= kThreads * kEach / 3; }));
  engine_->Stop();
  for (std::thread& thread : threads) thread.join();
  uint64_t committed = 0;
  for (auto& of_thread : futures) {
    for (auto& future : of_thread) {
      const Decision decision = Wait(std::move(future));
      if (std::holds_alternative<Committed>(decision.result)) ++committed;
    }
  }
  EXPECT_GT(committed, 0u);
  EXPECT_EQ(node_->ledger->counters().transactions_committed, committed);
  EXPECT_EQ(node_->ledger->mempool_usage().transactions, 0u);
}

TEST_F(SoloTest, StartsOnceAndStopsAsOftenAsOneLikes) {
  Make();
  StartEngine();
  EXPECT_EQ(engine_->Start().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(engine_->name(), "solo");
  engine_->Stop();
  engine_->Stop();
}

}  // namespace
}  // namespace tributary::consensus
