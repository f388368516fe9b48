// A real ledger in a temporary directory, its engine, and a chain that builds transactions for it.
#ifndef TRIBUTARY_TESTS_UNIT_NODE_TEST_NODE_H_
#define TRIBUTARY_TESTS_UNIT_NODE_TEST_NODE_H_

#include <gtest/gtest.h>
#include <spdlog/sinks/null_sink.h>

#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <string>

#include "node/ledger.h"
#include "support/chain.h"
#include "unit/node/fake_clock.h"

namespace tributary::testing {

class TestNode {
 public:
  explicit TestNode(const ChainOptions& chain_options = {}, node::LedgerOptions open_options = {})
      : chain(chain_options), clock(chain_options.time_ms + 1), options(std::move(open_options)) {
    std::string name = (std::filesystem::temp_directory_path() / "tributary-node-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    dir = name;
    const auto verdict = node::CreateChain(dir, options.storage, chain_options.Encode());
    EXPECT_TRUE(verdict.ok()) << verdict.status();
    if (verdict.ok() && verdict->has_value()) ADD_FAILURE() << (*verdict)->ToString();
    Open();
    chain.AdvanceTo(clock.WallMs());
  }
  ~TestNode() {
    ledger.reset();
    std::filesystem::remove_all(dir);
  }

  void Open() {
    auto opened = node::Ledger::Open(dir, options, clock, logger);
    ASSERT_TRUE(opened.ok()) << opened.status();
    ledger = *std::move(opened);
  }

  // Submits, makes one block here and now, and returns what became of the transaction.
  node::Decision Run(std::string bytes) {
    node::Decision decision;
    const auto submitted = ledger->Submit(
        std::move(bytes), [&decision](const node::Decision& made) { decision = made; });
    if (const auto* refused = std::get_if<node::Refused>(&submitted)) return {{}, *refused};
    if (const auto* trouble = std::get_if<node::Trouble>(&submitted)) return {{}, *trouble};
    ledger->MakeBlock({}).IgnoreError();
    return decision;
  }
  node::Decision Run(std::string_view sender, const std::vector<codec::Operation>& operations,
                     const std::vector<std::string>& cosigners = {}) {
    return Run(chain.Sign(sender, operations, cosigners));
  }
  void Pass(uint64_t ms) {
    clock.Pass(ms);
    chain.AdvanceTo(clock.WallMs());
  }

  Chain chain;
  FakeClock clock;
  spdlog::logger logger{"test", std::make_shared<spdlog::sinks::null_sink_mt>()};
  std::string dir;
  node::LedgerOptions options;  // of the next Open
  std::unique_ptr<node::Ledger> ledger;
};

}  // namespace tributary::testing

#endif  // TRIBUTARY_TESTS_UNIT_NODE_TEST_NODE_H_
