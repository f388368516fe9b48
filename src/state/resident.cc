#include "state/resident.h"

#include <algorithm>
#include <vector>

#include "crypto/hash.h"
#include "state/identity_keys.h"
#include "state/overlay.h"
#include "state/rows.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::state {
namespace {

std::string Where(TableId table, uint64_t row) {
  return std::string(TableName(table.kind)) + "/" + std::to_string(table.sub) + " row " +
         std::to_string(row);
}

bool IsWide(int identity) {
  switch (static_cast<Identity>(identity)) {
    case Identity::kEventReference:
    case Identity::kPending:
    case Identity::kTxId:
    case Identity::kFundingReference:
    case Identity::kPayoutReference: return true;
    default: return false;
  }
}

// A page that was read once may fail when it is read again: then its rows are zeros, which the
// graph does not bear. The pages know which it was.
absl::Status CannotReadAgain() { return base::DataLoss("cannot read a page again"); }

}  // namespace

Resident::Resident(const TagKey& tag_key)
    : tag_key_(tag_key), graph_(std::make_unique<lineage::Graph>()) {
  for (int i = 0; i < kIdentities; ++i) {
    if (!IsWide(i))
      identities_[static_cast<size_t>(i)] = IdentityTable(IdentityTable::Width::kNarrow);
  }
}

std::optional<uint64_t> Resident::Find(Identity kind, const base::Hash& key) const {
  return FindTag(kind, crypto::KeyedTag96(tag_key_, key.view()));
}

std::optional<uint64_t> Resident::FindTag(Identity kind, const Tag96& tag) const {
  return identities_[static_cast<size_t>(kind)].Find(tag);
}

uint64_t Resident::RowCount(TableId table) const {
  const auto it = tables_.find(table);
  return it == tables_.end() ? 0 : it->second.row_count;
}

const merkle::TableTree* Resident::Tree(TableId table) const {
  const auto it = tables_.find(table);
  return it == tables_.end() ? nullptr : &it->second.tree;
}

uint64_t Resident::MemoryBytes() const {
  uint64_t bytes = graph_->MemoryBytes() + terms_.MemoryBytes();
  for (const IdentityTable& table : identities_) bytes += table.MemoryBytes();
  for (const auto& [table, state] : tables_) bytes += state.tree.size() * 64;
  return bytes;
}

absl::Status Resident::AddIdentity(TableId table, uint64_t row, Identity kind,
                                   const base::Hash& key, uint64_t value) {
  const Tag96 tag = crypto::KeyedTag96(tag_key_, key.view());
  if (identities_[static_cast<size_t>(kind)].Insert(tag, value)) return absl::OkStatus();
  return base::DataLoss("two rows claim the same identity: " + Where(table, row));
}

