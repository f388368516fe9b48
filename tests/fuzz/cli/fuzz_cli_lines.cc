// Files of JSON lines that people hand over: a lineage, and revenue.
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include "cli/lineage_plan.h"
#include "cli/revenue_file.h"
#include "codec/limits.h"
#include "codec/text.h"
#include "fuzz/support/reached.h"
#include "tributary/base/check.h"

namespace tributary::fuzz {
namespace {

void CheckLineage(const std::string& text) {
  std::istringstream in(text);
  const auto plan = cli::ParseLineage(in, "file");
  if (!plan.ok()) return ReachedText(plan.status());
  Reached("a lineage");
  for (size_t i = 0; i < plan->records.size(); ++i) {
    const cli::PlannedRecord& record = plan->records[i];
    TRIBUTARY_CHECK(codec::IsExternalId(record.external_id), "the chain takes the id");
    TRIBUTARY_CHECK(codec::IsHandle(plan->authors.at(record.author).handle), "and the handle");
    for (const cli::PlannedParent& parent : record.parents) {
      TRIBUTARY_CHECK(parent.record < i, "a parent comes before its child");
      TRIBUTARY_CHECK(parent.weight > 0, "a weight is above zero");
    }
  }
}

void CheckRevenue(const std::string& text) {
  std::istringstream in(text);
  const auto lines = cli::ParseRevenue(in, "file");
  if (!lines.ok()) return ReachedText(lines.status());
  Reached("revenue");
  for (const cli::RevenueLine& line : *lines) {
    // The event says what a refund is in.
    const bool left_out = line.currency.empty() && !line.refund_of.empty();
    TRIBUTARY_CHECK(left_out || codec::IsCurrencyCode(line.currency), "a currency code");
    TRIBUTARY_CHECK(line.amount_minor >= 1 && line.amount_minor <= codec::kAmountMinorMax,
                    "an amount within its bounds");
  }
}

}  // namespace

// Not among them: a line longer than 1 MiB and more than 1,024 parents, which would make the corpus
// large; tests of the command have them.
std::vector<std::string> Required() {
  return {"a lineage",
          "revenue",
          "it is not valid JSON",
          "a number is negative",
          "is not whole, or too large",
          "\" stands twice",
          "it is nested too deeply",
          ", not an object",
          ", not a string",
          ", not a list",
          "is missing",
          "is not known here",
          "is no id: 1 to 197",
          "is not known",
          "\"weight\" is not within",
          "is named twice",
          "\"author\" is not 1 to 200 bytes",
          "\"licence\" is not at most 100 bytes",
          "\"created\" is not in seconds",
          "the lineage has a cycle",
          " already",
          "is no currency code",
          "\"amount_minor\" is not within",
          "\"reference\" is not 1 to 64 bytes",
          "and 1 more"};
}

}  // namespace tributary::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;  // NOLINT: a target of its own
  const fuzz::Input input(data, size);
  const std::string text(reinterpret_cast<const char*>(data), size);
  fuzz::CheckLineage(text);
  fuzz::CheckRevenue(text);
  return 0;
}
