#include "api/statement_period.h"

#include <algorithm>

#include "api/errors.h"
#include "rewards/asset_level.h"

namespace tributary::api {
namespace {

constexpr uint64_t kDayMs = 86'400'000;

}  // namespace

std::string MonthOf(uint64_t time_ms) {
  // Days since 1970-01-01 to year and month. Source: H. Hinnant, chrono-compatible low-level date
  // algorithms, civil_from_days, for days that are not negative.
  const uint64_t days = time_ms / kDayMs + 719'468;
  const uint64_t era = days / 146'097;
  const uint64_t day_of_era = days % 146'097;
  const uint64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const uint64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const uint64_t shifted = (5 * day_of_year + 2) / 153;  // months since March
  const uint64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  const uint64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return std::to_string(year) + (month < 10 ? "-0" : "-") + std::to_string(month);
}

std::string PeriodName(v1::StatementPeriod by, uint64_t settlement, uint64_t epoch,
                       uint64_t time_ms) {
  switch (by) {
    case v1::STATEMENT_PERIOD_SETTLEMENT: return "settlement " + std::to_string(settlement);
    case v1::STATEMENT_PERIOD_EPOCH: return "epoch " + std::to_string(epoch);
    case v1::STATEMENT_PERIOD_MONTH: return MonthOf(time_ms);
    default: return {};
  }
}

grpc::Status CheckPeriod(v1::StatementPeriod by) {
  if (v1::StatementPeriod_IsValid(by)) return grpc::Status::OK;
  return BadRequest("by", "not a period of statements");
}

bool WalkSettlements(ReadContext& c, const std::vector<base::CurrencyIndex>& currencies,
                     uint64_t from_ms, uint64_t until_ms, uint64_t* next,
                     const SettlementVisitor& visit) {
  for (uint64_t visited = 0;; ++visited, ++*next) {
    const auto summary = c.view().snapshot().SettlementByNumber(*next);
    if (!summary.ok()) {
      c.Fail(summary.status());
      return false;
    }
    if (!summary->has_value()) return true;
    if (visited >= kSettlementsVisitedMax || !c.status().ok()) return false;
    const index::SettlementSummary& one = **summary;
    if (std::find(currencies.begin(), currencies.end(), one.currency) == currencies.end()) continue;
    const uint64_t time_ms = c.Header(one.height).time_ms.value();
    if (time_ms < from_ms) continue;
    if (until_ms != 0 && time_ms >= until_ms) return true;
    if (!visit(*next, one, time_ms)) return false;
  }
}

std::optional<state::Source> SourceAt(ReadContext& c, uint64_t settlement, base::RecordSeq record) {
  std::optional<state::Source> found;
  const auto visit = [&](const state::Source& source) {
    if (source.record == record) found = source;
    return false;
  };
  const absl::Status status = c.view().snapshot().SourcesOfSettlement(settlement, record, visit);
  if (!status.ok()) c.Fail(status);
  return found;
}

GrossUses UsesOf(ReadContext& c, const state::Source& source, base::Epoch epoch) {
  GrossUses uses;
  const base::Atoms others = source.gross - source.fee - source.net;
  if (others.IsZero()) return uses;
  const base::Uint128 gross_minor = source.gross.value() / base::kPpbOne;
  for (const rewards::Royalty& royalty : c.view().RoyaltiesOn(source.record, epoch)) {
    uses.royalties += rewards::ExactShare(gross_minor, royalty.share);
  }
  uses.attributed = others - uses.royalties;
  return uses;
}

}  // namespace tributary::api
