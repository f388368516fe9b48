#include "storage/reader.h"

#include <algorithm>
#include <utility>

#include "codec/bytes.h"
#include "state/rows.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::storage {
namespace {

// The least string that is greater than all that start with `prefix`.
// Requires: not all bytes of it are 0xff.
std::string Successor(std::string prefix) {
  while (static_cast<uint8_t>(prefix.back()) == 0xff) prefix.pop_back();
  prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

absl::Status DamagedRow(std::string_view key) {
  return base::DataLoss("index row " + base::ToHex(base::AsBytes(key)) +
                        " is damaged; `tributaryd repair` rebuilds the indexes");
}

std::string NameOf(base::EntryIndex index) {
  return "entry " + std::to_string(index.value()) + " of the log";
}

// Why a part of the past is not there, and what to do.
absl::Status NotRestored(const std::string& what, const Past& history) {
  return base::Unavailable(what + " is not here: this node was restored from a snapshot of block " +
                           std::to_string(history.height.value()) + " and has " +
                           std::to_string(history.filled) + " of " +
                           std::to_string(history.first_entry) +
                           " earlier entries. It fetches them from `history.from`; ask another "
                           "node meanwhile");
}

// A step of Walk for lists by block: decodes the height from the key and the list from the value.
template <class List, class Decode, class Visit>
auto ListStep(Decode decode, const Visit& visit) {
  return [decode, &visit](std::string_view key, std::string_view value) -> absl::StatusOr<bool> {
    const std::optional<uint64_t> height = index::TrailingNumber(key);
    const std::optional<List> list = decode(value);
    if (!height || !list) return DamagedRow(key);
    return visit(base::Height(*height), *list);
  };
}

}  // namespace

rocksdb::ReadOptions Reader::ReadOptions() const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  options.verify_checksums = true;
  return options;
}

