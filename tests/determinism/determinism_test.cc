// A long random log comes to the same bytes as ever; `./run determinism` runs the same with other
// compilers. TRIBUTARY_REWRITE_GOLDEN=1 writes the file anew, after a change that is meant.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "determinism/replays.h"
#include "support/paths.h"

namespace tributary::determinism {
namespace {

constexpr uint64_t kSeed = 20'261;
constexpr uint64_t kOperations = 100'000;

TEST(DeterminismTest, ARandomLogComesToTheBytesOfTheGoldenFile) {
  const std::string path = testing::SourceDir() + "/tests/golden/determinism.txt";
  const std::string report = Report(RandomLog(kSeed, kOperations));
  if (std::getenv("TRIBUTARY_REWRITE_GOLDEN") != nullptr) {
    std::ofstream(path) << report;
    return;
  }
  std::ostringstream golden;
  golden << std::ifstream(path).rdbuf();
  EXPECT_EQ(report, golden.str());
}

}  // namespace
}  // namespace tributary::determinism
