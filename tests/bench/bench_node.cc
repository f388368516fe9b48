#include "bench/bench_node.h"

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <thread>

#include "bench/bench.h"
#include "spdlog/sinks/null_sink.h"

namespace tributary::bench {

void Fail(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

void CreateNode(const std::string& dir, const testing::ChainOptions& options) {
  std::filesystem::create_directories(std::filesystem::path(dir).parent_path());
  storage::Options storage;
  storage.create = true;
  const auto created = node::CreateChain(dir, storage, options.Encode());
  if (!created.ok()) Fail(created.status().ToString());
  if (*created) Fail((*created)->ToString());
}

Node::Node(const std::string& dir, const node::Clock* clock)
    : logger("bench", std::make_shared<spdlog::sinks::null_sink_mt>()) {
  auto opened = node::Ledger::Open(dir, {}, clock ? *clock : system_clock, logger);
  if (!opened.ok()) Fail(opened.status().ToString());
  ledger = *std::move(opened);
  engine = std::make_unique<consensus::SoloEngine>(*ledger, node::BlockLimits{}, logger);
  if (!engine->Start().ok()) Fail("the engine does not start");
}

Node::~Node() {
  ledger->Stop();
  engine->Stop();
}

double Node::Ingest(const std::vector<std::string>& transactions) {
  std::atomic<size_t> next{0};
  std::mutex mutex;
  std::condition_variable all;
  size_t committed = 0;
  const auto done = [&mutex, &all, &committed, &transactions](const node::Decision& decision) {
    const std::lock_guard lock(mutex);
    if (!std::holds_alternative<node::Committed>(decision.result)) {
      const auto* refused = std::get_if<node::Refused>(&decision.result);
      Fail("a transaction was not committed: " +
           (refused ? refused->rejection.ToString() : std::string("the node had trouble")));
    }
    if (++committed == transactions.size()) all.notify_all();
  };
  const Stopwatch watch;
  {
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < Cores(); ++i) {
      workers.emplace_back([this, &transactions, &next, &done] {
        for (size_t at = next++; at < transactions.size(); at = next++) {
          while (std::holds_alternative<node::Trouble>(ledger->Submit(transactions[at], done))) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
          }
        }
      });
    }
  }
  std::unique_lock lock(mutex);
  all.wait(lock, [&committed, &transactions] { return committed == transactions.size(); });
  return watch.Seconds();
}

}  // namespace tributary::bench
