#include "state/journal.h"

namespace tributary::state {

void PostReceived(Overlay& overlay, base::CurrencyIndex currency, TotalsLine source,
                  TotalsLine place, base::Atoms amount) {
  auto totals = overlay.Get<TotalsRow>(currency.value());
  totals.*source += amount;
  totals.*place += amount;
  overlay.Put(currency.value(), totals);
}

void PostMoved(Overlay& overlay, base::CurrencyIndex currency, TotalsLine from, TotalsLine to,
               base::Atoms amount) {
  auto totals = overlay.Get<TotalsRow>(currency.value());
  totals.*from -= amount;
  totals.*to += amount;
  overlay.Put(currency.value(), totals);
}

base::Atoms SourcesOf(const TotalsRow& totals) {
  return totals.reported + totals.deposited - totals.reversed;
}

base::Atoms PlacesOf(const TotalsRow& totals) {
  return totals.fees + totals.available + totals.reserved + totals.escrow + totals.bonds +
         totals.paid + totals.pending + totals.dust;
}

}  // namespace tributary::state
