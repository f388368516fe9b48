#include "index/rows.h"

#include <algorithm>
#include <map>
#include <set>

#include "state/rows.h"
#include "tributary/base/check.h"

namespace tributary::index {
namespace {

// As IdentityChange::value of kEventReference: slot << 40 | row.
constexpr int kSlotShift = 40;
constexpr uint64_t kRowMask = (uint64_t{1} << kSlotShift) - 1;

// A row that the block wrote, from the pages among its effects.
template <class Row>
Row WrittenRow(const state::BlockEffects& effects, uint16_t sub, uint64_t row) {
  const state::TableId table{Row::kKind, sub};
  const uint64_t number = row / state::RowsPerPage(Row::kKind);
  const auto at = std::lower_bound(
      effects.pages.begin(), effects.pages.end(), std::make_pair(table, number),
      [](const state::PageUpdate& page, const std::pair<state::TableId, uint64_t>& wanted) {
        return std::make_pair(page.table, page.number) < wanted;
      });
  TRIBUTARY_CHECK(at != effects.pages.end() && at->table == table && at->number == number,
                  "a row was written, but its page is not among the effects");
  return state::LoadRow<Row>(at->page->data() + state::RowOffset(Row::kKind, row));
}

class Builder {
 public:
  explicit Builder(const state::BlockEffects& effects) : effects_(effects) {}

  std::vector<Row> Build() {
    Transactions();
    Records();
    Payouts();
    Identities();
    for (auto& [account, lines] : journal_) Journal(account, lines);
    for (const state::Settlement& settlement : effects_.settlements) Settle(settlement);
    Totals();
    return std::move(rows_);
  }

 private:
  base::Height height() const { return effects_.header.height; }
  void Put(std::string key, std::string value) {
    rows_.push_back({std::move(key), std::move(value), false});
  }

  void Remove(std::string key) {
    TRIBUTARY_CHECK(MayGoAway(key), "a row of an index goes that was there to stay");
    rows_.push_back({std::move(key), {}, true});
  }

  void Transactions() {
    for (const state::AppliedTransaction& transaction : effects_.transactions) {
      Put(TransactionKey(transaction.id), EncodeTransactionPlace({transaction.entry, height()}));
    }
  }

  void Records() {
    std::map<uint8_t, std::vector<base::RecordSeq>> by_kind;
    size_t next = 0;
    for (const state::AppliedTransaction& transaction : effects_.transactions) {
      for (const base::RecordSeq record : transaction.records) {
        TRIBUTARY_CHECK(next < effects_.new_records.size(), "a record without a node");
        by_kind[effects_.new_records[next++].kind].push_back(record);
      }
    }
    TRIBUTARY_CHECK(next == effects_.new_records.size(), "a node without a record");
    for (const auto& [kind, records] : by_kind) {
      Put(RecordKindKey(kind, height()), EncodeRecords(records));
    }
  }

  // Also of those that the block requested by itself. A payout stands under its present state only.
  void Payouts() {
    std::set<uint64_t> touched;
    for (const state::AppliedTransaction& transaction : effects_.transactions) {
      touched.insert(transaction.payouts.begin(), transaction.payouts.end());
    }
    touched.insert(effects_.automatic_payouts.begin(), effects_.automatic_payouts.end());
    for (const uint64_t number : touched) {
      const auto row = WrittenRow<state::PayoutRow>(effects_, 0, number);
      const auto now = static_cast<state::PayoutState>(row.state);
      const base::PayoutIndex payout(number);
      if (now != state::PayoutState::kRequested) {
        Remove(PayoutStateKey(state::PayoutState::kRequested, payout));
      }
      Put(PayoutStateKey(now, payout), {});
      PayoutLines(number, row, now);
    }
  }

  void PayoutLines(uint64_t number, const state::PayoutRow& row, state::PayoutState now) {
    const uint64_t first = effects_.first_entry.value();
    if (row.requested_entry >= first) {
      AddLine(JournalKind::kPayoutRequested, row, number, row.requested_entry);
    }
    if (now == state::PayoutState::kPaid && row.closed_entry >= first) {
      AddLine(JournalKind::kPayoutPaid, row, number, row.closed_entry);
    }
    if (now == state::PayoutState::kFailed && row.closed_entry >= first) {
      AddLine(JournalKind::kPayoutFailed, row, number, row.closed_entry);
    }
  }

  void AddLine(JournalKind kind, const state::PayoutRow& row, uint64_t number, uint64_t entry) {
    journal_[row.account].push_back({kind, base::CurrencyIndex(row.currency),
                                     base::MinorUnits(row.amount_minor), number,
                                     base::EntryIndex(entry)});
  }

  // New events and fundings are told by the references that they add.
  void Identities() {
    std::map<uint32_t, std::vector<EventLine>> by_asset;
    for (const state::IdentityChange& change : effects_.identities) {
      if (change.removed) continue;
      if (change.kind == state::Identity::kEventReference) AddEvent(change.value, by_asset);
      if (change.kind == state::Identity::kFundingReference) AddFunding(change.value);
    }
    for (const auto& [asset, events] : by_asset) {
      Put(AssetEventsKey(base::RecordSeq(asset), height()), EncodeEvents(events));
      Reported(base::RecordSeq(asset), events);
    }
  }

