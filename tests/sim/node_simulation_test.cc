// The node by seed; what must hold stands at the top of node_simulation.h. TRIBUTARY_SIM_BLOCKS
// says how many blocks, TRIBUTARY_SEED from which seed on.
#include "sim/node_simulation.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "sim/seeds.h"

namespace tributary::sim {
namespace {

#ifndef TRIBUTARY_SIM_BLOCKS  // fewer where a sanitizer makes each slow
#define TRIBUTARY_SIM_BLOCKS 100'000
#endif

constexpr uint64_t kBlocksOfAChain = 1'000;
constexpr uint64_t kParts = 4;  // tests that run beside each other

void Print(const SimulationReport& report) {
  std::printf(
      "%llu chains, %llu blocks, %llu recoveries, %llu transactions acknowledged, "
      "%llu sent again, %llu of them found in the log, %llu refused, "
      "%llu blocks found that nobody had been told of, %llu times no trust in the clock\n",
      static_cast<unsigned long long>(report.chains),
      static_cast<unsigned long long>(report.blocks),
      static_cast<unsigned long long>(report.recoveries),
      static_cast<unsigned long long>(report.acknowledged),
      static_cast<unsigned long long>(report.sent_again),
      static_cast<unsigned long long>(report.found_by_retry),
      static_cast<unsigned long long>(report.refused),
      static_cast<unsigned long long>(report.unacknowledged),
      static_cast<unsigned long long>(report.clock_refused));
  for (const auto& [end, count] : report.ends) {
    std::printf("%6llu  %s\n", static_cast<unsigned long long>(count), end.c_str());
  }
}

class NodeSimulationTest : public ::testing::TestWithParam<uint64_t> {};

TEST_P(NodeSimulationTest, TheInvariantsHold) {
  const uint64_t seed = SeedFromEnvironment() + GetParam();
  const uint64_t blocks =
      CountFromEnvironment("TRIBUTARY_SIM_BLOCKS", TRIBUTARY_SIM_BLOCKS) / kParts;
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  NodeSimulation simulation(seed);
  while (simulation.report().blocks < blocks) {
    const absl::Status status = simulation.Chain(kBlocksOfAChain);
    ASSERT_TRUE(status.ok()) << status << " (seed " << seed << ", " << simulation.report().blocks
                             << " blocks)";
  }
  Print(simulation.report());
  const SimulationReport& report = simulation.report();
  EXPECT_GT(report.acknowledged, blocks / 4);
  if (blocks < 5'000) return;
  EXPECT_GT(report.found_by_retry, 0u) << "no client learnt by sending again";
  EXPECT_GT(report.unacknowledged, 0u) << "no crash between the sync and the answer";
  EXPECT_GT(report.clock_refused, 0u);
  for (const char* end :
       {"stopped", "killed", "power cut at step before_batch", "power cut at step after_build",
        "power cut at step before_write", "power cut at step after_write",
        "power cut at append wal", "power cut at sync wal", "disk fails from append wal"}) {
    EXPECT_TRUE(report.ends.contains(end)) << "no session ended so: " << end;
  }
}

INSTANTIATE_TEST_SUITE_P(Part, NodeSimulationTest, ::testing::Range<uint64_t>(0, kParts));

// The test of the test: where nothing is synced, what was acknowledged is missed.
TEST(NodeSimulationOfAFaultTest, WithoutSyncingItIsFoundThatBlocksAreLost) {
  NodeSimulation simulation(1, /*sync=*/false);
  const absl::Status status = simulation.Chain(kBlocksOfAChain);
  ASSERT_FALSE(status.ok()) << "nothing missed";
  EXPECT_NE(status.message().find("was acknowledged"), std::string::npos) << status;
}

}  // namespace
}  // namespace tributary::sim
