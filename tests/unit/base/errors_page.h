// docs/errors.md, made from rejection.def.
#ifndef TRIBUTARY_TESTS_UNIT_BASE_ERRORS_PAGE_H_
#define TRIBUTARY_TESTS_UNIT_BASE_ERRORS_PAGE_H_

#include <string>
#include <string_view>
#include <vector>

namespace tributary::base {

// "// 100-149: the bytes are no message." in rejection.def.
struct RejectionGroup {
  int first = 0;
  int last = 0;
  std::string title;  // starts with a capital, no full stop
};

std::vector<RejectionGroup> ParseGroups(std::string_view rejection_def);

// The whole page, in Markdown.
std::string ErrorsPage(const std::vector<RejectionGroup>& groups);

}  // namespace tributary::base

#endif  // TRIBUTARY_TESTS_UNIT_BASE_ERRORS_PAGE_H_
