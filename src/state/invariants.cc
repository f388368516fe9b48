#include "state/invariants.h"

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "rewards/flow.h"
#include "state/disputes.h"
#include "state/identity_keys.h"
#include "state/journal.h"
#include "state/rows.h"
#include "tributary/base/amount.h"
#include "tributary/base/status.h"

namespace tributary::state {
namespace {

// What the tables say, by currency; differences while a block is checked, hence signed.
struct Counted {
  base::Int128 reported = 0, reversed = 0, available = 0, reserved = 0, escrow = 0, bonds = 0,
               paid = 0, pending = 0, debits = 0, dust = 0, funded = 0;
  // Of pending money: what assets direct away, and what records wait for.
  base::Int128 directed = 0, attributed = 0;
};
using CountedByCurrency = std::map<uint16_t, Counted>;

base::Int128 Signed(base::Atoms atoms) { return static_cast<base::Int128>(atoms.value()); }
base::Int128 MinorToAtoms(uint64_t minor) { return base::Int128{minor} * base::kPpbOne; }

base::Atoms TotalCredit(const BalanceRow& row) {
  return row.available + row.reserved + row.escrowed + row.bonded + row.paid + row.forfeited;
}

// Adds one row, `sign` times, to what its table counts.
class Counter {
 public:
  // Which version a record's totals belong to, by currency and record, before and after the block.
  using VersionOf = std::function<uint32_t(uint16_t, base::RecordSeq, int sign)>;

  // `overlay`: of the block that is checked, for versions that it makes; null for a recount.
  Counter(const Resident& resident, CountedByCurrency& counted, VersionOf version_of,
          Overlay* overlay = nullptr)
      : graph_(resident.graph()),
        counted_(counted),
        version_of_(std::move(version_of)),
        overlay_(overlay) {}

  void Count(TableId table, uint64_t row, const uint8_t* bytes, int sign) {
    switch (table.kind) {
      case TableKind::kBalances:
        CountBalance(counted_[table.sub], LoadRow<BalanceRow>(bytes), sign);
        break;
      case TableKind::kFlows: CountFlow(table.sub, row, LoadRow<FlowRow>(bytes), sign); break;
      case TableKind::kPending: CountPending(LoadRow<PendingRow>(bytes), sign); break;
      case TableKind::kFrozen: CountPending(LoadRow<FrozenRow>(bytes), sign); break;
      case TableKind::kPots: {
        const auto pot = LoadRow<PotRow>(bytes);
        counted_[pot.currency].escrow += sign * Signed(pot.held);
        break;
      }
      case TableKind::kDebits: {
        const auto debit = LoadRow<DebitRow>(bytes);
        counted_[debit.currency].debits += sign * Signed(debit.amount_minor) * base::kPpbOne;
        break;
      }
      case TableKind::kEvents: {
        const auto event = LoadRow<EventRow>(bytes);
        if (event.IsRefund()) break;  // counted where it was taken off
        counted_[event.currency].reported += sign * MinorToAtoms(event.amount_minor);
        counted_[event.currency].reversed += sign * MinorToAtoms(event.refunded_minor);
        break;
      }
      case TableKind::kFundings: {
        const auto funding = LoadRow<FundingRow>(bytes);
        counted_[funding.currency].funded += sign * MinorToAtoms(funding.amount_minor);
        break;
      }
      default: break;
    }
  }

 private:
  static void CountBalance(Counted& counted, const BalanceRow& row, int sign) {
    counted.available += sign * Signed(row.available);
    counted.reserved += sign * Signed(row.reserved);
    counted.escrow += sign * Signed(row.escrowed);
    counted.bonds += sign * Signed(row.bonded);
    counted.paid += sign * Signed(row.paid);
  }
  template <class Row>  // PendingRow or FrozenRow
  void CountPending(const Row& row, int sign) {
    Counted& counted = counted_[row.currency];
    if (row.kind == static_cast<uint8_t>(PendingKind::kAttributed)) {
      counted.attributed += sign * Signed(row.amount);
      return;
    }
    counted.pending += sign * Signed(row.amount) * base::kPpbOne;
    counted.directed += sign * Signed(row.second);
  }
  // Records of the block itself have no flow yet and are not in the graph.
  void CountFlow(uint16_t currency, uint64_t row, const FlowRow& flow, int sign) const {
    if (flow.inflow.IsZero() && flow.extra.IsZero()) return;
    const base::RecordSeq seq(static_cast<uint32_t>(row));
    const bool changing = overlay_ != nullptr && overlay_->ChangesVersionsOf(seq);
    const bool versioned = changing || graph_.HasVersions(seq);
    const uint32_t version = versioned ? version_of_(currency, seq, sign) : 0;
    if (changing) {
      const rewards::OwnedSplit split = SplitOfNumber(*overlay_, seq, version);
      CountDust(currency, flow, split.View(), sign);
    } else {
      CountDust(currency, flow, graph_.SplitOfVersion(seq, version), sign);
    }
  }
  void CountDust(uint16_t currency, const FlowRow& flow, const lineage::Split& split,
                 int sign) const {
    base::Atoms left;
    for (const lineage::Edge edge : split.edges) left += base::FloorShare(flow.inflow, edge.share);
    const base::Atoms kept = base::FloorShare(flow.inflow, split.kept) + flow.extra;
    for (const lineage::AuthorShare author : split.authors) {
      left += base::FloorShare(kept, author.share);
    }
    counted_[currency].dust += sign * (Signed(flow.inflow) + Signed(flow.extra) - Signed(left));
  }

