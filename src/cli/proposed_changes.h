// Reads the changes of a proposal from a command line.
#ifndef TRIBUTARY_CLI_PROPOSED_CHANGES_H_
#define TRIBUTARY_CLI_PROPOSED_CHANGES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "cli/command.h"
#include "cli/context.h"

namespace tributary::cli {

// --grant, --revoke, --quota, --credit, --parameter, --new-currency, --validator, --admins,
// --arbiters, --rule-version.
std::vector<Argument> ChangeArguments();

// At least one change. What is not stated stays: asks the node for the parameters, thresholds and
// quotas in force.
absl::Status AddChanges(Context& context, const v1::NodeStatus& status, v1::Propose* propose);

// "NAME=VALUE", with the names of ledger.proto; shares also as "2.5%". Errors: no such parameter,
// no such value.
absl::Status SetParameter(std::string_view text, v1::Parameters* parameters);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_PROPOSED_CHANGES_H_
