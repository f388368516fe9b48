#include <algorithm>
#include <map>

#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/lineage_shares.h"
#include "api/page.h"
#include "api/resolve.h"
#include "api/statement_period.h"
#include "rewards/flow.h"

namespace tributary::api {
namespace {

// Work for one page: descendants walked and sources looked at.
constexpr uint64_t kReachWorkMax = 3'000'000;

// amount * share / 10^18, rounded down.
base::Atoms PartE18(base::Atoms amount, uint64_t share_e18) {
  const base::Uint128 whole = amount.value() / kShareOne;
  const base::Uint128 rest = amount.value() % kShareOne;
  return base::Atoms(whole * share_e18 + rest * share_e18 / kShareOne);
}

// Of what enters a record, what reaches the one asked for, at the shares of an epoch. Where nothing
// on the way was ever amended, one walk serves all epochs.
class Reach {
 public:
  Reach(ReadContext& c, base::RecordSeq record) : c_(c), record_(record) {}

  // False: too large.
  bool Use(base::Epoch epoch) {
    if (walked_ && (!versioned_ || epoch == epoch_)) return true;
    const SharedLineage lineage = DescendantShares(c_.graph(), epoch, record_, kWalkLimits);
    if (lineage.limit_reached) return false;
    shares_.clear();
    versioned_ = c_.graph().HasVersions(record_);
    for (const SharedNode& node : lineage.nodes) {
      shares_.emplace(node.visited.seq.value(), node.share_e18);
      versioned_ = versioned_ || c_.graph().HasVersions(node.visited.seq);
    }
    shares_[record_.value()] = kShareOne;
    work_ += shares_.size();
    walked_ = true;
    epoch_ = epoch;
    return true;
  }
  uint64_t ShareOf(base::RecordSeq source) {
    ++work_;
    const auto at = shares_.find(source.value());
    return at == shares_.end() ? 0 : at->second;
  }
  uint64_t work() const { return work_; }

 private:
  ReadContext& c_;
  const base::RecordSeq record_;
  std::map<uint32_t, uint64_t> shares_;
  bool walked_ = false;
  bool versioned_ = false;
  base::Epoch epoch_;
  uint64_t work_ = 0;
};

struct RecordSums {
  base::CurrencyIndex currency;
  base::Atoms inflow, earned, attributed, royalties, passed_on, credited;
};

class RecordStatementBuilder {
 public:
  RecordStatementBuilder(ReadContext& c, const v1::GetRecordStatementRequest& q,
                         base::RecordSeq record, v1::GetRecordStatementResponse* r)
      : c_(c),
        q_(q),
        record_(record),
        r_(r),
        page_(static_cast<int>(PageSize(q.page_size()))),
        reach_(c, record) {}

  // As a SettlementVisitor.
  bool Add(uint64_t number, const index::SettlementSummary& one, uint64_t time_ms) {
    if (reach_.work() > kReachWorkMax) return false;
    if (!reach_.Use(one.epoch)) {
      too_large_ = true;
      return false;
    }
    const RecordSums sums = SumsOf(number, one);
    if (sums.inflow.IsZero() && sums.royalties.IsZero() && sums.credited.IsZero()) return true;
    const auto by = q_.by() == 0 ? v1::STATEMENT_PERIOD_SETTLEMENT : q_.by();
    const std::string name = PeriodName(by, number, one.epoch.value(), time_ms);
    if (!periods_.Contains(0, name, one.currency) && r_->lines_size() >= page_) return false;
    const int at = periods_.PositionOf(0, name, one.currency, r_->lines_size());
    if (at == r_->lines_size()) {
      v1::RecordStatementLine* line = r_->add_lines();
      line->set_settlement(number);
      line->set_epoch(one.epoch.value());
      line->set_height(one.height.value());
      line->set_time_ms(time_ms);
      if (q_.by() != 0) line->set_period(name);
      line->set_of_pot(by == v1::STATEMENT_PERIOD_SETTLEMENT && one.pot_case != state::kNone32);
      if (line->of_pot()) line->set_case_number(one.pot_case);
      sums_.push_back({one.currency, {}, {}, {}, {}, {}, {}});
    }
    r_->mutable_lines(at)->set_count(r_->lines(at).count() + 1);
    RecordSums& total = sums_[static_cast<size_t>(at)];
    total.inflow += sums.inflow;
    total.earned += sums.earned;
    total.attributed += sums.attributed;
    total.royalties += sums.royalties;
    total.passed_on += sums.passed_on;
    total.credited += sums.credited;
    return true;
  }

  bool too_large() const { return too_large_; }

  void Finish() {
    for (int i = 0; i < r_->lines_size(); ++i) {
      const RecordSums& sums = sums_[static_cast<size_t>(i)];
      const state::CurrencyRow& currency = c_.Currency(sums.currency);
      v1::RecordStatementLine* line = r_->mutable_lines(i);
      EncodeAmount(sums.inflow, currency, line->mutable_inflow());
      EncodeAmount(sums.earned, currency, line->mutable_earned());
      EncodeAmount(sums.attributed, currency, line->mutable_attributed());
      EncodeAmount(sums.royalties, currency, line->mutable_royalties());
      EncodeAmount(sums.passed_on, currency, line->mutable_passed_on());
      EncodeAmount(sums.credited, currency, line->mutable_credited());
    }
  }

