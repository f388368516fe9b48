// What the operations that report revenue share.
#ifndef TRIBUTARY_STATE_REVENUE_H_
#define TRIBUTARY_STATE_REVENUE_H_

#include <string>
#include <string_view>

#include "state/context.h"

namespace tributary::state {

// Where revenue goes: found once for all events of a batch.
struct RevenueTarget {
  base::CurrencyIndex currency;
  base::RecordSeq asset;
};

// Sender is a reporter (kMissingRole), the currency exists (kCurrencyUnknown), the asset exists
// (kAssetUnknown), its lineage is attested where the chain requires that (kAssetNotAttested); a
// correction or review is countersigned, likewise (kNotCountersigned).
base::Checked<RevenueTarget> RequireTarget(Context& c, const base::RecordId& asset,
                                           std::string_view currency);

// Records one event: one addition to pending (asset, currency, epoch), and one for each record that
// its attribution names. Checks, in this order: kReferenceTaken, kEventInFuture, kEventTooOld,
// kCreditLimit, kCurrencyLifetime, then those of CheckAttribution.
// `prefix` stands before the fields of the event, e.g. "items[3].".
base::Verdict RecordEvent(Context& c, const RevenueTarget& target, const codec::RevenueItem& item,
                          size_t position, const std::string& prefix,
                          const PreparedAttribution* attribution = nullptr);

// kReferenceTaken where the sender has used the reference, for an event or for a refund.
base::Verdict RequireFreeReference(Context& c, const base::Hash& reference_key,
                                   std::string_view reference, const std::string& leaf);

// Block time from which on occurred_at is accepted.
uint64_t HorizonStartMs(Overlay& overlay, const ChainRow& chain, const ParametersRow& parameters);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_REVENUE_H_