absl::Status Resident::ReadRowIdentities(TableId table, uint64_t row, const uint8_t* bytes) {
  switch (table.kind) {
    case TableKind::kAccounts: {
      const auto account = LoadRow<AccountRow>(bytes);
      if (account.handle_bytes > account.handle.size()) {
        return base::DataLoss("a handle is longer than its field: " + Where(table, row));
      }
      TRIBUTARY_RETURN_IF_ERROR(
          AddIdentity(table, row, Identity::kAccountId, AsKey(account.id), row));
      return AddIdentity(table, row, Identity::kHandle, HandleKey(account.Handle()), row);
    }
    case TableKind::kRecords: {
      const auto record = LoadRow<RecordRow>(bytes);
      TRIBUTARY_RETURN_IF_ERROR(
          AddIdentity(table, row, Identity::kRecordId, AsKey(record.id), row));
      if (record.content_key.IsZero()) return absl::OkStatus();
      return AddIdentity(table, row, Identity::kContent, record.content_key, row);
    }
    case TableKind::kExternalIds: {
      const auto external = LoadRow<ExternalIdRow>(bytes);
      return AddIdentity(table, row, Identity::kExternalId, external.key, external.record);
    }
    case TableKind::kPending:
      return AddIdentity(table, row, Identity::kPending,
                         PendingKey(table.sub, LoadRow<PendingRow>(bytes)),
                         RingPosition(table.sub, row));
    case TableKind::kEvents:
      return AddIdentity(table, row, Identity::kEventReference,
                         LoadRow<EventRow>(bytes).reference_key, RingPosition(table.sub, row));
    case TableKind::kTxIds:
      return AddIdentity(table, row, Identity::kTxId, AsKey(LoadRow<TxIdRow>(bytes).id), table.sub);
    case TableKind::kReceivables: {
      const auto receivable = LoadRow<ReceivableRow>(bytes);
      return AddIdentity(table, row, Identity::kReceivable,
                         ReceivableKey(receivable.reporter, receivable.currency), row);
    }
    case TableKind::kAmended:
      return AddIdentity(table, row, Identity::kAmended,
                         AmendedKey(base::RecordSeq(LoadRow<AmendedRow>(bytes).record)), row);
    case TableKind::kFundings:
      return AddIdentity(table, row, Identity::kFundingReference,
                         LoadRow<FundingRow>(bytes).reference_key, row);
    case TableKind::kPayouts: {
      const auto payout = LoadRow<PayoutRow>(bytes);
      if (payout.reference_key.IsZero()) return absl::OkStatus();
      return AddIdentity(table, row, Identity::kPayoutReference, payout.reference_key, row);
    }
    case TableKind::kRoyaltyStacks:
      return AddIdentity(table, row, Identity::kRoyaltyStack, LoadRow<RoyaltyStackRow>(bytes).key,
                         row);
    case TableKind::kDebits: {
      const auto debit = LoadRow<DebitRow>(bytes);
      return AddIdentity(table, row, Identity::kDebit, DebitKey(debit.asset, debit.currency), row);
    }
    case TableKind::kReservations: {
      const auto reservation = LoadRow<ReservationRow>(bytes);
      TRIBUTARY_RETURN_IF_ERROR(
          AddIdentity(table, row, Identity::kReservation, reservation.commitment, row));
      if (reservation.record == kNone32) return absl::OkStatus();
      return AddIdentity(table, row, Identity::kRecordReservation,
                         RecordKey(base::RecordSeq(reservation.record)), row);
    }
    case TableKind::kAttested:
      return AddIdentity(table, row, Identity::kAttested,
                         RecordKey(base::RecordSeq(LoadRow<AttestedRow>(bytes).asset)), row);
    case TableKind::kValidators:
      return AddIdentity(table, row, Identity::kValidator, AsKey(LoadRow<ValidatorRow>(bytes).key),
                         row);
    case TableKind::kFrozenAssets:
      return AddIdentity(table, row, Identity::kFrozenAsset,
                         RecordKey(base::RecordSeq(LoadRow<FrozenAssetRow>(bytes).asset)), row);
    case TableKind::kFrozen:
      return AddIdentity(table, row, Identity::kFrozen, FrozenKey(LoadRow<FrozenRow>(bytes)), row);
    case TableKind::kDisputed: {
      const auto disputed = LoadRow<DisputedRow>(bytes);
      NoteDisputed(row, bytes);
      return AddIdentity(table, row, Identity::kDisputed,
                         DisputedKey(disputed.kind, disputed.subject), row);
    }
    case TableKind::kStatements:
      statements_.insert(ItemOf(LoadRow<StatementRow>(bytes), row));
      return absl::OkStatus();
    case TableKind::kBalances:
      if (LoadRow<BalanceRow>(bytes).IsRipe()) {
        ripe_.insert({table.sub, static_cast<uint32_t>(row)});
      }
      return absl::OkStatus();
    case TableKind::kDue: {
      const auto due = LoadRow<DueRow>(bytes);
      if (due.done == 0) due_.insert({due.due_ms, static_cast<DueKind>(due.kind), row});
      return absl::OkStatus();
    }
    default: return absl::OkStatus();
  }
}

absl::Status Resident::ReadTable(const PageSource& pages, TableId table) {
  Table& state = tables_[table];
  state.row_count = pages.RowCount(table);
  std::vector<base::Hash> leaves;
  Page page;
  for (uint64_t number = 0; number < PageCount(table.kind, state.row_count); ++number) {
    pages.ReadPage(table, number, page);
    if (pages.failed()) return base::DataLoss("cannot read a page of " + Where(table, number));
    const uint64_t rows = RowsInPage(table.kind, state.row_count, number);
    leaves.push_back(PageLeaf(table.kind, page, rows));
    const uint64_t first = number * RowsPerPage(table.kind);
    for (uint64_t row = first; row < first + rows; ++row) {
      TRIBUTARY_RETURN_IF_ERROR(
          ReadRowIdentities(table, row, page.data() + RowOffset(table.kind, row)));
    }
  }
  state.tree = merkle::TableTree(leaves);
  return absl::OkStatus();
}

