#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/logged_event.h"
#include "api/page.h"
#include "api/resolve.h"
#include "api/statement_period.h"

namespace tributary::api {
namespace {

constexpr uint64_t kEventsVisitedMax = 20'000;

struct AssetSums {
  base::CurrencyIndex currency;
  base::Atoms gross, fee, royalties, attributed, net, netted;
};

// What its transaction tells; what the index holds stands there already.
void EncodeLogged(ReadContext& c, const LoggedEvent& logged, const index::EventLine& event,
                  v1::RevenueEvent* to) {
  to->set_reference(logged.reference);
  to->set_refund_of(logged.refund_of);
  if (logged.is_refund()) return;
  if (logged.attribution) {
    EncodeAttribution(c, *logged.attribution, event.amount, event.currency, false,
                      to->mutable_attribution());
  }
  const auto known = c.view().FindEvent(logged.reporter, logged.reference);
  if (!known || known->event.entry != event.entry.value()) return;
  EncodeAmount(base::Atoms::FromMinor(base::MinorUnits(known->event.refunded_minor)),
               c.Currency(event.currency), to->mutable_refunded());
}

void EncodeEvent(ReadContext& c, base::Height height, const index::EventLine& event,
                 v1::RevenueEvent* to) {
  to->set_reporter(AsString(c.view().Account(event.reporter).id));
  to->set_handle(c.Handle(event.reporter));
  EncodeAmount(base::Atoms::FromMinor(event.amount), c.Currency(event.currency),
               to->mutable_amount());
  to->set_amount_minor(event.amount.value());
  to->set_occurred_at_ms(event.occurred_at.value());
  to->set_epoch(event.epoch.value());
  to->set_state(event.epoch.value() < c.view().oldest_unsettled_epoch()
                    ? v1::REVENUE_STATE_SETTLED
                    : v1::REVENUE_STATE_PENDING);
  to->set_height(height.value());
  to->set_time_ms(c.Header(height).time_ms.value());
  to->set_entry(event.entry.value());
  to->set_operation(event.operation);
  to->set_item(event.item);
  to->set_refund(event.refund);
  if (const auto logged = ReadEvent(c, {event.entry, event.operation, event.item})) {
    EncodeLogged(c, *logged, event, to);
  }
}

}  // namespace

grpc::Status GetAssetStatement(ReadContext& c, const v1::GetAssetStatementRequest& q,
                               v1::GetAssetStatementResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  base::RecordSeq asset;
  TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.asset(), "asset", &asset));
  std::vector<base::CurrencyIndex> currencies;
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveCurrencies(c, q.currency(), &currencies));
  TRIBUTARY_API_RETURN_IF_ERROR(CheckPeriod(q.by()));
  std::vector<uint64_t> token = {0};
  const PageQuery query = QueryOf('a', q);
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  r->set_asset(AsString(c.view().Record(asset).id));
  r->set_asset_name(c.RecordName(asset));
  const auto page = static_cast<int>(PageSize(q.page_size()));
  PeriodLines periods;
  std::vector<AssetSums> sums;
  const auto visit = [&](uint64_t number, const index::SettlementSummary& one, uint64_t time_ms) {
    const std::optional<state::Source> source = SourceAt(c, number, asset);
    if (!source || (source->gross.IsZero() && source->netted.IsZero())) return true;
    // Without a period, each settlement is one.
    const std::string name = PeriodName(q.by() == 0 ? v1::STATEMENT_PERIOD_SETTLEMENT : q.by(),
                                        number, one.epoch.value(), time_ms);
    if (!periods.Contains(0, name, one.currency) && r->lines_size() >= page) return false;
    const int at = periods.PositionOf(0, name, one.currency, r->lines_size());
    if (at == r->lines_size()) {
      v1::AssetStatementLine* line = r->add_lines();
      line->set_settlement(number);
      line->set_epoch(one.epoch.value());
      line->set_height(one.height.value());
      line->set_time_ms(time_ms);
      if (q.by() != 0) line->set_period(name);
      sums.push_back({one.currency, {}, {}, {}, {}, {}, {}});
    }
    r->mutable_lines(at)->set_count(r->lines(at).count() + 1);
    AssetSums& sum = sums[static_cast<size_t>(at)];
    sum.gross += source->gross;
    sum.fee += source->fee;
    sum.net += source->net;
    sum.netted += source->netted;
    const GrossUses uses = UsesOf(c, *source, one.epoch);
    sum.royalties += uses.royalties;
    sum.attributed += uses.attributed;
    return true;
  };
  if (!WalkSettlements(c, currencies, q.from_ms(), q.until_ms(), &token[0], visit)) {
    r->set_next_page_token(MakeToken(query, {token[0]}));
  } else {
    for (const base::CurrencyIndex currency : currencies) {
      EncodeAmount(c.view().DebitOf(asset, currency), c.Currency(currency), r->add_debits());
    }
  }
  for (int i = 0; i < r->lines_size(); ++i) {
    const AssetSums& sum = sums[static_cast<size_t>(i)];
    const state::CurrencyRow& currency = c.Currency(sum.currency);
    v1::AssetStatementLine* line = r->mutable_lines(i);
    EncodeAmount(sum.gross, currency, line->mutable_gross());
    EncodeAmount(sum.fee, currency, line->mutable_fee());
    EncodeAmount(sum.royalties, currency, line->mutable_royalties());
    EncodeAmount(sum.attributed, currency, line->mutable_attributed());
    EncodeAmount(sum.netted, currency, line->mutable_netted());
    EncodeAmount(sum.net, currency, line->mutable_net());
  }
  return grpc::Status::OK;
}

grpc::Status ListRevenue(ReadContext& c, const v1::ListRevenueRequest& q,
                         v1::ListRevenueResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  base::RecordSeq asset;
  TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.asset(), "asset", &asset));
  base::CurrencyIndex currency;
  if (!q.currency().empty()) {
    TRIBUTARY_API_RETURN_IF_ERROR(ResolveCurrency(c, q.currency(), &currency));
  }
  std::vector<uint64_t> token = {0, 0};
  if (q.page_token().empty() && q.has_epoch())
    token[0] = FirstHeightOf(c, base::Epoch(q.epoch())).value();
  const PageQuery query = QueryOf('e', q);
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  r->set_asset(AsString(c.view().Record(asset).id));
  r->set_asset_name(c.RecordName(asset));
  const auto page = static_cast<int>(PageSize(q.page_size()));
  uint64_t visited = 0;
  const auto visit = [&](base::Height height, const std::vector<index::EventLine>& events) {
    for (size_t i = height.value() == token[0] ? token[1] : 0; i < events.size(); ++i) {
      const index::EventLine& event = events[i];
      if (q.has_epoch() && event.epoch.value() > q.epoch()) return false;
      if (r->events_size() >= page || visited++ >= kEventsVisitedMax) {
        r->set_next_page_token(MakeToken(query, {height.value(), i}));
        return false;
      }
      if (q.has_epoch() && event.epoch.value() != q.epoch()) continue;
      if (!q.currency().empty() && event.currency != currency) continue;
      EncodeEvent(c, height, event, r->add_events());
    }
    return true;
  };
  const absl::Status status =
      c.view().snapshot().EventsOfAsset(asset, base::Height(token[0]), visit);
  return status.ok() ? grpc::Status::OK : FaultStatus(status);
}

}  // namespace tributary::api
