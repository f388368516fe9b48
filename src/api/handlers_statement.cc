#include <algorithm>
#include <optional>
#include <set>

#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/logged_event.h"
#include "api/page.h"
#include "api/resolve.h"
#include "api/statement_period.h"
#include "rewards/asset_level.h"
#include "rewards/explain.h"
#include "rewards/flow.h"

namespace tributary::api {
namespace {

constexpr uint64_t kUnitsVisitedMax = 10'000;  // settlements and journal blocks for one page
// Credits and records of flows looked at for one page, beyond which it ends with the settlement.
constexpr uint64_t kWorkMax = 2'000'000;
constexpr lineage::WalkLimits kFlowLimits{1'000'000, 10'000'000};
constexpr uint64_t kDustRecordsMax = 10'000;  // records of an account whose dust is added up

// Where a statement goes on: the next settlement, the next block of the journal, and how many lines
// of whichever comes first were given already.
struct Cursor {
  uint64_t settlement = 0;
  uint64_t journal_height = 0;
  uint64_t offset = 0;
};

struct JournalBlock {
  base::Height height;
  std::vector<index::JournalLine> lines;
};

// What a statement is of.
struct Scope {
  base::AccountIndex account;
  std::vector<base::CurrencyIndex> currencies;
  std::optional<base::RecordSeq> record;  // only what came through it
  std::optional<base::RecordSeq> asset;   // only what came of its revenue
};

// The amounts of one line; the last four only for the statement of one asset.
struct LineSums {
  base::CurrencyIndex currency;
  base::Atoms amount;
  base::Atoms credited;
  base::Atoms flow;        // by the flow of the settlement alone, without what earlier ones left
  base::Atoms attributed;  // of `amount`
};

class StatementBuilder {
 public:
  StatementBuilder(ReadContext& c, const v1::GetStatementRequest& q, const Scope& scope,
                   v1::GetStatementResponse* r)
      : c_(c), q_(q), scope_(scope), r_(r), page_(static_cast<int>(PageSize(q.page_size()))) {}

  // Adds lines in order of height, settlements of a block before its transactions. True: complete.
  bool Run(Cursor* at) {
    std::optional<JournalBlock> journal = NextJournal(at->journal_height);
    for (uint64_t visited = 0;; ++visited) {
      const std::optional<index::SettlementSummary> settlement = SettlementAt(at->settlement);
      if (!settlement && !journal) return true;
      if (visited >= kUnitsVisitedMax || work_ >= kWorkMax) return false;
      if (!c_.status().ok() || too_large_) return false;
      if (settlement && (!journal || settlement->height <= journal->height)) {
        if (!AddSettlement(at, *settlement)) return false;
        ++at->settlement;
      } else {
        if (!AddJournal(at, *journal)) return false;
        at->journal_height = journal->height.value() + 1;
        journal = NextJournal(at->journal_height);
      }
      at->offset = 0;
    }
  }

  // A settlement has more records than one request may follow an asset through.
  bool too_large() const { return too_large_; }

  // Writes the amounts of the lines.
  void Finish() {
    for (int i = 0; i < r_->lines_size(); ++i) {
      const LineSums& sums = sums_[static_cast<size_t>(i)];
      const state::CurrencyRow& currency = c_.Currency(sums.currency);
      v1::StatementLine* line = r_->mutable_lines(i);
      EncodeAmount(sums.amount, currency, line->mutable_amount());
      if (!scope_.asset) continue;
      EncodeAmount(sums.credited, currency, line->mutable_credited());
      EncodeAmount(sums.flow - sums.amount, currency, line->mutable_other());
      EncodeAmount(sums.attributed, currency, line->mutable_attributed());
      EncodeSignedAmount(static_cast<base::Int128>(sums.credited.value()) -
                             static_cast<base::Int128>(sums.flow.value()),
                         currency, line->mutable_rounding());
    }
  }

 private:
  // What a line tells beside its amounts.
  struct Place {
    v1::StatementLineKind kind;
    base::CurrencyIndex currency;
    base::Height height;
    uint64_t time_ms;
    uint64_t epoch;
    uint64_t settlement;
    uint32_t pot_case = state::kNone32;
  };

  bool Wanted(base::CurrencyIndex currency) const {
    return std::find(scope_.currencies.begin(), scope_.currencies.end(), currency) !=
           scope_.currencies.end();
  }
  bool InPeriod(uint64_t time_ms) const {
    return time_ms >= q_.from_ms() && (q_.until_ms() == 0 || time_ms < q_.until_ms());
  }

  std::optional<index::SettlementSummary> SettlementAt(uint64_t number) {
    const auto summary = c_.view().snapshot().SettlementByNumber(number);
    if (summary.ok()) return *summary;
    c_.Fail(summary.status());
    return std::nullopt;
  }

