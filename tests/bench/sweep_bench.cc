// The settlement sweep over a graph of uniform random parents, every record touched.
//
// usage: sweep_bench [RECORDS] [PARENTS] [ROUNDS]
// Default: 1,000,000 records, 3 parents each (fewer for the first ones), 7 rounds, seed 1. Money
// enters at the highest thousand records and at every record that nothing reached, so that all take
// part. Prints one line for each round and the median; a JSON line last.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "lineage/graph.h"
#include "rewards/settlement.h"

namespace tributary {
namespace {

using base::AccountIndex;
using base::Atoms;
using base::Epoch;
using base::Ppb;
using base::RecordSeq;
using base::Uint128;

constexpr uint32_t kSeed = 1;

class VectorBook {
 public:
  explicit VectorBook(size_t records) : flows_(records) {}
  rewards::Flow& Load(RecordSeq record) { return flows_[record.value()]; }

 private:
  std::vector<rewards::Flow> flows_;
};

// One account for each ten records.
class VectorSink {
 public:
  explicit VectorSink(size_t accounts) : balances_(accounts) {}
  void Credit(AccountIndex account, RecordSeq, Atoms amount) {
    balances_[account.value()] += amount;
  }

 private:
  std::vector<Atoms> balances_;
};

void Build(uint32_t records, uint32_t parents, lineage::Graph* graph,
           rewards::SettlementInput* input) {
  std::mt19937 random(kSeed);
  std::vector<bool> reached(records);
  for (uint32_t seq = 0; seq < records; ++seq) {
    std::vector<uint32_t> chosen;
    while (chosen.size() < std::min(parents, seq)) {
      const uint32_t parent = static_cast<uint32_t>(random() % seq);
      if (std::find(chosen.begin(), chosen.end(), parent) == chosen.end()) {
        chosen.push_back(parent);
      }
    }
    std::vector<lineage::Edge> edges;
    for (const uint32_t parent : chosen) {
      edges.push_back({RecordSeq(parent), Ppb(500'000'000 / parents), 1});
      reached[parent] = true;
    }
    const lineage::AuthorShare author{AccountIndex(seq / 10), Ppb(base::kPpbOne)};
    graph->Append(
        {1, Ppb(static_cast<uint32_t>(500'000'000 / parents * edges.size())), edges, {&author, 1}});
  }
  graph->Publish();
  for (uint32_t seq = 0; seq < records; ++seq) {
    const bool top = seq + 1000 >= records;
    if (top || !reached[seq]) {
      const Uint128 minor = 1'000'000 + random() % 1'000'000;
      input->inflow.push_back({RecordSeq(seq), Atoms(minor * base::kPpbOne)});
    }
  }
}

double MillisecondsOf(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

int Run(uint32_t records, uint32_t parents, int rounds) {
  lineage::Graph graph;
  rewards::SettlementInput input;
  Build(records, parents, &graph, &input);
  VectorBook book(records);
  VectorSink sink(records / 10 + 1);
  std::vector<double> times;
  rewards::SettlementTotals totals;
  for (int round = 0; round < rounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    totals = rewards::Settle(graph, Epoch(0), input, book, sink);
    times.push_back(MillisecondsOf(std::chrono::steady_clock::now() - start));
    std::printf("round %d: %.1f ms\n", round, times.back());
  }
  std::sort(times.begin(), times.end());
  const double median = times[times.size() / 2];
  std::printf(
      "%u records, %llu edges, seed %u: %llu visited, median %.1f ms, graph %.1f B/record\n",
      records, static_cast<unsigned long long>(totals.edges), kSeed,
      static_cast<unsigned long long>(totals.records), median,
      static_cast<double>(graph.MemoryBytes()) / records);
  std::printf(
      "{\"row\":\"settlement_sweep\",\"records\":%u,\"edges\":%llu,\"seed\":%u,"
      "\"median_ms\":%.2f,\"best_ms\":%.2f}\n",
      records, static_cast<unsigned long long>(totals.edges), kSeed, median, times[0]);
  return 0;
}

}  // namespace
}  // namespace tributary

int main(int argc, char** argv) {
  const long records = argc > 1 ? std::atol(argv[1]) : 1'000'000;
  const long parents = argc > 2 ? std::atol(argv[2]) : 3;
  const long rounds = argc > 3 ? std::atol(argv[3]) : 7;
  if (records < 1 || parents < 1 || parents > 1000 || rounds < 1) {
    std::fprintf(stderr, "usage: sweep_bench [RECORDS] [PARENTS] [ROUNDS]\n");
    return 2;
  }
  return tributary::Run(static_cast<uint32_t>(records), static_cast<uint32_t>(parents),
                        static_cast<int>(rounds));
}
