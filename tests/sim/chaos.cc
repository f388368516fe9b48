// Whole nodes through crashes, power cuts, failing disks and damage for as long as one likes:
// chaos SEED SECONDS. Prints what was done and what found it; ends with 1 at the first thing that
// is wrong, and names the seed.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "sim/damage.h"
#include "sim/disk_faults.h"
#include "sim/node_simulation.h"
#include "sim/power_cuts.h"

namespace tributary::sim {
namespace {

using Count = unsigned long long;
using Named = std::map<std::string, uint64_t>;

constexpr size_t kBlocks = 80;
constexpr uint64_t kBlocksOfANode = 2'000;
constexpr int kFaultsEach = 10;
constexpr int kDamagesEach = 60;

void Add(const Named& from, Named& to) {
  for (const auto& [name, count] : from) to[name] += count;
}

void Print(const char* title, const Named& named) {
  std::printf("%s\n", title);
  for (const auto& [name, count] : named) {
    std::printf("  %8llu  %s\n", static_cast<Count>(count), name.c_str());
  }
}

class Chaos {
 public:
  // Everything once, with this seed.
  absl::Status Round(uint64_t seed) {
    for (const auto part : {&Chaos::Node, &Chaos::Cuts, &Chaos::Faults, &Chaos::Damages}) {
      if (const absl::Status status = (this->*part)(seed); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  void Report() const {
    std::printf(
        "nodes: %llu chains, %llu blocks, %llu recoveries, %llu transactions acknowledged, none "
        "lost "
        "and none twice; %llu were sent again and found in the log\n",
        static_cast<Count>(node_.chains), static_cast<Count>(node_.blocks),
        static_cast<Count>(node_.recoveries), static_cast<Count>(node_.acknowledged),
        static_cast<Count>(node_.found_by_retry));
    Print("ended by", node_.ends);
    std::printf("blocks of nodes, stores and failing disks together: %llu\n",
                static_cast<Count>(node_.blocks + cuts_.blocks + faults_.blocks));
    std::printf(
        "power cuts: %llu, in %llu stores, %llu blocks acknowledged, none lost; %llu "
        "blocks were there before anybody was told\n",
        static_cast<Count>(cuts_.cuts), static_cast<Count>(cuts_.lives),
        static_cast<Count>(cuts_.blocks), static_cast<Count>(cuts_.unacknowledged));
    Print("cut at", cuts_.at);
    std::printf(
        "failing disks: %llu faults, %llu blocks, %llu transactions acknowledged, none "
        "lost; the node was read-only %llu times, did not open %llu times\n",
        static_cast<Count>(faults_.faults), static_cast<Count>(faults_.blocks),
        static_cast<Count>(faults_.acknowledged), static_cast<Count>(faults_.read_only),
        static_cast<Count>(faults_.refused_to_open));
    Print("failed at", faults_.at);
    std::printf(
        "damage: %llu bytes of stored values, %llu bits of files; found by check %llu, by "
        "the audit %llu, at the start of a node %llu, harmless by an audit with the same "
        "roots %llu\n",
        static_cast<Count>(damage_.bytes), static_cast<Count>(damage_.bits),
        static_cast<Count>(damage_.found_by_check), static_cast<Count>(damage_.found_by_audit),
        static_cast<Count>(damage_.found_at_start), static_cast<Count>(damage_.harmless));
    Print("told as", damage_.named);
  }

 private:
  absl::Status Node(uint64_t seed) {
    NodeSimulation simulation(seed);
    const absl::Status status = simulation.Chain(kBlocksOfANode);
    const SimulationReport& report = simulation.report();
    node_.chains += report.chains;
    node_.blocks += report.blocks;
    node_.recoveries += report.recoveries;
    node_.acknowledged += report.acknowledged;
    node_.found_by_retry += report.found_by_retry;
    Add(report.ends, node_.ends);
    return status;
  }

  absl::Status Cuts(uint64_t seed) {
    Workload workload(seed);
    workload.Grow(kBlocks);
    PowerCuts cuts(workload, seed, /*sync=*/true);
    const absl::Status status = cuts.Life();
    const PowerCutReport& report = cuts.report();
    cuts_.cuts += report.cuts;
    cuts_.blocks += report.blocks;
    cuts_.lives += report.lives;
    cuts_.unacknowledged += report.unacknowledged;
    Add(report.at, cuts_.at);
    return status;
  }

  absl::Status Faults(uint64_t seed) {
    DiskFaults faults(seed);
    absl::Status status;
    for (int i = 0; i < kFaultsEach && status.ok(); ++i) status = faults.Strike();
    const DiskFaultReport& report = faults.report();
    faults_.faults += report.faults;
    faults_.blocks += report.blocks;
    faults_.acknowledged += report.acknowledged;
    faults_.read_only += report.read_only;
    faults_.refused_to_open += report.refused_to_open;
    Add(report.at, faults_.at);
    return status;
  }

  absl::Status Damages(uint64_t seed) {
    Damage damage(seed, 10 + seed % 40);
    absl::Status status;
    for (int i = 0; i < kDamagesEach && status.ok(); ++i) {
      status = i % 2 == 0 ? damage.ChangeAnyByte() : damage.FlipAnyBit();
    }
    const DamageReport& report = damage.report();
    damage_.bytes += report.bytes;
    damage_.bits += report.bits;
    damage_.found_by_check += report.found_by_check;
    damage_.found_by_audit += report.found_by_audit;
    damage_.found_at_start += report.found_at_start;
    damage_.harmless += report.harmless;
    Add(report.named, damage_.named);
    return status;
  }

  SimulationReport node_;
  PowerCutReport cuts_;
  DiskFaultReport faults_;
  DamageReport damage_;
};

}  // namespace
}  // namespace tributary::sim

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: chaos SEED SECONDS\n");
    return 1;
  }
  const uint64_t first = std::strtoull(argv[1], nullptr, 10);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(std::atoi(argv[2]));
  tributary::sim::Chaos chaos;
  uint64_t seed = first;
  do {
    const absl::Status status = chaos.Round(seed);
    if (!status.ok()) {
      chaos.Report();
      std::fprintf(stderr, "FAILED with seed %llu: %s\n", static_cast<unsigned long long>(seed),
                   status.ToString().c_str());
      return 1;
    }
    ++seed;
  } while (std::chrono::steady_clock::now() < end);
  std::printf("%llu rounds, seeds %llu to %llu\n", static_cast<unsigned long long>(seed - first),
              static_cast<unsigned long long>(first), static_cast<unsigned long long>(seed - 1));
  chaos.Report();
  return 0;
}