 private:
  RecordSums SumsOf(uint64_t number, const index::SettlementSummary& one) {
    RecordSums sums;
    const auto visit = [&](const state::Source& source) {
      sums.inflow += PartE18(source.inflow, reach_.ShareOf(source.record));
      if (source.record == record_) {
        sums.earned = source.inflow;
        if (one.pot_case == state::kNone32) sums.attributed = source.inflow - source.net;
        sums.royalties = source.royalties;
      }
      return true;
    };
    // A descendant has a higher sequence.
    const absl::Status status = c_.view().snapshot().SourcesOfSettlement(number, record_, visit);
    if (!status.ok()) c_.Fail(status);
    const base::Ppb kept = c_.graph().KeptOf(record_, one.epoch);
    sums.passed_on = base::FloorShare(sums.inflow, base::Ppb(base::kPpbOne - kept.value()));
    if (one.pot_case != state::kNone32) {
      sums.credited = CreditedByPot(number);
      return sums;
    }
    for (const lineage::AuthorShare author : c_.graph().AuthorsOf(record_, one.epoch)) {
      const auto credit = c_.view().snapshot().CreditOfRecord(number, author.account, record_);
      if (!credit.ok()) {
        c_.Fail(credit.status());
        return sums;
      }
      sums.credited += *credit;
    }
    return sums;
  }

  // Whom the case has made an author of the record is none in the epoch of the settlement.
  base::Atoms CreditedByPot(uint64_t number) {
    base::Atoms sum;
    const auto visit = [&](const state::Credit& credit) {
      if (credit.record == record_) sum += credit.amount;
      return true;
    };
    const absl::Status status = c_.view().snapshot().CreditsOfSettlement(number, visit);
    if (!status.ok()) c_.Fail(status);
    return sum;
  }

  ReadContext& c_;
  const v1::GetRecordStatementRequest& q_;
  const base::RecordSeq record_;
  v1::GetRecordStatementResponse* const r_;
  const int page_;
  Reach reach_;
  PeriodLines periods_;
  std::vector<RecordSums> sums_;
  bool too_large_ = false;
};

void EncodeBooks(ReadContext& c, base::RecordSeq record, base::CurrencyIndex index,
                 v1::RecordBooks* to) {
  // What a flow holds belongs to the version under which money arrived last.
  const lineage::Split split =
      c.graph().SplitOfVersion(record, c.view().FlowVersion(index, record));
  const auto row = c.view().Get<state::FlowRow>(record.value(), index.value());
  const rewards::Flow flow{row.inflow, row.extra};
  const base::Atoms edge_dust = rewards::EdgeDust(flow, split);
  const base::Atoms kept = rewards::KeptTotal(flow, split);
  const base::Atoms dust = rewards::DustOf(flow, split);
  const state::CurrencyRow& currency = c.Currency(index);
  to->set_currency(std::string(node::CurrencyCode(currency)));
  EncodeAmount(flow.inflow, currency, to->mutable_inflow());
  EncodeAmount(flow.extra, currency, to->mutable_extra());
  EncodeAmount(flow.inflow - kept - edge_dust, currency, to->mutable_passed_on());
  EncodeAmount(kept + flow.extra + edge_dust - dust, currency, to->mutable_credited());
  EncodeAmount(dust, currency, to->mutable_dust());
}

}  // namespace

grpc::Status GetRecordStatement(ReadContext& c, const v1::GetRecordStatementRequest& q,
                                v1::GetRecordStatementResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  base::RecordSeq record;
  TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.record(), "record", &record));
  std::vector<base::CurrencyIndex> currencies;
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveCurrencies(c, q.currency(), &currencies));
  TRIBUTARY_API_RETURN_IF_ERROR(CheckPeriod(q.by()));
  std::vector<uint64_t> token = {0};
  const PageQuery query = QueryOf('h', q);
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  r->set_record(AsString(c.view().Record(record).id));
  r->set_record_name(c.RecordName(record));
  RecordStatementBuilder builder(c, q, record, r);
  const auto visit = [&builder](uint64_t number, const index::SettlementSummary& one,
                                uint64_t time_ms) { return builder.Add(number, one, time_ms); };
  const bool whole = WalkSettlements(c, currencies, q.from_ms(), q.until_ms(), &token[0], visit);
  if (builder.too_large()) {
    return LimitReached(
        "the record has more than 1,000,000 descendants or 10,000,000 edges: ask for the "
        "statements of its authors, filtered by this record");
  }
  builder.Finish();
  if (!whole) {
    r->set_next_page_token(MakeToken(query, {token[0]}));
    return grpc::Status::OK;
  }
  for (const base::CurrencyIndex currency : currencies) {
    EncodeBooks(c, record, currency, r->add_books());
  }
  return grpc::Status::OK;
}

}  // namespace tributary::api
