#include "state/replay.h"

#include <utility>

#include "state/rows.h"
#include "tributary/base/hex.h"

namespace tributary::state {
namespace {

ReplayFault FaultOf(base::EntryIndex entry, const base::Rejection& rejection) {
  return {entry, rejection.ToString()};
}

std::string Show(uint64_t value) { return std::to_string(value); }
template <class Tag, class Rep>
std::string Show(base::Strong<Tag, Rep> value) {
  return std::to_string(value.value());
}
template <class Tag>
std::string Show(const base::Digest<Tag>& digest) {
  return base::ToHex(digest.view());
}

template <class T>
std::string Differ(const char* name, const T& stored, const T& made) {
  return std::string(name) + " is " + Show(stored) + ", replay gives " + Show(made);
}

std::string ChainIdOf(const PageSource& pages) {
  const auto chain = ReadRow<ChainRow>(pages, 0);
  std::string out;
  for (const uint8_t c : chain.chain_id) {
    if (c == 0) break;
    out.push_back(static_cast<char>(c));
  }
  return out;
}

}  // namespace

std::string ReplayFault::ToString() const {
  return "entry " + std::to_string(entry.value()) + ": " + what;
}

std::string DescribeDifference(const codec::BlockHeader& stored, const codec::BlockHeader& made) {
#define TRIBUTARY_COMPARE(field, name) \
  if (stored.field != made.field) return Differ(name, stored.field, made.field)
  TRIBUTARY_COMPARE(first_entry, "the first entry");
  TRIBUTARY_COMPARE(chain_hash, "the chain hash");
  TRIBUTARY_COMPARE(height, "the height");
  TRIBUTARY_COMPARE(time_ms, "the time");
  TRIBUTARY_COMPARE(previous_header, "the hash of the previous header");
  TRIBUTARY_COMPARE(log_size, "the log size");
  TRIBUTARY_COMPARE(log_root, "the log root");
  TRIBUTARY_COMPARE(epoch, "the epoch");
  TRIBUTARY_COMPARE(settlement_root, "the settlement root");
  TRIBUTARY_COMPARE(results_root, "the results root");
  TRIBUTARY_COMPARE(state_root, "the state root");
#undef TRIBUTARY_COMPARE
  return {};
}

// ------------------------------------------------------------------------------------------------
// Entries to blocks

absl::StatusOr<BlockReader::Next> BlockReader::Read() {
  LogBlock block;
  block.first = base::EntryIndex(next_);
  for (;;) {
    const base::EntryIndex at(next_);
    absl::StatusOr<std::optional<std::string>> entry = source_.Next();
    if (!entry.ok()) return entry.status();
    if (!*entry) {
      if (block.entries.empty()) return Next(std::monostate());
      return Next(ReplayFault{at, "the log ends here, inside a block: its header is missing"});
    }
    const auto kind = codec::KindOf(base::AsBytes(**entry));
    if (!kind) return Next(FaultOf(at, kind.rejection()));
    if ((*kind == codec::EntryKind::kGenesis) != (at.value() == 0)) {
      return Next(ReplayFault{
          at, at.value() == 0 ? "the log does not begin with a genesis" : "a second genesis"});
    }
    ++next_;
    if (*kind != codec::EntryKind::kHeader) {
      block.entries.push_back(*std::move(*entry));
      continue;
    }
    const auto header = codec::DecodeHeader(base::AsBytes(**entry));
    if (!header) return Next(FaultOf(at, header.rejection()));
    block.header = *header;
    block.header_bytes = *std::move(*entry);
    return Next(std::move(block));
  }
}

// ------------------------------------------------------------------------------------------------
// Blocks to states

Replayer::Replayer(ReplaySink& sink, Resident& resident)
    : sink_(sink), resident_(resident), machine_(sink.pages(), resident) {
  if (!resident_.empty()) chain_id_ = ChainIdOf(sink_.pages());
}

absl::StatusOr<Replayer::Made> Replayer::MakeGenesis(const LogBlock& block) {
  if (block.entries.size() != 1) {
    return Made(ReplayFault{base::EntryIndex(1), "the genesis is not followed by its header"});
  }
  base::Checked<BlockEffects> effects =
      machine_.Genesis(std::string_view(block.entries.front()).substr(1));
  if (!effects) return Made(FaultOf(block.first, effects.rejection()));
  return Made(*std::move(effects));
}

absl::StatusOr<std::optional<ReplayFault>> Replayer::ApplyAll(LogBlock& block) {
  for (size_t i = 0; i < block.entries.size(); ++i) {
    const base::EntryIndex at(block.first.value() + i);
    std::unique_ptr<PreparedTransaction> transaction;
    if (i < block.prepared.size()) transaction = std::move(block.prepared[i]);
    if (!transaction) {
      auto prepared = Prepare(std::move(block.entries[i]), chain_id_);
      if (!prepared) return std::optional<ReplayFault>(FaultOf(at, prepared.rejection()));
      transaction = *std::move(prepared);
    }
    const absl::StatusOr<base::Verdict> verdict = machine_.Apply(*transaction);
    if (!verdict.ok()) return verdict.status();
    if (*verdict) return std::optional<ReplayFault>(FaultOf(at, **verdict));
  }
  return std::optional<ReplayFault>();
}

absl::StatusOr<Replayer::Made> Replayer::Make(LogBlock& block) {
  if (resident_.empty()) return MakeGenesis(block);
  const base::EntryIndex header = block.header_entry();
  if (block.header.time_ms < resident_.header().time_ms) {
    return Made(ReplayFault{header, "its time is before that of the header before it"});
  }
  if (absl::Status begun = machine_.Begin(block.header.time_ms); !begun.ok()) return begun;
  absl::StatusOr<std::optional<ReplayFault>> fault = ApplyAll(block);
  const bool empty = fault.ok() && !*fault && !machine_.HasChanges();
  if (!fault.ok() || *fault || empty) {
    machine_.Drop();
    if (!fault.ok()) return fault.status();
    if (*fault) return Made(**std::move(fault));
    return Made(ReplayFault{header, "a header of a block that changes nothing"});
  }
  absl::StatusOr<BlockEffects> effects = machine_.Finish();
  if (!effects.ok()) return effects.status();
  return Made(*std::move(effects));
}

absl::StatusOr<std::optional<ReplayFault>> Replayer::Step(LogBlock block) {
  absl::StatusOr<Made> made = Make(block);
  if (!made.ok()) return made.status();
  if (made->fault) return std::move(made->fault);
  const BlockEffects& effects = *made->effects;
  if (effects.header_bytes != block.header_bytes) {
    return std::optional(
        ReplayFault{block.header_entry(), DescribeDifference(block.header, effects.header)});
  }
  if (absl::Status committed = sink_.Commit(effects); !committed.ok()) return committed;
  resident_.Apply(effects);
  if (chain_id_.empty()) chain_id_ = ChainIdOf(sink_.pages());
  return std::optional<ReplayFault>();
}

absl::StatusOr<ReplayReport> Replay(EntrySource& source, ReplaySink& sink, Resident& resident,
                                    const std::function<void(const ReplayReport&)>& progress) {
  BlockReader blocks(source);
  Replayer replayer(sink, resident);
  ReplayReport report;
  for (;;) {
    absl::StatusOr<BlockReader::Next> next = blocks.Read();
    if (!next.ok()) return next.status();
    if (std::holds_alternative<std::monostate>(*next)) return report;
    if (auto* fault = std::get_if<ReplayFault>(&*next)) {
      report.fault = std::move(*fault);
      return report;
    }
    auto& block = std::get<LogBlock>(*next);
    const bool genesis = block.first.value() == 0;
    const uint64_t entries = block.entries.size();
    absl::StatusOr<std::optional<ReplayFault>> fault = replayer.Step(std::move(block));
    if (!fault.ok()) return fault.status();
    if (*fault) {
      report.fault = **std::move(fault);
      return report;
    }
    report.entries += entries + 1;
    report.transactions += genesis ? 0 : entries;
    ++report.blocks;
    if (progress) progress(report);
  }
}

}  // namespace tributary::state
