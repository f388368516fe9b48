// From what a person writes for a record to its id.
#ifndef TRIBUTARY_CLI_FIND_RECORD_H_
#define TRIBUTARY_CLI_FIND_RECORD_H_

#include <string>

#include "absl/status/statusor.h"
#include "cli/context.h"

namespace tributary::cli {

// 32 bytes. Asks the node only where `text` is no id. Errors: those of ParseRecord and of the node.
absl::StatusOr<std::string> FindRecordId(Context& context, const std::string& text);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_FIND_RECORD_H_
