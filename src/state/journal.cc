#include "state/journal.h"

namespace tributary::state {

void PostReceived(Overlay& overlay, base::CurrencyIndex currency, TotalsLine source,
                  TotalsLine place, base::Atoms amount) {
  auto totals = overlay.Get<TotalsRow>(currency.value());
  totals.*source += amount;
  totals.*place += amount;
  overlay.Put(currency.value(), totals);
}

void PostReversed(Overlay& overlay, base::CurrencyIndex currency, TotalsLine place,
                  base::Atoms amount) {
  auto totals = overlay.Get<TotalsRow>(currency.value());
  totals.reversed += amount;
  totals.*place -= amount;
  overlay.Put(currency.value(), totals);
}

void PostOwed(Overlay& overlay, base::CurrencyIndex currency, base::Atoms amount) {
  auto totals = overlay.Get<TotalsRow>(currency.value());
  totals.reversed += amount;
  totals.debits += amount;
  overlay.Put(currency.value(), totals);
}

void PostMoved(Overlay& overlay, base::CurrencyIndex currency, TotalsLine from, TotalsLine to,
               base::Atoms amount) {
  auto totals = overlay.Get<TotalsRow>(currency.value());
  totals.*from -= amount;
  totals.*to += amount;
  overlay.Put(currency.value(), totals);
}

base::Int128 SourcesOf(const TotalsRow& totals) {
  return static_cast<base::Int128>((totals.reported + totals.deposited).value()) -
         static_cast<base::Int128>(totals.reversed.value());
}

base::Int128 PlacesOf(const TotalsRow& totals) {
  const base::Atoms held = totals.fees + totals.available + totals.reserved + totals.escrow +
                           totals.bonds + totals.paid + totals.pending + totals.dust;
  return static_cast<base::Int128>(held.value()) - static_cast<base::Int128>(totals.debits.value());
}

}  // namespace tributary::state
