// How tributaryd ends; documented in docs/operations.md.
#ifndef TRIBUTARY_DAEMON_EXIT_CODES_H_
#define TRIBUTARY_DAEMON_EXIT_CODES_H_

#include "absl/status/status.h"

namespace tributary::daemon {

enum ExitCode : int {
  kExitOk = 0,
  kExitUsage = 1,         // wrong usage, configuration or genesis
  kExitDamage = 2,        // what is stored is damaged or missing
  kExitEnvironment = 3,   // the machine failed, or something is in the way
  kExitConservation = 4,  // money did not add up: nothing was committed
};

inline ExitCode ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk: return kExitOk;
    case absl::StatusCode::kInvalidArgument: return kExitUsage;
    case absl::StatusCode::kDataLoss: return kExitDamage;
    case absl::StatusCode::kInternal: return kExitConservation;
    default: return kExitEnvironment;
  }
}

}  // namespace tributary::daemon

#endif  // TRIBUTARY_DAEMON_EXIT_CODES_H_
