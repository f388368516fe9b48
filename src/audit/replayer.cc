#include "audit/replayer.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "crypto/hash.h"
#include "merkle/log_tree.h"
#include "state/prepared.h"

namespace tributary::audit {
namespace {

using state::BlockReader;
using state::LogBlock;
using state::ReplayFault;

// Transactions prepared together: enough to keep every core busy, few enough to stay small.
constexpr size_t kWindowTransactions = 512;
constexpr size_t kWindowBlocks = 256;

// Identity tags are for this process alone and meet no hostile choice of keys in an offline replay
// of a log that stands; a fixed key keeps runs comparable.
constexpr state::TagKey kTagKey{};

struct Window {
  std::vector<LogBlock> blocks;
  std::optional<ReplayFault> fault;  // after the blocks
  bool end = false;
};

absl::StatusOr<Window> ReadWindow(BlockReader& reader, bool genesis_alone) {
  Window window;
  size_t transactions = 0;
  while (transactions < kWindowTransactions && window.blocks.size() < kWindowBlocks) {
    auto next = reader.Read();
    if (!next.ok()) return next.status();
    if (std::holds_alternative<std::monostate>(*next)) {
      window.end = true;
      break;
    }
    if (auto* fault = std::get_if<ReplayFault>(&*next)) {
      window.fault = std::move(*fault);
      break;
    }
    window.blocks.push_back(std::get<LogBlock>(std::move(*next)));
    transactions += window.blocks.back().entries.size();
    if (genesis_alone) break;
  }
  return window;
}

// One transaction of the window.
struct Task {
  LogBlock* block;
  size_t position;
};

// Entries that cannot be prepared are left as they are: the replay finds and names them.
void PrepareOne(const Task& task, const std::string& chain_id, OwnState& own) {
  auto prepared = state::Prepare(task.block->entries[task.position], chain_id);
  if (!prepared) return;
  state::Preverify(**prepared, own.resident(), own.pages(), task.block->header.time_ms);
  task.block->prepared[task.position] = *std::move(prepared);
}

void PrepareWindow(Window& window, const std::string& chain_id, OwnState& own, unsigned threads) {
  std::vector<Task> tasks;
  for (LogBlock& block : window.blocks) {
    block.prepared.resize(block.entries.size());
    for (size_t i = 0; i < block.entries.size(); ++i) tasks.push_back({&block, i});
  }
  std::atomic<size_t> next{0};
  const auto work = [&tasks, &next, &chain_id, &own] {
    for (size_t i = next++; i < tasks.size(); i = next++) PrepareOne(tasks[i], chain_id, own);
  };
  std::vector<std::jthread> workers;
  for (unsigned i = 1; i < threads && i < tasks.size(); ++i) workers.emplace_back(work);
  work();
}

void CountBlock(const LogBlock& block, AuditReport& report) {
  report.checked.entries += block.entries.size() + 1;
  ++report.checked.blocks;
  report.entry_bytes += block.header_bytes.size();
  for (const std::string& entry : block.entries) report.entry_bytes += entry.size();
  if (block.first.value() != 0) report.checked.transactions += block.entries.size();
  for (const auto& prepared : block.prepared) {
    if (prepared) report.signatures += prepared->envelope.signatures.size();
  }
}

void Describe(OwnState& own, const std::string& chain_id, AuditReport& report) {
  const state::Resident& resident = own.resident();
  report.chain_id = chain_id;
  report.settlements = own.settlements;
  report.accounts = resident.RowCount({state::TableKind::kAccounts, 0});
  report.records = resident.RowCount({state::TableKind::kRecords, 0});
  report.payouts = resident.RowCount({state::TableKind::kPayouts, 0});
  report.log_size = resident.log().size();
  report.log_root = resident.log().Root();
  if (resident.empty()) return;
  report.header = resident.header();
  report.header_hash = resident.header_hash();
}

// Checks a header against the tree of what stands before it, without any state.
std::string CheckHeader(const LogBlock& block, const merkle::LogTree& tree,
                        const AuditReport& before, const base::Hash& chain_hash) {
  codec::BlockHeader expected = block.header;
  expected.first_entry = block.first;
  expected.chain_hash = chain_hash;
  expected.height = base::Height(before.checked.blocks + 1);
  expected.previous_header = before.checked.blocks == 0 ? chain_hash : before.header_hash;
  expected.log_size = tree.size();
  expected.log_root = tree.Root();
  return state::DescribeDifference(block.header, expected);
}

}  // namespace

OwnState::OwnState() : resident_(kTagKey) {}

absl::Status OwnState::Commit(const state::BlockEffects& effects) {
  pages_.Apply(effects);
  settlements += effects.settlements.size();
  return on_block ? on_block(effects) : absl::OkStatus();
}

absl::StatusOr<AuditReport> ReplayAll(state::EntrySource& source, OwnState& own,
                                      const AuditOptions& options) {
  const unsigned threads =
      options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  BlockReader reader(source);
  state::Replayer replayer(own, own.resident());
  AuditReport report;
  for (bool end = false; !end && !report.fault;) {
    // Nothing can be prepared before the genesis has named the chain.
    auto window = ReadWindow(reader, replayer.chain_id().empty());
    if (!window.ok()) return window.status();
    if (!replayer.chain_id().empty()) {
      PrepareWindow(*window, replayer.chain_id(), own, threads);
    }
    for (LogBlock& block : window->blocks) {
      AuditReport with_block = report;
      CountBlock(block, with_block);
      auto fault = replayer.Step(std::move(block));
      if (!fault.ok()) return fault.status();
      report.fault = *std::move(fault);
      if (report.fault) break;
      report = std::move(with_block);
    }
    if (!report.fault) report.fault = std::move(window->fault);
    end = window->end;
    if (options.progress) options.progress(report.checked);
  }
  Describe(own, replayer.chain_id(), report);
  return report;
}

absl::StatusOr<AuditReport> HashAll(state::EntrySource& source, const AuditOptions& options) {
  BlockReader reader(source);
  merkle::LogTree tree;
  AuditReport report;
  base::Hash chain_hash;
  for (;;) {
    auto next = reader.Read();
    if (!next.ok()) return next.status();
    if (std::holds_alternative<std::monostate>(*next)) break;
    if (auto* fault = std::get_if<ReplayFault>(&*next)) {
      report.fault = std::move(*fault);
      break;
    }
    const auto& block = std::get<LogBlock>(*next);
    if (block.first.value() == 0) {
      chain_hash = codec::ChainHash(base::AsBytes(block.entries.front()));
    }
    for (const std::string& entry : block.entries) {
      tree.Append(crypto::LeafHash(base::AsBytes(entry)));
    }
    const std::string wrong = CheckHeader(block, tree, report, chain_hash);
    if (!wrong.empty()) {
      report.fault = ReplayFault{block.header_entry(), wrong};
      break;
    }
    tree.Append(crypto::LeafHash(base::AsBytes(block.header_bytes)));
    CountBlock(block, report);
    report.header = block.header;
    report.header_hash = codec::HeaderHash(base::AsBytes(block.header_bytes));
    if (options.progress && report.checked.blocks % kWindowBlocks == 0) {
      options.progress(report.checked);
    }
  }
  report.log_size = tree.size();
  report.log_root = tree.Root();
  return report;
}

}  // namespace tributary::audit
