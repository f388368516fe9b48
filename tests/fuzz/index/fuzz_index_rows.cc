// Rows of the read-only indexes as a disk hands them back: whatever is taken is written again as it
// stood. The first byte says which sort of row.
#include <cstddef>
#include <cstdint>
#include <string>

#include "fuzz/support/reached.h"
#include "index/rows.h"
#include "tributary/base/check.h"

namespace tributary::fuzz {
namespace {

template <class T, class Encode>
void Check(const std::string& name, std::string_view value, const std::optional<T>& decoded,
           const Encode& encode) {
  Reached((decoded ? "" : "no ") + name);
  if (decoded) TRIBUTARY_CHECK(encode(*decoded) == value, "a row has one form");
}

}  // namespace

std::vector<std::string> Required() {
  std::vector<std::string> labels;
  for (const char* name : {"place", "records", "events", "journal", "settlement", "credits",
                           "sources", "reported", "reported key"}) {
    labels.emplace_back(name);
    labels.push_back("no " + labels.back());
  }
  return labels;
}

}  // namespace tributary::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;  // NOLINT: a target of its own
  const fuzz::Input input(data, size);
  if (size == 0) return 0;
  const std::string_view value = base::AsText({data + 1, size - 1});
  index::TrailingNumber(value);
  index::HeightInKey(value);
  switch (data[0] % 9) {
    case 0:
      fuzz::Check("place", value, index::DecodeTransactionPlace(value),
                  index::EncodeTransactionPlace);
      break;
    case 1: fuzz::Check("records", value, index::DecodeRecords(value), index::EncodeRecords); break;
    case 2: fuzz::Check("events", value, index::DecodeEvents(value), index::EncodeEvents); break;
    case 3: fuzz::Check("journal", value, index::DecodeJournal(value), index::EncodeJournal); break;
    case 4:
      fuzz::Check("settlement", value, index::DecodeSettlement(value), index::EncodeSettlement);
      break;
    case 5:
      fuzz::Check("credits", value, index::DecodeCredits(value), [](const auto& credits) {
        return index::EncodeCredits(credits.data(), credits.size());
      });
      break;
    case 7:
      fuzz::Check("reported", value, index::DecodeReported(value), index::EncodeReported);
      break;
    case 8:
      fuzz::Check("reported key", value, index::ParseReportedKey(value), index::ReportedKey);
      break;
    default:
      fuzz::Check("sources", value, index::DecodeSources(value), [](const auto& sources) {
        return index::EncodeSources(sources.data(), sources.size());
      });
  }
  return 0;
}