  const lineage::Graph& graph_;
  CountedByCurrency& counted_;
  VersionOf version_of_;
  Overlay* overlay_;
};

uint32_t CommittedVersion(const PageSource& pages, const Resident& resident, uint16_t currency,
                          base::RecordSeq record) {
  const auto row = resident.Find(Identity::kAmended, AmendedKey(record));
  if (!row || *row >= pages.RowCount({TableKind::kFlowVersions, currency})) return 0;
  return ReadRow<FlowVersionRow>(pages, *row, currency).version;
}

uint32_t NewVersion(Overlay& overlay, uint16_t currency, base::RecordSeq record) {
  const auto row = overlay.Find(Identity::kAmended, AmendedKey(record));
  if (!row || *row >= overlay.RowCount({TableKind::kFlowVersions, currency})) return 0;
  return overlay.Get<FlowVersionRow>(*row, currency).version;
}

absl::Status Mismatch(uint16_t currency, std::string_view line, base::Int128 journal,
                      base::Int128 tables) {
  return base::Internal("conservation is broken: currency " + std::to_string(currency) + ", " +
                        std::string(line) + ": the journal says " + base::ToDecimal(journal) +
                        " atoms, the tables say " + base::ToDecimal(tables));
}

absl::Status CheckBalanced(uint16_t currency, const TotalsRow& totals) {
  if (SourcesOf(totals) == PlacesOf(totals)) return absl::OkStatus();
  return Mismatch(currency, "sources against places", SourcesOf(totals), PlacesOf(totals));
}

// `with_sources`: events of past horizons are dropped, so a recount cannot find all of them.
absl::Status CompareLines(uint16_t currency, const TotalsRow& before, const TotalsRow& after,
                          const Counted& counted, bool with_sources) {
  const auto changed = [&before, &after](TotalsLine line) {
    return Signed(after.*line) - Signed(before.*line);
  };
  struct Line {
    std::string_view name;
    base::Int128 journal;
    base::Int128 tables;
  };
  const Line lines[] = {
      {"available", changed(&TotalsRow::available), counted.available},
      {"reserved", changed(&TotalsRow::reserved), counted.reserved},
      {"escrow", changed(&TotalsRow::escrow), counted.escrow},
      {"bonds", changed(&TotalsRow::bonds), counted.bonds},
      {"paid", changed(&TotalsRow::paid), counted.paid},
      {"pending", changed(&TotalsRow::pending), counted.pending},
      {"debits", changed(&TotalsRow::debits), counted.debits},
      {"attributed", counted.directed, counted.attributed},
      {"dust", changed(&TotalsRow::dust), counted.dust},
      {"funded", changed(&TotalsRow::funded), counted.funded},
      {"reported", changed(&TotalsRow::reported),
       with_sources ? counted.reported : changed(&TotalsRow::reported)},
      {"reversed", changed(&TotalsRow::reversed),
       with_sources ? counted.reversed : changed(&TotalsRow::reversed)},
  };
  for (const Line& line : lines) {
    if (line.journal != line.tables) {
      return Mismatch(currency, line.name, line.journal, line.tables);
    }
  }
  return absl::OkStatus();
}

bool HoldsMoney(TableKind kind) {
  return kind == TableKind::kBalances || kind == TableKind::kFlows || kind == TableKind::kPending ||
         kind == TableKind::kEvents || kind == TableKind::kFundings || kind == TableKind::kDebits ||
         kind == TableKind::kFrozen || kind == TableKind::kPots;
}

absl::Status CheckNoCreditFalls(TableId table, const Page& before, const Page& after) {
  if (table.kind != TableKind::kBalances) return absl::OkStatus();
  for (uint64_t i = 0; i < RowsPerPage(table.kind); ++i) {
    const size_t offset = RowOffset(table.kind, i);
    const auto old_row = LoadRow<BalanceRow>(before.data() + offset);
    const auto new_row = LoadRow<BalanceRow>(after.data() + offset);
    if (TotalCredit(new_row) >= TotalCredit(old_row)) continue;
    return base::Internal("a balance's total credit falls: currency " + std::to_string(table.sub) +
                          ", page row " + std::to_string(i));
  }
  return absl::OkStatus();
}

absl::Status CannotCount() {
  return base::DataLoss("a page of the state cannot be read while money is counted");
}

// Old against new rows of one changed page.
absl::Status CountPage(Overlay& overlay, const Overlay::ChangedPage& changed, Counter& counter) {
  const TableId table = changed.table;
  const uint64_t first = changed.number * RowsPerPage(table.kind);
  Page before;
  before.fill(0);
  uint64_t old_rows = 0;
  if (!overlay.Cleared(table)) {
    old_rows = RowsInPage(table.kind, overlay.resident().RowCount(table), changed.number);
    if (old_rows > 0) overlay.pages().ReadPage(table, changed.number, before);
    if (overlay.pages().failed()) return CannotCount();
  }
  const uint64_t new_rows = RowsInPage(table.kind, overlay.RowCount(table), changed.number);
  for (uint64_t i = 0; i < old_rows; ++i) {
    counter.Count(table, first + i, before.data() + RowOffset(table.kind, i), -1);
  }
  for (uint64_t i = 0; i < new_rows; ++i) {
    counter.Count(table, first + i, changed.page->data() + RowOffset(table.kind, i), 1);
  }
  return CheckNoCreditFalls(table, before, *changed.page);
}

void CountWholeTable(const PageSource& pages, TableId table, Counter& counter, int sign) {
  const uint64_t rows = pages.RowCount(table);
  Page page;
  for (uint64_t number = 0; number < PageCount(table.kind, rows); ++number) {
    pages.ReadPage(table, number, page);
    if (pages.failed()) return;  // zeros are no rows
    const uint64_t first = number * RowsPerPage(table.kind);
    for (uint64_t i = 0; i < RowsInPage(table.kind, rows, number); ++i) {
      counter.Count(table, first + i, page.data() + RowOffset(table.kind, i), sign);
    }
  }
}

}  // namespace

absl::Status CheckConservation(Overlay& overlay) {
  CountedByCurrency counted;
  Counter counter(
      overlay.resident(), counted,
      [&overlay](uint16_t currency, base::RecordSeq record, int sign) {
        return sign > 0 ? NewVersion(overlay, currency, record)
                        : CommittedVersion(overlay.pages(), overlay.resident(), currency, record);
      },
      &overlay);
  for (const Overlay::ChangedPage& changed : overlay.ChangedPages()) {
    if (!HoldsMoney(changed.table.kind)) continue;
    TRIBUTARY_RETURN_IF_ERROR(CountPage(overlay, changed, counter));
  }
  for (uint16_t slot = 0; slot < kPendingSlots; ++slot) {
    const TableId table{TableKind::kPending, slot};
    if (overlay.Cleared(table)) CountWholeTable(overlay.pages(), table, counter, -1);
  }
  if (overlay.pages().failed()) return CannotCount();
  const uint64_t old_currencies = overlay.resident().RowCount({TableKind::kTotals, 0});
  const uint64_t currencies = overlay.RowCount({TableKind::kTotals, 0});
  for (uint64_t row = 0; row < currencies; ++row) {
    const auto currency = static_cast<uint16_t>(row);
    const auto after = overlay.Get<TotalsRow>(row);
    const auto before =
        row < old_currencies ? ReadRow<TotalsRow>(overlay.pages(), row) : TotalsRow{};
    if (overlay.pages().failed()) return CannotCount();
    TRIBUTARY_RETURN_IF_ERROR(CheckBalanced(currency, after));
    TRIBUTARY_RETURN_IF_ERROR(CompareLines(currency, before, after, counted[currency], true));
  }
  return absl::OkStatus();
}

absl::Status RecountConservation(const PageSource& pages, const Resident& resident) {
  CountedByCurrency counted;
  Counter counter(resident, counted,
                  [&pages, &resident](uint16_t currency, base::RecordSeq record, int) {
                    return CommittedVersion(pages, resident, currency, record);
                  });
  for (const TableId table : pages.Tables()) {
    if (HoldsMoney(table.kind)) CountWholeTable(pages, table, counter, 1);
  }
  const uint64_t currencies = pages.RowCount({TableKind::kTotals, 0});
  if (pages.failed()) return CannotCount();
  for (uint64_t row = 0; row < currencies; ++row) {
    const auto currency = static_cast<uint16_t>(row);
    const auto totals = ReadRow<TotalsRow>(pages, row);
    if (pages.failed()) return CannotCount();
    TRIBUTARY_RETURN_IF_ERROR(CheckBalanced(currency, totals));
    TRIBUTARY_RETURN_IF_ERROR(
        CompareLines(currency, TotalsRow{}, totals, counted[currency], false));
  }
  return absl::OkStatus();
}

}  // namespace tributary::state
