#include "tributary/client/attribution.h"

#include "codec/ids.h"
#include "tributary/client/transaction.h"

namespace tributary::client {

v1::Attribution SignAttribution(std::string_view chain_id, const v1::AttributionClaim& claim,
                                const Signer& attributor) {
  v1::Attribution attribution;
  attribution.set_claim(claim.SerializeAsString());
  const std::string message =
      codec::AttributionMessage(chain_id, base::AsBytes(attribution.claim()));
  attribution.set_signature(ToField(attributor.Sign(base::AsBytes(message))));
  return attribution;
}

}  // namespace tributary::client