  std::optional<JournalBlock> NextJournal(uint64_t from) {
    std::optional<JournalBlock> found;
    if (scope_.record || scope_.asset) return found;
    const auto visit = [&found](base::Height height, const std::vector<index::JournalLine>& lines) {
      found = JournalBlock{height, lines};
      return false;
    };
    const absl::Status status =
        c_.view().snapshot().JournalOfAccount(scope_.account, base::Height(from), visit);
    if (!status.ok()) c_.Fail(status);
    return found;
  }

  // The line that `place` belongs to, a new one where there is none yet; nullptr: the page is full.
  v1::StatementLine* LineOf(const Place& place, LineSums** sums) {
    // Several lines for themselves have the same place.
    const bool alone = q_.by() == 0 || (q_.by() == v1::STATEMENT_PERIOD_SETTLEMENT &&
                                        place.kind != v1::STATEMENT_LINE_KIND_CREDIT &&
                                        place.kind != v1::STATEMENT_LINE_KIND_ROYALTY);
    const std::string name =
        alone ? "" : PeriodName(q_.by(), place.settlement, place.epoch, place.time_ms);
    const bool known = !alone && periods_.Contains(place.kind, name, place.currency);
    if (!known && r_->lines_size() >= page_) return nullptr;
    const int at = alone ? r_->lines_size()
                         : periods_.PositionOf(place.kind, name, place.currency, r_->lines_size());
    if (at == r_->lines_size()) {
      v1::StatementLine* line = r_->add_lines();
      line->set_kind(place.kind);
      line->set_time_ms(place.time_ms);
      line->set_height(place.height.value());
      line->set_period(name);
      sums_.push_back({place.currency, {}, {}, {}, {}});
    }
    *sums = &sums_[static_cast<size_t>(at)];
    v1::StatementLine* line = r_->mutable_lines(at);
    line->set_count(line->count() + 1);
    return line;
  }

  // False: the page is full, at->offset says where.
  bool AddSettlement(Cursor* at, const index::SettlementSummary& summary) {
    if (!Wanted(summary.currency)) return true;
    const uint64_t time_ms = c_.Header(summary.height).time_ms.value();
    if (!InPeriod(time_ms)) return true;
    const Place place{v1::STATEMENT_LINE_KIND_CREDIT, summary.currency, summary.height,  time_ms,
                      summary.epoch.value(),          at->settlement,   summary.pot_case};
    if (scope_.asset) return AddAssetLine(place);
    if (scope_.record) return AddRecordLine(place);
    return AddCredits(at, place);
  }

  // As found by number, with where it comes from.
  bool AddCredit(const Place& place, const LineSums& amounts,
                 std::optional<base::RecordSeq> record) {
    LineSums* sums = nullptr;
    v1::StatementLine* line = LineOf(place, &sums);
    if (line == nullptr) return false;
    sums->amount += amounts.amount;
    sums->credited += amounts.credited;
    sums->flow += amounts.flow;
    sums->attributed += amounts.attributed;
    if (line->count() > 1) return true;
    line->set_epoch(place.epoch);
    line->set_settlement(place.settlement);
    const bool of_one = q_.by() == 0 || q_.by() == v1::STATEMENT_PERIOD_SETTLEMENT;
    line->set_of_pot(of_one && place.pot_case != state::kNone32);
    if (line->of_pot()) line->set_case_number(place.pot_case);
    if (record && line->period().empty()) {
      line->set_record(AsString(c_.view().Record(*record).id));
      line->set_record_name(c_.RecordName(*record));
    }
    return true;
  }

  bool AddCredits(Cursor* at, const Place& place) {
    uint64_t position = 0;
    bool whole = true;
    const auto add = [&](v1::StatementLineKind kind, const state::Credit& credit,
                         base::Atoms amount) {
      if (amount.IsZero() || position++ < at->offset) return true;
      Place here = place;
      here.kind = kind;
      whole = AddCredit(here, {place.currency, amount, {}, {}, {}}, credit.record);
      if (!whole) at->offset = position - 1;
      return whole;
    };
    const auto visit = [&](const state::Credit& credit) {
      ++work_;
      return add(v1::STATEMENT_LINE_KIND_CREDIT, credit, credit.amount - credit.royalty) &&
             add(v1::STATEMENT_LINE_KIND_ROYALTY, credit, credit.royalty);
    };
    const absl::Status status =
        c_.view().snapshot().CreditsOfAccount(place.settlement, scope_.account, visit);
    if (!status.ok()) c_.Fail(status);
    return whole;
  }

