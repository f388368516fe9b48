#include "audit/audit.h"

#include <deque>
#include <utility>

#include "audit/read_ahead.h"
#include "audit/replayer.h"
#include "state/invariants.h"
#include "storage/index_check.h"
#include "storage/store.h"
#include "tributary/base/status.h"

namespace tributary::audit {
namespace {

constexpr uint64_t kBatchEntries = 4096;
constexpr uint64_t kBatchBytes = 4u << 20;

// The entries of a store, as they stood when the audit began.
class StoreEntries : public state::EntrySource {
 public:
  explicit StoreEntries(const storage::ReadSnapshot& snapshot) : snapshot_(snapshot) {}

  absl::StatusOr<std::optional<std::string>> Next() override {
    if (batch_.empty() && next_ < snapshot_.head().log_size) {
      TRIBUTARY_RETURN_IF_ERROR(
          snapshot_.ReadEntries(base::EntryIndex(next_), kBatchEntries, kBatchBytes,
                                [this](base::EntryIndex, std::string_view entry) {
                                  batch_.emplace_back(entry);
                                  return true;
                                }));
      next_ += batch_.size();
    }
    if (batch_.empty()) return std::optional<std::string>();
    std::optional<std::string> entry = std::move(batch_.front());
    batch_.pop_front();
    return entry;
  }

 private:
  const storage::ReadSnapshot& snapshot_;
  std::deque<std::string> batch_;
  uint64_t next_ = 0;
};

std::string Where(state::TableId table) {
  return "table " + std::string(state::TableName(table.kind)) + "/" + std::to_string(table.sub);
}

// Empty where the two have the same tables with the same bytes.
std::string CompareTables(const state::PageSource& stored, const state::PageSource& own,
                          AuditReport& report) {
  if (stored.Tables() != own.Tables()) return "the store has other tables than the log gives";
  state::Page left;
  state::Page right;
  for (const state::TableId table : own.Tables()) {
    const uint64_t rows = own.RowCount(table);
    if (stored.RowCount(table) != rows) {
      return Where(table) + " has " + std::to_string(stored.RowCount(table)) +
             " rows, the log gives " + std::to_string(rows);
    }
    const uint64_t per_page = state::RowsPerPage(table.kind);
    for (uint64_t page = 0; page * per_page < rows; ++page) {
      stored.ReadPage(table, page, left);
      own.ReadPage(table, page, right);
      if (left != right) {
        return Where(table) + ", page " + std::to_string(page) + " (rows from " +
               std::to_string(page * per_page) + "), differs from what the log gives";
      }
      ++report.pages_compared;
    }
    ++report.tables_compared;
  }
  return {};
}

absl::StatusOr<AuditReport> AuditAll(state::EntrySource& source, const AuditOptions& options,
                                     OwnState& own) {
  auto report = ReplayAll(source, own, options);
  if (!report.ok() || report->fault || own.resident().empty()) return report;
  if (absl::Status recount = state::RecountConservation(own.pages(), own.resident());
      !recount.ok()) {
    report->mismatch = std::string(base::Message(recount));
  }
  return report;
}

}  // namespace

absl::StatusOr<AuditReport> AuditEntries(state::EntrySource& source, const AuditOptions& options) {
  if (options.hashes_only) return HashAll(source, options);
  OwnState own;
  return AuditAll(source, options, own);
}

absl::StatusOr<AuditReport> AuditStore(const std::string& dir, const AuditOptions& options) {
  storage::Options open;
  open.read_only = true;
  open.file_system = options.file_system;
  auto store = storage::Store::Open(dir, open);
  if (!store.ok()) return store.status();
  const auto snapshot = (*store)->Snapshot();
  StoreEntries stored(*snapshot);
  ReadAhead entries(stored);
  if (options.hashes_only) return HashAll(entries, options);
  OwnState own;
  storage::IndexCheck indexes(*snapshot);
  // A store that was restored has no index rows of the blocks before; a repair gives them.
  const bool indexed = snapshot->history().complete();
  if (indexed) {
    own.on_block = [&indexes](const state::BlockEffects& effects) {
      return indexes.Block(effects);
    };
  }
  auto report = AuditAll(entries, options, own);
  if (!report.ok() || !report->holds()) return report;
  report->mismatch = CompareTables(*snapshot, own.memory(), *report);
  if (snapshot->failed()) report->mismatch = std::string(base::Message(snapshot->status()));
  if (!report->mismatch.empty()) return report;
  if (absl::Status log = (*store)->CheckLog(); !log.ok()) {
    report->mismatch = std::string(base::Message(log));
    return report;
  }
  if (!indexed) return report;
  absl::StatusOr<std::string> different = indexes.Finish();
  if (!different.ok()) return different.status();
  report->mismatch = *std::move(different);
  report->index_rows_compared = indexes.compared();
  return report;
}

}  // namespace tributary::audit
