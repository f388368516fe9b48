// Tables of text as RFC 4180 has them: what spreadsheets and banks read and write.
//
// Written: a header row, lines that end with CR LF, quotes where a cell needs them. Text that came
// from others goes through CsvText, so that no spreadsheet takes it for a formula.
// Read: strictly, and within bounds; what is wrong is named with its line.
#ifndef TRIBUTARY_CLI_CSV_H_
#define TRIBUTARY_CLI_CSV_H_

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/json_lines.h"

namespace tributary::cli {

inline constexpr size_t kCsvFileBytesMax = size_t{64} << 20;
inline constexpr size_t kCsvRowsMax = 1'000'000;  // without the header
inline constexpr size_t kCsvColumnsMax = 64;
inline constexpr size_t kCsvCellBytesMax = 4'096;

// A cell of text: where it begins with =, +, -, @, a tab, a carriage return or an apostrophe, an
// apostrophe goes before it, which spreadsheets take as "this is text". Numbers that we make
// ourselves need none.
std::string CsvText(std::string_view text);
// The text of such a cell: without the apostrophe, if it stands before one of those characters.
std::string CsvUntext(std::string_view cell);

// One line, CR LF included. Cells with a comma, a quote, a line end, or a space at either end are
// quoted.
std::string CsvLine(const std::vector<std::string>& cells);

struct CsvRow {
  uint64_t line = 0;  // in which it begins, from 1
  std::vector<std::string> cells;
};

// The rows of a file, its header first. A mark of byte order at the start (UTF-8) is passed over;
// lines end with CR LF or LF; lines without a character are passed over. Every row has as many
// cells as the header.
// Problems, each with its line: a quote within a cell that is not quoted, text behind a closing
// quote, a quote that is not closed, another number of cells, too many or too long ones, a CR
// without LF, other control characters, bytes that are no UTF-8. Whatever was read is of no use if
// there are any.
std::vector<CsvRow> ParseCsv(std::string_view text, Problems& problems);

// The contents of a file. Errors: it cannot be read, or is larger than kCsvFileBytesMax.
absl::StatusOr<std::string> ReadCsvFile(const std::string& path);

// Where a command writes its CSV: a new file, or "-" for the standard output.
class CsvOutput {
 public:
  explicit CsvOutput(std::ostream& standard) : standard_(standard) {}
  ~CsvOutput();
  // Errors: the file exists, or cannot be made.
  absl::Status Open(const std::string& path);
  void Row(const std::vector<std::string>& cells);
  uint64_t rows() const { return rows_; }
  // Writes out what is kept back. Errors: something could not be written, now or before.
  absl::Status Flush();

 private:
  std::ostream& standard_;
  std::string path_;
  int file_ = -1;  // -1: standard output
  std::string buffer_;
  bool failed_ = false;
  uint64_t rows_ = 0;
};

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_CSV_H_
