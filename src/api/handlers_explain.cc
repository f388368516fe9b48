#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/logged_event.h"
#include "api/page.h"
#include "api/resolve.h"
#include "api/split_encoder.h"
#include "codec/limits.h"

namespace tributary::api {
namespace {

constexpr int kRefundsShown = 1'000;

uint64_t AttributionFilter(const v1::PreviewSplitRequest& q) {
  if (q.influences().empty()) return 0;
  v1::PreviewSplitRequest attribution;
  attribution.set_alpha_ppb(q.alpha_ppb());
  *attribution.mutable_influences() = q.influences();
  return FilterHash(attribution.SerializeAsString());
}

// As if somebody had signed it.
grpc::Status ReadAttribution(ReadContext& c, const v1::PreviewSplitRequest& q, SplitQuery* query) {
  if (q.alpha_ppb() == 0 && q.influences().empty()) return grpc::Status::OK;
  const auto count = static_cast<size_t>(q.influences_size());
  if (count == 0 || count > codec::kInfluencesMax) return BadRequest("influences", "1 to 1,024");
  const base::Ppb alpha_max = c.view().TermsAt(query->asset, query->epoch).alpha_max;
  const base::Ppb most = std::min(alpha_max, NetShareOf(c, query->asset, query->epoch));
  if (q.alpha_ppb() == 0 || q.alpha_ppb() > most.value()) {
    return BadRequest("alpha_ppb", "1 to " + std::to_string(most.value()) +
                                       ": what the asset allows, and fee and royalties leave");
  }
  std::vector<base::RecordSeq> records;
  std::vector<uint32_t> weights;
  std::set<base::RecordSeq> known;
  for (const v1::Influence& influence : q.influences()) {
    const std::string field = "influences[" + std::to_string(records.size()) + "]";
    v1::RecordRef ref;
    ref.set_id(influence.record());
    base::RecordSeq record;
    TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, ref, field + ".record", &record));
    if (!known.insert(record).second) return BadRequest(field + ".record", "it stands twice");
    if (influence.weight() == 0) return BadRequest(field + ".weight", "above zero");
    records.push_back(record);
    weights.push_back(influence.weight());
  }
  query->attribution.emplace();
  query->attribution->alpha = base::Ppb(q.alpha_ppb());
  query->attribution->parts = AdmitAttribution(c, query->attribution->alpha, records, weights);
  return grpc::Status::OK;
}

}  // namespace

grpc::Status PreviewSplit(ReadContext& c, const v1::PreviewSplitRequest& q,
                          v1::SplitExplanation* r) {
  SplitQuery query;
  TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.asset(), "asset", &query.asset));
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveCurrency(c, q.currency(), &query.currency));
  if (q.amount_minor() == 0 || q.amount_minor() > codec::kAmountMinorMax) {
    return BadRequest("amount_minor", "1 to 2^63-1 minor units");
  }
  query.amount = base::MinorUnits(q.amount_minor());
  query.epoch = q.has_epoch() ? base::Epoch(q.epoch()) : c.epoch();
  query.recipients_max = q.recipients_max();
  query.paths_max = q.paths_max();
  query.filter = AttributionFilter(q);
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveSplitPage(q.page_token(), &query, q.has_epoch()));
  TRIBUTARY_API_RETURN_IF_ERROR(ReadAttribution(c, q, &query));
  return EncodeSplit(c, query, r);
}

namespace {

void EncodeRefunds(ReadContext& c, const EventHistory& history, v1::ExplainRevenueResponse* r) {
  const state::CurrencyRow currency = c.Currency(history.event.currency);
  for (const LoggedRefund& refund : history.refunds) {
    if (r->refunds_size() >= kRefundsShown) break;
    v1::RefundView* view = r->add_refunds();
    view->set_reference(refund.reference);
    EncodeAmount(base::Atoms::FromMinor(refund.amount), currency, view->mutable_amount());
    view->set_epoch(refund.epoch.value());
    EncodePosition(c, refund.entry, view->mutable_position());
    view->set_after_settlement(refund.after_settlement);
  }
  const base::Atoms debit = c.view().DebitOf(history.event.asset, history.event.currency);
  EncodeAmount(debit, currency, r->mutable_asset_debit());
}

void EncodeHistory(ReadContext& c, const LoggedPlace& place, const EventHistory& history,
                   v1::ExplainRevenueResponse* r) {
  const LoggedEvent& event = history.event;
  const uint64_t epoch = history.epoch.value();
  r->set_reporter(AsString(event.reporter));
  if (const auto reporter = c.view().FindAccount(event.reporter)) {
    r->set_handle(c.Handle(*reporter));
  }
  r->set_asset(AsString(c.view().Record(event.asset).id));
  r->set_reference(event.reference);
  r->set_occurred_at_ms(event.occurred_at.value());
  r->set_epoch(epoch);
  r->set_settles_after_epoch(epoch + c.view().parameters().maturity_epochs);
  r->set_state(epoch < c.view().oldest_unsettled_epoch() ? v1::REVENUE_STATE_SETTLED
                                                         : v1::REVENUE_STATE_PENDING);
  r->set_amount_minor(event.amount.value());
  r->set_refunded_minor(history.refunded_minor());
  EncodePosition(c, place.entry, r->mutable_position());
  EncodeRefunds(c, history, r);
}

}  // namespace

grpc::Status ExplainRevenue(ReadContext& c, const v1::ExplainRevenueRequest& q,
                            v1::ExplainRevenueResponse* r) {
  LoggedPlace place;
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveEvent(c, q, &place));
  std::optional<EventHistory> history = ReadHistory(c, place);
  if (!history) return NotFound("there is no event of revenue at this place of the log");
  if (c.IsStopped()) return CallerGone();
  if (history->too_many) {
    return LimitReached(
        "the asset has more than 1,000,000 events and refunds within the horizon of this one, more "
        "than one request may look at for its refunds: ListRevenue lists them page by page, and "
        "PreviewSplit explains what is left at the shares of the epoch");
  }
  EncodeHistory(c, place, *history, r);
  SplitQuery query;
  query.asset = history->event.asset;
  query.currency = history->event.currency;
  query.amount = history->split_amount();
  query.epoch = history->epoch;
  query.attribution = std::move(history->event.attribution);
  query.recipients_max = q.recipients_max();
  query.paths_max = q.paths_max();
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveSplitPage(q.page_token(), &query, true));
  return EncodeSplit(c, query, r->mutable_split());
}

}  // namespace tributary::api
