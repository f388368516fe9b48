#include "sim/damage.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "audit/audit.h"
#include "sim/power_cuts.h"
#include "state/invariants.h"
#include "storage/store.h"
#include "storage/store_impl.h"
#include "tributary/base/check.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::sim {
namespace {

constexpr uint64_t kFlushEvery = 50;  // changes, so that a reader has little to replay

// The text with every word that holds a digit as '#', so that alike findings count together.
std::string WithoutNumbers(const std::string& text) {
  const auto in_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  std::string out;
  for (size_t at = 0; at < text.size() && out.size() < 70;) {
    size_t end = at;
    while (end < text.size() && in_word(text[end])) ++end;
    const std::string word = text.substr(at, end - at);
    out += word.find_first_of("0123456789") == std::string::npos ? word : "#";
    if (end < text.size()) out.push_back(text[end++]);
    at = end;
  }
  return out;
}

// What `tributaryd check` does before it replays: the store against itself.
absl::Status CheckItself(const std::shared_ptr<MemoryDisk>& disk) {
  storage::Options options = SmallStore(disk);
  options.read_only = true;
  const auto store = storage::Store::Open(kStoreDir, options);
  if (!store.ok()) return store.status();
  TRIBUTARY_RETURN_IF_ERROR((*store)->CheckLog());
  state::Resident resident(state::TagKey{});
  TRIBUTARY_RETURN_IF_ERROR((*store)->Recover(resident));
  if (resident.empty()) return base::FailedPrecondition("the store holds no genesis");
  return state::RecountConservation((*store)->pages(), resident);
}

}  // namespace

Damage::Damage(uint64_t seed, size_t blocks)
    : random_(seed), workload_(seed), disk_(std::make_shared<MemoryDisk>()) {
  workload_.Grow(blocks);
  storage::Options options = SmallStore(disk_);
  options.create = true;
  {
    auto store = storage::Store::Open(kStoreDir, options);
    TRIBUTARY_CHECK(store.ok(), "the store cannot be made");
    for (const state::BlockEffects& block : workload_.blocks()) {
      TRIBUTARY_CHECK((*store)->Commit(block).ok(), "a block cannot be committed");
    }
  }
  open_disk_ = disk_->Clone();
  auto database = storage::Database::Open(storage::DatabasePath(kStoreDir),
                                          storage::Database::Mode::kWrite, SmallStore(open_disk_));
  TRIBUTARY_CHECK(database.ok(), "the database cannot be opened");
  database_ = *std::move(database);
  ReadValues();
}

void Damage::ReadValues() {
  uint64_t end = 0;
  for (const storage::ColumnFamily family : storage::Database::AllFamilies()) {
    const std::unique_ptr<rocksdb::Iterator> at(
        database_->db().NewIterator({}, database_->family(family)));
    for (at->SeekToFirst(); at->Valid(); at->Next()) {
      if (at->value().empty()) continue;
      values_.push_back({family, at->key().ToString(), at->value().ToString()});
      end += at->value().size();
      ends_.push_back(end);
    }
  }
}

uint64_t Damage::stored_bytes() const { return ends_.back(); }

uint64_t Damage::file_bits() const {
  uint64_t bits = 0;
  for (const auto& [path, size] : disk_->Files()) bits += size * 8;
  return bits;
}

void Damage::Name(const std::string& text) { ++report_.named[WithoutNumbers(text)]; }

