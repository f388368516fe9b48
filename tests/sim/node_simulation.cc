#include "sim/node_simulation.h"

#include <spdlog/sinks/null_sink.h>

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "sim/power_cuts.h"
#include "state/invariants.h"
#include "state/replay.h"
#include "tributary/base/status.h"

namespace tributary::sim {
namespace {

constexpr size_t kOutgoingMax = 12;
constexpr const char* kSteps[] = {"before_batch", "after_build", "before_write", "after_write"};

absl::Status Broken(const std::string& what) { return base::Internal(what); }

spdlog::logger& Quiet() {
  static spdlog::logger logger("sim", std::make_shared<spdlog::sinks::null_sink_mt>());
  return logger;
}

codec::BlockHeader Decoded(const std::string& header_bytes) {
  return *codec::DecodeHeader(base::AsBytes(header_bytes));
}

// The entries of a store, in order.
class StoredEntries final : public state::EntrySource {
 public:
  explicit StoredEntries(const storage::Store& store) : store_(store) {}
  absl::StatusOr<std::optional<std::string>> Next() override {
    if (next_ == store_.head().log_size) return std::optional<std::string>();
    auto entry = store_.ReadEntry(base::EntryIndex(next_++));
    if (!entry.ok()) return entry.status();
    return std::optional<std::string>(*std::move(entry));
  }

 private:
  const storage::Store& store_;
  uint64_t next_ = 0;
};

// The pages of a replay, and where each transaction stands.
class ReplayedChain final : public state::ReplaySink {
 public:
  const state::PageSource& pages() const override { return pages_; }
  absl::Status Commit(const state::BlockEffects& effects) override {
    pages_.Apply(effects);
    header_ = effects.header_bytes;
    for (const auto& transaction : effects.transactions) {
      if (!places_.emplace(transaction.id, transaction.entry).second) {
        return Broken("a transaction stands twice in the log, the second time at entry " +
                      std::to_string(transaction.entry.value()));
      }
    }
    return absl::OkStatus();
  }
  const std::map<base::TxId, base::EntryIndex>& places() const { return places_; }
  const std::string& header() const { return header_; }

