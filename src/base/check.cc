#include "tributary/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace tributary::base {

void CheckFailed(const char* file, int line, const char* condition, const char* message) {
  std::fprintf(stderr, "%s:%d: check failed: %s (%s)\n", file, line, message, condition);
  std::abort();
}

}  // namespace tributary::base
