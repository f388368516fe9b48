// Signs what an attributor says about one event: which records influenced it.
#ifndef TRIBUTARY_CLIENT_ATTRIBUTION_H_
#define TRIBUTARY_CLIENT_ATTRIBUTION_H_

#include <string_view>

#include "tributary/client/signer.h"
#include "tributary/v1/ledger.pb.h"

namespace tributary::client {

// The claim as it goes into ReportRevenue, signed for one chain. Nothing is checked here: the
// transaction builder reads the bytes back by the chain's rules, and the chain has the last word.
v1::Attribution SignAttribution(std::string_view chain_id, const v1::AttributionClaim& claim,
                                const Signer& attributor);

}  // namespace tributary::client

#endif  // TRIBUTARY_CLIENT_ATTRIBUTION_H_
