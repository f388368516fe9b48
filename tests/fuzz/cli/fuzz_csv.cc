// CSV files from outside: whatever is accepted is within bounds, and reads the same when written
// again.
#include <cstddef>
#include <cstdint>

#include "cli/csv.h"
#include "fuzz/support/reached.h"
#include "tributary/base/check.h"
#include "tributary/base/types.h"

// Not among them: more than 1,000,000 rows; the parser's own tests have it.
std::vector<std::string> tributary::fuzz::Required() {
  return {"accepted",
          "more than 64 cells",
          "but the header has",
          "a quote within a cell that is not quoted",
          "a cell is longer than 4,096 bytes",
          "a cell holds control characters or bytes that are no UTF-8",
          "a quote is not closed",
          "text behind a closing quote"};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;  // NOLINT: a target of its own
  const fuzz::Input input(data, size);
  const std::string_view text = base::AsText({data, size});
  cli::Problems problems("fuzz");
  const auto rows = cli::ParseCsv(text, problems);
  if (!problems.empty()) {
    fuzz::ReachedText(problems.ToStatus());
    return 0;
  }
  fuzz::Reached(fuzz::kAccepted);
  std::string written;
  for (const cli::CsvRow& row : rows) {
    TRIBUTARY_CHECK(row.cells.size() == rows.front().cells.size(), "ragged");
    TRIBUTARY_CHECK(row.cells.size() <= cli::kCsvColumnsMax, "too many cells");
    for (const std::string& cell : row.cells) {
      TRIBUTARY_CHECK(cell.size() <= cli::kCsvCellBytesMax, "too long a cell");
      TRIBUTARY_CHECK(cli::CsvUntext(cli::CsvText(cell)) == cell, "text changes");
    }
    written += cli::CsvLine(row.cells);
  }
  const auto again = cli::ParseCsv(written, problems);
  TRIBUTARY_CHECK(problems.empty() && again.size() == rows.size(), "does not read back");
  for (size_t i = 0; i < rows.size(); ++i) {
    TRIBUTARY_CHECK(again[i].cells == rows[i].cells, "reads back differently");
  }
  return 0;
}
