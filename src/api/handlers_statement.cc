#include <map>

#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/page.h"
#include "api/resolve.h"
#include "rewards/flow.h"

namespace tributary::api {
namespace {

constexpr uint64_t kUnitsVisitedMax = 10'000;  // settlements and journal blocks for one page
constexpr uint64_t kDustRecordsMax = 10'000;   // records of an account whose dust is added up

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

class StatementBuilder {
 public:
  StatementBuilder(ReadContext& c, const v1::GetStatementRequest& q, base::AccountIndex account,
                   std::vector<base::CurrencyIndex> currencies, v1::GetStatementResponse* r)
      : c_(c), q_(q), account_(account), r_(r), page_(PageSize(q.page_size())) {
    for (const base::CurrencyIndex currency : currencies) wanted_[currency.value()] = true;
  }

  // Adds lines in order of height, settlements of a block before its transactions. True: complete.
  bool Run(Cursor* at) {
    std::optional<JournalBlock> journal = NextJournal(at->journal_height);
    for (uint64_t visited = 0;; ++visited) {
      const std::optional<index::SettlementSummary> settlement = SettlementAt(at->settlement);
      if (!settlement && !journal) return true;
      if (Full() || visited >= kUnitsVisitedMax || !c_.status().ok()) return false;
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

 private:
  bool Full() const { return r_->lines_size() >= static_cast<int>(page_); }
  bool Wanted(base::CurrencyIndex currency) const { return wanted_.count(currency.value()) != 0; }
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
    const auto visit = [&found](base::Height height, const std::vector<index::JournalLine>& lines) {
      found = JournalBlock{height, lines};
      return false;
    };
    const absl::Status status =
        c_.view().snapshot().JournalOfAccount(account_, base::Height(from), visit);
    if (!status.ok()) c_.Fail(status);
    return found;
  }

  v1::StatementLine* AddLine(base::Height height, uint64_t time_ms, base::CurrencyIndex currency,
                             base::Atoms amount) {
    v1::StatementLine* line = r_->add_lines();
    line->set_time_ms(time_ms);
    line->set_height(height.value());
    EncodeAmount(amount, c_.Currency(currency), line->mutable_amount());
    return line;
  }

  // False: the page is full, at->offset says where.
  bool AddSettlement(Cursor* at, const index::SettlementSummary& summary) {
    if (!Wanted(summary.currency)) return true;
    const uint64_t time_ms = c_.Header(summary.height).time_ms.value();
    if (!InPeriod(time_ms)) return true;
    uint64_t position = 0;
    bool whole = true;
    const auto visit = [&](const state::Credit& credit) {
      if (position++ < at->offset) return true;
      if (Full()) {
        at->offset = position - 1;
        whole = false;
        return false;
      }
      v1::StatementLine* line = AddLine(summary.height, time_ms, summary.currency, credit.amount);
      line->set_kind(v1::STATEMENT_LINE_KIND_CREDIT);
      line->set_record(AsString(c_.view().Record(credit.record).id));
      line->set_record_name(c_.RecordName(credit.record));
      line->set_epoch(summary.epoch.value());
      line->set_settlement(at->settlement);
      return true;
    };
    const absl::Status status =
        c_.view().snapshot().CreditsOfAccount(at->settlement, account_, visit);
    if (!status.ok()) c_.Fail(status);
    return whole;
  }

  bool AddJournal(Cursor* at, const JournalBlock& block) {
    const uint64_t time_ms = c_.Header(block.height).time_ms.value();
    if (!InPeriod(time_ms)) return true;
    for (uint64_t i = at->offset; i < block.lines.size(); ++i) {
      const index::JournalLine& journal = block.lines[i];
      // A confirmed funding changes what the account owes, not what it has.
      const bool skip = journal.kind == index::JournalKind::kFundingConfirmed;
      if (skip || !Wanted(journal.currency)) continue;
      if (Full()) {
        at->offset = i;
        return false;
      }
      v1::StatementLine* line =
          AddLine(block.height, time_ms, journal.currency, base::Atoms::FromMinor(journal.amount));
      line->set_kind(static_cast<v1::StatementLineKind>(static_cast<int>(journal.kind) +
                                                        v1::STATEMENT_LINE_KIND_CREDIT));
      line->set_payout(journal.subject);
      line->set_entry(journal.entry.value());
    }
    return true;
  }

  ReadContext& c_;
  const v1::GetStatementRequest& q_;
  const base::AccountIndex account_;
  v1::GetStatementResponse* const r_;
  const uint32_t page_;
  std::map<uint16_t, bool> wanted_;
};

// What rounding has left on the books of the account's records.
base::Atoms RoundingCarried(ReadContext& c, base::AccountIndex account,
                            base::CurrencyIndex currency) {
  base::Atoms dust;
  const uint64_t settled = c.view().oldest_unsettled_epoch();
  const base::Epoch epoch(settled == 0 ? 0 : settled - 1);
  const uint64_t flows = c.view().RowCount(state::TableKind::kFlows, currency.value());
  uint32_t line = c.view().Account(account).last_author_line;
  for (uint64_t n = 0; line != state::kNone32 && n < kDustRecordsMax; ++n) {
    const auto row = c.view().Get<state::AuthorLineRow>(line);
    line = row.previous;
    if (row.record >= flows) continue;
    const auto flow = c.view().Get<state::FlowRow>(row.record, currency.value());
    dust += rewards::DustOf({flow.inflow, flow.extra},
                            c.graph().SplitOf(base::RecordSeq(row.record), epoch));
  }
  return dust;
}

}  // namespace

grpc::Status GetStatement(ReadContext& c, const v1::GetStatementRequest& q,
                          v1::GetStatementResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  base::AccountIndex account;
  TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.account(), "account", &account));
  std::vector<base::CurrencyIndex> currencies;
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveCurrencies(c, q.currency(), &currencies));
  Cursor at;
  if (!q.page_token().empty()) {
    std::vector<uint64_t> token;
    TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), 's', 3, &token));
    at = {token[0], token[1], token[2]};
  }
  r->set_account(AsString(c.view().Account(account).id));
  r->set_handle(c.Handle(account));
  StatementBuilder builder(c, q, account, currencies, r);
  if (!builder.Run(&at)) {
    r->set_next_page_token(MakeToken('s', {at.settlement, at.journal_height, at.offset}));
    return grpc::Status::OK;
  }
  for (const base::CurrencyIndex currency : currencies) {
    const auto row = c.view().Get<state::BalanceRow>(account.value(), currency.value());
    EncodeBalance(row, c.Currency(currency), r->add_balances());
    EncodeAmount(RoundingCarried(c, account, currency), c.Currency(currency),
                 r->add_rounding_carried());
  }
  return grpc::Status::OK;
}

}  // namespace tributary::api
