// Records a lineage plan on the chain, in as few transactions as fit.
#ifndef TRIBUTARY_CLI_LINEAGE_IMPORT_H_
#define TRIBUTARY_CLI_LINEAGE_IMPORT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "cli/context.h"
#include "cli/lineage_plan.h"
#include "cli/sender.h"
#include "tributary/base/types.h"

namespace tributary::cli {

struct ImportResult {
  uint64_t authors_known = 0;  // that were there before
  uint64_t authors_registered = 0;
  uint64_t records_known = 0;
  uint64_t records_submitted = 0;
  uint64_t transactions = 0;
};

// Registers authors that are missing as custodial accounts of the sender and submits records that
// are missing, each transaction after the one before is committed. What exists is left as it is and
// used as a parent, so that a second run, also after one that was interrupted, changes nothing that
// is there.
// Errors: the node's; a refusal where an author of a missing record has a key of its own, for then
// only the author can sign.
absl::StatusOr<ImportResult> ImportLineage(Context& context, Sender& sender,
                                           const LineagePlan& plan, base::Ppb pass_through);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_LINEAGE_IMPORT_H_
