#include "state/automatic_payouts.h"

#include <algorithm>
#include <set>

#include "state/payouts.h"

namespace tributary::state {
namespace {

// As of any payout: below 2^63 minor units. What is more waits for the next block.
constexpr uint64_t kPayoutMaxMinor = (uint64_t{1} << 63) - 1;

bool FundsSuffice(Overlay& overlay, uint16_t currency) {
  const uint64_t least_minor = LeastPayoutMinor(overlay.Get<CurrencyRow>(currency));
  return least_minor <= kPayoutMaxMinor &&
         FreeFunds(overlay.Get<TotalsRow>(currency)) >=
             base::Atoms::FromMinor(base::MinorUnits(least_minor));
}

uint16_t Currencies(Overlay& overlay) {
  return static_cast<uint16_t>(overlay.RowCount({TableKind::kCurrencies, 0}));
}

// The accounts that are ripe by what the block itself has changed.
std::set<uint32_t> RipeInBlock(Overlay& overlay, uint16_t currency) {
  const TableId table{TableKind::kBalances, currency};
  std::set<uint32_t> ripe;
  for (const Overlay::ChangedPage& changed : overlay.ChangedPages()) {
    if (changed.table != table) continue;
    const uint64_t rows = RowsInPage(table.kind, overlay.RowCount(table), changed.number);
    const uint64_t first = changed.number * RowsPerPage(table.kind);
    for (uint64_t row = 0; row < rows; ++row) {
      const uint8_t* bytes = changed.page->data() + RowOffset(table.kind, row);
      if (LoadRow<BalanceRow>(bytes).IsRipe()) ripe.insert(static_cast<uint32_t>(first + row));
    }
  }
  return ripe;
}

class Requests {
 public:
  Requests(Overlay& overlay, BlockContext& block) : overlay_(overlay), block_(block) {}

  void Run(uint16_t currency) {
    if (!FundsSuffice(overlay_, currency)) return;
    const std::set<uint32_t> in_block = RipeInBlock(overlay_, currency);
    const auto& committed = overlay_.resident().ripe();
    auto mine = in_block.begin();
    auto other = committed.lower_bound({currency, 0});
    while (block_.automatic_payouts.size() < kAutomaticPayoutsMax &&
           FundsSuffice(overlay_, currency)) {
      const bool others = other != committed.end() && other->currency == currency;
      if (!others && mine == in_block.end()) return;
      uint32_t account = others ? other->account : *mine;
      if (mine != in_block.end()) account = std::min(account, *mine);
      if (others && other->account == account) ++other;
      if (mine != in_block.end() && *mine == account) ++mine;
      Request(base::CurrencyIndex(currency), base::AccountIndex(account));
    }
  }

 private:
  void Request(base::CurrencyIndex index, base::AccountIndex account) {
    const BalanceRow balance = GetBalance(overlay_, index, account);
    if (!balance.IsRipe()) return;  // the block has changed it
    const auto currency = overlay_.Get<CurrencyRow>(index.value());
    const base::Atoms funds = FreeFunds(overlay_.Get<TotalsRow>(index.value()));
    const base::Uint128 covered = std::min(balance.available, funds).value() / base::kPpbOne;
    const auto minor = static_cast<uint64_t>(std::min<base::Uint128>(covered, kPayoutMaxMinor));
    const base::MinorUnits amount(minor - minor % currency.payout_unit_minor);
    block_.automatic_payouts.push_back(AddPayout(overlay_, index, account, amount, block_.time,
                                                 block_.first_entry + block_.entries.size()));
  }

  Overlay& overlay_;
  BlockContext& block_;
};

}  // namespace

void RequestAutomaticPayouts(Overlay& overlay, BlockContext& block) {
  Requests requests(overlay, block);
  for (uint16_t currency = 0; currency < Currencies(overlay); ++currency) requests.Run(currency);
}

bool AutomaticPayoutsWait(Overlay& overlay) {
  const auto& ripe = overlay.resident().ripe();
  if (ripe.empty()) return false;
  for (uint16_t currency = 0; currency < Currencies(overlay); ++currency) {
    const auto first = ripe.lower_bound({currency, 0});
    const bool any = first != ripe.end() && first->currency == currency;
    if (any && FundsSuffice(overlay, currency)) return true;
  }
  return false;
}

}  // namespace tributary::state
