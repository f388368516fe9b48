// A node that ends at a named step: the real ledger and the real engine on a real disk, under load.
//
//   step_node DIRECTORY STEP COUNT SEED
//
// Ends without a word at the COUNT-th STEP of a commit. Before, it writes a line for each
// transaction that was acknowledged: its id and its entry. The directory holds a chain of
// testing::ChainOptions.
#include <spdlog/sinks/null_sink.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "consensus/solo.h"
#include "node/ledger.h"
#include "sim/workload.h"
#include "tributary/base/hex.h"

namespace tributary::sim {
namespace {

constexpr int kEndedAtStep = 7;
constexpr size_t kWaiting = 64;

void Say(const node::Decision& decision) {
  const auto* committed = std::get_if<node::Committed>(&decision.result);
  if (committed == nullptr) return;
  const std::string line =
      base::ToHex(decision.id.bytes) + " " + std::to_string(committed->entry.value()) + "\n";
  // One call for each line: what is written stays, whatever comes.
  if (write(STDOUT_FILENO, line.data(), line.size()) < 0) _exit(1);
}

int Run(const std::string& dir, const std::string& step, int64_t count, uint64_t seed) {
  std::atomic<int64_t> left = count;
  node::LedgerOptions options;
  options.storage.at_step = [&](std::string_view at) {
    if (at == step && --left == 0) _exit(kEndedAtStep);
  };
  options.clock.downtime_ms_max = UINT64_MAX / 2;
  options.clock.jump_ms_max = UINT64_MAX / 2;
  const node::SystemClock clock;
  spdlog::logger logger("step", std::make_shared<spdlog::sinks::null_sink_mt>());
  auto ledger = node::Ledger::Open(dir, options, clock, logger);
  if (!ledger.ok()) {
    std::fprintf(stderr, "%s\n", ledger.status().ToString().c_str());
    return 1;
  }
  Workload workload(seed);
  consensus::SoloEngine engine(**ledger, {}, logger, [](const absl::Status&) {});
  if (!engine.Start().ok()) return 1;
  for (;;) {
    workload.chain().AdvanceTo(clock.WallMs());
    (*ledger)->Submit(workload.NextTransaction(), &Say);
    while ((*ledger)->mempool_usage().transactions >= kWaiting) std::this_thread::yield();
  }
}

}  // namespace
}  // namespace tributary::sim

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: step_node DIRECTORY STEP COUNT SEED\n");
    return 1;
  }
  return tributary::sim::Run(argv[1], argv[2], std::atoll(argv[3]),
                             std::strtoull(argv[4], nullptr, 10));
}
