#include <cstdio>

#include "daemon/commands.h"
#include "daemon/exit_codes.h"

namespace tributary::daemon {

int RunConfig(const std::string& what, const StoreArguments& arguments) {
  if (what == "example") {
    std::fputs(ExampleConfig().c_str(), stdout);
  } else if (what == "table") {
    std::fputs(ConfigMarkdown().c_str(), stdout);
  } else {
    const auto config = LoadConfig(arguments);
    if (!config.ok()) return Fail(config.status());
    std::puts("the configuration is valid");
  }
  return kExitOk;
}

}  // namespace tributary::daemon
