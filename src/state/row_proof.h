// The way from one row of a table to the state root, for rows that are hashed for themselves: it
// shows the row and hashes, and no other row.
//
//   row -> root over the rows of its page -> root over the table's pages -> table root
//       -> root over all tables -> state root
#ifndef TRIBUTARY_STATE_ROW_PROOF_H_
#define TRIBUTARY_STATE_ROW_PROOF_H_

#include <cstdint>
#include <string>
#include <vector>

#include "state/tables.h"
#include "tributary/base/rejection.h"
#include "tributary/base/types.h"

namespace tributary::state {

class Resident;

struct RowProof {
  TableId table;
  uint64_t row = 0;
  uint64_t row_count = 0;              // of the table
  std::string bytes;                   // RowBytes(table.kind) of them
  std::vector<base::Hash> page_path;   // within the page, the row's sibling first
  std::vector<base::Hash> table_path;  // within the table's tree, the page's sibling first
  uint64_t table_position = 0;         // among the tables with rows
  uint64_t table_count = 0;
  std::vector<base::Hash> state_path;  // within the tree of roots
};

// `page` is the page that holds the row, as it stands in `resident`.
// Requires: RowsHashedAlone(table.kind), row < resident.RowCount(table).
RowProof ProveRow(const Resident& resident, const Page& page, TableId table, uint64_t row);

// The state root that the proof leads to. Errors: kProofRange, kProofLength.
base::Checked<base::Hash> StateRootOf(const RowProof& proof);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_ROW_PROOF_H_
