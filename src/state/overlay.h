// The changes of one block over the committed state: nothing is published, dropping it undoes all.
#ifndef TRIBUTARY_STATE_OVERLAY_H_
#define TRIBUTARY_STATE_OVERLAY_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "merkle/table_tree.h"
#include "state/effects.h"
#include "state/page_source.h"
#include "state/resident.h"
#include "state/rows.h"
#include "state/tables.h"

namespace tributary::state {

// Reads see the block's own changes first, then the committed pages. Between BeginTransaction and
// CommitTransaction or RollbackTransaction every change is journaled, so that a refused transaction
// leaves no trace. Pointers to rows stay valid until the table is cleared or the overlay goes.
// Thread safety: none. Ownership: `pages` and `resident` outlive it and do not change meanwhile.
class Overlay {
 public:
  Overlay(const PageSource& pages, const Resident& resident);
  ~Overlay();
  Overlay(const Overlay&) = delete;
  Overlay& operator=(const Overlay&) = delete;

  const PageSource& pages() const { return pages_; }
  const Resident& resident() const { return resident_; }

  uint64_t RowCount(TableId table);
  // Requires: row < RowCount(table).
  const uint8_t* RowAt(TableId table, uint64_t row);
  uint8_t* MutableRowAt(TableId table, uint64_t row);
  // Makes the table at least `rows` long; new rows are zero.
  void Grow(TableId table, uint64_t rows);
  // Drops all rows. Requires: no transaction is open.
  void Clear(TableId table);

  template <class Row>
  Row Get(uint64_t row, uint16_t sub = 0) {
    return LoadRow<Row>(RowAt({Row::kKind, sub}, row));
  }
  template <class Row>
  void Put(uint64_t row, const Row& value, uint16_t sub = 0) {
    SaveRow(value, MutableRowAt({Row::kKind, sub}, row));
  }
  // The new row's number.
  template <class Row>
  uint64_t Append(const Row& value, uint16_t sub = 0) {
    const TableId table{Row::kKind, sub};
    const uint64_t row = RowCount(table);
    Grow(table, row + 1);
    SaveRow(value, MutableRowAt(table, row));
    return row;
  }

  std::optional<uint64_t> Find(Identity kind, const base::Hash& key) const;
  // Requires: the key is not there.
  void AddIdentity(Identity kind, const base::Hash& key, uint64_t value);
  // Requires: the key is there.
  void RemoveIdentity(Identity kind, const base::Hash& key, uint64_t value);

  // The earliest item that is not done, if any.
  std::optional<DueItem> NextDue() const;
  uint64_t AddDue(const DueRow& due);
  void FinishDue(const DueItem& item);

  // Rows of kDisputed with a case whose pot has not been paid out, ascending.
  std::vector<uint64_t> Contested();
  void PutDisputed(uint64_t row, const DisputedRow& disputed);
  // The statement that shares an epoch with `item`, if any.
  std::optional<StatementItem> FindOverlap(const StatementItem& item) const;
  void AddStatement(const StatementRow& statement);

  void AddRecord(const NewRecord& record) { new_records_.push_back(record); }
  void AddVersion(const VersionChange& change) { versions_.push_back(change); }
  // Whether the block changes the versions of the record: the graph does not show it yet.
  bool ChangesVersionsOf(base::RecordSeq record) const;
  std::vector<lineage::Edge>& new_edges() { return new_edges_; }
  std::vector<lineage::AuthorShare>& new_authors() { return new_authors_; }
  const std::vector<LoweredTerms>& lowered_terms() const { return lowered_terms_; }
  void AddLoweredTerms(const LoweredTerms& lowered) { lowered_terms_.push_back(lowered); }

  void BeginTransaction();
  void CommitTransaction();
  void RollbackTransaction();

  // What the block changed, and the state root over it. For invariants and for Finish.
  struct ChangedPage {
    TableId table;
    uint64_t number;
    std::shared_ptr<const Page> page;
  };
  std::vector<ChangedPage> ChangedPages() const;
  // True where the table's committed rows are gone.
  bool Cleared(TableId table) const;
  base::Hash StateRoot();
  // Moves the changes into `effects`; the overlay is spent. Requires: StateRoot was called last.
  void MoveInto(BlockEffects& effects);

 private:
  struct PageState {
    std::shared_ptr<Page> page;
    base::Hash leaf;  // set by StateRoot
    bool dirty = false;
  };
  struct TableState {
    uint64_t row_count = 0;
    uint64_t committed_rows = 0;
    bool cleared = false;
    bool touched = false;
    std::map<uint64_t, PageState> pages;
    uint64_t last_number = UINT64_MAX;  // the page that was used last
    PageState* last = nullptr;
  };
  struct UndoRow {
    uint8_t* where;
    uint32_t bytes;
    size_t saved_at;  // in undo_bytes_
  };
  struct UndoCount {
    TableId table;
    uint64_t rows;
  };

  TableState& TableOf(TableId table);
  PageState& PageOf(TableState& state, TableId table, uint64_t number);
  base::Hash TableRoot(TableId table, TableState& state);
  void RollbackIdentities();
  void PutBackIdentity(const IdentityChange& removal);

  const PageSource& pages_;
  const Resident& resident_;
  std::map<TableId, TableState> tables_;
  std::array<IdentityTable, kIdentities> added_;
  std::vector<IdentityChange> identity_changes_;
  std::set<std::pair<Identity, base::Hash>> removed_;
  std::set<StatementItem> statements_added_;
  std::set<DueItem> due_added_;
  std::set<DueItem> due_done_;
  std::set<uint64_t> disputed_changed_;  // rows; some may have been rolled back
  // Of the items dealt with outside transactions, which happens in order: none before it is left.
  std::optional<DueItem> dealt_until_;
  std::vector<NewRecord> new_records_;
  std::vector<VersionChange> versions_;
  std::vector<lineage::Edge> new_edges_;
  std::vector<lineage::AuthorShare> new_authors_;
  std::vector<LoweredTerms> lowered_terms_;

  bool journaling_ = false;
  std::vector<UndoRow> undo_rows_;
  std::vector<uint8_t> undo_bytes_;
  std::vector<UndoCount> undo_counts_;
  std::vector<DueItem> undo_due_added_, undo_due_done_;
  std::vector<StatementItem> undo_statements_;
  size_t identities_mark_ = 0, records_mark_ = 0, versions_mark_ = 0, edges_mark_ = 0,
         authors_mark_ = 0, lowered_mark_ = 0;
};

// The leaf of a page with `rows` rows in use.
base::Hash PageLeaf(TableKind kind, const Page& page, uint64_t rows);
// How many pages a table of so many rows has, and how many rows page `number` has.
uint64_t PageCount(TableKind kind, uint64_t rows);
uint64_t RowsInPage(TableKind kind, uint64_t rows, uint64_t number);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_OVERLAY_H_