absl::Status Resident::BuildGraph(const PageSource& pages) {
  RowScanner<RecordRow> records(pages);
  RowScanner<EdgeRow> edge_rows(pages);
  RowScanner<AuthorLineRow> author_rows(pages);
  std::vector<lineage::Edge> edges;
  std::vector<lineage::AuthorShare> authors;
  for (uint64_t seq = 0; seq < records.count(); ++seq) {
    const RecordRow record = records.At(seq);
    const bool fits =
        uint64_t{record.first_edge} + record.edge_count <= edge_rows.count() &&
        uint64_t{record.first_author_line} + record.author_count <= author_rows.count();
    if (!fits)
      return base::DataLoss("a record points beyond its edges or authors: row " +
                            std::to_string(seq));
    edges.clear();
    authors.clear();
    for (uint32_t i = 0; i < record.edge_count; ++i) {
      const EdgeRow edge = edge_rows.At(record.first_edge + i);
      if (edge.parent >= seq)
        return base::DataLoss("an edge leads to a later record: row " +
                              std::to_string(record.first_edge + i));
      edges.push_back({base::RecordSeq(edge.parent), base::Ppb(edge.share_ppb), edge.relation});
    }
    for (uint32_t i = 0; i < record.author_count; ++i) {
      const AuthorLineRow line = author_rows.At(record.first_author_line + i);
      authors.push_back({base::AccountIndex(line.account), base::Ppb(line.share_ppb)});
    }
    if (pages.failed()) return CannotReadAgain();
    graph_->Append({record.kind, base::Ppb(record.pass_through_ppb), edges, authors});
    terms_.Append(base::RecordSeq(static_cast<uint32_t>(seq)), TermsOf(record),
                  record.royalty_stack);
  }
  TRIBUTARY_RETURN_IF_ERROR(BuildVersions(pages));
  graph_->Publish();
  return absl::OkStatus();
}

// In order of admission, for the graph numbers them; one that was withdrawn was the last by then.
absl::Status Resident::BuildVersions(const PageSource& pages) {
  RowScanner<VersionRow> versions(pages);
  RowScanner<EdgeRow> edge_rows(pages);
  RowScanner<VersionLineRow> lines(pages);
  std::vector<lineage::Edge> edges;
  std::vector<lineage::AuthorShare> authors;
  for (uint64_t row = 0; row < versions.count(); ++row) {
    const VersionRow version = versions.At(row);
    const bool fits = version.record < graph_->appended() &&
                      uint64_t{version.first_edge} + version.edge_count <= edge_rows.count() &&
                      uint64_t{version.first_line} + version.author_count <= lines.count();
    if (!fits)
      return base::DataLoss("a version points beyond its record, edges or authors: row " +
                            std::to_string(row));
    edges.clear();
    authors.clear();
    for (uint32_t i = 0; i < version.edge_count; ++i) {
      const EdgeRow edge = edge_rows.At(version.first_edge + i);
      if (edge.parent >= version.record)
        return base::DataLoss("an edge leads to a later record: row " +
                              std::to_string(version.first_edge + i));
      edges.push_back({base::RecordSeq(edge.parent), base::Ppb(edge.share_ppb), edge.relation});
    }
    for (uint32_t i = 0; i < version.author_count; ++i) {
      const VersionLineRow line = lines.At(version.first_line + i);
      authors.push_back({base::AccountIndex(line.account), base::Ppb(line.share_ppb)});
    }
    if (pages.failed()) return CannotReadAgain();
    const base::RecordSeq seq(version.record);
    const base::Epoch effective(version.effective_epoch);
    const uint32_t number = graph_->AppendVersion(
        seq, effective, {0, base::Ppb(version.pass_through_ppb), edges, authors});
    if (number != version.number)
      return base::DataLoss("a record's versions are not numbered in order: row " +
                            std::to_string(row));
    if (version.withdrawn_entry != 0) graph_->DropVersions(seq, effective);
  }
  return absl::OkStatus();
}