 private:
  state::MemoryPages pages_;
  std::map<base::TxId, base::EntryIndex> places_;
  std::string header_;
};

}  // namespace

// How a session ends, and when.
struct NodeSimulation::Fault {
  enum class Kind { kStop, kKill, kPowerAtStep, kPowerAtWrite, kDiskFails };
  Kind kind = Kind::kStop;
  std::string step;
  int64_t left = 0;  // steps of that name, or the writer's calls, before it
  uint64_t survival_seed = 0;
  bool struck = false;
  std::string where;
};

NodeSimulation::NodeSimulation(uint64_t seed, bool sync) : random_(seed), sync_(sync) {}
NodeSimulation::~NodeSimulation() = default;

absl::Status NodeSimulation::Create() {
  workload_ = std::make_unique<Workload>(random_());
  clock_ = std::make_unique<testing::FakeClock>(testing::ChainOptions().time_ms + 1);
  disk_ = std::make_shared<MemoryDisk>();
  jumped_ms_ = 0;
  outgoing_.clear();
  acknowledged_.clear();
  refused_.clear();
  sent_.clear();
  const auto verdict =
      node::CreateChain(kStoreDir, SmallStore(disk_), testing::ChainOptions().Encode());
  if (!verdict.ok()) return verdict.status();
  auto ledger = Open();
  if (!ledger.ok()) return ledger.status();
  header_ = (*ledger)->view()->header_bytes();
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<node::Ledger>> NodeSimulation::Open() {
  node::LedgerOptions options;
  options.storage = SmallStore(disk_);
  options.storage.page_cache_bytes = 1u << 20;
  options.storage.memtable_bytes = 4u << 20;
  options.storage.wal_bytes = 8u << 20;
  options.storage.sync = sync_;
  options.clock.downtime_ms_max = UINT64_MAX / 2;
  if (fault_) {
    options.storage.at_step = [this](std::string_view at) {
      if (fault_->kind != Fault::Kind::kPowerAtStep || at != fault_->step) return;
      if (fault_->left-- != 0 || disk_->off()) return;
      fault_->struck = true;
      fault_->where = "power cut at step " + fault_->step;
      disk_->CutPower(fault_->survival_seed);
    };
  }
  return node::Ledger::Open(kStoreDir, options, *clock_, Quiet());
}

// Time passes between two blocks: mostly little, sometimes a week. Now and then somebody sets the
// clock: a little, which the node bears, or so much that it does not trust it until it is set
// right.
void NodeSimulation::PassTime() {
  const uint64_t kind = random_() % 200;
  if (kind == 0) {
    clock_->Pass(5'000'000);
  } else if (kind < 4) {
    SetClock(0 - random_() % 500'000);
  } else if (kind == 4) {
    SetClock(random_() % 2 == 0 ? 700'000 : -700'000);
  } else if (kind < 150) {
    clock_->Pass(random_() % 20'000);
  }
}

void NodeSimulation::SetClock(uint64_t by_ms) {
  clock_->SetWall(clock_->WallMs() + by_ms);
  jumped_ms_ += by_ms;
}

// As far as it jumped, for anything else is another jump to a node that runs. A node that starts
// has seen none: to it the clock may be behind by what was borne before.
void NodeSimulation::SetClockRight() {
  const uint64_t right_ms = clock_->WallMs() - jumped_ms_;
  clock_->SetWall(jumped_ms_ != 0 ? right_ms : Decoded(header_).time_ms.value() + 1'000);
  jumped_ms_ = 0;
}

void NodeSimulation::Hear(const node::Decision& decision) {
  if (disk_->off()) return;  // the machine that would have said so is dark
  const auto found = outgoing_.find(decision.id);
  if (const auto* committed = std::get_if<node::Committed>(&decision.result)) {
    const auto [told, first] = acknowledged_.emplace(decision.id, committed->entry);
    if (!first && told->second != committed->entry) {
      broken_ = "a transaction was told to be at entries " + std::to_string(told->second.value()) +
                " and " + std::to_string(committed->entry.value());
    }
    report_.acknowledged += first ? 1 : 0;
    if (found != outgoing_.end()) outgoing_.erase(found);
    return;
  }
  if (found == outgoing_.end()) return;
  found->second.waiting = false;
  if (std::holds_alternative<node::Refused>(decision.result)) to_resolve_.push_back(decision.id);
}

void NodeSimulation::Send(node::Ledger& ledger, std::string bytes) {
  const auto submitted =
      ledger.Submit(bytes, [this](const node::Decision& decision) { Hear(decision); });
  const auto* id = std::get_if<base::TxId>(&submitted);
  if (id == nullptr) return;  // never valid, or the node takes nothing now: it is forgotten
  sent_.insert(*id);
  if (acknowledged_.contains(*id)) return;
  Outgoing& outgoing = outgoing_[*id];
  outgoing.waiting = true;
  if (outgoing.sent++ > 0) ++report_.sent_again;
  outgoing.bytes = std::move(bytes);
}

// New transactions, and those again that were sent in an earlier session, or to a node that could
// not take them; now and then one again that still waits.
void NodeSimulation::SendAll(node::Ledger& ledger) {
  std::vector<std::string> again;
  for (const auto& [id, outgoing] : outgoing_) {
    if (random_() % (outgoing.waiting ? 8 : 2) == 0) again.push_back(outgoing.bytes);
  }
  for (std::string& bytes : again) Send(ledger, std::move(bytes));
  // The clients' clocks are right, whatever is done to the node's.
  workload_->chain().AdvanceTo(std::max(workload_->chain().time_ms(), clock_->WallMs()));
  workload_->set_payouts(ledger.view()->snapshot().RowCount({state::TableKind::kPayouts, 0}));
  for (uint64_t left = random_() % 3; left > 0 && outgoing_.size() < kOutgoingMax; --left) {
    Send(ledger, workload_->NextTransaction());
  }
}

absl::Status NodeSimulation::ResolveRefusals(node::Ledger& ledger) {
  const auto view = ledger.view();
  for (const base::TxId& id : std::exchange(to_resolve_, {})) {
    const auto found = outgoing_.find(id);
    if (found == outgoing_.end()) continue;
    const auto place = view->snapshot().FindTransaction(id);
    if (!place.ok()) return place.status();
    if (!place->has_value()) {
      refused_.insert(id);
      ++report_.refused;
    } else if (found->second.sent < 2) {
      return Broken("a transaction was refused that is in the log and was sent only once");
    } else {
      acknowledged_.emplace(id, (*place)->entry);
      ++report_.acknowledged;
      ++report_.found_by_retry;
    }
    outgoing_.erase(found);
  }
  return absl::OkStatus();
}

// After a block: it follows on the one before.
absl::Status NodeSimulation::CheckBlock(node::Ledger& ledger) {
  const std::string bytes = ledger.view()->header_bytes();
  if (bytes == header_) return absl::OkStatus();
  const codec::BlockHeader before = Decoded(header_);
  const codec::BlockHeader now = Decoded(bytes);
  if (now.height.value() != before.height.value() + 1) return Broken("heights do not go up by one");
  if (now.previous_header != codec::HeaderHash(base::AsBytes(header_))) {
    return Broken("header " + std::to_string(now.height.value()) + " names another before it");
  }
  if (now.time_ms < before.time_ms) return Broken("time goes back");
  if (now.first_entry.value() != before.log_size + 1) return Broken("the log has a gap");
  header_ = bytes;
  ++report_.blocks;
  return absl::OkStatus();
}

absl::Status NodeSimulation::CheckRecovered(node::Ledger& ledger) {
  ++report_.recoveries;
  const uint64_t told = Decoded(header_).height.value();
  const uint64_t found = ledger.view()->header().height.value();
  if (found < told) {
    return Broken("the recovery ends at block " + std::to_string(found) + ", but block " +
                  std::to_string(told) + " was acknowledged");
  }
  if (found > told + 1) return Broken("the recovery found blocks that nobody made");
  const auto entry = ledger.store().HeaderEntry(base::Height(told));
  if (!entry.ok()) return entry.status();
  const auto bytes = ledger.store().ReadEntry(*entry);
  if (!bytes.ok()) return bytes.status();
  if (*bytes != header_) return Broken("block " + std::to_string(told) + " has become another");
  if (found > told) ++report_.unacknowledged;
  return CheckBlock(ledger);
}

absl::Status NodeSimulation::CheckOutOfService(node::Ledger& ledger) {
  if (ledger.mode() != node::Mode::kReadOnly) return Broken("it failed, but is not read-only");
  if (!fault_->struck) return Broken("read-only without a fault: " + ledger.mode_reason());
  bool answered = false;
  const auto submitted =
      ledger.Submit(workload_->NextTransaction(), [&](const node::Decision&) { answered = true; });
  if (!std::holds_alternative<node::Trouble>(submitted) || answered) {
    return Broken("it takes transactions, but is read-only");
  }
  return absl::OkStatus();
}

absl::Status NodeSimulation::Work(node::Ledger& ledger, uint64_t blocks) {
  const bool forever = fault_->kind != Fault::Kind::kStop && fault_->kind != Fault::Kind::kKill;
  int refusals = 0;  // one after the other
  for (uint64_t left = random_() % 120; forever || left > 0; --left) {
    if (Decoded(header_).height.value() > blocks) return absl::OkStatus();
    PassTime();
    SendAll(ledger);
    const absl::Status made = ledger.MakeBlock({});
    if (disk_->off()) return absl::OkStatus();
    if (!broken_.empty()) return Broken(broken_);
    if (ledger.mode() == node::Mode::kClockRefused) {
      ++report_.clock_refused;
      SetClockRight();
      if (++refusals > 20) return Broken("the clock is right again, and not trusted");
      continue;
    }
    refusals = 0;
    jumped_ms_ = 0;
    if (!made.ok()) return CheckOutOfService(ledger);
    TRIBUTARY_RETURN_IF_ERROR(CheckBlock(ledger));
    TRIBUTARY_RETURN_IF_ERROR(ResolveRefusals(ledger));
  }
  return absl::OkStatus();
}

absl::Status NodeSimulation::Session(uint64_t blocks) {
  fault_ = std::make_unique<Fault>();
  fault_->kind = static_cast<Fault::Kind>(random_() % 5);
  fault_->step = kSteps[random_() % std::size(kSteps)];
  fault_->survival_seed = random_();
  const bool at_step = fault_->kind == Fault::Kind::kPowerAtStep;
  // Of the writer's calls many are those of opening the store.
  fault_->left = static_cast<int64_t>(random_() % (at_step ? 60 : random_() % 4 == 0 ? 40 : 300));
  disk_->set_hook(
      [this, writer = std::this_thread::get_id()](MemoryDisk::Op op, const std::string& path) {
        const bool power = fault_->kind == Fault::Kind::kPowerAtWrite;
        const bool fails = fault_->kind == Fault::Kind::kDiskFails;
        if ((!power && !fails) || op == MemoryDisk::Op::kRead) return rocksdb::IOStatus::OK();
        if (fails && fault_->struck) return rocksdb::IOStatus::IOError("planted");
        if (std::this_thread::get_id() != writer || fault_->struck || fault_->left-- != 0) {
          return rocksdb::IOStatus::OK();
        }
        fault_->where = (power ? "power cut at " : "disk fails from ") + NameOfOperation(op, path);
        fault_->struck = true;
        if (fails) return rocksdb::IOStatus::IOError("planted");
        disk_->CutPower(fault_->survival_seed);
        return rocksdb::IOStatus::OK();
      });
  absl::Status status;
  {
    auto ledger = Open();
    if (!ledger.ok()) {
      if (!fault_->struck) status = ledger.status();
    } else if (!disk_->off()) {
      status = CheckRecovered(**ledger);
      if (status.ok()) status = Work(**ledger, blocks);
      if (fault_->kind == Fault::Kind::kStop) {
        (*ledger)->Stop();
        (*ledger)->Drain();
      }
    }
  }
  for (auto& [id, outgoing] : outgoing_) outgoing.waiting = false;
  to_resolve_.clear();
  // Half of the disks that fail lose their power, too.
  if (fault_->struck && !disk_->off() && random_() % 2 == 0) disk_->CutPower(random_());
  if (disk_->off()) disk_->RestorePower();
  disk_->set_hook({});
  const bool stop = fault_->kind == Fault::Kind::kStop;
  ++report_.ends[fault_->struck ? fault_->where : stop ? "stopped" : "killed"];
  if (status.ok()) return status;
  return base::MakeStatus(status.code(),
                          "after " + fault_->where + ": " + std::string(base::Message(status)));
}

absl::Status NodeSimulation::CheckEnd() {
  storage::Options options = SmallStore(disk_);
  options.read_only = true;
  const auto store = storage::Store::Open(kStoreDir, options);
  if (!store.ok()) return store.status();
  state::Resident stored(state::TagKey{});
  TRIBUTARY_RETURN_IF_ERROR((*store)->Recover(stored));
  TRIBUTARY_RETURN_IF_ERROR(state::RecountConservation((*store)->pages(), stored));

  StoredEntries entries(**store);
  ReplayedChain chain;
  state::Resident resident(state::TagKey{1});
  const auto report = state::Replay(entries, chain, resident);
  if (!report.ok()) return report.status();
  if (report->fault) return Broken("the log does not replay: " + report->fault->ToString());
  if (chain.header() != stored.header_bytes()) return Broken("the replay ends elsewhere");
  if (resident.StateRoot() != stored.StateRoot()) return Broken("the replay has other pages");
  for (const auto& [id, entry] : acknowledged_) {
    const auto place = chain.places().find(id);
    if (place == chain.places().end() || place->second != entry) {
      return Broken("a transaction was acknowledged at entry " + std::to_string(entry.value()) +
                    " and is not there");
    }
  }
  for (const auto& [id, entry] : chain.places()) {
    const std::string at = "the transaction at entry " + std::to_string(entry.value());
    if (!sent_.contains(id)) return Broken(at + " was never sent");
    if (refused_.contains(id)) return Broken(at + " was refused");
  }
  ++report_.chains;
  return absl::OkStatus();
}

absl::Status NodeSimulation::Chain(uint64_t blocks) {
  fault_.reset();
  TRIBUTARY_RETURN_IF_ERROR(Create());
  while (Decoded(header_).height.value() <= blocks) TRIBUTARY_RETURN_IF_ERROR(Session(blocks));
  return CheckEnd();
}

}  // namespace tributary::sim
