#include <map>

#include "state/freeze.h"
#include "state/incidents.h"
#include "state/journal.h"
#include "state/ties.h"

namespace tributary::state {
namespace {

using base::RejectionCode;
using base::Verdict;

struct Order {
  base::AccountIndex account;
  base::CurrencyIndex currency;
  base::MinorUnits amount;
};

std::string At(size_t i, std::string_view leaf) {
  return "compensations[" + std::to_string(i) + "]." + std::string(leaf);
}

base::Checked<std::vector<Order>> FindOrders(Context& c, const codec::RuleIncident& operation) {
  std::vector<Order> orders;
  for (size_t i = 0; i < operation.compensations.size(); ++i) {
    const codec::Compensation& one = operation.compensations[i];
    const auto account = c.FindAccount(one.account);
    if (!account) return c.Reject(RejectionCode::kUnknownAccount, At(i, "account"));
    const auto currency = c.RequireCurrency(one.currency, At(i, "currency"));
    if (!currency) return currency.rejection();
    orders.push_back({*account, *currency, one.amount_minor});
  }
  return orders;
}

// The asset that this incident holds frozen now.
std::optional<FrozenAsset> FrozenBy(Context& c, const IncidentRow& incident, uint64_t number) {
  if (incident.frozen_asset == kNone32) return std::nullopt;
  auto frozen = FindFrozenAsset(c.overlay, base::RecordSeq(incident.frozen_asset));
  if (frozen->value.frozen == 0 || frozen->value.incident != number) return std::nullopt;
  return frozen;
}

// Compensations follow from an upheld incident, and together are at most what is frozen.
Verdict CheckOrders(Context& c, const codec::RuleIncident& operation,
                    const std::vector<Order>& orders, const std::optional<FrozenAsset>& frozen) {
  if (!orders.empty() && !operation.upheld) {
    return c.Reject(RejectionCode::kCompensation, "upheld", "the incident is dismissed");
  }
  std::map<base::CurrencyIndex, base::Uint128> sums;
  for (size_t i = 0; i < orders.size(); ++i) {
    base::Uint128& sum = sums[orders[i].currency];
    sum += orders[i].amount.value();
    const base::Uint128 held =
        frozen ? FrozenGross(c.overlay, *frozen, orders[i].currency) : base::Uint128{0};
    if (sum <= held) continue;
    return c.Reject(RejectionCode::kCompensation, At(i, "amount_minor"),
                    base::ToDecimal(held) + " minor units are frozen");
  }
  return std::nullopt;
}

void Pay(Context& c, const FrozenAsset& frozen, const Order& order) {
  TakeCompensation(c.overlay, frozen, order.currency, order.amount.value());
  const base::Atoms amount = base::Atoms::FromMinor(order.amount);
  BalanceRow balance = GetBalance(c.overlay, order.currency, order.account);
  balance.available += amount;
  PutBalance(c.overlay, order.currency, order.account, balance);
  PostMoved(c.overlay, order.currency, &TotalsRow::pending, &TotalsRow::available, amount);
}

}  // namespace

Verdict ApplyOperation(Context& c, const codec::RuleIncident& operation) {
  auto incident = RequireOpenIncident(c, operation.incident);
  if (!incident) return incident.rejection();
  const auto orders = FindOrders(c, operation);
  if (!orders) return orders.rejection();
  const bool was_frozen = incident->frozen_asset != kNone32;
  const base::RecordSeq asset(was_frozen ? incident->frozen_asset : incident->subject);
  auto parties = PartiesOf(c, *incident, asset);
  for (const Order& order : *orders) parties.push_back(order.account);
  if (auto bad = RequireArbiters(c, parties)) return bad;
  const auto frozen = FrozenBy(c, *incident, operation.incident);
  if (auto bad = CheckOrders(c, operation, *orders, frozen)) return bad;
  for (const Order& order : *orders) Pay(c, *frozen, order);
  if (frozen) EndFreezeNow(c, *frozen);
  incident->state =
      static_cast<uint8_t>(operation.upheld ? IncidentState::kUpheld : IncidentState::kDismissed);
  incident->ruled_ms = c.block.time.value();
  incident->ruled_entry = c.entry();
  incident->compensations = static_cast<uint16_t>(orders->size());
  incident->reasons_sha256 = operation.reasons_sha256;
  c.overlay.Put(operation.incident, *incident);
  return std::nullopt;
}

}  // namespace tributary::state
