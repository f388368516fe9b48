#include "state/settle.h"

#include <algorithm>
#include <map>

#include "rewards/asset_level.h"
#include "rewards/settlement.h"
#include "state/disputes.h"
#include "state/due.h"
#include "state/identity_keys.h"
#include "state/royalties.h"
#include "state/versions.h"
#include "tributary/base/check.h"

namespace tributary::state {
namespace {

// Totals of records, read and written in the flow pages of one currency.
class OverlayFlows {
 public:
  OverlayFlows(Overlay& overlay, base::CurrencyIndex currency)
      : overlay_(overlay),
        table_{TableKind::kFlows, currency.value()},
        contests_(overlay, currency) {}
  ~OverlayFlows() { Flush(); }
  OverlayFlows(const OverlayFlows&) = delete;
  OverlayFlows& operator=(const OverlayFlows&) = delete;

  rewards::Flow& Load(base::RecordSeq seq) {
    Flush();
    overlay_.Grow(table_, uint64_t{seq.value()} + 1);
    where_ = overlay_.MutableRowAt(table_, seq.value());
    const auto row = LoadRow<FlowRow>(where_);
    flow_ = {row.inflow, row.extra};
    return flow_;
  }

  // Asked after Load of the same record, and only for those that have been amended.
  uint32_t& VersionOf(base::RecordSeq seq) {
    const auto amended = FindAmended(overlay_, seq);
    TRIBUTARY_CHECK(amended.has_value(), "the graph has a version that the tables do not have");
    const TableId versions{TableKind::kFlowVersions, table_.sub};
    overlay_.Grow(versions, amended->row + 1);
    version_where_ = overlay_.MutableRowAt(versions, amended->row);
    version_ = LoadRow<FlowVersionRow>(version_where_).version;
    return version_;
  }

  // A ruling of this block may have made versions that the graph does not have yet.
  void Override(base::RecordSeq seq, base::Epoch epoch, lineage::Split* split) {
    if (!overlay_.ChangesVersionsOf(seq)) [[likely]]
      return;
    in_force_ = SplitInForce(overlay_, seq, epoch);
    *split = in_force_.View();
  }
  lineage::Split SplitOfVersion(base::RecordSeq seq, uint32_t version) {
    if (!overlay_.ChangesVersionsOf(seq)) [[likely]]
      return overlay_.resident().graph().SplitOfVersion(seq, version);
    former_ = SplitOfNumber(overlay_, seq, version);
    return former_.View();
  }

  const rewards::PotChange* Contest(base::RecordSeq seq, const lineage::Split& split,
                                    const rewards::Flow& arrived) {
    return contests_.Contest(seq, split, arrived);
  }
  base::Int128 escrow_change() const { return contests_.escrow_change(); }

 private:
  void Flush() {
    if (where_ != nullptr) SaveRow(FlowRow{flow_.inflow, flow_.extra}, where_);
    if (version_where_ != nullptr) SaveRow(FlowVersionRow{version_}, version_where_);
    version_where_ = nullptr;
  }

