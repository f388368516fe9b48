// Of exit_code.cc this is all that reading a file needs; the rest knows gRPC.
#include "cli/exit_code.h"
#include "tributary/base/status.h"

namespace tributary::cli {

absl::Status UsageError(std::string_view message) { return base::InvalidArgument(message); }

}  // namespace tributary::cli
