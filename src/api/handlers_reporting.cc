#include <algorithm>
#include <optional>
#include <tuple>

#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/logged_event.h"
#include "api/page.h"
#include "api/resolve.h"

namespace tributary::api {
namespace {

constexpr uint64_t kBlocksSummedMax = 1'000'000;   // for one period
constexpr uint64_t kBlocksVisitedMax = 3'000'000;  // for one page
constexpr uint64_t kSubjectsVisitedMax = 20'000;

// What a reporter speaks of.
struct Subject {
  base::AccountIndex reporter;
  base::RecordSeq asset;
  base::CurrencyIndex currency;
  friend bool operator==(const Subject&, const Subject&) = default;
};
bool Before(const Subject& a, const Subject& b) {
  return std::tie(a.reporter, a.asset, a.currency) < std::tie(b.reporter, b.asset, b.currency);
}

struct ReportingFilter {
  std::optional<base::AccountIndex> reporter;
  std::optional<base::RecordSeq> asset;
  std::optional<base::CurrencyIndex> currency;
};

// Where the list goes on: at a subject, from one of its epochs on.
struct ReportingCursor {
  Subject subject;
  uint64_t epoch = 0;
};

class ReportingBuilder {
 public:
  ReportingBuilder(ReadContext& c, const v1::ListReportingRequest& q, const ReportingFilter& filter,
                   v1::ListReportingResponse* r)
      : c_(c), q_(q), filter_(filter), r_(r), page_(static_cast<int>(PageSize(q.page_size()))) {}

  // nullopt: the list is complete.
  std::optional<ReportingCursor> Run(ReportingCursor at) {
    if (filter_.reporter) at.subject.reporter = std::max(at.subject.reporter, *filter_.reporter);
    for (uint64_t subjects = 0;; ++subjects) {
      const std::optional<Subject> next = NextSubject(at.subject);
      if (!next || !c_.status().ok() || c_.IsStopped()) return std::nullopt;
      if (filter_.reporter && next->reporter != *filter_.reporter) return std::nullopt;
      if (subjects >= kSubjectsVisitedMax) return ReportingCursor{*next, 0};
      if (!(*next == at.subject)) at = {*next, 0};
      const std::optional<Subject> skip = SkipTo(*next);
      if (!skip) {
        if (const auto epoch = AddPeriods(*next, at.epoch)) return ReportingCursor{*next, *epoch};
      }
      at = {skip ? *skip : After(*next), 0};
    }
  }

 private:
  static Subject After(Subject subject) {
    constexpr uint16_t kLast = UINT16_MAX;
    if (subject.currency.value() < kLast) {
      const auto next = static_cast<uint16_t>(subject.currency.value() + 1);
      return {subject.reporter, subject.asset, base::CurrencyIndex(next)};
    }
    return {subject.reporter, base::RecordSeq(subject.asset.value() + 1), {}};
  }

  // Where to go on instead, where the filter does not want the subject.
  std::optional<Subject> SkipTo(const Subject& subject) const {
    if (filter_.asset && subject.asset != *filter_.asset) {
      if (subject.asset < *filter_.asset) return Subject{subject.reporter, *filter_.asset, {}};
      return Subject{base::AccountIndex(subject.reporter.value() + 1), *filter_.asset, {}};
    }
    if (filter_.currency && subject.currency != *filter_.currency) {
      if (subject.currency < *filter_.currency) {
        return Subject{subject.reporter, subject.asset, *filter_.currency};
      }
      return Subject{subject.reporter, base::RecordSeq(subject.asset.value() + 1),
                     *filter_.currency};
    }
    return std::nullopt;
  }

