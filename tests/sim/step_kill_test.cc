// The real node ends at each named step of a commit, under load; nothing acknowledged is lost.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "audit/audit.h"
#include "node/ledger.h"
#include "sim/seeds.h"
#include "storage/store.h"
#include "support/chain.h"
#include "tributary/base/hex.h"

namespace tributary::sim {
namespace {

class StepKillTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "tributary-step-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    const auto verdict =
        node::CreateChain(dir(), storage::Options(), testing::ChainOptions().Encode());
    ASSERT_TRUE(verdict.ok()) << verdict.status();
    ASSERT_FALSE(verdict->has_value());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string dir() const { return folder_ + "/data"; }
  std::string answers() const { return folder_ + "/answers"; }

  // Runs a node that ends at the step; its answers are added to those of the nodes before it.
  void RunUntil(const std::string& step, uint64_t count, uint64_t seed) {
    const std::string command = std::string(TRIBUTARY_STEP_NODE) + " " + dir() + " " + step + " " +
                                std::to_string(count) + " " + std::to_string(seed) + " >>" +
                                answers();
    const int status = std::system(command.c_str());
    ASSERT_TRUE(WIFEXITED(status));
    ASSERT_EQ(WEXITSTATUS(status), 7) << step;
  }

  // Every answer so far is true, and the audit holds.
  void ExpectNothingLost(size_t& acknowledged) {
    storage::Options options;
    const auto store = storage::Store::Open(dir(), options);
    ASSERT_TRUE(store.ok()) << store.status();
    std::ifstream in(answers());
    std::string id;
    uint64_t entry = 0;
    acknowledged = 0;
    while (in >> id >> entry) {
      base::TxId tx;
      const auto bytes = base::FromHex(id);
      ASSERT_TRUE(bytes && bytes->size() == base::TxId::kSize);
      tx = base::TxId::From(*bytes);
      const auto place = (*store)->FindTransaction(tx);
      ASSERT_TRUE(place.ok()) << place.status();
      ASSERT_TRUE(place->has_value()) << "acknowledged and lost: " << id;
      ASSERT_EQ((*place)->entry.value(), entry);
      ++acknowledged;
    }
    const auto report = audit::AuditStore(dir(), {});
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_FALSE(report->fault) << report->fault->ToString();
    EXPECT_EQ(report->mismatch, "");
  }

  std::string folder_;
};

TEST_F(StepKillTest, AtEachStepOfACommitNothingAcknowledgedIsLost) {
  const uint64_t seed = SeedFromEnvironment();
  SCOPED_TRACE("seed " + std::to_string(seed));
  size_t acknowledged = 0;
  uint64_t run = 0;
  for (const char* step : {"before_batch", "after_build", "before_write", "after_write"}) {
    for (const uint64_t count : {uint64_t{1}, 3 + seed % 5}) {
      RunUntil(step, count, seed + ++run);
      ExpectNothingLost(acknowledged);
    }
  }
  EXPECT_GT(acknowledged, 0u);
}

}  // namespace
}  // namespace tributary::sim
