// Full disks and I/O errors: the node stops taking transactions and says why; nothing is lost.
#include <gtest/gtest.h>

#include "sim/disk_faults.h"
#include "sim/seeds.h"

namespace tributary::sim {
namespace {

TEST(DiskFaultTest, AFullOrFailingDiskMakesTheNodeReadOnlyAndLosesNothing) {
  const uint64_t seed = SeedFromEnvironment();
  const uint64_t wanted = CountFromEnvironment("TRIBUTARY_FAULTS", 40);
  SCOPED_TRACE("seed " + std::to_string(seed));
  DiskFaults faults(seed);
  while (faults.report().faults < wanted) {
    const absl::Status status = faults.Strike();
    ASSERT_TRUE(status.ok()) << status << " after " << faults.report().faults << " faults";
  }
  const DiskFaultReport& report = faults.report();
  for (const auto& [where, count] : report.at) {
    std::printf("%6llu  %s\n", static_cast<unsigned long long>(count), where.c_str());
  }
  std::printf(
      "%llu faults: %llu read-only, %llu while opening, %llu unnoticed; %llu blocks, %llu "
      "acknowledged\n",
      static_cast<unsigned long long>(report.faults),
      static_cast<unsigned long long>(report.read_only),
      static_cast<unsigned long long>(report.refused_to_open),
      static_cast<unsigned long long>(report.unnoticed),
      static_cast<unsigned long long>(report.blocks),
      static_cast<unsigned long long>(report.acknowledged));
  EXPECT_GT(report.read_only, 0u);
  EXPECT_GT(report.refused_to_open, 0u);
  EXPECT_GT(report.acknowledged, 0u);
}

}  // namespace
}  // namespace tributary::sim
