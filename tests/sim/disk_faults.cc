#include "sim/disk_faults.h"

#include <spdlog/sinks/null_sink.h>

#include <atomic>
#include <utility>

#include "sim/power_cuts.h"
#include "state/invariants.h"
#include "tributary/base/status.h"

namespace tributary::sim {
namespace {

constexpr int kBlocksMax = 25;  // of one session

absl::Status Broken(const std::string& what) { return base::Internal(what); }

spdlog::logger& Quiet() {
  static spdlog::logger logger("sim", std::make_shared<spdlog::sinks::null_sink_mt>());
  return logger;
}

}  // namespace

// What fails, and when.
struct DiskFaults::Fault {
  std::atomic<int64_t> left{0};  // calls before it
  bool reads = false;            // else whatever changes the disk
  bool once = false;
  bool full = false;
  std::atomic<bool> struck{false};
  std::mutex mutex;
  std::string where;  // guarded by mutex

  std::string Describe() {
    const std::lock_guard<std::mutex> hold(mutex);
    return std::string(full ? "disk full" : "I/O error") + (once ? " once at " : " from ") + where;
  }

  rocksdb::IOStatus At(MemoryDisk::Op op, const std::string& path) {
    if ((op == MemoryDisk::Op::kRead) != reads) return rocksdb::IOStatus::OK();
    const int64_t before = left--;
    if (before > 0 || (once && before < 0)) return rocksdb::IOStatus::OK();
    if (!struck.exchange(true)) {
      const std::lock_guard<std::mutex> hold(mutex);
      where = NameOfOperation(op, path);
    }
    return full ? rocksdb::IOStatus::NoSpace("planted") : rocksdb::IOStatus::IOError("planted");
  }
};

DiskFaults::DiskFaults(uint64_t seed)
    : workload_(seed), random_(seed), clock_(testing::ChainOptions().time_ms + 1) {}
DiskFaults::~DiskFaults() = default;

absl::Status DiskFaults::Create() {
  disk_ = std::make_shared<MemoryDisk>();
  const auto verdict =
      node::CreateChain(kStoreDir, SmallStore(disk_), testing::ChainOptions().Encode());
  return verdict.status();
}

absl::StatusOr<std::unique_ptr<node::Ledger>> DiskFaults::Open() {
  node::LedgerOptions options;
  options.storage = SmallStore(disk_);
  options.storage.block_cache_bytes = 16u << 10;  // reads reach the disk
  options.clock.downtime_ms_max = UINT64_MAX / 2;
  options.clock.jump_ms_max = UINT64_MAX / 2;
  return node::Ledger::Open(kStoreDir, options, clock_, Quiet());
}

void DiskFaults::Plan() {
  fault_ = std::make_shared<Fault>();
  fault_->reads = random_() % 4 == 0;
  fault_->once = random_() % 2 == 0;
  fault_->full = !fault_->reads && random_() % 2 == 0;
  fault_->left = static_cast<int64_t>(random_() % (random_() % 2 == 0 ? 40 : 300));
  const auto fault = fault_;
  disk_->set_hook(
      [fault](MemoryDisk::Op op, const std::string& path) { return fault->At(op, path); });
}

absl::Status DiskFaults::Work(node::Ledger& ledger) {
  for (int block = 0; block < kBlocksMax && ledger.mode() == node::Mode::kServing; ++block) {
    workload_.chain().AdvanceTo(clock_.WallMs());
    workload_.set_payouts(ledger.view()->snapshot().RowCount({state::TableKind::kPayouts, 0}));
    for (uint64_t left = 1 + random_() % 4; left > 0; --left) {
      ledger.Submit(workload_.NextTransaction(), [this](const node::Decision& decision) {
        const auto* committed = std::get_if<node::Committed>(&decision.result);
        if (committed == nullptr) return;
        acknowledged_[decision.id] = committed->entry;
        ++report_.acknowledged;
      });
    }
    if (ledger.MakeBlock({}).ok()) ++report_.blocks;
    clock_.Pass(random_() % 600'000);
  }
  if (ledger.mode() == node::Mode::kServing) return absl::OkStatus();
  ++report_.read_only;
  return CheckOutOfService(ledger);
}

absl::Status DiskFaults::CheckOutOfService(node::Ledger& ledger) {
  if (ledger.mode() != node::Mode::kReadOnly) return Broken("out of service, but not read-only");
  if (ledger.mode_reason().empty()) return Broken("read-only without a reason");
  if (!fault_->struck) return Broken("read-only without a fault: " + ledger.mode_reason());
  bool answered = false;
  const auto submitted =
      ledger.Submit(workload_.NextTransaction(), [&](const node::Decision&) { answered = true; });
  const auto* trouble = std::get_if<node::Trouble>(&submitted);
  if (trouble == nullptr || trouble->status.code() != absl::StatusCode::kUnavailable) {
    return Broken("a transaction is taken while read-only");
  }
  ledger.Stop();
  ledger.Drain();
  return answered ? Broken("an answer to what was not taken") : absl::OkStatus();
}

absl::Status DiskFaults::CheckWhole(node::Ledger& ledger) {
  TRIBUTARY_RETURN_IF_ERROR(ledger.store().CheckLog());
  const auto view = ledger.view();
  for (const auto& [id, entry] : acknowledged_) {
    const auto place = view->snapshot().FindTransaction(id);
    if (!place.ok()) return place.status();
    if (!place->has_value() || (*place)->entry != entry) {
      return Broken("a transaction was acknowledged at entry " + std::to_string(entry.value()) +
                    " and is not there");
    }
  }
  return absl::OkStatus();
}

absl::Status DiskFaults::CheckBooks() {
  state::Resident resident(state::TagKey{});
  storage::Options options = SmallStore(disk_);
  options.read_only = true;
  const auto store = storage::Store::Open(kStoreDir, options);
  if (!store.ok()) return store.status();
  TRIBUTARY_RETURN_IF_ERROR((*store)->Recover(resident));
  return state::RecountConservation((*store)->pages(), resident);
}

absl::Status DiskFaults::Strike() {
  if (!disk_) TRIBUTARY_RETURN_IF_ERROR(Create());
  Plan();
  {
    auto ledger = Open();
    last_open_ = ledger.ok();
    if (!ledger.ok()) {
      if (!fault_->struck) return ledger.status();
      ++report_.refused_to_open;
    } else {
      TRIBUTARY_RETURN_IF_ERROR(Work(**ledger));
      if (fault_->struck && (*ledger)->mode() == node::Mode::kServing) ++report_.unnoticed;
    }
    if (fault_->struck && random_() % 2 == 0) {
      disk_->CutPower(random_());
      ++report_.cuts;
    }
  }
  last_cut_ = disk_->off();
  if (disk_->off()) disk_->RestorePower();
  disk_->set_hook({});
  if (fault_->struck) {
    ++report_.faults;
    ++report_.at[fault_->where];
  }
  absl::Status status;
  {
    const auto mended = Open();
    status = mended.ok() ? CheckWhole(**mended) : mended.status();
  }
  if (status.ok()) status = CheckBooks();
  if (status.ok()) return status;
  return base::MakeStatus(status.code(), fault_->Describe() +
                                             (last_cut_ ? " and a power cut" : "") +
                                             (last_open_ ? "" : " while opening") + ": " +
                                             std::string(base::Message(status)));
}

}  // namespace tributary::sim
