#include "state/overlay.h"

#include <algorithm>

#include "state/unreadable.h"
#include "tributary/base/check.h"

namespace tributary::state {

Overlay::Overlay(const PageSource& pages, const Resident& resident)
    : pages_(pages), resident_(resident) {}

Overlay::~Overlay() = default;

Overlay::TableState& Overlay::TableOf(TableId table) {
  const auto [it, inserted] = tables_.try_emplace(table);
  if (inserted) {
    it->second.committed_rows = resident_.RowCount(table);
    it->second.row_count = it->second.committed_rows;
  }
  return it->second;
}

Overlay::PageState& Overlay::PageOf(TableState& state, TableId table, uint64_t number) {
  if (state.last_number == number) return *state.last;
  const auto [it, inserted] = state.pages.try_emplace(number);
  if (inserted) {
    it->second.page = std::make_shared<Page>();
    const bool committed = !state.cleared && number < PageCount(table.kind, state.committed_rows);
    if (committed) {
      pages_.ReadPage(table, number, *it->second.page);
      if (pages_.failed()) throw PageUnreadable();
    } else {
      it->second.page->fill(0);
    }
  }
  state.last_number = number;
  state.last = &it->second;
  return it->second;
}

uint64_t Overlay::RowCount(TableId table) {
  const auto it = tables_.find(table);
  return it != tables_.end() ? it->second.row_count : resident_.RowCount(table);
}

const uint8_t* Overlay::RowAt(TableId table, uint64_t row) {
  TableState& state = TableOf(table);
  TRIBUTARY_CHECK(row < state.row_count, "no such row");
  PageState& page = PageOf(state, table, row / RowsPerPage(table.kind));
  return page.page->data() + RowOffset(table.kind, row);
}

uint8_t* Overlay::MutableRowAt(TableId table, uint64_t row) {
  TableState& state = TableOf(table);
  TRIBUTARY_CHECK(row < state.row_count, "no such row");
  PageState& page = PageOf(state, table, row / RowsPerPage(table.kind));
  page.dirty = true;
  state.touched = true;
  uint8_t* where = page.page->data() + RowOffset(table.kind, row);
  if (journaling_) {
    const size_t bytes = RowBytes(table.kind);
    undo_rows_.push_back({where, static_cast<uint32_t>(bytes), undo_bytes_.size()});
    undo_bytes_.insert(undo_bytes_.end(), where, where + bytes);
  }
  return where;
}

void Overlay::Grow(TableId table, uint64_t rows) {
  TableState& state = TableOf(table);
  if (rows <= state.row_count) return;
  if (journaling_) undo_counts_.push_back({table, state.row_count});
  const uint64_t first = state.row_count / RowsPerPage(table.kind);
  state.row_count = rows;
  state.touched = true;
  // Every page that gets a row belongs to the change, also where the row stays zero.
  for (uint64_t number = first; number < PageCount(table.kind, rows); ++number) {
    PageOf(state, table, number).dirty = true;
  }
}

void Overlay::Clear(TableId table) {
  TRIBUTARY_CHECK(!journaling_, "a table is cleared inside a transaction");
  TableState& state = TableOf(table);
  state.pages.clear();
  state.last_number = UINT64_MAX;
  state.last = nullptr;
  state.row_count = 0;
  state.cleared = true;
  state.touched = true;
}

std::optional<uint64_t> Overlay::Find(Identity kind, const base::Hash& key) const {
  const Tag96 tag = crypto::KeyedTag96(resident_.tag_key(), key.view());
  const auto added = added_[static_cast<size_t>(kind)].Find(tag);
  if (added) return added;
  if (!removed_.empty() && removed_.contains({kind, key})) return std::nullopt;
  return resident_.FindTag(kind, tag);
}

void Overlay::AddIdentity(Identity kind, const base::Hash& key, uint64_t value) {
  const Tag96 tag = crypto::KeyedTag96(resident_.tag_key(), key.view());
  TRIBUTARY_CHECK(added_[static_cast<size_t>(kind)].Insert(tag, value), "identity added twice");
  identity_changes_.push_back({kind, key, value, false});
}

void Overlay::RemoveIdentity(Identity kind, const base::Hash& key, uint64_t value) {
  const Tag96 tag = crypto::KeyedTag96(resident_.tag_key(), key.view());
  if (!added_[static_cast<size_t>(kind)].Erase(tag)) removed_.insert({kind, key});
  identity_changes_.push_back({kind, key, value, true});
}

std::optional<DueItem> Overlay::NextDue() const {
  std::optional<DueItem> next;
  // From the last one dealt with on: many items of one moment must not be looked at again and
  // again.
  const std::set<DueItem>& committed = resident_.due();
  auto it = dealt_until_ ? committed.upper_bound(*dealt_until_) : committed.begin();
  while (it != committed.end() && due_done_.contains(*it)) ++it;
  if (it != committed.end()) next = *it;
  for (const DueItem& item : due_added_) {
    if (due_done_.contains(item)) continue;
    if (!next || item < *next) next = item;
    break;
  }
  return next;
}

uint64_t Overlay::AddDue(const DueRow& due) {
  const uint64_t row = Append(due);
  const DueItem item{due.due_ms, static_cast<DueKind>(due.kind), row};
  due_added_.insert(item);
  if (journaling_) undo_due_added_.push_back(item);
  return row;
}

void Overlay::FinishDue(const DueItem& item) {
  DueRow row = Get<DueRow>(item.row);
  TRIBUTARY_CHECK(row.done == 0, "a due item is done twice");
  row.done = 1;
  Put(item.row, row);
  due_done_.insert(item);
  if (journaling_) {
    undo_due_done_.push_back(item);
  } else {
    dealt_until_ = item;
  }
}

std::vector<uint64_t> Overlay::Contested() {
  std::set<uint64_t> rows = resident_.contested();
  rows.insert(disputed_changed_.begin(), disputed_changed_.end());
  std::vector<uint64_t> contested;
  for (const uint64_t row : rows) {
    if (row >= RowCount({TableKind::kDisputed, 0})) continue;
    if (Get<DisputedRow>(row).HasCase()) contested.push_back(row);
  }
  return contested;
}

void Overlay::PutDisputed(uint64_t row, const DisputedRow& disputed) {
  Put(row, disputed);
  disputed_changed_.insert(row);
}

bool Overlay::ChangesVersionsOf(base::RecordSeq record) const {
  return std::any_of(versions_.begin(), versions_.end(),
                     [record](const VersionChange& change) { return change.record == record; });
}

std::optional<StatementItem> Overlay::FindOverlap(const StatementItem& item) const {
  // Statements do not overlap each other: only the last that begins early enough can.
  StatementItem end = item;
  end.first_epoch = item.last_epoch;
  end.last_epoch = UINT64_MAX;
  end.row = UINT64_MAX;
  for (const std::set<StatementItem>* set : {&resident_.statements(), &statements_added_}) {
    auto it = set->upper_bound(end);
    if (it == set->begin()) continue;
    --it;
    const bool same =
        it->reporter == item.reporter && it->asset == item.asset && it->currency == item.currency;
    if (same && it->last_epoch >= item.first_epoch) return *it;
  }
  return std::nullopt;
}

void Overlay::AddStatement(const StatementRow& statement) {
  const StatementItem item = ItemOf(statement, Append(statement));
  statements_added_.insert(item);
  if (journaling_) undo_statements_.push_back(item);
}

void Overlay::BeginTransaction() {
  TRIBUTARY_CHECK(!journaling_, "a transaction is open");
  journaling_ = true;
  undo_rows_.clear();
  undo_bytes_.clear();
  undo_counts_.clear();
  undo_due_added_.clear();
  undo_due_done_.clear();
  undo_statements_.clear();
  identities_mark_ = identity_changes_.size();
  records_mark_ = new_records_.size();
  versions_mark_ = versions_.size();
  edges_mark_ = new_edges_.size();
  authors_mark_ = new_authors_.size();
  lowered_mark_ = lowered_terms_.size();
}

void Overlay::CommitTransaction() {
  TRIBUTARY_CHECK(journaling_, "no transaction is open");
  journaling_ = false;
}

// What had been removed was added earlier in this block, or is committed.
void Overlay::PutBackIdentity(const IdentityChange& removal) {
  for (auto it = identity_changes_.rbegin(); it != identity_changes_.rend(); ++it) {
    if (it->kind != removal.kind || it->key != removal.key) continue;
    const Tag96 tag = crypto::KeyedTag96(resident_.tag_key(), removal.key.view());
    added_[static_cast<size_t>(removal.kind)].Insert(tag, it->value);
    return;
  }
  removed_.erase({removal.kind, removal.key});
}

void Overlay::RollbackIdentities() {
  while (identity_changes_.size() > identities_mark_) {
    const IdentityChange change = identity_changes_.back();
    identity_changes_.pop_back();
    if (change.removed) {
      PutBackIdentity(change);
      continue;
    }
    const Tag96 tag = crypto::KeyedTag96(resident_.tag_key(), change.key.view());
    added_[static_cast<size_t>(change.kind)].Erase(tag);
  }
}

void Overlay::RollbackTransaction() {
  TRIBUTARY_CHECK(journaling_, "no transaction is open");
  journaling_ = false;
  for (auto it = undo_rows_.rbegin(); it != undo_rows_.rend(); ++it) {
    std::copy_n(undo_bytes_.begin() + static_cast<ptrdiff_t>(it->saved_at), it->bytes, it->where);
  }
  for (auto it = undo_counts_.rbegin(); it != undo_counts_.rend(); ++it) {
    TableState& state = TableOf(it->table);
    state.row_count = it->rows;
    const uint64_t pages = PageCount(it->table.kind, it->rows);
    state.pages.erase(state.pages.lower_bound(pages), state.pages.end());
    state.last_number = UINT64_MAX;
    state.last = nullptr;
  }
  RollbackIdentities();
  for (const DueItem& item : undo_due_added_) due_added_.erase(item);
  for (const DueItem& item : undo_due_done_) due_done_.erase(item);
  for (const StatementItem& item : undo_statements_) statements_added_.erase(item);
  new_records_.resize(records_mark_);
  versions_.resize(versions_mark_);
  new_edges_.resize(edges_mark_);
  new_authors_.resize(authors_mark_);
  lowered_terms_.resize(lowered_mark_);
}

bool Overlay::Cleared(TableId table) const {
  const auto it = tables_.find(table);
  return it != tables_.end() && it->second.cleared;
}

std::vector<Overlay::ChangedPage> Overlay::ChangedPages() const {
  std::vector<ChangedPage> changed;
  for (const auto& [table, state] : tables_) {
    for (const auto& [number, page] : state.pages) {
      if (page.dirty) changed.push_back({table, number, page.page});
    }
  }
  return changed;
}

base::Hash Overlay::TableRoot(TableId table, TableState& state) {
  std::vector<merkle::TableTree::Change> changes;
  for (auto& [number, page] : state.pages) {
    if (!page.dirty) continue;
    page.leaf = PageLeaf(table.kind, *page.page, RowsInPage(table.kind, state.row_count, number));
    changes.emplace_back(number, page.leaf);
  }
  static const merkle::TableTree kEmpty;
  const merkle::TableTree* tree = state.cleared ? nullptr : resident_.Tree(table);
  const auto delta =
      (tree ? *tree : kEmpty).Compute(PageCount(table.kind, state.row_count), changes);
  return TableRootHash(table, state.row_count, delta.root);
}

base::Hash Overlay::StateRoot() {
  std::vector<RootTree::Change> changes;
  for (auto& [table, state] : tables_) {
    if (!state.touched) continue;
    changes.emplace_back(table, std::nullopt);
    if (state.row_count > 0) changes.back().second = TableRoot(table, state);
  }
  return resident_.roots().StateRootWith(changes);
}

void Overlay::MoveInto(BlockEffects& effects) {
  for (auto& [table, state] : tables_) {
    if (!state.touched) continue;
    effects.tables.push_back({table, state.row_count, state.cleared});
    for (auto& [number, page] : state.pages) {
      if (page.dirty) effects.pages.push_back({table, number, std::move(page.page), page.leaf});
    }
  }
  effects.identities = std::move(identity_changes_);
  effects.new_records = std::move(new_records_);
  effects.versions = std::move(versions_);
  effects.new_edges = std::move(new_edges_);
  effects.new_authors = std::move(new_authors_);
  effects.lowered_terms = std::move(lowered_terms_);
}

}  // namespace tributary::state
