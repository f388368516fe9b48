#include "state/simulate_ruling.h"

#include "state/case_end.h"
#include "state/context.h"
#include "state/due.h"
#include "state/unreadable.h"
#include "tributary/base/status.h"

namespace tributary::state {
namespace {

base::Int128 Change(base::Atoms before, base::Atoms after) {
  return static_cast<base::Int128>(after.value()) - static_cast<base::Int128>(before.value());
}

// What the overlay changes in balances.
std::vector<SimulatedChange> ChangesOf(Overlay& overlay, const PageSource& pages) {
  std::vector<SimulatedChange> changes;
  for (const Overlay::ChangedPage& page : overlay.ChangedPages()) {
    if (page.table.kind != TableKind::kBalances) continue;
    const uint64_t first = page.number * RowsPerPage(TableKind::kBalances);
    const uint64_t rows =
        RowsInPage(TableKind::kBalances, overlay.RowCount(page.table), page.number);
    for (uint64_t row = first; row < first + rows; ++row) {
      BalanceRow before;
      if (row < pages.RowCount(page.table)) {
        before = ReadRow<BalanceRow>(pages, row, page.table.sub);
      }
      const auto after = overlay.Get<BalanceRow>(row, page.table.sub);
      const SimulatedChange change{
          base::CurrencyIndex(page.table.sub), base::AccountIndex(static_cast<uint32_t>(row)),
          Change(before.available, after.available), Change(before.bonded, after.bonded)};
      if (change.available != 0 || change.bonded != 0) changes.push_back(change);
    }
  }
  return changes;
}

base::Checked<SimulatedRuling> Simulate(const PageSource& pages, const Resident& resident,
                                        uint64_t case_number, std::span<const uint32_t> choices) {
  Overlay overlay(pages, resident);
  if (case_number >= overlay.RowCount({TableKind::kCases, 0})) {
    return base::Reject(base::RejectionCode::kCaseUnknown, "case_number");
  }
  const auto one = overlay.Get<CaseRow>(case_number);
  if (one.state == static_cast<uint8_t>(CaseState::kEnded)) {
    return base::Reject(base::RejectionCode::kCaseClosed, "case_number");
  }
  CaseEnding ending;
  if (const auto bad = ReadChoices(one, ClaimsOf(overlay, one), choices, &ending)) {
    return base::Reject(base::RejectionCode::kCaseChoices, *bad);
  }
  BlockContext block;
  block.time = resident.header().time_ms;
  block.chain = overlay.Get<ChainRow>(0);
  block.parameters = ParametersAt(overlay, block.chain.epoch);
  ending.outcome = CaseOutcome::kRuled;
  ending.time_ms = block.time.value();
  EndCase(overlay, block, case_number, ending);
  SimulatedRuling simulated;
  simulated.pays_out = overlay.Get<CaseRow>(case_number).released != 0;
  simulated.changes = ChangesOf(overlay, pages);
  return simulated;
}

}  // namespace

absl::StatusOr<base::Checked<SimulatedRuling>> SimulateRuling(const PageSource& pages,
                                                              const Resident& resident,
                                                              uint64_t case_number,
                                                              std::span<const uint32_t> choices) {
  const auto unreadable = [] { return base::DataLoss("a page of the state cannot be read"); };
  try {
    auto simulated = Simulate(pages, resident, case_number, choices);
    if (pages.failed()) return unreadable();
    return simulated;
  } catch (const PageUnreadable&) {
    return unreadable();
  }
}

}  // namespace tributary::state
