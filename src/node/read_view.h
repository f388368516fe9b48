// The ledger as it stood at one committed height: what every read answers from.
#ifndef TRIBUTARY_NODE_READ_VIEW_H_
#define TRIBUTARY_NODE_READ_VIEW_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "codec/header.h"
#include "lineage/graph.h"
#include "node/rw_lock.h"
#include "rewards/asset_level.h"
#include "state/resident.h"
#include "state/row_proof.h"
#include "state/rows.h"
#include "state/simulate_ruling.h"
#include "storage/store.h"
#include "tributary/base/types.h"

namespace tributary::node {

// Rows and log entries come from a snapshot of storage. Identities are looked up in the resident
// tables, which may be a block ahead: what they find is checked against the snapshot. The graph is
// append-only: ask only about records below record_count().
// Thread safety: all members, from any number of threads.
// Ownership: shared by the requests that read it; none may outlive its Ledger.
class ReadView {
 public:
  // Requires: `resident` is at the height of `snapshot` now, and changes under `lock` only.
  ReadView(std::unique_ptr<storage::ReadSnapshot> snapshot, const state::Resident& resident,
           RwLock& lock);
  // The same height, of which nothing has failed to be read yet.
  std::shared_ptr<const ReadView> Again() const;

  const storage::ReadSnapshot& snapshot() const { return *snapshot_; }
  const lineage::Graph& graph() const { return resident_.graph(); }
  const codec::BlockHeader& header() const { return header_; }
  const std::string& header_bytes() const { return header_bytes_; }
  const base::Hash& header_hash() const { return header_hash_; }
  // Of the whole log, the last header included.
  uint64_t log_size() const { return log_size_; }
  const base::Hash& log_root() const { return log_root_; }
  const state::ChainRow& chain() const { return chain_; }
  std::string_view chain_id() const;
  // The parameters in force in the current epoch.
  const state::ParametersRow& parameters() const { return parameters_; }
  // Revenue of earlier epochs is settled.
  uint64_t oldest_unsettled_epoch() const;
  uint64_t record_count() const { return records_; }
  uint64_t account_count() const { return accounts_; }
  uint64_t currency_count() const { return currencies_; }

  // Ok while every page could be read. To be asked before an answer is given: what could not be
  // read counted as zeros.
  absl::Status status() const { return snapshot_->status(); }
  bool failed() const { return snapshot_->failed(); }

  uint64_t RowCount(state::TableKind kind, uint16_t sub = 0) const {
    return snapshot_->RowCount({kind, sub});
  }
  template <class Row>
  Row Get(uint64_t row, uint16_t sub = 0) const {
    return state::ReadRow<Row>(*snapshot_, row, sub);
  }
  state::AccountRow Account(base::AccountIndex index) const {
    return Get<state::AccountRow>(index.value());
  }
  state::RecordRow Record(base::RecordSeq seq) const { return Get<state::RecordRow>(seq.value()); }
  state::CurrencyRow CurrencyAt(base::CurrencyIndex index) const {
    return Get<state::CurrencyRow>(index.value());
  }

  // Terms of a record in `epoch`, and the royalties that its gross owes then, ascending by
  // claimant.
  state::Terms TermsAt(base::RecordSeq record, base::Epoch epoch) const;
  std::vector<rewards::Royalty> RoyaltiesOn(base::RecordSeq record, base::Epoch epoch) const;

  // nullopt: there is none at this height.
  std::optional<base::AccountIndex> FindAccount(const base::AccountId& id) const;
  std::optional<base::AccountIndex> FindHandle(std::string_view handle) const;
  std::optional<base::RecordSeq> FindRecord(const base::RecordId& id) const;
  // A work by the hash of its content.
  std::optional<base::RecordSeq> FindContent(const base::Hash& content_sha256) const;
  std::optional<base::RecordSeq> FindExternalId(std::string_view external_id) const;
  std::optional<base::CurrencyIndex> FindCurrency(std::string_view code) const;

  // The payout that was confirmed with this reference.
  std::optional<base::PayoutIndex> FindPayout(base::CurrencyIndex currency,
                                              std::string_view external_reference) const;
  // The row of kAmended of a record that has been amended.
  std::optional<uint64_t> FindAmended(base::RecordSeq record) const;
  // The rows of kAttested and kFrozenAssets of a record that was ever attested, or frozen.
  std::optional<uint64_t> FindAttested(base::RecordSeq asset) const;
  std::optional<uint64_t> FindFrozenAsset(base::RecordSeq asset) const;
  // The row of kReceivables of a reporter, or of an account with a credit limit.
  std::optional<uint64_t> FindReceivable(base::AccountIndex reporter,
                                         base::CurrencyIndex currency) const;
  // The row of kReservations of a commitment.
  std::optional<uint64_t> FindReservation(const base::Hash& commitment) const;
  // The row of kDisputed of a record that ever had a case.
  std::optional<uint64_t> FindDisputed(base::RecordSeq record) const;
  // What a ruling would do. nullopt: a block was committed after this view was taken; take a new
  // one. It is played through under the lock: no block is published meanwhile.
  std::optional<absl::StatusOr<base::Checked<state::SimulatedRuling>>> SimulateRuling(
      uint64_t case_number, std::span<const uint32_t> choices) const;
  // The number of the version of its shares that a record's flow in this currency belongs to.
  uint32_t FlowVersion(base::CurrencyIndex currency, base::RecordSeq record) const;

  struct Event {
    uint16_t slot;  // sub of kEvents
    uint64_t row;
    state::EventRow event;
  };
  // Rows with their way to header().state_root, each a table hashed row by row, below RowCount.
  // nullopt: a block was committed after this view was taken, and the trees stand at the newest
  // height alone; take a new view.
  using RowPlace = std::pair<state::TableId, uint64_t>;
  std::optional<std::vector<state::RowProof>> ProveRows(const std::vector<RowPlace>& places) const;

  // What waits to be netted against the asset's next revenue.
  base::Atoms DebitOf(base::RecordSeq asset, base::CurrencyIndex currency) const;
  // The first statement of a reporter behind `after`, by reporter, asset, currency and epoch.
  std::optional<state::StatementItem> NextStatement(state::StatementItem after) const;

  // An event within the horizon.
  std::optional<Event> FindEvent(const base::AccountId& reporter, std::string_view reference) const;

 private:
  ReadView(std::unique_ptr<storage::ReadSnapshot> snapshot, const ReadView& same_height);
  std::optional<uint64_t> Find(state::Identity kind, const base::Hash& key) const;
  std::optional<base::RecordSeq> FindSeq(state::Identity kind, const base::Hash& key) const;

  const std::unique_ptr<storage::ReadSnapshot> snapshot_;
  const state::Resident& resident_;
  RwLock& lock_;
  const codec::BlockHeader header_;
  const std::string header_bytes_;
  const base::Hash header_hash_;
  const uint64_t log_size_;
  const base::Hash log_root_;
  const state::ChainRow chain_;
  state::ParametersRow parameters_;
  const uint64_t records_;
  const uint64_t accounts_;
  const uint64_t currencies_;
};

std::string_view CurrencyCode(const state::CurrencyRow& row);

}  // namespace tributary::node

#endif  // TRIBUTARY_NODE_READ_VIEW_H_
