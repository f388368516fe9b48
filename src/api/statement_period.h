// What the lines of statements stand for: a settlement, an epoch, a month.
#ifndef TRIBUTARY_API_STATEMENT_PERIOD_H_
#define TRIBUTARY_API_STATEMENT_PERIOD_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>

#include "api/read_context.h"
#include "grpcpp/support/status.h"
#include "tributary/v1/api.pb.h"

namespace tributary::api {

inline constexpr uint64_t kSettlementsVisitedMax = 10'000;  // for one page of a statement

// "settlement 12", "epoch 7", "2025-01"; empty for a line for itself.
std::string PeriodName(v1::StatementPeriod by, uint64_t settlement, uint64_t epoch,
                       uint64_t time_ms);
// "2025-01": the month of a time, UTC.
std::string MonthOf(uint64_t time_ms);

// OK, or BadRequest for a number that is no period.
grpc::Status CheckPeriod(v1::StatementPeriod by);

// The lines of one page, found again by kind, period and currency. A statement that names no period
// has a line for each settlement.
class PeriodLines {
 public:
  // The position of the line; `size` of the page so far, where it is not there yet.
  int PositionOf(int kind, const std::string& period, base::CurrencyIndex currency, int size) {
    return positions_.try_emplace({kind, period, currency.value()}, size).first->second;
  }
  bool Contains(int kind, const std::string& period, base::CurrencyIndex currency) const {
    return positions_.count({kind, period, currency.value()}) != 0;
  }

 private:
  std::map<std::tuple<int, std::string, uint16_t>, int> positions_;
};

// The settlements of a statement, in order, from `*next` on: those of the wanted currencies within
// [from_ms, until_ms). `visit` is given the number, the summary and the block time, and returns
// false where its page is full: then *next is that settlement, and the walk goes on there. False:
// there is more.
using SettlementVisitor =
    std::function<bool(uint64_t, const index::SettlementSummary&, uint64_t time_ms)>;
bool WalkSettlements(ReadContext& c, const std::vector<base::CurrencyIndex>& currencies,
                     uint64_t from_ms, uint64_t until_ms, uint64_t* next,
                     const SettlementVisitor& visit);

// Where money of a settlement entered at `record`, if any did.
std::optional<state::Source> SourceAt(ReadContext& c, uint64_t settlement, base::RecordSeq record);

// What of an asset's gross did neither go to the network nor enter the lineage at the asset.
struct GrossUses {
  base::Atoms royalties;
  base::Atoms attributed;
};
GrossUses UsesOf(ReadContext& c, const state::Source& source, base::Epoch epoch);

}  // namespace tributary::api

#endif  // TRIBUTARY_API_STATEMENT_PERIOD_H_