  Overlay& overlay_;
  TableId table_;
  uint8_t* where_ = nullptr;
  rewards::Flow flow_;
  uint8_t* version_where_ = nullptr;
  uint32_t version_ = 0;
  Contests contests_;
  rewards::OwnedSplit in_force_, former_;
};

struct Credits {
  std::vector<state::Credit> list;
  void Credit(base::AccountIndex account, base::RecordSeq record, base::Atoms amount) {
    list.push_back({account, record, amount, {}});
  }
  void Royalty(base::Atoms amount) { list.back().royalty = amount; }
};

// One currency's part of what has matured.
struct Matured {
  base::Atoms gross;
  base::Atoms netted;
  base::Atoms fee;
  rewards::SettlementInput input;
  std::vector<Source> earned;  // by asset: gross, fee, net, netted
};

// Nets the asset's debit against its gross, before fee and royalties; returns the minor units that
// it takes off.
base::Uint128 NetDebit(Overlay& overlay, const PendingRow& pending, base::Ppb fee,
                       RoyaltySums& royalties) {
  const base::Uint128 gross_minor = pending.amount.value();
  const auto row = overlay.Find(Identity::kDebit, DebitKey(pending.target, pending.currency));
  if (!row) return 0;
  auto debit = overlay.Get<DebitRow>(*row);
  const base::Ppb owed = royalties.Take(base::RecordSeq(pending.target), 0);
  const base::Ppb net(base::kPpbOne - fee.value() - owed.value());
  const base::Uint128 netted =
      rewards::NettedDebit(debit.amount_minor.value(), gross_minor, net, pending.second);
  if (netted == 0) return 0;
  debit.amount_minor -= base::Atoms(netted);
  overlay.Put(*row, debit);
  return netted;
}

// What one asset earned: its net and, in rows of their own, what was attributed out of it.
void TakeGross(Overlay& overlay, const PendingRow& pending, base::Ppb fee, RoyaltySums& royalties,
               Matured& currency) {
  const base::RecordSeq asset(pending.target);
  const base::Uint128 netted_minor = NetDebit(overlay, pending, fee, royalties);
  const base::Uint128 gross_minor = pending.amount.value() - netted_minor;
  // All royalties of the asset as one; who gets which is added up by stack.
  const rewards::Royalty owed{asset, royalties.Take(asset, gross_minor)};
  const rewards::RecordAmount directed{asset, pending.second};
  const auto split = rewards::SplitGross(gross_minor, fee, {&owed, 1}, {&directed, 1});
  const base::Atoms gross(gross_minor * base::kPpbOne);
  const base::Atoms netted(netted_minor * base::kPpbOne);
  currency.earned.push_back({asset, gross, split.fee, split.net, {}, {}, netted});
  currency.gross += gross;
  currency.netted += netted;
  currency.fee += split.fee;
  currency.input.inflow.push_back({asset, split.net});
}

// Sorts lines of one epoch by currency and takes them apart.
std::map<uint16_t, Matured> TakeLines(Overlay& overlay, base::Epoch epoch,
                                      const std::vector<PendingRow>& lines) {
  const base::Ppb fee(ParametersAt(overlay, epoch.value()).fee_ppb);
  std::map<uint16_t, Matured> matured;
  std::map<uint16_t, RoyaltySums> royalties;
  for (const PendingRow& pending : lines) {
    Matured& currency = matured[pending.currency];
    if (pending.kind == static_cast<uint8_t>(PendingKind::kAttributed)) {
      currency.input.inflow.push_back({base::RecordSeq(pending.target), pending.amount});
    } else {
      RoyaltySums& sums = royalties.try_emplace(pending.currency, overlay, epoch).first->second;
      TakeGross(overlay, pending, fee, sums, currency);
    }
  }
  for (auto& [currency, sums] : royalties) matured[currency].input.extra = sums.ByClaimant();
  return matured;
}

// Empties the slot of an epoch.
std::vector<PendingRow> TakePending(Overlay& overlay, base::Epoch epoch) {
  const auto slot = static_cast<uint16_t>(epoch.value() % kPendingSlots);
  const TableId table{TableKind::kPending, slot};
  const uint64_t rows = overlay.RowCount(table);
  std::vector<PendingRow> lines;
  lines.reserve(rows);
  for (uint64_t row = 0; row < rows; ++row) {
    lines.push_back(overlay.Get<PendingRow>(row, slot));
    overlay.RemoveIdentity(Identity::kPending, PendingKey(slot, lines.back()), row);
  }
  if (rows > 0) overlay.Clear(table);
  return lines;
}

// Where the money entered, one element for each record.
std::vector<Source> SourcesOf(const Matured& matured) {
  std::vector<Source> all = matured.earned;
  for (const rewards::RecordAmount& in : matured.input.inflow) {
    all.push_back({in.record, {}, {}, {}, in.amount, {}});
  }
  for (const rewards::RecordAmount& in : matured.input.extra) {
    all.push_back({in.record, {}, {}, {}, {}, in.amount});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Source& a, const Source& b) { return a.record < b.record; });
  std::vector<Source> merged;
  for (const Source& one : all) {
    if (merged.empty() || merged.back().record != one.record) {
      merged.push_back(one);
      continue;
    }
    Source& sum = merged.back();
    sum.gross += one.gross;
    sum.fee += one.fee;
    sum.net += one.net;
    sum.inflow += one.inflow;
    sum.royalties += one.royalties;
    sum.netted += one.netted;
  }
  return merged;
}

// `credits` is ascending by account.
void AddToBalances(Overlay& overlay, base::CurrencyIndex currency,
                   const std::vector<Credit>& credits) {
  for (size_t i = 0; i < credits.size();) {
    const base::AccountIndex account = credits[i].account;
    base::Atoms sum;
    for (; i < credits.size() && credits[i].account == account; ++i) sum += credits[i].amount;
    BalanceRow balance = GetBalance(overlay, currency, account);
    balance.available += sum;
    balance.credited += sum;
    PutBalance(overlay, currency, account, balance);
  }
}

void PostSettlement(Overlay& overlay, const Settlement& settlement) {
  auto totals = overlay.Get<TotalsRow>(settlement.currency.value());
  totals.pending -= settlement.gross + settlement.netted;
  totals.debits -= settlement.netted;
  totals.fees += settlement.fee;
  totals.available += settlement.credited;
  // Wraps below zero only if a pot gives what it never held.
  totals.escrow =
      base::Atoms(totals.escrow.value() + static_cast<base::Uint128>(settlement.escrow_change));
  totals.escrow -= settlement.released;
  // Wraps below zero only if more leaves the records than ever entered them.
  const base::Uint128 change = static_cast<base::Uint128>(settlement.dust_change);
  totals.dust = base::Atoms(totals.dust.value() + change);
  overlay.Put(settlement.currency.value(), totals);
}

// Passes `input` on, and books it together with what `given` credits besides.
Settlement SettleInput(Overlay& overlay, BlockContext& block, base::Epoch epoch,
                       base::CurrencyIndex currency, const rewards::SettlementInput& input,
                       std::vector<Credit> given) {
  Credits credits;
  credits.list = std::move(given);
  base::Atoms given_sum;
  for (const Credit& credit : credits.list) given_sum += credit.amount;
  Settlement settlement;
  rewards::SettlementTotals swept;
  {
    OverlayFlows flows(overlay, currency);
    swept = rewards::Settle(overlay.resident().graph(), epoch, input, flows, credits);
    settlement.escrow_change = flows.escrow_change();
  }
  std::stable_sort(credits.list.begin(), credits.list.end(), [](const Credit& a, const Credit& b) {
    return a.account != b.account ? a.account < b.account : a.record < b.record;
  });
  AddToBalances(overlay, currency, credits.list);
  settlement.number = block.chain.settlements++;
  settlement.epoch = epoch;
  settlement.currency = currency;
  settlement.credited = swept.credited + given_sum;
  settlement.dust_change = static_cast<base::Int128>(swept.added.value()) -
                           static_cast<base::Int128>(swept.credited.value()) -
                           settlement.escrow_change;
  settlement.records_touched = swept.records;
  settlement.credits = std::move(credits.list);
  return settlement;
}

Settlement SettleCurrency(Overlay& overlay, BlockContext& block, base::Epoch epoch,
                          base::CurrencyIndex currency, const Matured& matured) {
  Settlement settlement = SettleInput(overlay, block, epoch, currency, matured.input, {});
  settlement.gross = matured.gross;
  settlement.netted = matured.netted;
  settlement.fee = matured.fee;
  settlement.sources = SourcesOf(matured);
  PostSettlement(overlay, settlement);
  return settlement;
}

}  // namespace

