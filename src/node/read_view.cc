#include "node/read_view.h"

#include <algorithm>
#include <shared_mutex>
#include <utility>

#include "codec/text.h"
#include "state/identity_keys.h"
#include "state/royalties.h"

namespace tributary::node {
namespace {

state::ParametersRow ParametersAt(const storage::ReadSnapshot& snapshot, uint64_t epoch) {
  state::RowScanner<state::ParametersRow> rows(snapshot);
  for (uint64_t row = rows.count(); row-- > 0;) {
    const state::ParametersRow parameters = rows.At(row);
    if (parameters.effective_epoch <= epoch) return parameters;
  }
  return {};
}

template <size_t N>
std::string_view Padded(const std::array<uint8_t, N>& text) {
  const auto* begin = reinterpret_cast<const char*>(text.data());
  return {begin, static_cast<size_t>(std::find(begin, begin + N, '\0') - begin)};
}

}  // namespace

std::string_view CurrencyCode(const state::CurrencyRow& row) { return Padded(row.code); }

ReadView::ReadView(std::unique_ptr<storage::ReadSnapshot> snapshot, const state::Resident& resident,
                   RwLock& lock)
    : snapshot_(std::move(snapshot)),
      resident_(resident),
      lock_(lock),
      header_(resident.header()),
      header_bytes_(resident.header_bytes()),
      header_hash_(resident.header_hash()),
      log_size_(resident.log().size()),
      log_root_(resident.log().Root()),
      chain_(state::ReadRow<state::ChainRow>(*snapshot_, 0)),
      parameters_(ParametersAt(*snapshot_, chain_.epoch)),
      records_(snapshot_->RowCount({state::TableKind::kRecords, 0})),
      accounts_(snapshot_->RowCount({state::TableKind::kAccounts, 0})),
      currencies_(snapshot_->RowCount({state::TableKind::kCurrencies, 0})) {}

ReadView::ReadView(std::unique_ptr<storage::ReadSnapshot> snapshot, const ReadView& same_height)
    : snapshot_(std::move(snapshot)),
      resident_(same_height.resident_),
      lock_(same_height.lock_),
      header_(same_height.header_),
      header_bytes_(same_height.header_bytes_),
      header_hash_(same_height.header_hash_),
      log_size_(same_height.log_size_),
      log_root_(same_height.log_root_),
      chain_(state::ReadRow<state::ChainRow>(*snapshot_, 0)),
      parameters_(ParametersAt(*snapshot_, chain_.epoch)),
      records_(snapshot_->RowCount({state::TableKind::kRecords, 0})),
      accounts_(snapshot_->RowCount({state::TableKind::kAccounts, 0})),
      currencies_(snapshot_->RowCount({state::TableKind::kCurrencies, 0})) {}

std::shared_ptr<const ReadView> ReadView::Again() const {
  return std::shared_ptr<const ReadView>(new ReadView(snapshot_->Again(), *this));
}

std::string_view ReadView::chain_id() const { return Padded(chain_.chain_id); }

uint64_t ReadView::oldest_unsettled_epoch() const {
  const uint64_t window = parameters_.maturity_epochs;
  return chain_.epoch > window ? chain_.epoch - window : 0;
}

std::optional<uint64_t> ReadView::Find(state::Identity kind, const base::Hash& key) const {
  const std::shared_lock lock(lock_);
  return resident_.Find(kind, key);
}

std::optional<std::vector<state::RowProof>> ReadView::ProveRows(
    const std::vector<RowPlace>& places) const {
  std::vector<state::Page> pages(places.size());
  for (size_t i = 0; i < places.size(); ++i) {
    const auto& [table, row] = places[i];
    snapshot_->ReadPage(table, row / state::RowsPerPage(table.kind), pages[i]);
  }
  const std::shared_lock lock(lock_);
  if (resident_.header_hash() != header_hash_) return std::nullopt;
  std::vector<state::RowProof> proofs;
  for (size_t i = 0; i < places.size(); ++i) {
    proofs.push_back(state::ProveRow(resident_, pages[i], places[i].first, places[i].second));
  }
  return proofs;
}

std::optional<base::RecordSeq> ReadView::FindSeq(state::Identity kind,
                                                 const base::Hash& key) const {
  const std::optional<uint64_t> row = Find(kind, key);
  if (!row || *row >= records_) return std::nullopt;
  return base::RecordSeq(static_cast<uint32_t>(*row));
}

std::optional<base::AccountIndex> ReadView::FindAccount(const base::AccountId& id) const {
  const std::optional<uint64_t> row = Find(state::Identity::kAccountId, base::Hash{id.bytes});
  if (!row || *row >= accounts_) return std::nullopt;
  return base::AccountIndex(static_cast<uint32_t>(*row));
}

std::optional<uint64_t> ReadView::FindAmended(base::RecordSeq record) const {
  const std::optional<uint64_t> row = Find(state::Identity::kAmended, state::AmendedKey(record));
  if (!row || *row >= RowCount(state::TableKind::kAmended)) return std::nullopt;
  return row;
}

std::optional<uint64_t> ReadView::FindAttested(base::RecordSeq asset) const {
  const std::optional<uint64_t> row = Find(state::Identity::kAttested, state::RecordKey(asset));
  if (!row || *row >= RowCount(state::TableKind::kAttested)) return std::nullopt;
  return row;
}

std::optional<uint64_t> ReadView::FindFrozenAsset(base::RecordSeq asset) const {
  const std::optional<uint64_t> row = Find(state::Identity::kFrozenAsset, state::RecordKey(asset));
  if (!row || *row >= RowCount(state::TableKind::kFrozenAssets)) return std::nullopt;
  return row;
}

base::Atoms ReadView::DebitOf(base::RecordSeq asset, base::CurrencyIndex currency) const {
  const auto row = Find(state::Identity::kDebit, state::DebitKey(asset.value(), currency.value()));
  if (!row || *row >= RowCount(state::TableKind::kDebits)) return {};
  return base::Atoms(Get<state::DebitRow>(*row).amount_minor.value() * base::kPpbOne);
}

std::optional<state::StatementItem> ReadView::NextStatement(state::StatementItem after) const {
  const uint64_t rows = RowCount(state::TableKind::kStatements);
  const std::shared_lock lock(lock_);
  const std::set<state::StatementItem>& all = resident_.statements();
  for (auto at = all.upper_bound(after); at != all.end(); ++at) {
    if (at->row < rows) return *at;
  }
  return std::nullopt;
}

std::optional<uint64_t> ReadView::FindReceivable(base::AccountIndex reporter,
                                                 base::CurrencyIndex currency) const {
  const std::optional<uint64_t> row =
      Find(state::Identity::kReceivable, state::ReceivableKey(reporter.value(), currency.value()));
  if (!row || *row >= RowCount(state::TableKind::kReceivables)) return std::nullopt;
  return row;
}

std::optional<uint64_t> ReadView::FindReservation(const base::Hash& commitment) const {
  const std::optional<uint64_t> row = Find(state::Identity::kReservation, commitment);
  if (!row || *row >= RowCount(state::TableKind::kReservations)) return std::nullopt;
  return row;
}

std::optional<uint64_t> ReadView::FindDisputed(base::RecordSeq record) const {
  const auto kind = static_cast<uint8_t>(state::DisputedKind::kRecord);
  const std::optional<uint64_t> row =
      Find(state::Identity::kDisputed, state::DisputedKey(kind, record.value()));
  if (!row || *row >= RowCount(state::TableKind::kDisputed)) return std::nullopt;
  return row;
}

std::optional<absl::StatusOr<base::Checked<state::SimulatedRuling>>> ReadView::SimulateRuling(
    uint64_t case_number, std::span<const uint32_t> choices) const {
  const std::shared_lock lock(lock_);
  if (resident_.header_hash() != header_hash_) return std::nullopt;
  return state::SimulateRuling(*snapshot_, resident_, case_number, choices);
}

uint32_t ReadView::FlowVersion(base::CurrencyIndex currency, base::RecordSeq record) const {
  if (!graph().HasVersions(record)) return 0;
  const std::optional<uint64_t> row = FindAmended(record);
  if (!row || *row >= RowCount(state::TableKind::kFlowVersions, currency.value())) return 0;
  return Get<state::FlowVersionRow>(*row, currency.value()).version;
}

std::optional<base::CurrencyIndex> ReadView::FindCurrency(std::string_view code) const {
  for (uint64_t row = 0; row < currencies_; ++row) {
    const base::CurrencyIndex index(static_cast<uint16_t>(row));
    if (CurrencyCode(CurrencyAt(index)) == code) return index;
  }
  return std::nullopt;
}

std::optional<base::RecordSeq> ReadView::FindRecord(const base::RecordId& id) const {
  return FindSeq(state::Identity::kRecordId, base::Hash{id.bytes});
}

// What the resident state knows beyond this view takes effect in later epochs.
state::Terms ReadView::TermsAt(base::RecordSeq record, base::Epoch epoch) const {
  const std::shared_lock lock(lock_);
  return resident_.terms().At(record, epoch);
}

std::vector<rewards::Royalty> ReadView::RoyaltiesOn(base::RecordSeq record,
                                                    base::Epoch epoch) const {
  const uint32_t stack = Record(record).royalty_stack;
  if (stack == state::kNone32) return {};
  std::vector<rewards::Royalty> royalties = state::StackAsAdmitted(*snapshot_, stack);
  const std::shared_lock lock(lock_);
  for (rewards::Royalty& royalty : royalties) {
    royalty.share = resident_.terms().RoyaltyAt(royalty.record, royalty.share, epoch);
  }
  std::erase_if(royalties, [](const auto& royalty) { return royalty.share.value() == 0; });
  return royalties;
}

}  // namespace tributary::node
