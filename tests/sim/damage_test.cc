// Every byte of what is stored matters: what is changed is found and named, or proved harmless.
#include <gtest/gtest.h>

#include "sim/damage.h"
#include "sim/seeds.h"

namespace tributary::sim {
namespace {

void Print(const DamageReport& report) {
  for (const auto& [what, count] : report.named) {
    std::printf("%6llu  %s\n", static_cast<unsigned long long>(count), what.c_str());
  }
}

// All of them with TRIBUTARY_BYTES=0.
TEST(DamageTest, AChangedByteOfAnyStoredValueIsFoundByCheckAndAudit) {
  const uint64_t seed = SeedFromEnvironment();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Damage damage(seed, 20);
  const uint64_t wanted = CountFromEnvironment("TRIBUTARY_BYTES", 250);
  const uint64_t all = damage.stored_bytes();
  for (uint64_t i = 0; i < (wanted == 0 ? all : wanted); ++i) {
    const absl::Status status = wanted == 0 ? damage.ChangeByte(i) : damage.ChangeAnyByte();
    ASSERT_TRUE(status.ok()) << status;
  }
  Print(damage.report());
}

TEST(DamageTest, AFlippedBitOfAnyFileIsFoundOrHarmlessAndNeverShortensTheChain) {
  const uint64_t seed = SeedFromEnvironment();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Damage damage(seed, 40);
  const uint64_t wanted = CountFromEnvironment("TRIBUTARY_BITS", 200);
  for (uint64_t i = 0; i < wanted; ++i) {
    const absl::Status status = damage.FlipAnyBit();
    ASSERT_TRUE(status.ok()) << status;
  }
  Print(damage.report());
  EXPECT_GT(damage.report().found_by_audit, 0u);
}

}  // namespace
}  // namespace tributary::sim