Damage::Seen Damage::Look(const std::shared_ptr<MemoryDisk>& disk) {
  Seen seen;
  audit::AuditOptions options;
  options.threads = 1;
  options.file_system = disk;
  const auto report = audit::AuditStore(kStoreDir, options);
  if (!report.ok()) {
    seen.audit = std::string(base::Message(report.status()));
  } else if (report->fault) {
    seen.audit = report->fault->ToString();
  } else {
    seen.audit = report->mismatch;
  }
  const state::BlockEffects& last = workload_.blocks().back();
  seen.same_end = seen.audit.empty() && report.ok() && report->log_size == last.log_size &&
                  report->header_hash == last.header_hash && report->log_root == last.log_root;
  seen.check = CheckItself(disk);
  // The second half of the check is that same audit.
  if (seen.check.ok() && !seen.audit.empty()) seen.check = base::DataLoss(seen.audit);
  if (!seen.check.ok()) ++report_.found_by_check;
  if (!seen.audit.empty()) ++report_.found_by_audit;
  Name(seen.audit.empty() ? "harmless" : seen.audit);
  return seen;
}

absl::Status Damage::ChangeByte(uint64_t position) {
  const auto found = std::upper_bound(ends_.begin(), ends_.end(), position);
  const Value& value = values_[static_cast<size_t>(found - ends_.begin())];
  std::string changed = value.value;
  const uint64_t at = position - (*found - value.value.size());
  changed[at] = static_cast<char>(changed[at] ^ (1 + random_() % 255));
  const auto put = [&](const std::string& bytes) {
    const rocksdb::Status status =
        database_->db().Put({}, database_->family(value.family), value.key, bytes);
    TRIBUTARY_CHECK(status.ok(), "a value cannot be changed");
  };
  put(changed);
  const Seen seen = Look(open_disk_);
  put(value.value);
  if (++changes_ % kFlushEvery == 0) {
    for (const storage::ColumnFamily family : storage::Database::AllFamilies()) {
      TRIBUTARY_CHECK(database_->db().Flush({}, database_->family(family)).ok(), "no flush");
    }
  }
  ++report_.bytes;
  if (!seen.check.ok() && !seen.audit.empty()) return absl::OkStatus();
  return base::Internal("byte " + std::to_string(at) + " of " + std::to_string(value.value.size()) +
                        " of the value of key " + base::ToHex(base::AsBytes(value.key)) +
                        " of family " + std::to_string(static_cast<int>(value.family)) +
                        ": check says \"" + seen.check.ToString() + "\", the audit \"" +
                        seen.audit + "\"");
}

// What a node would say that starts on it. A start that succeeds must have the whole chain.
absl::Status Damage::Start(const std::shared_ptr<MemoryDisk>& disk) const {
  auto store = storage::Store::Open(kStoreDir, SmallStore(disk));
  if (!store.ok()) return store.status();
  state::Resident resident(state::TagKey{});
  TRIBUTARY_RETURN_IF_ERROR((*store)->Recover(resident));
  if (resident.empty()) return base::FailedPrecondition("the store holds no genesis");
  if (resident.header_bytes() == workload_.blocks().back().header_bytes) return absl::OkStatus();
  return base::Internal("a node starts at block " +
                        std::to_string(resident.header().height.value()) + " of " +
                        std::to_string(workload_.blocks().size()));
}

absl::Status Damage::FlipBit(uint64_t position) {
  uint64_t bit = position;
  std::string path;
  for (const auto& [name, size] : disk_->Files()) {
    path = name;
    if (bit < size * 8) break;
    bit -= size * 8;
  }
  const auto disk = disk_->Clone();
  disk->FlipBit(path, bit);
  const Seen seen = Look(disk);
  const absl::Status start = Start(disk);
  ++report_.bits;
  if (!start.ok()) ++report_.found_at_start;
  const std::string where = "bit " + std::to_string(bit) + " of " + path + ": ";
  if (start.code() == absl::StatusCode::kInternal) {
    return base::Internal(where + std::string(base::Message(start)));
  }
  if (!seen.audit.empty() && !seen.check.ok()) return absl::OkStatus();
  if (seen.audit.empty() && seen.same_end) {
    ++report_.harmless;
    return absl::OkStatus();
  }
  return base::Internal(where + "check says \"" + seen.check.ToString() + "\", the audit \"" +
                        seen.audit + "\"" + (seen.same_end ? "" : ", and ends elsewhere"));
}

}  // namespace tributary::sim
