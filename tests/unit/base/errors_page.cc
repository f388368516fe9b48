#include "unit/base/errors_page.h"

#include <cctype>
#include <cstdio>
#include <sstream>

#include "tributary/base/rejection.h"
#include "tributary/base/rejection_class.h"

namespace tributary::base {
namespace {

constexpr std::string_view kIntroduction = R"(# Errors

<!-- Made from include/tributary/base/rejection.def by `./run docs`; a test fails if it is stale. -->

A node refuses a transaction that breaks a rule. The refusal has a **number**, the same on every
node and in every version: numbers never change and are never used again for another rule. It also
names the field at fault, and where it helps the values. When several rules are broken the first one
in the documented order of checks is reported, on every node the same one.

A refused transaction leaves no trace: it takes no sequence number and costs nothing, and the same
bytes may be sent again, by anybody, and succeed later until `valid_until`.

Over gRPC a refusal arrives as a `google.rpc.Status` with an `ErrorInfo` (domain
`tributary`, reason = the name below, metadata `number`), a `BadRequest` that names the field, and
one of these codes:

| code | what it tells you |
|---|---|
| `INVALID_ARGUMENT` | wrong whatever the chain holds: mend the message and sign again |
| `NOT_FOUND` | it names something that the chain does not have, or not yet |
| `ALREADY_EXISTS` | the detail names what is there already; often nothing is left to do |
| `UNAUTHENTICATED` | a signature is missing or does not verify |
| `PERMISSION_DENIED` | somebody else has to sign |
| `RESOURCE_EXHAUSTED` | a quota or a window is full: the same bytes may succeed later |
| `FAILED_PRECONDITION` | the chain's state forbids it now: change something first |

Faults of the machine (a full disk, a peer that is away) are no refusals and have no number: they
arrive as `UNAVAILABLE`, `DATA_LOSS` or `INTERNAL` and never become a verdict on a transaction.
)";

void AppendRow(std::ostringstream& out, const RejectionInfo& info) {
  out << "| " << static_cast<int>(info.code) << " | `" << info.name << "` | " << info.what << " | "
      << info.advice << " | `" << StatusCodeName(StatusCodeOf(info.code)) << "` |\n";
}

}  // namespace

std::vector<RejectionGroup> ParseGroups(std::string_view rejection_def) {
  std::vector<RejectionGroup> groups;
  std::istringstream in{std::string(rejection_def)};
  for (std::string line; std::getline(in, line);) {
    RejectionGroup group;
    int length = 0;
    if (std::sscanf(line.c_str(), "// %d-%d: %n", &group.first, &group.last, &length) != 2)
      continue;
    group.title = line.substr(static_cast<size_t>(length));
    while (!group.title.empty() && group.title.back() == '.') group.title.pop_back();
    if (group.title.empty()) continue;
    group.title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(group.title[0])));
    groups.push_back(std::move(group));
  }
  return groups;
}

std::string ErrorsPage(const std::vector<RejectionGroup>& groups) {
  std::ostringstream out;
  out << kIntroduction;
  for (const RejectionGroup& group : groups) {
    out << "\n## " << group.first << "–" << group.last << ": " << group.title << "\n\n"
        << "| number | name | what is wrong | what to do | gRPC code |\n|---|---|---|---|---|\n";
    for (const RejectionInfo& info : AllRejections()) {
      const int number = static_cast<int>(info.code);
      if (number >= group.first && number <= group.last) AppendRow(out, info);
    }
  }
  return out.str();
}

}  // namespace tributary::base