absl::Status Resident::BuildTerms(const PageSource& pages) {
  RowScanner<LoweredTermsRow> rows(pages);
  for (uint64_t row = 0; row < rows.count(); ++row) {
    const LoweredTermsRow lowered = rows.At(row);
    if (pages.failed()) return CannotReadAgain();
    if (lowered.record >= graph_->size()) {
      return base::DataLoss("terms of a record that does not exist: row " + std::to_string(row));
    }
    terms_.Lower(base::RecordSeq(lowered.record), base::Epoch(lowered.effective_epoch),
                 TermsOf(lowered));
  }
  return absl::OkStatus();
}

void Resident::SetHeader(std::string header_bytes) {
  auto header = codec::DecodeHeader(base::AsBytes(header_bytes));
  TRIBUTARY_CHECK(header.ok(), "the header is not valid");
  header_ = *header;
  header_bytes_ = std::move(header_bytes);
  header_hash_ = codec::HeaderHash(base::AsBytes(header_bytes_));
}

absl::Status Resident::Rebuild(const PageSource& pages, std::string header_bytes,
                               merkle::LogTree log,
                               const std::function<void(uint64_t, uint64_t)>& progress) {
  TRIBUTARY_CHECK(tables_.empty() && empty(), "the resident state is rebuilt once");
  if (!codec::DecodeHeader(base::AsBytes(header_bytes)).ok()) {
    return base::DataLoss("the last header is not a valid header");
  }
  uint64_t pages_read = 0;
  uint64_t tables_read = 0;
  std::vector<RootTree::Change> roots;
  for (const TableId table : pages.Tables()) {
    if (pages.RowCount(table) == 0) continue;
    TRIBUTARY_RETURN_IF_ERROR(ReadTable(pages, table));
    roots.emplace_back(table, RootOf(table));
    pages_read += PageCount(table.kind, RowCount(table));
    if (progress) progress(pages_read, ++tables_read);
  }
  roots_.Apply(roots);
  SetHeader(std::move(header_bytes));
  // Before the graph, which trusts what it is built from.
  if (StateRoot() != header_.state_root) {
    return base::DataLoss("the state root recomputed from the stored pages is " +
                          base::ToHex(StateRoot().view()) + ", but the header of height " +
                          std::to_string(header_.height.value()) + " says " +
                          base::ToHex(header_.state_root.view()));
  }
  log_ = std::move(log);
  TRIBUTARY_RETURN_IF_ERROR(BuildGraph(pages));
  return BuildTerms(pages);
}

base::Hash Resident::RootOf(TableId table) const {
  const Table& state = tables_.at(table);
  return TableRootHash(table, state.row_count, state.tree.Root());
}

void Resident::ApplyTables(const BlockEffects& effects) {
  std::vector<RootTree::Change> roots;
  auto page = effects.pages.begin();
  for (const TableUpdate& update : effects.tables) {
    Table& state = tables_[update.table];
    if (update.cleared) state.tree.Clear();
    std::vector<merkle::TableTree::Change> changes;
    for (; page != effects.pages.end() && page->table == update.table; ++page) {
      changes.emplace_back(page->number, page->leaf);
    }
    if (update.row_count == 0) {
      tables_.erase(update.table);
      roots.emplace_back(update.table, std::nullopt);
      continue;
    }
    state.row_count = update.row_count;
    state.tree.Apply(state.tree.Compute(PageCount(update.table.kind, update.row_count), changes));
    roots.emplace_back(update.table, RootOf(update.table));
  }
  roots_.Apply(roots);
}

// Pages of the due table are few and small: every row of a changed page is looked at again.
void Resident::ApplyDue(const BlockEffects& effects) {
  for (const PageUpdate& update : effects.pages) {
    if (update.table.kind != TableKind::kDue) continue;
    const uint64_t rows = RowsInPage(TableKind::kDue, RowCount(update.table), update.number);
    const uint64_t first = update.number * RowsPerPage(TableKind::kDue);
    for (uint64_t row = first; row < first + rows; ++row) {
      const auto due = LoadRow<DueRow>(update.page->data() + RowOffset(TableKind::kDue, row));
      const DueItem item{due.due_ms, static_cast<DueKind>(due.kind), row};
      if (due.done != 0) {
        due_.erase(item);
      } else {
        due_.insert(item);
      }
    }
  }
}

