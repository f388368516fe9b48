#include <cstdio>

#include "api/node_status.h"
#include "daemon/commands.h"
#include "daemon/exit_codes.h"

namespace tributary::daemon {

int RunVersion() {
  std::printf("tributaryd %s\n", api::kVersion);
  return kExitOk;
}

}  // namespace tributary::daemon