  bool AddRecordLine(const Place& place) {
    const auto amount =
        c_.view().snapshot().CreditOfRecord(place.settlement, scope_.account, *scope_.record);
    if (!amount.ok()) c_.Fail(amount.status());
    if (!amount.ok() || amount->IsZero()) return true;
    return AddCredit(place, {place.currency, *amount, {}, {}, {}}, scope_.record);
  }

  // What the account gets of `input`, by the shares of an epoch; records looked at are work.
  base::Atoms FlowToAccount(base::Epoch epoch, const rewards::ExplainInput& input) {
    const rewards::Explanation flow = rewards::Explain(c_.graph(), epoch, input, kFlowLimits);
    work_ += flow.records.size();
    too_large_ = too_large_ || flow.limit_reached;
    base::Atoms sum;
    for (const rewards::ExplainedLine& line : flow.lines) {
      const bool own = line.role != rewards::Role::kFee && line.account == scope_.account;
      if (own) sum += line.amount;
    }
    return sum;
  }

  // What the asset's events of the settlement attributed, as inflow of the records they name.
  // Empty where that was nothing, or cannot be told: then too_large_.
  std::vector<rewards::RecordAmount> Attributed(const Place& place, const state::Source& source) {
    const base::Epoch epoch(place.epoch);
    const base::Atoms directed = UsesOf(c_, source, epoch).attributed;
    if (directed.IsZero()) return {};
    auto amounts = AttributedOf(c_, {source.record, place.currency, epoch, place.height});
    too_large_ = too_large_ || !amounts;
    if (!amounts) return {};
    work_ += amounts->size();
    return *std::move(amounts);
  }

  bool AddAssetLine(const Place& place) {
    const std::optional<state::Source> source = SourceAt(c_, place.settlement, *scope_.asset);
    if (!source || source->gross.IsZero()) return true;
    const base::Epoch epoch(place.epoch);
    LineSums sums{place.currency, {}, {}, {}, {}};
    rewards::ExplainInput own{{}, {{source->record, source->net}}, {}};
    const base::Uint128 gross_minor = source->gross.value() / base::kPpbOne;
    for (const rewards::Royalty& royalty : c_.view().RoyaltiesOn(source->record, epoch)) {
      own.extra.push_back({royalty.record, rewards::ExactShare(gross_minor, royalty.share)});
    }
    sums.amount = FlowToAccount(epoch, own);
    const std::vector<rewards::RecordAmount> attributed = Attributed(place, *source);
    if (!attributed.empty()) {
      own.inflow.insert(own.inflow.end(), attributed.begin(), attributed.end());
      const base::Atoms all_of_it = FlowToAccount(epoch, own);
      sums.attributed = all_of_it - sums.amount;
      sums.amount = all_of_it;
    }
    if (sums.amount.IsZero() || too_large_) return !too_large_;
    rewards::ExplainInput all;
    const auto visit = [&all](const state::Source& one) {
      all.inflow.push_back({one.record, one.inflow});
      if (!one.royalties.IsZero()) all.extra.push_back({one.record, one.royalties});
      return all.inflow.size() <= kFlowLimits.records_max;
    };
    absl::Status status =
        c_.view().snapshot().SourcesOfSettlement(place.settlement, base::RecordSeq(0), visit);
    if (!status.ok()) c_.Fail(status);
    sums.flow = FlowToAccount(epoch, all);
    const auto add = [&sums](const state::Credit& credit) {
      sums.credited += credit.amount;
      return true;
    };
    status = c_.view().snapshot().CreditsOfAccount(place.settlement, scope_.account, add);
    if (!status.ok()) c_.Fail(status);
    return !too_large_ && c_.status().ok() && AddCredit(place, sums, std::nullopt);
  }

  bool AddJournal(Cursor* at, const JournalBlock& block) {
    const codec::BlockHeader header = c_.Header(block.height);
    if (!InPeriod(header.time_ms.value())) return true;
    for (uint64_t i = at->offset; i < block.lines.size(); ++i) {
      const index::JournalLine& journal = block.lines[i];
      // A confirmed funding changes what the account owes, not what it has.
      const bool skip = journal.kind == index::JournalKind::kFundingConfirmed;
      if (skip || !Wanted(journal.currency)) continue;
      const auto kind = static_cast<v1::StatementLineKind>(static_cast<int>(journal.kind) +
                                                           v1::STATEMENT_LINE_KIND_CREDIT);
      LineSums* sums = nullptr;
      v1::StatementLine* line =
          LineOf({kind, journal.currency, block.height, header.time_ms.value(),
                  header.epoch.value(), 0, state::kNone32},
                 &sums);
      if (line == nullptr) {
        at->offset = i;
        return false;
      }
      sums->amount += base::Atoms::FromMinor(journal.amount);
      if (line->count() > 1) continue;
      line->set_payout(journal.subject);
      line->set_entry(journal.entry.value());
    }
    return true;
  }

