// What the environment says about a random test: which seed, and how much of it.
#ifndef TRIBUTARY_TESTS_SIM_SEEDS_H_
#define TRIBUTARY_TESTS_SIM_SEEDS_H_

#include <cstdint>
#include <cstdlib>

namespace tributary::sim {

inline uint64_t CountFromEnvironment(const char* name, uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

// TRIBUTARY_SEED, or the same one in every run.
inline uint64_t SeedFromEnvironment() { return CountFromEnvironment("TRIBUTARY_SEED", 20'261); }

}  // namespace tributary::sim

#endif  // TRIBUTARY_TESTS_SIM_SEEDS_H_