void Resident::NoteDisputed(uint64_t row, const uint8_t* bytes) {
  if (LoadRow<DisputedRow>(bytes).HasCase()) {
    contested_.insert(row);
  } else {
    contested_.erase(row);
  }
}

void Resident::ApplyDisputed(const BlockEffects& effects) {
  for (const PageUpdate& update : effects.pages) {
    if (update.table.kind != TableKind::kDisputed) continue;
    const uint64_t rows = RowsInPage(TableKind::kDisputed, RowCount(update.table), update.number);
    const uint64_t first = update.number * RowsPerPage(TableKind::kDisputed);
    for (uint64_t row = first; row < first + rows; ++row) {
      NoteDisputed(row, update.page->data() + RowOffset(TableKind::kDisputed, row));
    }
  }
}

void Resident::ApplyVersion(const BlockEffects& effects, const VersionChange& change) {
  if (change.withdrawn) {
    graph_->DropVersions(change.record, change.effective);
    return;
  }
  graph_->AppendVersion(
      change.record, change.effective,
      {0, change.pass_through,
       std::span(effects.new_edges).subspan(change.edge_begin, change.edge_count),
       std::span(effects.new_authors).subspan(change.author_begin, change.author_count)});
}

void Resident::ApplyStatements(const BlockEffects& effects) {
  for (const PageUpdate& update : effects.pages) {
    if (update.table.kind != TableKind::kStatements) continue;
    const uint64_t rows = RowsInPage(update.table.kind, RowCount(update.table), update.number);
    const uint64_t first = update.number * RowsPerPage(update.table.kind);
    for (uint64_t row = 0; row < rows; ++row) {
      const uint8_t* bytes = update.page->data() + RowOffset(update.table.kind, row);
      statements_.insert(ItemOf(LoadRow<StatementRow>(bytes), first + row));
    }
  }
}

void Resident::ApplyRipe(const BlockEffects& effects) {
  for (const PageUpdate& update : effects.pages) {
    if (update.table.kind != TableKind::kBalances) continue;
    const uint64_t rows = RowsInPage(update.table.kind, RowCount(update.table), update.number);
    const auto first = static_cast<uint32_t>(update.number * RowsPerPage(update.table.kind));
    const uint16_t currency = update.table.sub;
    ripe_.erase(ripe_.lower_bound({currency, first}),
                ripe_.lower_bound({currency, first + static_cast<uint32_t>(rows)}));
    for (uint32_t row = 0; row < rows; ++row) {
      const uint8_t* bytes = update.page->data() + RowOffset(update.table.kind, row);
      if (LoadRow<BalanceRow>(bytes).IsRipe()) ripe_.insert({currency, first + row});
    }
  }
}

void Resident::Apply(const BlockEffects& effects) {
  ApplyTables(effects);
  ApplyDue(effects);
  ApplyDisputed(effects);
  ApplyStatements(effects);
  ApplyRipe(effects);
  for (const IdentityChange& change : effects.identities) {
    IdentityTable& table = identities_[static_cast<size_t>(change.kind)];
    const Tag96 tag = crypto::KeyedTag96(tag_key_, change.key.view());
    const bool done = change.removed ? table.Erase(tag) : table.Insert(tag, change.value);
    TRIBUTARY_CHECK(done, "an identity change does not fit");
  }
  for (const NewRecord& record : effects.new_records) {
    const base::RecordSeq seq = graph_->Append(
        {record.kind, record.pass_through,
         std::span(effects.new_edges).subspan(record.edge_begin, record.edge_count),
         std::span(effects.new_authors).subspan(record.author_begin, record.author_count)});
    terms_.Append(seq, record.terms, record.royalty_stack);
  }
  for (const LoweredTerms& lowered : effects.lowered_terms) {
    terms_.Lower(lowered.record, lowered.effective, lowered.terms);
  }
  for (const VersionChange& change : effects.versions) ApplyVersion(effects, change);
  graph_->Publish();
  for (const base::Hash& leaf : effects.leaves) log_.Append(leaf);
  SetHeader(effects.header_bytes);
}

}  // namespace tributary::state
