#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/resolve.h"
#include "api/split_encoder.h"
#include "codec/limits.h"

namespace tributary::api {

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
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveSplitPage(q.page_token(), &query, q.has_epoch()));
  return EncodeSplit(c, query, r);
}

grpc::Status ExplainRevenue(ReadContext& c, const v1::ExplainRevenueRequest& q,
                            v1::ExplainRevenueResponse* r) {
  base::AccountIndex reporter;
  TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.reporter(), "reporter", &reporter));
  if (q.reference().empty() || q.reference().size() > codec::kReferenceBytesMax) {
    return BadRequest("reference", "1 to 64 bytes");
  }
  const base::AccountId id = c.view().Account(reporter).id;
  const auto found = c.view().FindEvent(id, q.reference());
  if (!found) {
    return NotFound("the reporter has no event with this reference within the horizon");
  }
  const state::EventRow& event = found->event;
  if (event.IsRefund()) return BadRequest("reference", "it is a refund, not an event");
  r->set_reporter(AsString(id));
  r->set_reference(q.reference());
  r->set_occurred_at_ms(event.occurred_at_ms);
  r->set_epoch(event.epoch);
  r->set_settles_after_epoch(event.epoch + c.view().parameters().maturity_epochs);
  r->set_state(event.epoch < c.view().oldest_unsettled_epoch() ? v1::REVENUE_STATE_SETTLED
                                                               : v1::REVENUE_STATE_PENDING);
  r->set_amount_minor(event.amount_minor);
  r->set_refunded_minor(event.refunded_minor);
  EncodePosition(c, base::EntryIndex(event.entry), r->mutable_position());
  SplitQuery query;
  query.asset = base::RecordSeq(event.asset);
  query.currency = base::CurrencyIndex(event.currency);
  query.amount = base::MinorUnits(event.amount_minor - event.refunded_minor);
  query.epoch = base::Epoch(event.epoch);
  query.recipients_max = q.recipients_max();
  query.paths_max = q.paths_max();
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveSplitPage(q.page_token(), &query, true));
  return EncodeSplit(c, query, r->mutable_split());
}

}  // namespace tributary::api
