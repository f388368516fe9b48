// Committed pages in memory: for tests, simulation and the auditor.
#ifndef TRIBUTARY_STATE_MEMORY_PAGES_H_
#define TRIBUTARY_STATE_MEMORY_PAGES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "state/effects.h"
#include "state/page_source.h"

namespace tributary::state {

// Thread safety: const members may run in parallel with each other, not with Apply.
class MemoryPages : public PageSource {
 public:
  MemoryPages() = default;

  // Takes in a block's tables and pages. Requires: each updated table is among `tables` or exists.
  void Apply(const BlockEffects& effects);

  uint64_t RowCount(TableId table) const override;
  void ReadPage(TableId table, uint64_t number, Page& out) const override;
  std::vector<TableId> Tables() const override;
  bool failed() const override { return failed_; }

  // For tests: from now on reads fail, as those of a broken disk do, or no longer.
  void set_failed(bool failed) { failed_ = failed; }
  uint64_t page_count() const;

  // Same tables, row counts and pages.
  friend bool operator==(const MemoryPages& a, const MemoryPages& b);

 private:
  struct Table {
    uint64_t row_count = 0;
    std::map<uint64_t, std::shared_ptr<const Page>> pages;
  };
  std::map<TableId, Table> tables_;
  bool failed_ = false;
};

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_MEMORY_PAGES_H_