  // The first subject from `from` on of which anything was reported or stated.
  std::optional<Subject> NextSubject(const Subject& from) {
    std::optional<Subject> next;
    const auto visit = [&next](const index::ReportedPlace& place, const index::ReportedSums&) {
      next = Subject{place.reporter, place.asset, place.currency};
      return false;
    };
    const absl::Status status = c_.view().snapshot().ReportedFrom(
        {from.reporter, from.asset, from.currency, base::Height(0)}, visit);
    if (!status.ok()) c_.Fail(status);
    const auto stated = c_.view().NextStatement(
        {from.reporter.value(), from.asset.value(), from.currency.value(), 0, 0, 0});
    if (stated) {
      const Subject of{base::AccountIndex(stated->reporter), base::RecordSeq(stated->asset),
                       base::CurrencyIndex(stated->currency)};
      if (!next || Before(of, *next)) next = of;
    }
    return next;
  }

  // The epoch of the first report, or of the first statement where that is earlier.
  std::optional<uint64_t> FirstEpoch(const Subject& of) {
    std::optional<uint64_t> first;
    const auto visit = [&](const index::ReportedPlace& place, const index::ReportedSums& sums) {
      if (SubjectOf(place) == of) first = sums.epoch.value();
      return false;
    };
    const absl::Status status = c_.view().snapshot().ReportedFrom(PlaceOf(of, 0), visit);
    if (!status.ok()) c_.Fail(status);
    const auto stated = FirstStated(of);
    if (stated && (!first || stated->first_epoch < *first)) first = stated->first_epoch;
    return first;
  }

  // The subject's first statement, and the one after another of it.
  std::optional<state::StatementItem> FirstStated(const Subject& of) const {
    return StatedAfter({of.reporter.value(), of.asset.value(), of.currency.value(), 0, 0, 0});
  }
  std::optional<state::StatementItem> StatedAfter(const state::StatementItem& one) const {
    const auto item = c_.view().NextStatement(one);
    const bool same = item && item->reporter == one.reporter && item->asset == one.asset &&
                      item->currency == one.currency;
    return same ? item : std::nullopt;
  }

  // Adds the periods of a subject from an epoch on; the epoch to go on from where the page is full.
  std::optional<uint64_t> AddPeriods(const Subject& of, uint64_t from) {
    const auto first = FirstEpoch(of);
    if (!first || c_.epoch().value() == 0) return std::nullopt;
    uint64_t epoch = std::max({from, *first, q_.has_first_epoch() ? q_.first_epoch() : 0});
    uint64_t last = c_.epoch().value() - 1;  // ended
    if (q_.has_last_epoch()) last = std::min<uint64_t>(last, q_.last_epoch());
    std::optional<state::StatementItem> stated = FirstStated(of);
    while (epoch <= last) {
      while (stated && stated->last_epoch < epoch) stated = StatedAfter(*stated);
      const bool now = stated && stated->first_epoch <= epoch;
      uint64_t end = last;
      if (now) end = std::min(end, stated->last_epoch);
      if (!now && stated) end = std::min(end, stated->first_epoch - 1);
      if (!now || !q_.gaps_only()) {
        if (r_->periods_size() >= page_ || visited_ > kBlocksVisitedMax) return epoch;
        AddPeriod(of, epoch, end, now ? stated : std::nullopt);
      }
      epoch = end + 1;
    }
    return std::nullopt;
  }

  void AddPeriod(const Subject& of, uint64_t first, uint64_t last,
                 const std::optional<state::StatementItem>& stated) {
    v1::ReportingPeriod* to = r_->add_periods();
    const state::CurrencyRow& currency = c_.Currency(of.currency);
    to->set_reporter(AsString(c_.view().Account(of.reporter).id));
    to->set_handle(c_.Handle(of.reporter));
    to->set_asset(AsString(c_.view().Record(of.asset).id));
    to->set_asset_name(c_.RecordName(of.asset));
    to->set_currency(std::string(node::CurrencyCode(currency)));
    to->set_first_epoch(stated ? stated->first_epoch : first);
    to->set_last_epoch(stated ? stated->last_epoch : last);
    if (stated) {
      const auto row = c_.view().Get<state::StatementRow>(stated->row);
      to->set_stated(true);
      EncodeAmount(base::Atoms::FromMinor(base::MinorUnits(row.total_minor)), currency,
                   to->mutable_total());
      to->set_submitted_ms(row.submitted_ms);
      to->set_entry(row.entry);
      to->set_operation(row.operation);
    }
    AddSums(of, to);
  }

