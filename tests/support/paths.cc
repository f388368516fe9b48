#include "support/paths.h"

namespace tributary::testing {

std::string SourceDir() { return TRIBUTARY_SOURCE_DIR; }

}  // namespace tributary::testing
