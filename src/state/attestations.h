// Attestations of an asset's lineage by independent stewards.
#ifndef TRIBUTARY_STATE_ATTESTATIONS_H_
#define TRIBUTARY_STATE_ATTESTATIONS_H_

#include "state/context.h"

namespace tributary::state {

// Whether the latest attestation of the asset says that its lineage is complete.
bool IsAttested(Overlay& overlay, base::RecordSeq asset);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_ATTESTATIONS_H_