void SettleLines(Overlay& overlay, BlockContext& block, base::Epoch epoch,
                 const std::vector<PendingRow>& lines) {
  for (const auto& [currency, matured] : TakeLines(overlay, epoch, lines)) {
    block.settlements.push_back(
        SettleCurrency(overlay, block, epoch, base::CurrencyIndex(currency), matured));
  }
}

void SettleEpoch(Overlay& overlay, BlockContext& block, base::Epoch epoch) {
  SettleLines(overlay, block, epoch, TakePending(overlay, epoch));
}

void SettleRelease(Overlay& overlay, BlockContext& block, base::CurrencyIndex currency,
                   const PotPayment& payment) {
  const uint64_t settled = block.chain.settled_epochs;
  const base::Epoch epoch(settled == 0 ? 0 : settled - 1);
  rewards::SettlementInput input;
  input.inflow = payment.parents;
  base::Atoms passed;
  for (const rewards::RecordAmount& parent : payment.parents) passed += parent.amount;
  std::vector<Credit> given;
  base::Atoms given_sum;
  for (const rewards::AuthorAmount& author : payment.authors) {
    given.push_back({author.account, payment.record, author.amount, {}});
    given_sum += author.amount;
  }
  Settlement settlement = SettleInput(overlay, block, epoch, currency, input, std::move(given));
  settlement.released = payment.held;
  settlement.pot_case = payment.case_row;
  // What of the pot stays with the record is its dust; that may also shrink.
  settlement.dust_change += static_cast<base::Int128>(payment.held.value()) -
                            static_cast<base::Int128>((passed + given_sum).value());
  settlement.sources.push_back({payment.record, {}, {}, {}, payment.held, {}});
  PostSettlement(overlay, settlement);
  block.settlements.push_back(std::move(settlement));
}

}  // namespace tributary::state
