// Where the sources of this build are, for tests that read a page or a vector of the repository.
#ifndef TESTS_SUPPORT_PATHS_H_
#define TESTS_SUPPORT_PATHS_H_

#include <string>

namespace tributary::testing {

// Absolute, without a trailing slash.
std::string SourceDir();

}  // namespace tributary::testing

#endif  // TESTS_SUPPORT_PATHS_H_
