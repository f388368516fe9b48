// Power cuts at random moments and at each named step of a commit.
#include <gtest/gtest.h>

#include "sim/power_cuts.h"
#include "sim/seeds.h"

namespace tributary::sim {
namespace {

constexpr size_t kBlocks = 60;

TEST(PowerCutTest, WhatWasAcknowledgedIsThereAfterEveryCut) {
  const uint64_t seed = SeedFromEnvironment();
  const uint64_t wanted = CountFromEnvironment("TRIBUTARY_CUTS", 300);
  SCOPED_TRACE("seed " + std::to_string(seed));
  Workload workload(seed);
  workload.Grow(kBlocks);
  PowerCuts cuts(workload, seed, /*sync=*/true);
  while (cuts.report().cuts < wanted) {
    const absl::Status status = cuts.Life();
    ASSERT_TRUE(status.ok()) << status << " after " << cuts.report().cuts << " cuts";
  }
  for (const auto& [where, count] : cuts.report().at) {
    std::printf("%6llu  %s\n", static_cast<unsigned long long>(count), where.c_str());
  }
  for (const char* where : {"step before_batch", "step after_build", "step before_write",
                            "step after_write", "append wal", "sync wal"}) {
    EXPECT_GT(cuts.report().at.count(where), 0u) << "no cut at: " << where;
  }
  EXPECT_GT(cuts.report().unacknowledged, 0u) << "no cut between the sync and the answer";
}

// The test of the test: where nothing is synced it must find what is lost.
TEST(PowerCutTest, WithoutSyncingItIsFoundThatBlocksAreLost) {
  Workload workload(1);
  workload.Grow(kBlocks);
  PowerCuts cuts(workload, 1, /*sync=*/false);
  absl::Status status;
  while (status.ok() && cuts.report().cuts < 200) status = cuts.Life();
  ASSERT_FALSE(status.ok()) << "200 cuts, and nothing missed";
  EXPECT_NE(status.message().find("was acknowledged"), std::string::npos) << status;
}

}  // namespace
}  // namespace tributary::sim
