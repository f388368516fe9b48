#include "api/logged_event.h"

#include <algorithm>
#include <map>
#include <utility>

#include "api/encode.h"
#include "codec/ledger.h"
#include "rewards/admission.h"
#include "rewards/asset_level.h"

namespace tributary::api {
namespace {

constexpr uint64_t kLinesVisitedMax = 1'000'000;
constexpr uint64_t kTransactionsReadMax = 50'000;

LoggedAttribution AttributionOf(ReadContext& c, const codec::AttributionClaim& claim) {
  LoggedAttribution to;
  to.attributor = claim.attributor;
  to.method = std::string(claim.method);
  to.report_sha256 = claim.report_sha256;
  to.alpha = claim.alpha_ppb;
  std::vector<base::RecordSeq> records;
  std::vector<uint32_t> weights;
  for (const codec::Influence& influence : claim.influences) {
    records.push_back(c.view().FindRecord(influence.record).value_or(base::RecordSeq()));
    weights.push_back(influence.weight);
  }
  to.parts = AdmitAttribution(c, to.alpha, records, weights);
  return to;
}

bool FindTarget(ReadContext& c, const base::RecordId& asset, std::string_view currency,
                LoggedEvent* to) {
  const auto record = c.view().FindRecord(asset);
  const auto index = c.view().FindCurrency(currency);
  if (!record || !index) return false;
  to->asset = *record;
  to->currency = *index;
  return true;
}

bool Take(ReadContext& c, const codec::ReportRevenue& report, LoggedEvent* to) {
  to->reference = std::string(report.reference);
  to->amount = report.amount_minor;
  to->occurred_at = report.occurred_at_ms;
  if (report.attribution) {
    const auto claim = codec::Decode<codec::AttributionClaim>(report.attribution->claim, "");
    if (!claim) return false;
    to->attribution = AttributionOf(c, *claim);
  }
  return FindTarget(c, report.asset, report.currency, to);
}

bool Take(ReadContext& c, const codec::ReportRevenueBatch& batch, uint32_t item, LoggedEvent* to) {
  if (item >= batch.items.size()) return false;
  to->reference = std::string(batch.items[item].reference);
  to->amount = batch.items[item].amount_minor;
  to->occurred_at = batch.items[item].occurred_at_ms;
  return FindTarget(c, batch.asset, batch.currency, to);
}

// The epoch with whose end revenue of `epoch` has matured, whatever became of the parameters since.
uint64_t MaturesWithEndOf(ReadContext& c, base::Epoch epoch) {
  state::RowScanner<state::ParametersRow> rows(c.view().snapshot());
  uint64_t last = epoch.value();
  uint64_t matures = last;
  for (uint64_t row = rows.count(); row-- > 0;) {
    const state::ParametersRow parameters = rows.At(row);
    if (parameters.effective_epoch > last) continue;
    matures = std::max(matures, last + parameters.maturity_epochs);
    if (parameters.effective_epoch == 0) break;
    last = parameters.effective_epoch - 1;
  }
  return matures;
}

// Epochs after which an event cannot be refunded any more.
uint64_t HorizonOf(const ReadContext& c) { return c.view().parameters().horizon_epochs; }

}  // namespace

std::optional<LoggedEvent> ReadEvent(ReadContext& c, const LoggedPlace& place) {
  const codec::TransactionBody* body = c.Transaction(place.entry);
  if (body == nullptr || place.operation >= body->operations.size()) return std::nullopt;
  LoggedEvent event;
  event.reporter = body->sender;
  const codec::Operation& operation = body->operations[place.operation];
  if (const auto* refund = std::get_if<codec::RefundRevenue>(&operation)) {
    if (place.item != 0) return std::nullopt;
    event.reference = std::string(refund->refund_reference);
    event.refund_of = std::string(refund->reference);
    event.amount = refund->amount_minor;
    return event;
  }
  if (const auto* one = std::get_if<codec::ReportRevenue>(&operation)) {
    if (place.item != 0 || !Take(c, *one, &event)) return std::nullopt;
    return event;
  }
  const auto* batch = std::get_if<codec::ReportRevenueBatch>(&operation);
  if (batch == nullptr || !Take(c, *batch, place.item, &event)) return std::nullopt;
  return event;
}

std::vector<AttributedShare> AdmitAttribution(ReadContext& c, base::Ppb alpha,
                                              const std::vector<base::RecordSeq>& records,
                                              const std::vector<uint32_t>& weights) {
  std::vector<base::RecordId> ids;
  for (const base::RecordSeq record : records) ids.push_back(c.view().Record(record).id);
  const std::vector<base::Ppb> shares = rewards::LargestRemainder(alpha, weights, ids);
  std::vector<AttributedShare> parts;
  for (size_t i = 0; i < records.size(); ++i) parts.push_back({records[i], weights[i], shares[i]});
  return parts;
}

std::vector<rewards::RecordAmount> AttributedAmounts(const LoggedAttribution& attribution,
                                                     base::MinorUnits amount) {
  std::vector<rewards::RecordAmount> amounts;
  for (const AttributedShare& part : attribution.parts) {
    amounts.push_back({part.record, rewards::ExactShare(amount.value(), part.share)});
  }
  return amounts;
}

void EncodeAttribution(ReadContext& c, const LoggedAttribution& attribution,
                       base::MinorUnits amount, base::CurrencyIndex currency, bool with_parts,
                       v1::AttributionView* to) {
  const auto encode = [&](base::Ppb share, v1::Amount* value) {
    EncodeAmount(rewards::ExactShare(amount.value(), share), c.Currency(currency), value);
  };
  if (const auto attributor = c.view().FindAccount(attribution.attributor)) {
    to->set_attributor(AsString(attribution.attributor));
    to->set_handle(c.Handle(*attributor));
  }
  to->set_method(attribution.method);
  if (attribution.report_sha256) to->set_report_sha256(AsString(*attribution.report_sha256));
  to->set_alpha_ppb(attribution.alpha.value());
  encode(attribution.alpha, to->mutable_amount());
  to->set_parts_total(static_cast<uint32_t>(attribution.parts.size()));
  if (!with_parts) return;
  std::vector<AttributedShare> parts = attribution.parts;
  std::stable_sort(parts.begin(), parts.end(),
                   [](const AttributedShare& a, const AttributedShare& b) {
                     return a.share != b.share ? a.share > b.share : a.record < b.record;
                   });
  for (const AttributedShare& part : parts) {
    v1::AttributedPart* encoded = to->add_parts();
    encoded->set_record(AsString(c.view().Record(part.record).id));
    encoded->set_record_name(c.RecordName(part.record));
    encoded->set_weight(part.weight);
    encoded->set_share_ppb(part.share.value());
    encode(part.share, encoded->mutable_amount());
  }
}

base::Height FirstHeightOf(ReadContext& c, base::Epoch epoch) {
  uint64_t low = 1;
  uint64_t high = c.view().header().height.value() + 1;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    if (c.Header(base::Height(middle)).epoch < epoch) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return base::Height(low);
}

uint64_t EventHistory::refunded_minor() const {
  uint64_t sum = 0;
  for (const LoggedRefund& refund : refunds) sum += refund.amount.value();
  return sum;
}

base::MinorUnits EventHistory::split_amount() const {
  uint64_t minor = event.amount.value();
  for (const LoggedRefund& refund : refunds) {
    if (!refund.after_settlement) minor -= refund.amount.value();
  }
  return base::MinorUnits(minor);
}

std::optional<EventHistory> ReadHistory(ReadContext& c, const LoggedPlace& place) {
  auto event = ReadEvent(c, place);
  if (!event || event->is_refund()) return std::nullopt;
  EventHistory history{*std::move(event), {}, {}, false};
  const base::Height height = c.HeightOf(place.entry);
  history.epoch = c.Header(height).epoch;
  const auto known = c.view().FindEvent(history.event.reporter, history.event.reference);
  const bool in_force = known && known->event.entry == place.entry.value();
  if (in_force && known->event.refunded_minor == 0) return history;
  const uint64_t last_epoch = history.epoch.value() + HorizonOf(c);
  const uint64_t matures_with = MaturesWithEndOf(c, history.epoch);
  uint64_t visited = 0;
  const auto visit = [&](base::Height, const std::vector<index::EventLine>& lines) {
    for (const index::EventLine& line : lines) {
      if (line.epoch.value() > last_epoch) return false;
      history.too_many = history.too_many || ++visited > kLinesVisitedMax || c.IsStopped();
      if (history.too_many) return false;
      if (!line.refund) continue;
      const auto refund = ReadEvent(c, {line.entry, line.operation, line.item});
      if (!refund || refund->reporter != history.event.reporter ||
          refund->refund_of != history.event.reference) {
        continue;
      }
      const bool settled = matures_with < line.epoch.value();
      history.refunds.push_back({refund->reference, line.amount, line.epoch, line.entry, settled});
    }
    return !in_force || history.refunded_minor() < known->event.refunded_minor;
  };
  const absl::Status status = c.view().snapshot().EventsOfAsset(history.event.asset, height, visit);
  if (!status.ok()) c.Fail(status);
  return history;
}

std::optional<std::vector<rewards::RecordAmount>> AttributedOf(ReadContext& c,
                                                               const SettledEpoch& settled) {
  struct Attributed {
    LoggedAttribution attribution;
    uint64_t left_minor;
  };
  std::map<std::pair<base::AccountId, std::string>, Attributed> events;
  uint64_t visited = 0;
  uint64_t read = 0;
  bool too_many = false;
  const auto visit = [&](base::Height height, const std::vector<index::EventLine>& lines) {
    if (height >= settled.settled_at) return false;
    for (const index::EventLine& line : lines) {
      too_many = ++visited > kLinesVisitedMax || read > kTransactionsReadMax || c.IsStopped();
      if (too_many) return false;
      if (line.currency != settled.currency) continue;
      if (line.refund ? events.empty() : line.epoch != settled.epoch) continue;
      ++read;
      auto event = ReadEvent(c, {line.entry, line.operation, line.item});
      if (!event) continue;
      if (line.refund) {
        const auto of = events.find({event->reporter, event->refund_of});
        if (of != events.end()) of->second.left_minor -= line.amount.value();
      } else if (event->attribution) {
        events.emplace(std::make_pair(event->reporter, event->reference),
                       Attributed{*std::move(event->attribution), line.amount.value()});
      }
    }
    return true;
  };
  const absl::Status status =
      c.view().snapshot().EventsOfAsset(settled.asset, FirstHeightOf(c, settled.epoch), visit);
  if (!status.ok()) c.Fail(status);
  if (too_many) return std::nullopt;
  std::map<base::RecordSeq, base::Atoms> sums;
  for (const auto& [key, one] : events) {
    for (const auto& part : AttributedAmounts(one.attribution, base::MinorUnits(one.left_minor))) {
      sums[part.record] += part.amount;
    }
  }
  std::vector<rewards::RecordAmount> amounts;
  for (const auto& [record, amount] : sums) {
    if (!amount.IsZero()) amounts.push_back({record, amount});
  }
  return amounts;
}

}  // namespace tributary::api
