#include "determinism/replays.h"

#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "codec/header.h"
#include "codec/ledger.h"
#include "crypto/hash.h"
#include "sim/workload.h"
#include "state/memory_pages.h"
#include "state/replay.h"
#include "state/resident.h"
#include "support/entry_list.h"
#include "tributary/base/check.h"
#include "tributary/base/hex.h"

namespace tributary::determinism {
namespace {

constexpr uint64_t kOperationsMax = 16;  // of a transaction
constexpr size_t kRecordsMax = 2'000;
constexpr uint64_t kSnapshots = 5;

std::string Text(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

class Sink final : public state::ReplaySink {
 public:
  explicit Sink(state::MemoryPages pages) : pages_(std::move(pages)) {}
  const state::PageSource& pages() const override { return pages_; }
  const state::MemoryPages& memory() const { return pages_; }
  absl::Status Commit(const state::BlockEffects& effects) override {
    pages_.Apply(effects);
    return absl::OkStatus();
  }

 private:
  state::MemoryPages pages_;
};

// A state, and where the log goes on behind it.
struct Snapshot {
  state::MemoryPages pages;
  std::string header_bytes;
  merkle::LogTree log;
};

std::vector<state::LogBlock> BlocksOf(const Entries& entries) {
  testing::EntryList source(entries);
  state::BlockReader reader(source);
  std::vector<state::LogBlock> blocks;
  for (;;) {
    auto next = reader.Read();
    TRIBUTARY_CHECK(next.ok(), Text(next.status()).c_str());
    if (std::holds_alternative<std::monostate>(*next)) return blocks;
    auto* block = std::get_if<state::LogBlock>(&*next);
    TRIBUTARY_CHECK(block != nullptr, std::get<state::ReplayFault>(*next).ToString().c_str());
    blocks.push_back(std::move(*block));
  }
}

// The same block again: what is prepared belongs to one replay.
state::LogBlock Prepared(const state::LogBlock& block, std::string_view chain_id) {
  state::LogBlock copy;
  copy.first = block.first;
  copy.entries = block.entries;
  copy.header = block.header;
  copy.header_bytes = block.header_bytes;
  if (block.header.height.value() == 1) return copy;
  for (const std::string& entry : copy.entries) {
    auto prepared = state::Prepare(entry, chain_id);
    TRIBUTARY_CHECK(prepared.ok(), prepared.rejection().ToString().c_str());
    copy.prepared.push_back(*std::move(prepared));
  }
  return copy;
}

class Replays {
 public:
  explicit Replays(const Entries& entries) : blocks_(BlocksOf(entries)) {
    const base::Bytes genesis = base::AsBytes(entries.front()).subspan(1);
    chain_id_ = codec::Decode<codec::Genesis>(genesis)->chain_id;
  }

  std::string Run() {
    std::string text = From(1, {}) + "\n";
    for (const auto& [height, snapshot] : std::exchange(snapshots_, {})) {
      text += From(height + 1, snapshot) + "\n";
    }
    return text;
  }

 private:
  // Replays the blocks from `height` on; at height 1 there is nothing before, and the snapshots are
  // taken on the way.
  std::string From(uint64_t height, const std::optional<Snapshot>& snapshot) {
    state::Resident resident(state::TagKey{static_cast<uint8_t>(height)});
    Sink sink(snapshot ? snapshot->pages : state::MemoryPages());
    if (snapshot) {
      const auto rebuilt = resident.Rebuild(sink.pages(), snapshot->header_bytes, snapshot->log);
      TRIBUTARY_CHECK(rebuilt.ok(), Text(rebuilt).c_str());
    }
    state::Replayer replayer(sink, resident);
    crypto::Hasher headers;
    for (uint64_t i = height - 1; i < blocks_.size(); ++i) {
      const auto fault = replayer.Step(Prepared(blocks_[i], chain_id_));
      TRIBUTARY_CHECK(fault.ok(), Text(fault.status()).c_str());
      TRIBUTARY_CHECK(!*fault, *fault ? (*fault)->ToString().c_str() : "");
      headers.Update(resident.header_bytes());
      const uint64_t made = i + 1;
      if (height == 1 && made % (blocks_.size() / (kSnapshots + 1) + 1) == 0) {
        snapshots_[made] = Snapshot{sink.memory(), resident.header_bytes(), resident.log()};
      }
    }
    return "blocks " + std::to_string(height) + ".." + std::to_string(blocks_.size()) +
           ": headers " + base::ToHex(headers.Finish().view()) + " log root " +
           base::ToHex(resident.log().Root().view()) + " state root " +
           base::ToHex(resident.StateRoot().view());
  }

  const std::vector<state::LogBlock> blocks_;
  std::string chain_id_;
  std::map<uint64_t, std::optional<Snapshot>> snapshots_;  // by height
};

}  // namespace

Entries RandomLog(uint64_t seed, uint64_t operations) {
  testing::ChainOptions options;
  options.people.push_back({"attributor", {codec::Role::kAttributor}, {}});
  sim::Workload workload(seed, options);
  workload.Widen(kOperationsMax, kRecordsMax);
  testing::Chain& chain = workload.chain();
  uint64_t accepted = 0;
  while (accepted < operations) {
    for (uint64_t left = 1 + workload.random()() % 12; left > 0; --left) {
      const uint64_t before = workload.operations();
      const bool refused = chain.Apply(workload.NextTransaction()).has_value();
      if (!refused) accepted += workload.operations() - before;
    }
    // Some blocks in each epoch, and now and then a quiet week.
    const uint64_t quiet = workload.random()() % 100 == 0 ? 5'000'000 : 300'000;
    chain.Advance(workload.random()() % quiet);
  }
  chain.Commit();
  return chain.entries();
}

Entries ReadBundles(const std::string& bytes) {
  Entries entries;
  for (size_t at = 0; at < bytes.size();) {
    TRIBUTARY_CHECK(bytes.size() - at >= 2, "a length is cut off");
    const auto high = static_cast<uint8_t>(bytes[at]);
    const auto low = static_cast<uint8_t>(bytes[at + 1]);
    const size_t size = static_cast<size_t>(high) << 8 | low;
    TRIBUTARY_CHECK(bytes.size() - at - 2 >= size, "an entry is cut off");
    entries.push_back(bytes.substr(at + 2, size));
    at += 2 + size;
  }
  TRIBUTARY_CHECK(!entries.empty(), "no entries");
  return entries;
}

std::string Report(const Entries& entries) {
  crypto::Hasher all;
  uint64_t bytes = 0;
  for (const std::string& entry : entries) {
    all.Update(entry);
    bytes += entry.size();
  }
  return "entries " + std::to_string(entries.size()) + " bytes " + std::to_string(bytes) +
         " SHA-256 " + base::ToHex(all.Finish().view()) + "\n" + Replays(entries).Run();
}

}  // namespace tributary::determinism
