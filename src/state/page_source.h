// Where committed pages are read from: storage implements it, memory does in tests and audits.
#ifndef TRIBUTARY_STATE_PAGE_SOURCE_H_
#define TRIBUTARY_STATE_PAGE_SOURCE_H_

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "state/tables.h"

namespace tributary::state {

// The pages of one committed height.
//
// A read that fails (the environment, not the input) fills the page with zeros and makes failed()
// true from then on: the machine looks at failed() before it decides anything, so a local fault
// never becomes a verdict.
// Thread safety: as the implementation says; the writer's source is used by the writer alone.
class PageSource {
 public:
  virtual ~PageSource() = default;
  // Number of rows of `table`; 0 where it does not exist.
  virtual uint64_t RowCount(TableId table) const = 0;
  // Copies page `number`; zeros where no row of it exists.
  virtual void ReadPage(TableId table, uint64_t number, Page& out) const = 0;
  // Tables with at least one row, ascending.
  virtual std::vector<TableId> Tables() const = 0;
  virtual bool failed() const = 0;
};

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_PAGE_SOURCE_H_
