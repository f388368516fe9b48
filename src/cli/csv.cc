#include "cli/csv.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "cli/exit_code.h"
#include "codec/text.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr size_t kBufferBytes = size_t{1} << 16;

bool IsFormulaStart(char c) {
  return std::string_view("=+-@\t\r'").find(c) != std::string_view::npos;
}

// One pass over the text; each member function reads one thing and moves on.
class Parser {
 public:
  Parser(std::string_view text, Problems& problems) : text_(text), problems_(problems) {
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  }

  std::vector<CsvRow> Run() {
    while (at_ < text_.size() && rows_.size() <= kCsvRowsMax) {
      if (AtLineEnd()) {
        SkipLineEnd();
      } else {
        ReadRow();
      }
    }
    if (rows_.size() > kCsvRowsMax) problems_.Add(line_, "more than 1,000,000 rows");
    return std::move(rows_);
  }

 private:
  bool AtLineEnd() const {
    return text_[at_] == '\n' || (text_[at_] == '\r' && text_.substr(at_ + 1, 1) == "\n");
  }
  void SkipLineEnd() {
    at_ += text_[at_] == '\r' ? 2 : 1;
    ++line_;
  }
  bool AtCellEnd() const { return at_ >= text_.size() || text_[at_] == ',' || AtLineEnd(); }

  void ReadRow() {
    CsvRow row;
    row.line = line_;
    bad_ = false;
    for (;;) {
      std::string cell;
      ReadCell(&cell);
      if (row.cells.size() < kCsvColumnsMax) {
        row.cells.push_back(std::move(cell));
      } else {
        Problem(row.line, "more than 64 cells");
      }
      if (at_ >= text_.size() || text_[at_] != ',') break;
      ++at_;
    }
    if (at_ < text_.size()) SkipLineEnd();
    if (!rows_.empty() && row.cells.size() != rows_.front().cells.size()) {
      Problem(row.line, std::to_string(row.cells.size()) + " cells, but the header has " +
                            std::to_string(rows_.front().cells.size()));
    }
    rows_.push_back(std::move(row));
  }

  // Up to the comma or line end behind the cell.
  void ReadCell(std::string* cell) {
    const uint64_t line = line_;
    if (at_ < text_.size() && text_[at_] == '"') {
      ReadQuoted(line, cell);
    } else {
      while (!AtCellEnd()) {
        if (text_[at_] == '"') Problem(line, "a quote within a cell that is not quoted");
        Append(text_[at_++], cell);
      }
    }
    if (cell->size() > kCsvCellBytesMax) {
      Problem(line, "a cell is longer than 4,096 bytes");
    } else if (!IsText(*cell)) {
      Problem(line, "a cell holds control characters or bytes that are no UTF-8");
    }
  }

  void ReadQuoted(uint64_t line, std::string* cell) {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\n') ++line_;
      if (text_[at_] != '"') {
        Append(text_[at_], cell);
      } else if (text_.substr(at_ + 1, 1) == "\"") {
        Append(text_[++at_], cell);
      } else {
        break;
      }
    }
    if (at_ >= text_.size()) return Problem(line, "a quote is not closed");
    ++at_;
    if (!AtCellEnd()) Problem(line, "text behind a closing quote");
    while (!AtCellEnd()) ++at_;
  }

  // One byte more than is allowed tells that there were too many.
  static void Append(char c, std::string* cell) {
    if (cell->size() <= kCsvCellBytesMax) cell->push_back(c);
  }

  // Plain text, but for line ends within quotes.
  static bool IsText(std::string_view cell) {
    for (;;) {
      const size_t end = cell.find('\n');
      std::string_view line = cell.substr(0, end);
      if (end != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
      if (!codec::IsPlainText(line)) return false;
      if (end == std::string_view::npos) return true;
      cell.remove_prefix(end + 1);
    }
  }

  // At most one for each row.
  void Problem(uint64_t line, const std::string& what) {
    if (!bad_) problems_.Add(line, what);
    bad_ = true;
  }

  std::string_view text_;
  Problems& problems_;
  size_t at_ = 0;
  uint64_t line_ = 1;
  bool bad_ = false;
  std::vector<CsvRow> rows_;
};

absl::Status FileError(const std::string& what, const std::string& path) {
  return base::MakeStatus(absl::StatusCode::kUnavailable,
                          what + " " + path + ": " + std::strerror(errno));
}

}  // namespace

std::string CsvText(std::string_view text) {
  const bool mark = !text.empty() && IsFormulaStart(text.front());
  return (mark ? "'" : "") + std::string(text);
}

std::string CsvUntext(std::string_view cell) {
  if (cell.size() >= 2 && cell[0] == '\'' && IsFormulaStart(cell[1])) cell.remove_prefix(1);
  return std::string(cell);
}

std::string CsvLine(const std::vector<std::string>& cells) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    const std::string& cell = cells[i];
    if (i > 0) line += ',';
    // A mark of byte order would be passed over at the start of a file.
    const bool spaced = !cell.empty() && (cell.front() == ' ' || cell.back() == ' ' ||
                                          cell.starts_with(kByteOrderMark));
    // A row of one empty cell would be no row.
    const bool nothing = cell.empty() && cells.size() == 1;
    if (!spaced && !nothing && cell.find_first_of(",\"\r\n") == std::string::npos) {
      line += cell;
      continue;
    }
    line += '"';
    for (const char c : cell) line.append(c == '"' ? 2 : 1, c);
    line += '"';
  }
  return line + "\r\n";
}

std::vector<CsvRow> ParseCsv(std::string_view text, Problems& problems) {
  return Parser(text, problems).Run();
}

absl::StatusOr<std::string> ReadCsvFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return base::NotFound("cannot open " + path);
  std::string text;
  std::string part(kBufferBytes, '\0');
  while (in.read(part.data(), static_cast<std::streamsize>(part.size())) || in.gcount() > 0) {
    text.append(part, 0, static_cast<size_t>(in.gcount()));
    if (text.size() > kCsvFileBytesMax) return UsageError(path + " is larger than 64 MiB");
  }
  if (in.bad()) return base::Unavailable("cannot read " + path);
  return text;
}

CsvOutput::~CsvOutput() {
  if (file_ >= 0) close(file_);
}

absl::Status CsvOutput::Open(const std::string& path) {
  path_ = path;
  if (path == "-") return absl::OkStatus();
  file_ = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  return file_ >= 0 ? absl::OkStatus() : FileError("cannot make", path);
}

void CsvOutput::Row(const std::vector<std::string>& cells) {
  ++rows_;
  buffer_ += CsvLine(cells);
  if (buffer_.size() < kBufferBytes) return;
  Flush().IgnoreError();  // the last one tells of it again
}

absl::Status CsvOutput::Flush() {
  std::string_view left = buffer_;
  if (file_ < 0) {
    standard_ << left;
    left = {};
  }
  while (!left.empty() && !failed_) {
    const ssize_t written = write(file_, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    failed_ = written < 0;
    if (!failed_) left.remove_prefix(static_cast<size_t>(written));
  }
  buffer_.clear();
  return failed_ ? FileError("cannot write", path_) : absl::OkStatus();
}

}  // namespace tributary::cli