  ReadContext& c_;
  const v1::GetStatementRequest& q_;
  const Scope& scope_;
  v1::GetStatementResponse* const r_;
  const int page_;
  PeriodLines periods_;
  std::vector<LineSums> sums_;  // one for each line of the page
  uint64_t work_ = 0;
  bool too_large_ = false;
};

// The records of which the account is or was an author: the newest kDustRecordsMax by admission,
// and as many by amendment. `partial` becomes true where there are more.
std::set<uint32_t> RecordsOf(ReadContext& c, base::AccountIndex account, bool* partial) {
  std::set<uint32_t> records;
  const state::AccountRow row = c.view().Account(account);
  uint32_t line = row.last_author_line;
  for (uint64_t n = 0; line != state::kNone32 && n < kDustRecordsMax; ++n) {
    const auto author = c.view().Get<state::AuthorLineRow>(line);
    records.insert(author.record);
    line = author.previous;
  }
  uint32_t version_line = row.last_version_line;
  for (uint64_t n = 0; version_line != state::kNone32 && n < kDustRecordsMax; ++n) {
    const auto author = c.view().Get<state::VersionLineRow>(version_line);
    records.insert(c.view().Get<state::VersionRow>(author.version).record);
    version_line = author.previous;
  }
  if (line != state::kNone32 || version_line != state::kNone32) *partial = true;
  return records;
}

// What rounding has left on the books of the account's records, as far as RecordsOf goes.
base::Atoms RoundingCarried(ReadContext& c, base::AccountIndex account,
                            base::CurrencyIndex currency, bool* partial) {
  base::Atoms dust;
  const uint64_t flows = c.view().RowCount(state::TableKind::kFlows, currency.value());
  for (const uint32_t record : RecordsOf(c, account, partial)) {
    if (record >= flows) continue;
    const base::RecordSeq seq(record);
    const auto flow = c.view().Get<state::FlowRow>(record, currency.value());
    dust += rewards::DustOf({flow.inflow, flow.extra},
                            c.graph().SplitOfVersion(seq, c.view().FlowVersion(currency, seq)));
  }
  return dust;
}

grpc::Status ReadScope(const ReadContext& c, const v1::GetStatementRequest& q, Scope* to) {
  TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.account(), "account", &to->account));
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveCurrencies(c, q.currency(), &to->currencies));
  TRIBUTARY_API_RETURN_IF_ERROR(CheckPeriod(q.by()));
  if (q.has_record() && q.has_asset()) {
    return BadRequest("asset", "a statement is of one record or of one asset, not of both");
  }
  base::RecordSeq seq;
  if (q.has_record()) {
    TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.record(), "record", &seq));
    to->record = seq;
  }
  if (q.has_asset()) {
    TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.asset(), "asset", &seq));
    to->asset = seq;
  }
  return grpc::Status::OK;
}

}  // namespace

grpc::Status GetStatement(ReadContext& c, const v1::GetStatementRequest& q,
                          v1::GetStatementResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  Scope scope;
  TRIBUTARY_API_RETURN_IF_ERROR(ReadScope(c, q, &scope));
  Cursor at;
  const PageQuery query = QueryOf('s', q);
  std::vector<uint64_t> token = {at.settlement, at.journal_height, at.offset};
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  at = {token[0], token[1], token[2]};
  const base::AccountIndex account = scope.account;
  r->set_account(AsString(c.view().Account(account).id));
  r->set_handle(c.Handle(account));
  StatementBuilder builder(c, q, scope, r);
  const bool whole = builder.Run(&at);
  if (builder.too_large()) {
    return LimitReached(
        "a settlement touched more than 1,000,000 records or 10,000,000 edges, or settled more "
        "than "
        "50,000 events of the asset with attribution among them: what came of one asset cannot be "
        "told; ask for what came through a record");
  }
  builder.Finish();
  if (!whole) {
    r->set_next_page_token(MakeToken(query, {at.settlement, at.journal_height, at.offset}));
    return grpc::Status::OK;
  }
  bool partial = false;
  for (const base::CurrencyIndex currency : scope.currencies) {
    const auto row = c.view().Get<state::BalanceRow>(account.value(), currency.value());
    EncodeBalance(row, c.Currency(currency), r->add_balances());
    EncodeAmount(RoundingCarried(c, account, currency, &partial), c.Currency(currency),
                 r->add_rounding_carried());
  }
  r->set_rounding_carried_partial(partial);
  return grpc::Status::OK;
}

}  // namespace tributary::api
