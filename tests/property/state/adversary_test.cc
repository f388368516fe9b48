// Accounts of every role, and keys of nobody, try everything against the state machine. Whatever is
// accepted, the laws of fairness_laws.h hold after every block.
//
// TRIBUTARY_ADVERSARY_OPERATIONS says how many operations are tried, TRIBUTARY_SEED which.
#include <iostream>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <variant>

#include "gtest/gtest.h"
#include "property/state/fairness_laws.h"
#include "property/state/hostile_operations.h"
#include "sim/seeds.h"
#include "state/invariants.h"

namespace tributary::testing {
namespace {

constexpr uint64_t kOperations = TRIBUTARY_ADVERSARY_DEFAULT;
constexpr uint64_t kOperationsPerChain = 5'000;
constexpr uint64_t kAttemptsPerBlockMax = 60;
constexpr uint64_t kRecountEveryBlocks = 25;
constexpr uint64_t kRebuildEveryBlocks = 60;
constexpr uint64_t kEnough = 100'000;  // for every operation to be accepted and refused
constexpr double kAcceptedPartMin = 0.30;

struct Coverage {
  std::map<std::string, uint64_t> accepted;
  std::map<std::pair<std::string, int>, uint64_t> refused;  // with the rejection's number
  uint64_t tried = 0;
  uint64_t taken = 0;

  void Take(const Attempt& attempt, const base::Verdict& verdict) {
    for (const codec::Operation& operation : attempt.operations) {
      const std::string name(codec::OperationName(operation));
      ++tried;
      if (verdict) {
        ++refused[{name, static_cast<int>(verdict->code)}];
      } else {
        ++accepted[name];
        ++taken;
      }
    }
  }
  void Print() const {
    for (size_t i = 0; i < std::variant_size_v<codec::Operation>; ++i) {
      const std::string name(codec::OperationName(i));
      const auto count = accepted.find(name);
      std::cout << name << ": " << (count == accepted.end() ? 0 : count->second)
                << " accepted; refused by";
      for (const auto& [key, times] : refused) {
        if (key.first == name) std::cout << " " << key.second << ":" << times;
      }
      std::cout << "\n";
    }
    std::cout << taken << " of " << tried << " operations accepted, "
              << "by " << refused.size() << " pairs of operation and rejection refused\n";
  }
};

// One chain from its genesis on. Returns the law that broke, or nothing.
std::string Attack(uint64_t seed, uint64_t operations, Coverage& coverage) {
  HostileChain chain(HostileOptions(seed));
  HostileOperations hostile(chain, seed);
  FairnessLaws laws(chain);
  std::mt19937_64 random(seed);
  const uint64_t end = coverage.tried + operations;
  for (uint64_t block = 1; coverage.tried < end; ++block) {
    chain.Begin(chain.time_ms() + hostile.StepMs());
    for (uint64_t i = random() % kAttemptsPerBlockMax; i > 0; --i) {
      std::optional<Attempt> attempt = hostile.Next();
      while (attempt) {
        const base::Verdict verdict = chain.Try(*attempt);
        coverage.Take(*attempt, verdict);
        attempt = verdict ? hostile.Persuaded(*attempt, *verdict) : std::nullopt;
      }
    }
    const auto effects = chain.End();
    std::string broken = effects ? laws.Broken(*effects) : "";
    if (broken.empty() && block % kRecountEveryBlocks == 0) {
      const absl::Status recount = state::RecountConservation(chain.pages(), chain.resident());
      if (!recount.ok()) broken = std::string(recount.message());
    }
    if (block % kRebuildEveryBlocks == 0) chain.Rebuild();
    if (!broken.empty()) return "block " + std::to_string(block) + ": " + broken;
  }
  return "";
}

TEST(AdversaryTest, NobodyGainsWhatTheRulesDoNotGive) {
  const uint64_t operations =
      sim::CountFromEnvironment("TRIBUTARY_ADVERSARY_OPERATIONS", kOperations);
  const uint64_t first_seed = sim::SeedFromEnvironment();
  Coverage coverage;
  for (uint64_t seed = first_seed; coverage.tried < operations; ++seed) {
    ASSERT_EQ(Attack(seed, kOperationsPerChain, coverage), "") << "TRIBUTARY_SEED=" << seed;
  }
  coverage.Print();
  EXPECT_GE(static_cast<double>(coverage.taken), kAcceptedPartMin * coverage.tried);
  if (operations < kEnough) return;
  for (size_t i = 0; i < std::variant_size_v<codec::Operation>; ++i) {
    const std::string name(codec::OperationName(i));
    if (name == "confirm_deposit") continue;  // not in force
    EXPECT_GT(coverage.accepted[name], 0U) << name;
    const auto refused = coverage.refused.lower_bound({name, 0});
    EXPECT_TRUE(refused != coverage.refused.end() && refused->first.first == name) << name;
  }
}

}  // namespace
}  // namespace tributary::testing
