// Replays a log: the entries alone give back every state, and each header must come out as it
// stands in the log, byte for byte. Used to repair a store and to audit one.
//
// What is wrong with the log is a ReplayFault, which names the entry; what is wrong with this
// machine is an absl::Status, and says nothing about the log.
#ifndef TRIBUTARY_STATE_REPLAY_H_
#define TRIBUTARY_STATE_REPLAY_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "codec/header.h"
#include "state/effects.h"
#include "state/machine.h"
#include "state/page_source.h"
#include "state/prepared.h"
#include "state/resident.h"
#include "tributary/base/types.h"

namespace tributary::state {

// Gives the entries of a log in order, from 0.
class EntrySource {
 public:
  virtual ~EntrySource() = default;
  // nullopt at the end of the log.
  virtual absl::StatusOr<std::optional<std::string>> Next() = 0;
};

// Takes the blocks of a replay, and holds the pages on which the next one is made.
class ReplaySink {
 public:
  virtual ~ReplaySink() = default;
  // The pages of the blocks committed so far. The same object for the whole replay.
  virtual const PageSource& pages() const = 0;
  virtual absl::Status Commit(const BlockEffects& effects) = 0;
};

// The first entry that is wrong, and why.
struct ReplayFault {
  base::EntryIndex entry;
  std::string what;
  // "entry 17: ..."
  std::string ToString() const;
};

// A block as it stands in the log.
struct LogBlock {
  base::EntryIndex first;
  std::vector<std::string> entries;  // the genesis, or transactions; without the header
  codec::BlockHeader header;
  std::string header_bytes;
  // The entries prepared, where somebody did so already (on other threads); else empty. Then one
  // for each entry, nullptr for one that could not be.
  std::vector<std::unique_ptr<PreparedTransaction>> prepared;

  base::EntryIndex header_entry() const { return base::EntryIndex(first.value() + entries.size()); }
};

// Groups entries into blocks.
// Thread safety: none. Ownership: `source` outlives it.
class BlockReader {
 public:
  explicit BlockReader(EntrySource& source) : source_(source) {}

  // The next block, the fault that keeps the entries from being one, or monostate at the end of the
  // log. Only what a block's entries show by themselves is checked: kinds, and where they stand.
  using Next = std::variant<std::monostate, LogBlock, ReplayFault>;
  absl::StatusOr<Next> Read();

 private:
  EntrySource& source_;
  uint64_t next_ = 0;  // entry
};

// Applies one block after the other to a state that begins empty.
// Thread safety: none. Ownership: `sink` and `resident` outlive it.
class Replayer {
 public:
  // Requires: `resident` is at the height of `sink`.
  Replayer(ReplaySink& sink, Resident& resident);

  // Applies the block, compares the header that comes out with the one in the log, commits. After a
  // fault nothing of the block is committed.
  absl::StatusOr<std::optional<ReplayFault>> Step(LogBlock block);

  // As stated in the genesis; empty before it. For those who prepare transactions ahead.
  const std::string& chain_id() const { return chain_id_; }

 private:
  // Effects of the block, or its fault.
  struct Made {
    Made(BlockEffects from) : effects(std::make_unique<BlockEffects>(std::move(from))) {}  // NOLINT
    Made(ReplayFault from) : fault(std::move(from)) {}                                     // NOLINT
    std::unique_ptr<BlockEffects> effects;
    std::optional<ReplayFault> fault;
  };
  absl::StatusOr<Made> Make(LogBlock& block);
  absl::StatusOr<Made> MakeGenesis(const LogBlock& block);
  absl::StatusOr<std::optional<ReplayFault>> ApplyAll(LogBlock& block);

  ReplaySink& sink_;
  Resident& resident_;
  Machine machine_;
  std::string chain_id_;
};

struct ReplayReport {
  uint64_t entries = 0;  // of the blocks that are good
  uint64_t blocks = 0;
  uint64_t transactions = 0;
  std::optional<ReplayFault> fault;  // where it stopped
};

// Replays all of `source` into `sink`, up to the first fault.
// `progress`, if set, is called after each block.
absl::StatusOr<ReplayReport> Replay(EntrySource& source, ReplaySink& sink, Resident& resident,
                                    const std::function<void(const ReplayReport&)>& progress = {});

// The name of the first field in which two headers differ, with both values; empty where none does.
std::string DescribeDifference(const codec::BlockHeader& stored, const codec::BlockHeader& made);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_REPLAY_H_
