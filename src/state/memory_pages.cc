#include "state/memory_pages.h"

#include <algorithm>

#include "tributary/base/check.h"

namespace tributary::state {

void MemoryPages::Apply(const BlockEffects& effects) {
  for (const TableUpdate& update : effects.tables) {
    Table& table = tables_[update.table];
    if (update.cleared) table.pages.clear();
    table.row_count = update.row_count;
    const uint64_t per_page = RowsPerPage(update.table.kind);
    const uint64_t pages = (update.row_count + per_page - 1) / per_page;
    table.pages.erase(table.pages.lower_bound(pages), table.pages.end());
  }
  for (const PageUpdate& update : effects.pages) {
    const auto table = tables_.find(update.table);
    TRIBUTARY_CHECK(table != tables_.end(), "a page of a table that does not exist");
    const uint64_t per_page = RowsPerPage(update.table.kind);
    TRIBUTARY_CHECK(update.number * per_page < table->second.row_count, "a page without rows");
    table->second.pages[update.number] = update.page;
  }
  for (const TableUpdate& update : effects.tables) {
    if (update.row_count == 0) tables_.erase(update.table);
  }
}

uint64_t MemoryPages::RowCount(TableId table) const {
  const auto found = tables_.find(table);
  return found == tables_.end() ? 0 : found->second.row_count;
}

void MemoryPages::ReadPage(TableId table, uint64_t number, Page& out) const {
  out.fill(0);
  if (failed_) return;
  const auto found = tables_.find(table);
  if (found == tables_.end()) return;
  const auto page = found->second.pages.find(number);
  if (page != found->second.pages.end()) out = *page->second;
}

std::vector<TableId> MemoryPages::Tables() const {
  std::vector<TableId> out;
  out.reserve(tables_.size());
  for (const auto& [id, table] : tables_) {
    if (table.row_count > 0) out.push_back(id);
  }
  return out;
}

uint64_t MemoryPages::page_count() const {
  uint64_t count = 0;
  for (const auto& [id, table] : tables_) count += table.pages.size();
  return count;
}

bool operator==(const MemoryPages& a, const MemoryPages& b) {
  if (a.Tables() != b.Tables()) return false;
  Page left;
  Page right;
  for (const TableId id : a.Tables()) {
    if (a.RowCount(id) != b.RowCount(id)) return false;
    const uint64_t per_page = RowsPerPage(id.kind);
    for (uint64_t n = 0; n * per_page < a.RowCount(id); ++n) {
      a.ReadPage(id, n, left);
      b.ReadPage(id, n, right);
      if (left != right) return false;
    }
  }
  return true;
}

}  // namespace tributary::state