  void AddEvent(uint64_t value, std::map<uint32_t, std::vector<EventLine>>& by_asset) {
    const auto slot = static_cast<uint16_t>(value >> kSlotShift);
    const auto row = WrittenRow<state::EventRow>(effects_, slot, value & kRowMask);
    EventLine event;
    event.reporter = base::AccountIndex(row.reporter);
    event.currency = base::CurrencyIndex(row.currency);
    event.amount = base::MinorUnits(row.amount_minor);
    event.occurred_at = base::TimeMs(row.occurred_at_ms);
    event.epoch = base::Epoch(row.epoch);
    event.entry = base::EntryIndex(row.entry);
    event.operation = row.operation;
    event.item = row.item;
    event.refund = row.IsRefund();
    by_asset[row.asset].push_back(event);
  }

  void Reported(base::RecordSeq asset, const std::vector<EventLine>& events) {
    std::map<std::string, ReportedSums> all;
    for (const EventLine& event : events) {
      ReportedSums& sums = all[ReportedKey({event.reporter, asset, event.currency, height()})];
      sums.epoch = event.epoch;
      (event.refund ? sums.refunds : sums.events) += 1;
      (event.refund ? sums.reversed_minor : sums.reported_minor) += event.amount.value();
    }
    for (const auto& [key, sums] : all) Put(key, EncodeReported(sums));
  }

  void AddFunding(uint64_t number) {
    const auto row = WrittenRow<state::FundingRow>(effects_, 0, number);
    journal_[row.reporter].push_back(
        {JournalKind::kFundingConfirmed, base::CurrencyIndex(row.currency),
         base::MinorUnits(row.amount_minor), number, base::EntryIndex(row.entry)});
  }

  void Journal(uint32_t account, std::vector<JournalLine>& lines) {
    std::stable_sort(lines.begin(), lines.end(),
                     [](const JournalLine& a, const JournalLine& b) { return a.entry < b.entry; });
    Put(JournalKey(base::AccountIndex(account), height()), EncodeJournal(lines));
  }

  void Settle(const state::Settlement& settlement) {
    SettlementSummary summary;
    summary.epoch = settlement.epoch;
    summary.currency = settlement.currency;
    summary.gross = settlement.gross;
    summary.fee = settlement.fee;
    summary.credited = settlement.credited;
    summary.dust_change = settlement.dust_change;
    summary.records_touched = settlement.records_touched;
    summary.credits = settlement.credits.size();
    summary.height = height();
    summary.netted = settlement.netted;
    summary.escrow_change = settlement.escrow_change;
    summary.released = settlement.released;
    summary.pot_case = settlement.pot_case;
    Put(SettlementKey(settlement.number), EncodeSettlement(summary));
    for (size_t at = 0; at < settlement.credits.size(); at += kCreditsPerRow) {
      const state::Credit& first = settlement.credits[at];
      const size_t count = std::min(kCreditsPerRow, settlement.credits.size() - at);
      Put(CreditsKey(settlement.number, first.account, first.record), EncodeCredits(&first, count));
    }
    for (size_t at = 0; at < settlement.sources.size(); at += kSourcesPerRow) {
      const state::Source& first = settlement.sources[at];
      const size_t count = std::min(kSourcesPerRow, settlement.sources.size() - at);
      Put(SourcesKey(settlement.number, first.record), EncodeSources(&first, count));
    }
  }

  void Totals() {
    const size_t per_page = state::RowsPerPage(state::TableKind::kTotals);
    for (const state::PageUpdate& page : effects_.pages) {
      if (page.table.kind != state::TableKind::kTotals) continue;
      std::vector<CurrencyTotals> totals;
      for (size_t i = 0; i < per_page; ++i) {
        const base::CurrencyIndex currency(static_cast<uint16_t>(page.number * per_page + i));
        const uint8_t* row = page.page->data() + state::RowOffset(state::TableKind::kTotals, i);
        const uint8_t* end = row + state::RowBytes(state::TableKind::kTotals);
        if (std::all_of(row, end, [](uint8_t byte) { return byte == 0; })) continue;
        totals.push_back({currency, state::LoadRow<state::TotalsRow>(row)});
      }
      const base::CurrencyIndex first(static_cast<uint16_t>(page.number * per_page));
      if (!totals.empty()) Put(TotalsKey(first, height()), EncodeTotals(totals));
    }
  }

  const state::BlockEffects& effects_;
  std::map<uint32_t, std::vector<JournalLine>> journal_;
  std::vector<Row> rows_;
};

}  // namespace

std::vector<Row> IndexRows(const state::BlockEffects& effects) { return Builder(effects).Build(); }

}  // namespace tributary::index