  void AddSums(const Subject& of, v1::ReportingPeriod* to) {
    base::Uint128 reported = 0, reversed = 0;
    uint64_t events = 0, refunds = 0, blocks = 0;
    const auto visit = [&](const index::ReportedPlace& place, const index::ReportedSums& sums) {
      if (!(SubjectOf(place) == of) || sums.epoch.value() > to->last_epoch()) return false;
      ++visited_;
      if (++blocks > kBlocksSummedMax) return false;
      reported += sums.reported_minor;
      reversed += sums.reversed_minor;
      events += sums.events;
      refunds += sums.refunds;
      return true;
    };
    const base::Height from = FirstHeightOf(c_, base::Epoch(to->first_epoch()));
    const absl::Status status = c_.view().snapshot().ReportedFrom(PlaceOf(of, from.value()), visit);
    if (!status.ok()) c_.Fail(status);
    if (blocks > kBlocksSummedMax) return;
    const state::CurrencyRow& currency = c_.Currency(of.currency);
    EncodeAmount(base::Atoms(reported * base::kPpbOne), currency, to->mutable_reported());
    EncodeAmount(base::Atoms(reversed * base::kPpbOne), currency, to->mutable_reversed());
    to->set_events(events);
    to->set_refunds(refunds);
  }

  static Subject SubjectOf(const index::ReportedPlace& place) {
    return {place.reporter, place.asset, place.currency};
  }
  static index::ReportedPlace PlaceOf(const Subject& of, uint64_t height) {
    return {of.reporter, of.asset, of.currency, base::Height(height)};
  }

  ReadContext& c_;
  const v1::ListReportingRequest& q_;
  const ReportingFilter& filter_;
  v1::ListReportingResponse* const r_;
  const int page_;
  uint64_t visited_ = 0;
};

grpc::Status ReadFilter(ReadContext& c, const v1::ListReportingRequest& q, ReportingFilter* to) {
  if (q.has_reporter()) {
    base::AccountIndex reporter;
    TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.reporter(), "reporter", &reporter));
    to->reporter = reporter;
  }
  if (q.has_asset()) {
    base::RecordSeq asset;
    TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.asset(), "asset", &asset));
    to->asset = asset;
  }
  if (!q.currency().empty()) {
    base::CurrencyIndex currency;
    TRIBUTARY_API_RETURN_IF_ERROR(ResolveCurrency(c, q.currency(), &currency));
    to->currency = currency;
  }
  return grpc::Status::OK;
}

}  // namespace

grpc::Status ListReporting(ReadContext& c, const v1::ListReportingRequest& q,
                           v1::ListReportingResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  ReportingFilter filter;
  TRIBUTARY_API_RETURN_IF_ERROR(ReadFilter(c, q, &filter));
  std::vector<uint64_t> token = {0, 0, 0, 0};
  const PageQuery query = QueryOf('o', q);
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  if (token[0] > UINT32_MAX || token[1] > UINT32_MAX || token[2] > UINT16_MAX) {
    return BadRequest("page_token", "not a token of this method");
  }
  const ReportingCursor from{{base::AccountIndex(static_cast<uint32_t>(token[0])),
                              base::RecordSeq(static_cast<uint32_t>(token[1])),
                              base::CurrencyIndex(static_cast<uint16_t>(token[2]))},
                             token[3]};
  ReportingBuilder builder(c, q, filter, r);
  if (const auto next = builder.Run(from)) {
    const Subject& at = next->subject;
    r->set_next_page_token(MakeToken(
        query, {at.reporter.value(), at.asset.value(), at.currency.value(), next->epoch}));
  }
  return grpc::Status::OK;
}

}  // namespace tributary::api
