// Random graphs and histories of revenue, from a seed.
#ifndef TRIBUTARY_TESTS_PROPERTY_REWARDS_RANDOM_HISTORY_H_
#define TRIBUTARY_TESTS_PROPERTY_REWARDS_RANDOM_HISTORY_H_

#include <algorithm>
#include <random>
#include <vector>

#include "rewards/admission.h"
#include "unit/rewards/graph_builder.h"

namespace tributary::rewards {

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  uint64_t Below(uint64_t end) { return engine_() % end; }
  bool OneIn(uint64_t n) { return Below(n) == 0; }
  uint64_t Bits() { return engine_(); }

 private:
  std::mt19937_64 engine_;
};

// `total` over distinct keys below `key_end`, in a random order, each at least 1 ppb.
inline Shares32 RandomShares(Random& random, uint32_t key_end, size_t count, uint32_t total) {
  std::vector<uint32_t> keys;
  while (keys.size() < std::min<size_t>(count, key_end)) {
    // Low keys less often than high ones, so that graphs become deep.
    const uint32_t key = static_cast<uint32_t>(
        random.OneIn(2) ? random.Below(key_end) : key_end - 1 - random.Below((key_end + 3) / 4));
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  }
  std::vector<uint32_t> weights;
  std::vector<base::RecordId> ids(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    weights.push_back(static_cast<uint32_t>(1 + random.Below(100)));
    ids[i].bytes[0] = static_cast<uint8_t>(i);
  }
  Shares32 shares;
  if (keys.empty()) return shares;
  const auto ppb = LargestRemainder(base::Ppb(total), weights, ids);
  for (size_t i = 0; i < keys.size(); ++i) shares.push_back({keys[i], ppb[i].value()});
  return shares;
}

inline constexpr uint32_t kAccounts = 6;

inline Shares32 RandomEdges(Random& random, uint32_t record) {
  if (record == 0 || random.OneIn(6)) return {};
  const uint32_t pass_through =
      random.OneIn(5) ? base::kPpbOne : static_cast<uint32_t>(1000 + random.Below(999'999'000));
  return RandomShares(random, record, 1 + random.Below(4), pass_through);
}

inline Shares32 RandomAuthors(Random& random) {
  return RandomShares(random, kAccounts, 1 + random.Below(3), base::kPpbOne);
}

struct Event {
  uint64_t epoch;
  bool royalty;  // to K, else to C
  RecordAmount add;
};

// A graph whose records have versions from some epochs on, and events in epochs 0..epochs-1.
struct History {
  lineage::Graph graph;
  uint32_t records = 0;
  uint64_t epochs = 0;
  std::vector<Event> events;
};

inline void FillHistory(uint64_t seed, uint32_t records_max, History* history) {
  Random random(seed);
  history->records = 1 + static_cast<uint32_t>(random.Below(records_max));
  history->epochs = 1 + random.Below(5);
  for (uint32_t record = 0; record < history->records; ++record) {
    AddRecord(history->graph, RandomEdges(random, record), RandomAuthors(random));
  }
  for (uint32_t record = 0; record < history->records; ++record) {
    Shares32 authors = RandomAuthors(random);
    for (uint64_t epoch = 1; epoch < history->epochs; ++epoch) {
      if (!random.OneIn(4)) continue;
      if (random.OneIn(2)) authors = RandomAuthors(random);
      AddVersion(history->graph, record, epoch, RandomEdges(random, record), authors);
    }
  }
  const uint64_t events = 1 + random.Below(25);
  const uint64_t size_bits = 1 + random.Below(70);
  for (uint64_t i = 0; i < events; ++i) {
    const base::Uint128 wide = base::Uint128{random.Bits()} << 64 | random.Bits();
    const base::Uint128 atoms = (wide >> (128 - size_bits)) + 1;
    const uint32_t record =
        history->records - 1 - static_cast<uint32_t>(random.Below((history->records + 1) / 2));
    history->events.push_back({random.Below(history->epochs), random.OneIn(5),
                               Amount(random.OneIn(4) ? record / 2 : record, atoms)});
  }
}

}  // namespace tributary::rewards

#endif  // TRIBUTARY_TESTS_PROPERTY_REWARDS_RANDOM_HISTORY_H_
