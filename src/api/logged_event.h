// Events of revenue and refunds as the log tells them: also those that are older than the horizon,
// of which the state knows nothing any more.
#ifndef TRIBUTARY_API_LOGGED_EVENT_H_
#define TRIBUTARY_API_LOGGED_EVENT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/read_context.h"
#include "rewards/flow.h"
#include "tributary/base/types.h"
#include "tributary/v1/api.pb.h"

namespace tributary::api {

struct AttributedShare {
  base::RecordSeq record;
  uint32_t weight = 0;  // as stated
  base::Ppb share;      // of gross
};

struct LoggedAttribution {
  base::AccountId attributor;
  std::string method;
  std::optional<base::Hash> report_sha256;
  base::Ppb alpha;
  std::vector<AttributedShare> parts;  // in the order of the claim
};

struct LoggedEvent {
  base::AccountId reporter;
  std::string reference;
  std::string refund_of;  // of a refund: the event's reference; `asset` and `currency` are not set
  base::RecordSeq asset;
  base::CurrencyIndex currency;
  base::MinorUnits amount;
  base::TimeMs occurred_at;
  std::optional<LoggedAttribution> attribution;
  bool is_refund() const { return !refund_of.empty(); }
};

struct LoggedPlace {
  base::EntryIndex entry;
  uint32_t operation = 0;
  uint32_t item = 0;
};

// nullopt: there is no such event at that place, or its transaction cannot be read.
std::optional<LoggedEvent> ReadEvent(ReadContext& c, const LoggedPlace& place);

// Weights as the chain admits them. Requires: no record twice, `alpha` above zero.
std::vector<AttributedShare> AdmitAttribution(ReadContext& c, base::Ppb alpha,
                                              const std::vector<base::RecordSeq>& records,
                                              const std::vector<uint32_t>& weights);

// The amounts that enter the named records of `amount`: exact.
std::vector<rewards::RecordAmount> AttributedAmounts(const LoggedAttribution& attribution,
                                                     base::MinorUnits amount);

void EncodeAttribution(ReadContext& c, const LoggedAttribution& attribution,
                       base::MinorUnits amount, base::CurrencyIndex currency, bool with_parts,
                       v1::AttributionView* to);

// The first block of an epoch, or of the first epoch after it that has one; one more than the last
// height where there is none.
base::Height FirstHeightOf(ReadContext& c, base::Epoch epoch);

struct LoggedRefund {
  std::string reference;
  base::MinorUnits amount;
  base::Epoch epoch;
  base::EntryIndex entry;
  bool after_settlement = false;  // of the event
};

// An event as it was recorded, with everything that was given back of it.
struct EventHistory {
  LoggedEvent event;
  base::Epoch epoch;                  // in which it was recorded
  std::vector<LoggedRefund> refunds;  // oldest first
  bool too_many = false;              // events to look through: `refunds` may lack some

  uint64_t refunded_minor() const;
  // What is split: the amount less what was refunded before it settled.
  base::MinorUnits split_amount() const;
};
// nullopt: there is no event at that place; also for a refund.
std::optional<EventHistory> ReadHistory(ReadContext& c, const LoggedPlace& place);

// What the events of an asset, recorded in one epoch and settled at a height, attributed to
// records, by record, ascending. nullopt: too many events to look through.
struct SettledEpoch {
  base::RecordSeq asset;
  base::CurrencyIndex currency;
  base::Epoch epoch;
  base::Height settled_at;
};
std::optional<std::vector<rewards::RecordAmount>> AttributedOf(ReadContext& c,
                                                               const SettledEpoch& settled);

}  // namespace tributary::api

#endif  // TRIBUTARY_API_LOGGED_EVENT_H_
