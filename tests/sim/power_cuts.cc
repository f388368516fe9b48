#include "sim/power_cuts.h"

#include <atomic>

#include "index/rows.h"
#include "state/resident.h"
#include "storage/database.h"
#include "storage/store_impl.h"
#include "tributary/base/status.h"

namespace tributary::sim {
namespace {

constexpr const char* kSteps[] = {"before_batch", "after_build", "before_write", "after_write"};

std::string SortOf(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  if (name.find("MANIFEST") != std::string::npos) return "manifest";
  if (name.find("OPTIONS") != std::string::npos) return "options";
  if (name.find("CURRENT") != std::string::npos || name.find(".dbtmp") != std::string::npos) {
    return "current";
  }
  if (name.find(".log") != std::string::npos) return "wal";
  if (name.find(".sst") != std::string::npos) return "sst";
  if (name.find("head") != std::string::npos) return "head";
  return name == "db" || name == "data" ? "directory" : "other";
}

absl::Status Broken(const std::string& what) { return base::Internal(what); }

using Rows = std::map<std::string, std::string>;

// What the index families must hold after all blocks.
Rows ExpectedIndex(const Workload& workload) {
  Rows out;
  for (const state::BlockEffects& block : workload.blocks()) {
    for (const index::Row& row : index::IndexRows(block)) {
      if (row.removed) {
        out.erase(row.key);
      } else {
        out[row.key] = row.value;
      }
    }
  }
  return out;
}

}  // namespace

std::string NameOfOperation(MemoryDisk::Op op, const std::string& path) {
  return std::string(MemoryDisk::NameOf(op)) + " " + SortOf(path);
}

storage::Options SmallStore(std::shared_ptr<MemoryDisk> disk) {
  storage::Options options;
  options.block_cache_bytes = 1u << 20;
  options.page_cache_bytes = 1;
  options.memtable_bytes = 64u << 10;
  options.wal_bytes = 96u << 10;
  options.file_system = std::move(disk);
  return options;
}

void PowerCuts::Cut(const std::string& where) {
  if (disk_->off()) return;
  disk_->CutPower(cut_seed_);
  ++report_.cuts;
  ++report_.at[where];
}

// Every other cut strikes a named step of a commit, the rest any operation on the disk: mostly
// soon, for opening the store and its first writes are where the most happens.
void PowerCuts::PlanCut(storage::Options& options) {
  disk_->set_hook({});
  cut_seed_ = random_();
  if (random_() % 2 == 0) {
    const std::string step = kSteps[next_step_++ % std::size(kSteps)];
    options.at_step = [this, step, left = random_() % 8](std::string_view at) mutable {
      if (at == step && left-- == 0) Cut("step " + step);
    };
    return;
  }
  const uint64_t until = random_() % (random_() % 3 == 0 ? 400 : 80);
  const auto left = std::make_shared<std::atomic<int64_t>>(until);
  disk_->set_hook([this, left](MemoryDisk::Op op, const std::string& path) {
    if (op != MemoryDisk::Op::kRead && (*left)-- == 0) Cut(NameOfOperation(op, path));
    return rocksdb::IOStatus::OK();
  });
}

absl::Status PowerCuts::CheckOpened(storage::Store& store) {
  state::Resident resident(state::TagKey{});
  if (absl::Status status = store.Recover(resident); !status.ok()) return status;
  const uint64_t found = resident.empty() ? 0 : resident.header().height.value();
  if (found < acknowledged_) {
    return Broken("the store ends at block " + std::to_string(found) + ", but block " +
                  std::to_string(acknowledged_) + " was acknowledged");
  }
  report_.unacknowledged += found - acknowledged_;
  acknowledged_ = found;
  if (found == 0) return absl::OkStatus();
  if (found > workload_.blocks().size() ||
      workload_.blocks()[found - 1].header_bytes != resident.header_bytes()) {
    return Broken("header " + std::to_string(found) + " is not the one that was committed");
  }
  return store.CheckLog();
}

absl::Status PowerCuts::Session() {
  storage::Options options = SmallStore(disk_);
  options.sync = sync_;
  options.create = !made_;
  PlanCut(options);
  auto store = storage::Store::Open(kStoreDir, options);
  if (!store.ok()) return store.status();
  if (disk_->off()) return absl::OkStatus();
  made_ = true;
  TRIBUTARY_RETURN_IF_ERROR(CheckOpened(**store));
  while (acknowledged_ < workload_.blocks().size()) {
    TRIBUTARY_RETURN_IF_ERROR((*store)->Commit(workload_.blocks()[acknowledged_]));
    if (disk_->off()) return absl::OkStatus();  // a ghost did that
    ++acknowledged_;
    ++report_.blocks;
  }
  return absl::OkStatus();
}

// Nothing beside the state and the log may differ either.
absl::Status PowerCuts::CheckEnd() {
  auto database = storage::Database::Open(storage::DatabasePath(kStoreDir),
                                          storage::Database::Mode::kWrite, SmallStore(disk_));
  if (!database.ok()) return database.status();
  Rows found;
  for (const auto family : {storage::ColumnFamily::kIndex, storage::ColumnFamily::kSide}) {
    const std::unique_ptr<rocksdb::Iterator> at(
        (*database)->db().NewIterator({}, (*database)->family(family)));
    for (at->SeekToFirst(); at->Valid(); at->Next()) {
      found[at->key().ToString()] = at->value().ToString();
    }
  }
  if (found != ExpectedIndex(workload_)) return Broken("the index rows differ");
  return absl::OkStatus();
}

absl::Status PowerCuts::Life() {
  disk_ = std::make_shared<MemoryDisk>();
  acknowledged_ = 0;
  made_ = false;
  for (;;) {
    // Whatever a session says is about what the last cut left: its own only shows in the next one.
    TRIBUTARY_RETURN_IF_ERROR(Session());
    disk_->set_hook({});
    if (!disk_->off()) {
      ++report_.lives;
      return CheckEnd();
    }
    disk_->RestorePower();
    // A store that nobody was told of may be in any shape, and is made again.
    if (!made_) disk_ = std::make_shared<MemoryDisk>();
  }
}

}  // namespace tributary::sim