absl::StatusOr<std::optional<std::string>> Reader::Get(ColumnFamily family, const std::string& key,
                                                       std::string_view what) const {
  std::string value;
  const rocksdb::Status status =
      database_.db().Get(ReadOptions(), database_.family(family), key, &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return FromRocks(status, "reading " + std::string(what));
  return std::optional<std::string>(std::move(value));
}

absl::Status Reader::Walk(ColumnFamily family, const std::string& prefix, const std::string& first,
                          const Step& step) const {
  const std::string end = Successor(prefix);
  const rocksdb::Slice end_slice(end);
  rocksdb::ReadOptions options = ReadOptions();
  options.iterate_upper_bound = &end_slice;
  const std::unique_ptr<rocksdb::Iterator> at(
      database_.db().NewIterator(options, database_.family(family)));
  for (at->Seek(first); at->Valid(); at->Next()) {
    const absl::StatusOr<bool> more = step(View(at->key()), View(at->value()));
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
  }
  return FromRocks(at->status(), "reading the rows of an index");
}

// ------------------------------------------------------------------------------------------------
// The log

absl::StatusOr<std::string> Reader::ReadEntry(base::EntryIndex index) const {
  if (index.value() >= head_.log_size) {
    return base::NotFound(NameOf(index) + " does not exist; it has " +
                          std::to_string(head_.log_size) + " entries");
  }
  if (!history_.has(index.value())) return NotRestored(NameOf(index), history_);
  auto value = Get(ColumnFamily::kLog, EntryKey(index), NameOf(index));
  if (!value.ok()) return value.status();
  if (!*value) return base::DataLoss(NameOf(index) + " is missing");
  return std::move(**value);
}

absl::Status Reader::ReadEntries(base::EntryIndex first, uint64_t count_max, uint64_t bytes_max,
                                 const Visitor<base::EntryIndex, std::string_view>& visit) const {
  rocksdb::ReadOptions options = ReadOptions();
  options.adaptive_readahead = true;
  const std::unique_ptr<rocksdb::Iterator> at(
      database_.db().NewIterator(options, database_.family(ColumnFamily::kLog)));
  at->Seek(EntryKey(first));
  uint64_t bytes = 0;
  base::EntryIndex index = first;
  for (uint64_t count = 0; index.value() < head_.log_size && count < count_max; ++count) {
    if (count > 0 && bytes >= bytes_max) return absl::OkStatus();
    if (!history_.has(index.value())) return NotRestored(NameOf(index), history_);
    if (!at->Valid() && !at->status().ok()) {
      return FromRocks(at->status(), "reading " + NameOf(index));
    }
    if (!at->Valid() || ParseEntryKey(View(at->key())) != index) {
      return base::DataLoss(NameOf(index) + " is missing");
    }
    bytes += at->value().size();
    if (!visit(index, View(at->value()))) return absl::OkStatus();
    at->Next();
    index = index.Next();
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<uint8_t>> Reader::ReadTile(merkle::TileId tile) const {
  const std::string name = "tile " + std::to_string(tile.level) + "/" + std::to_string(tile.number);
  if (merkle::TileWidthAt(tile, head_.log_size) == 0) {
    return base::NotFound(name + " does not exist");
  }
  const auto value = Get(ColumnFamily::kTiles, TileKey(tile), name);
  if (!value.ok()) return value.status();
  if (!*value && !history_.log_complete()) return NotRestored(name, history_);
  if (!*value) return base::DataLoss(name + " is missing");
  if ((*value)->size() % base::Hash::kSize != 0 || (*value)->size() > merkle::kTileBytes) {
    return base::DataLoss(name + " is no whole number of hashes");
  }
  const base::Bytes bytes = base::AsBytes(**value);
  return std::vector<uint8_t>(bytes.begin(), bytes.end());
}

absl::StatusOr<base::EntryIndex> Reader::HeaderEntry(base::Height height) const {
  const std::string name = "the place of header " + std::to_string(height.value());
  if (height.value() == 0 || height > head_.height) {
    return base::NotFound(name + " is not known");
  }
  const auto value = Get(ColumnFamily::kDefault, HeightKey(height), name);
  if (!value.ok()) return value.status();
  if (!*value && height < history_.height && !history_.log_complete()) {
    return NotRestored(name, history_);
  }
  if (!*value) return base::DataLoss(name + " is missing");
  const std::optional<uint64_t> entry = DecodeNumber(**value);
  if (!entry || *entry >= head_.log_size) return base::DataLoss(name + " is damaged");
  return base::EntryIndex(*entry);
}

absl::StatusOr<base::Height> Reader::HeightOfEntry(base::EntryIndex index) const {
  if (index.value() >= head_.log_size) return base::NotFound(NameOf(index) + " does not exist");
  // The genesis block's, or that of the snapshot where what lies before it is not needed.
  uint64_t low =
      index.value() >= history_.first_entry ? std::max<uint64_t>(history_.height.value(), 1) : 1;
  uint64_t high = head_.height.value();
  while (low < high) {  // the least height whose header is not before `index`
    const uint64_t middle = low + (high - low) / 2;
    const absl::StatusOr<base::EntryIndex> header = HeaderEntry(base::Height(middle));
    if (!header.ok()) return header.status();
    if (*header < index) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return base::Height(low);
}

// ------------------------------------------------------------------------------------------------
// Indexes

absl::Status Reader::CheckIndexed(base::Height from) const {
  if (history_.complete() || from > history_.height) return absl::OkStatus();
  return base::Unavailable(
      "the indexes of this node begin after block " + std::to_string(history_.height.value()) +
      ", of whose snapshot it was restored. Ask another node, or, once this one has fetched the "
      "whole log, stop it and run `tributaryd repair`");
}

absl::Status Reader::CheckSettlement(uint64_t number) const {
  if (history_.complete()) return absl::OkStatus();
  const auto value = Get(ColumnFamily::kSide, index::SettlementKey(number), "a settlement");
  if (!value.ok()) return value.status();
  if (*value) return absl::OkStatus();
  // Those that the chain has not made yet are not missing.
  const auto chain =
      Get(ColumnFamily::kPages, PageKey({state::TableKind::kChain, 0}, 0), "the chain's row");
  if (!chain.ok()) return chain.status();
  state::Page page;
  if (!*chain || !RestorePage(**chain, page)) return base::DataLoss("the chain's row is damaged");
  const uint64_t made = state::LoadRow<state::ChainRow>(page.data()).settlements;
  return number < made ? CheckIndexed(base::Height(0)) : absl::OkStatus();
}

absl::StatusOr<std::optional<index::TransactionPlace>> Reader::FindTransaction(
    const base::TxId& id) const {
  const std::string key = index::TransactionKey(id);
  const auto value = Get(ColumnFamily::kIndex, key, "the place of a transaction");
  if (!value.ok()) return value.status();
  if (!*value) {
    TRIBUTARY_RETURN_IF_ERROR(CheckIndexed(base::Height(0)));
    return std::optional<index::TransactionPlace>();
  }
  const auto place = index::DecodeTransactionPlace(**value);
  if (!place) return DamagedRow(key);
  return place;
}

absl::Status Reader::IndexRows(
    const Visitor<ColumnFamily, std::string_view, std::string_view>& visit) const {
  rocksdb::ReadOptions options = ReadOptions();
  options.fill_cache = false;
  options.readahead_size = 2u << 20;
  for (const ColumnFamily which : {ColumnFamily::kIndex, ColumnFamily::kSide}) {
    const std::unique_ptr<rocksdb::Iterator> at(
        database_.db().NewIterator(options, database_.family(which)));
    for (at->SeekToFirst(); at->Valid(); at->Next()) {
      if (!visit(which, View(at->key()), View(at->value()))) return absl::OkStatus();
    }
    TRIBUTARY_RETURN_IF_ERROR(FromRocks(at->status(), "reading the rows of the indexes"));
  }
  return absl::OkStatus();
}

absl::Status Reader::RecordsOfKind(
    uint8_t kind, base::Height from,
    const Visitor<base::Height, const std::vector<base::RecordSeq>&>& visit) const {
  TRIBUTARY_RETURN_IF_ERROR(CheckIndexed(from));
  return Walk(ColumnFamily::kIndex, index::RecordKindPrefix(kind), index::RecordKindKey(kind, from),
              ListStep<std::vector<base::RecordSeq>>(&index::DecodeRecords, visit));
}

absl::Status Reader::PayoutsInState(state::PayoutState payout_state, base::PayoutIndex from,
                                    const Visitor<base::PayoutIndex>& visit) const {
  return Walk(ColumnFamily::kIndex, index::PayoutStatePrefix(payout_state),
              index::PayoutStateKey(payout_state, from),
              [&visit](std::string_view key, std::string_view value) -> absl::StatusOr<bool> {
                const std::optional<uint64_t> payout = index::TrailingNumber(key);
                if (!payout || !value.empty()) return DamagedRow(key);
                return visit(base::PayoutIndex(*payout));
              });
}

absl::Status Reader::EventsOfAsset(
    base::RecordSeq asset, base::Height from,
    const Visitor<base::Height, const std::vector<index::EventLine>&>& visit) const {
  TRIBUTARY_RETURN_IF_ERROR(CheckIndexed(from));
  return Walk(ColumnFamily::kIndex, index::AssetEventsPrefix(asset),
              index::AssetEventsKey(asset, from),
              ListStep<std::vector<index::EventLine>>(&index::DecodeEvents, visit));
}

absl::Status Reader::JournalOfAccount(
    base::AccountIndex account, base::Height from,
    const Visitor<base::Height, const std::vector<index::JournalLine>&>& visit) const {
  TRIBUTARY_RETURN_IF_ERROR(CheckIndexed(from));
  return Walk(ColumnFamily::kIndex, index::JournalPrefix(account), index::JournalKey(account, from),
              ListStep<std::vector<index::JournalLine>>(&index::DecodeJournal, visit));
}

absl::Status Reader::ReportedFrom(
    const index::ReportedPlace& from,
    const Visitor<const index::ReportedPlace&, const index::ReportedSums&>& visit) const {
  TRIBUTARY_RETURN_IF_ERROR(CheckIndexed(base::Height(0)));
  return Walk(ColumnFamily::kIndex, index::ReportedPrefix(), index::ReportedKey(from),
              [&visit](std::string_view key, std::string_view value) -> absl::StatusOr<bool> {
                const auto place = index::ParseReportedKey(key);
                const auto sums = index::DecodeReported(value);
                if (!place || !sums) return DamagedRow(key);
                return visit(*place, *sums);
              });
}

absl::StatusOr<std::optional<index::SettlementSummary>> Reader::SettlementByNumber(
    uint64_t number) const {
  const std::string key = index::SettlementKey(number);
  const auto value = Get(ColumnFamily::kSide, key, "settlement " + std::to_string(number));
  if (!value.ok()) return value.status();
  if (!*value) {
    TRIBUTARY_RETURN_IF_ERROR(CheckSettlement(number));
    return std::optional<index::SettlementSummary>();
  }
  const auto summary = index::DecodeSettlement(**value);
  if (!summary) return DamagedRow(key);
  return summary;
}

absl::Status Reader::CreditsOfSettlement(uint64_t number,
                                         const Visitor<const state::Credit&>& visit) const {
  TRIBUTARY_RETURN_IF_ERROR(CheckSettlement(number));
  const std::string prefix = index::CreditsPrefix(number);
  return Walk(ColumnFamily::kSide, prefix, prefix,
              [&visit](std::string_view key, std::string_view value) -> absl::StatusOr<bool> {
                const auto credits = index::DecodeCredits(value);
                if (!credits) return DamagedRow(key);
                for (const state::Credit& credit : *credits) {
                  if (!visit(credit)) return false;
                }
                return true;
              });
}

absl::Status Reader::CreditsOfAccount(uint64_t number, base::AccountIndex account,
                                      const Visitor<const state::Credit&>& visit) const {
  TRIBUTARY_RETURN_IF_ERROR(CheckSettlement(number));
  // The account's first credit may stand inside the row before its own place.
  const std::string prefix = index::CreditsPrefix(number);
  std::string first = index::CreditsKey(number, account, base::RecordSeq(0));
  const auto before = LastUpTo(prefix, first);
  if (!before.ok()) return before.status();
  if (!before->first.empty()) first = before->first;
  return Walk(ColumnFamily::kSide, prefix, first,
              [&](std::string_view key, std::string_view value) -> absl::StatusOr<bool> {
                const auto credits = index::DecodeCredits(value);
                if (!credits) return DamagedRow(key);
                for (const state::Credit& credit : *credits) {
                  if (credit.account > account) return false;
                  if (credit.account == account && !visit(credit)) return false;
                }
                return true;
              });
}

absl::StatusOr<base::Atoms> Reader::CreditOfRecord(uint64_t number, base::AccountIndex account,
                                                   base::RecordSeq record) const {
  TRIBUTARY_RETURN_IF_ERROR(CheckSettlement(number));
  const auto row =
      LastUpTo(index::CreditsPrefix(number), index::CreditsKey(number, account, record));
  if (!row.ok()) return row.status();
  if (row->first.empty()) return base::Atoms();
  const auto credits = index::DecodeCredits(row->second);
  if (!credits) return DamagedRow(row->first);
  for (const state::Credit& credit : *credits) {
    if (credit.account == account && credit.record == record) return credit.amount;
  }
  return base::Atoms();
}

absl::Status Reader::SourcesOfSettlement(uint64_t number, base::RecordSeq from,
                                         const Visitor<const state::Source&>& visit) const {
  TRIBUTARY_RETURN_IF_ERROR(CheckSettlement(number));
  const std::string prefix = index::SourcesPrefix(number);
  std::string first = index::SourcesKey(number, from);
  const auto before = LastUpTo(prefix, first);
  if (!before.ok()) return before.status();
  if (!before->first.empty()) first = before->first;
  return Walk(ColumnFamily::kSide, prefix, first,
              [&](std::string_view key, std::string_view value) -> absl::StatusOr<bool> {
                const auto sources = index::DecodeSources(value);
                if (!sources) return DamagedRow(key);
                for (const state::Source& source : *sources) {
                  if (source.record >= from && !visit(source)) return false;
                }
                return true;
              });
}

absl::StatusOr<state::TotalsRow> Reader::TotalsAt(base::CurrencyIndex currency,
                                                  base::Height height) const {
  // The restore wrote those of the snapshot's own height.
  TRIBUTARY_RETURN_IF_ERROR(CheckIndexed(height.Next()));
  const auto row = LastUpTo(index::TotalsPrefix(currency), index::TotalsKey(currency, height));
  if (!row.ok()) return row.status();
  if (row->first.empty()) return state::TotalsRow();
  const auto totals = index::DecodeTotals(row->second);
  if (!totals) return DamagedRow(row->first);
  for (const index::CurrencyTotals& one : *totals) {
    if (one.currency == currency) return one.totals;
  }
  return state::TotalsRow();
}

absl::StatusOr<std::pair<std::string, std::string>> Reader::LastUpTo(const std::string& prefix,
                                                                     const std::string& key) const {
  const std::unique_ptr<rocksdb::Iterator> at(
      database_.db().NewIterator(ReadOptions(), database_.family(ColumnFamily::kSide)));
  at->SeekForPrev(key);
  TRIBUTARY_RETURN_IF_ERROR(FromRocks(at->status(), "reading the rows of an index"));
  if (!at->Valid() || !at->key().starts_with(prefix)) return std::pair<std::string, std::string>();
  return std::make_pair(at->key().ToString(), at->value().ToString());
}

}  // namespace tributary::storage
