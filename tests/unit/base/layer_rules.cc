#include "unit/base/layer_rules.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

namespace tributary::layers {
namespace {

// A word of the table's third column, and the include prefixes that it stands for. A header that
// starts with a prefix belongs to that library; words without a prefix are for people.
struct Library {
  std::string_view word;
  std::vector<std::string_view> prefixes;
  bool inherited = false;  // rows above may use it too: it stands in the interface of the row
};

const std::vector<Library>& Libraries() {
  static const std::vector<Library> kLibraries = {
      {"absl::status", {"absl/status/", "absl/strings/string_view.h"}, true},
      {"libsodium", {"sodium.h", "sodium/"}},
      {"OpenSSL libcrypto", {"openssl/"}},
      {"RocksDB", {"rocksdb/"}},
      {"RocksDB through storage's reader", {}},
      {"gRPC",
       {"grpcpp/", "grpc/", "absl/strings/", "google/protobuf/", "google/rpc/", "tributary/v1/"}},
      {"protobuf", {"google/protobuf/"}},
      {"ABCI messages", {"abci/"}},
      {"Boost.Beast", {"boost/"}},
      {"Boost.Asio", {"boost/asio", "boost/system/"}},
      {"prometheus-cpp", {"prometheus/"}},
      {"spdlog", {"spdlog/", "fmt/"}},
      {"CLI11", {"CLI/"}},
      {"toml++", {"toml++/"}},
      {"nlohmann-json", {"nlohmann/"}},
      {"files", {}},
      {"threads", {}},
      {"clock", {}},
  };
  return kLibraries;
}

// What makes two replicas differ, or hides that they could. Matched as whole identifiers.
const std::set<std::string, std::less<>>& BannedWords() {
  static const std::set<std::string, std::less<>> kWords = {
      // clocks
      "chrono", "system_clock", "steady_clock", "high_resolution_clock", "clock_gettime",
      "gettimeofday", "time_t", "localtime", "gmtime", "ctime", "sleep_for",
      // randomness
      "rand", "srand", "random", "random_device", "mt19937", "mt19937_64", "default_random_engine",
      "uniform_int_distribution", "shuffle", "randombytes_buf", "RAND_bytes", "getrandom",
      // environment and locale
      "getenv", "secure_getenv", "setenv", "putenv", "environ", "locale", "setlocale", "clocale",
      "tolower", "toupper", "isalpha", "isalnum", "isdigit", "isspace", "isprint", "cctype",
      // threads
      "thread", "jthread", "thread_local", "mutex", "shared_mutex", "recursive_mutex",
      "condition_variable", "atomic", "atomic_ref", "async", "future", "promise", "latch",
      "barrier", "semaphore", "counting_semaphore", "pthread_create",
      // containers whose order is no order
      "unordered_map", "unordered_set", "unordered_multimap", "unordered_multiset", "flat_hash_map",
      "flat_hash_set", "node_hash_map", "node_hash_set",
      // floating point
      "float", "double", "cmath", "cfloat", "stod", "stof", "stold", "strtod", "strtof",
      "__float128",
      // input and output
      "iostream", "fstream", "sstream", "istream", "ostream", "ifstream", "ofstream",
      "ostringstream", "istringstream", "stringstream", "cout", "cerr", "clog", "cin", "filesystem",
      "fopen", "printf", "fprintf", "puts", "FILE", "cstdio", "socket"};
  return kWords;
}

// A banned word that a file may use, with the reason. Keep this list short: every line of it is a
// promise that somebody has thought about.
struct Exception {
  std::string_view path_prefix;
  std::string_view word;
  std::string_view reason;
};

constexpr Exception kExceptions[] = {
    {"src/base/check.cc", "cstdio", "the last words of a process that aborts"},
    {"src/base/check.cc", "fprintf", "the last words of a process that aborts"},
    {"include/tributary/lineage/", "atomic", "publishes the number of records to readers"},
    {"src/state/overlay.cc", "throw", "a page that cannot be read; see src/state/unreadable.h"},
    {"src/lineage/", "atomic", "publishes the number of records to readers"},
    {"src/lineage/", "atomic_ref", "publishes a new segment to readers"},
    {"include/tributary/crypto/", "thread_local", "a digest context reused within a thread"},
    {"src/crypto/", "thread_local", "a digest context reused within a thread"},
    {"src/crypto/", "randombytes_buf", "makes new keys; no pure row may call it"},
};

bool Excepted(std::string_view path, std::string_view word) {
  return std::any_of(std::begin(kExceptions), std::end(kExceptions), [&](const Exception& e) {
    return path.substr(0, e.path_prefix.size()) == e.path_prefix && word == e.word;
  });
}

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool IsWordChar(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) {
    text.remove_prefix(1);
  }
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) {
    text.remove_suffix(1);
  }
  return text;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// The words in `backquotes`, in order.
std::vector<std::string> Quoted(std::string_view text) {
  const std::vector<std::string_view> parts = Split(text, '`');
  std::vector<std::string> words;
  for (size_t i = 1; i < parts.size(); i += 2) words.emplace_back(parts[i]);
  return words;
}

const Library* FindLibrary(std::string_view word) {
  const auto& all = Libraries();
  const auto it = std::find_if(all.begin(), all.end(),
                               [word](const Library& library) { return library.word == word; });
  return it == all.end() ? nullptr : &*it;
}

std::optional<size_t> RowOf(const Table& table, std::string_view folder) {
  for (size_t i = 0; i < table.rows.size(); ++i) {
    const auto& folders = table.rows[i].folders;
    if (std::find(folders.begin(), folders.end(), folder) != folders.end()) return i;
  }
  return std::nullopt;
}

void ParseRow(std::string_view line, Table& table) {
  const std::vector<std::string_view> cells = Split(line, '|');
  Row row;
  row.folders = Quoted(cells[1]);
  if (cells.size() != 5) {
    table.errors.push_back("not three columns: " + std::string(line));
    return;
  }
  for (const std::string_view part : Split(cells[3], ',')) {
    const std::string_view word = Trim(part);
    if (word == "–" || word.empty()) continue;
    if (FindLibrary(word) == nullptr) {
      table.errors.push_back("unknown library in the third column: " + std::string(word));
    }
    row.libraries.emplace_back(word);
  }
  table.rows.push_back(std::move(row));
}

void MarkPure(std::string_view last, Table& table) {
  const std::optional<size_t> index = RowOf(table, last);
  if (!index) {
    table.errors.push_back("the last pure row is not in the table: " + std::string(last));
    return;
  }
  for (size_t i = 0; i <= *index; ++i) table.rows[i].pure = true;
}

void ParseBan(std::string_view sentence, Table& table) {
  std::vector<std::string> words = Quoted(sentence);
  if (words.size() < 2) {
    table.errors.push_back("a ban without names: " + std::string(sentence));
    return;
  }
  for (const std::string& word : words) {
    if (!RowOf(table, word)) table.errors.push_back("a ban names no row: " + word);
  }
  table.bans.push_back({words.front(), {words.begin() + 1, words.end()}});
}

// The prose below the table as one line per sentence.
void ParseSentences(const std::string& prose, Table& table) {
  size_t begin = 0;
  while (begin < prose.size()) {
    size_t end = prose.find(". ", begin);
    if (end == std::string::npos) end = prose.size();
    const std::string_view sentence = Trim(std::string_view(prose).substr(begin, end - begin));
    if (StartsWith(sentence, "The rows up to `")) MarkPure(Quoted(sentence).front(), table);
    if (sentence.find("` never links `") != std::string_view::npos) ParseBan(sentence, table);
    begin = end + 1;
  }
}

// ------------------------------------------------------------------------------------------------
// One file

struct File {
  const Table& table;
  const std::string& path;
  std::string folder;
  size_t row = 0;
  std::vector<Violation>& out;

  const Row& own() const { return table.rows[row]; }
  void Report(int line, const std::string& what) const { out.push_back({path, line, what}); }
};

// "src/codec/x/y.h" and "include/tributary/codec/y.h" are both of folder "codec".
std::string FolderOf(std::string_view path) {
  for (const std::string_view root : {"src/", "include/tributary/"}) {
    if (!StartsWith(path, root)) continue;
    const std::string_view rest = path.substr(root.size());
    const size_t slash = rest.find('/');
    if (slash != std::string_view::npos) return std::string(rest.substr(0, slash));
  }
  return {};
}

void CheckRowUse(const File& file, int line, const std::string& folder, const std::string& how) {
  if (folder == file.folder) return;
  const std::optional<size_t> used = RowOf(file.table, folder);
  if (!used) {
    file.Report(line, how + " names no row: '" + folder + "'");
    return;
  }
  if (*used >= file.row) {
    file.Report(line, how + ": row '" + file.folder + "' may not use '" + folder +
                          "', which is not below it");
    return;
  }
  for (const Ban& ban : file.table.bans) {
    if (ban.from != file.folder) continue;
    if (std::find(ban.banned.begin(), ban.banned.end(), folder) == ban.banned.end()) continue;
    file.Report(line, how + ": '" + file.folder + "' never uses '" + folder + "'");
  }
}

bool MayUse(const File& file, const Library& library) {
  const auto names = [&library](const Row& row) {
    return std::find(row.libraries.begin(), row.libraries.end(), library.word) !=
           row.libraries.end();
  };
  if (names(file.own())) return true;
  const auto& rows = file.table.rows;
  return library.inherited &&
         std::any_of(rows.begin(), rows.begin() + static_cast<long>(file.row), names);
}

bool IsStandardOrSystem(std::string_view header) {
  for (const std::string_view prefix : {"sys/", "netinet/", "arpa/", "linux/", "bits/"}) {
    if (StartsWith(header, prefix)) return true;
  }
  return header.find('/') == std::string_view::npos;
}

// A header of the C++ library has no extension; one of the system ends in .h.
void CheckSystemHeader(const File& file, int line, const std::string& header) {
  if (file.own().pure && header.find('.') != std::string::npos) {
    file.Report(line, "pure row '" + file.folder + "' includes the system header " + header);
  }
}

void CheckLibraryHeader(const File& file, int line, const std::string& header) {
  bool known = false;
  for (const Library& library : Libraries()) {
    const bool matches = std::any_of(library.prefixes.begin(), library.prefixes.end(),
                                     [&](std::string_view p) { return StartsWith(header, p); });
    if (matches && MayUse(file, library)) return;
    known = known || matches;
  }
  if (known) {
    file.Report(line, "row '" + file.folder + "' may not include " + header +
                          ": its line in docs/architecture.md does not name that library");
  } else if (IsStandardOrSystem(header)) {
    CheckSystemHeader(file, line, header);
  } else {
    file.Report(line, "unknown library: " + header);
  }
}

void CheckInclude(const File& file, int line, std::string_view text) {
  text = Trim(text.substr(text.find("include") + 7));
  if (text.size() < 2) return;
  const bool quoted = text.front() == '"';
  const size_t end = text.find(quoted ? '"' : '>', 1);
  if ((!quoted && text.front() != '<') || end == std::string_view::npos) return;
  const std::string header(text.substr(1, end - 1));
  const std::string inner =
      StartsWith(header, "tributary/") ? header.substr(std::string("tributary/").size()) : header;
  const std::string folder = inner.substr(0, inner.find('/'));
  const bool generated = StartsWith(header, "tributary/v1/");
  if (!generated && (RowOf(file.table, folder) || StartsWith(header, "tributary/"))) {
    CheckRowUse(file, line, folder, "#include \"" + header + "\"");
  } else if (quoted && header.find('/') == std::string::npos) {
    file.Report(line, "write includes from the roots: \"" + header + "\"");
  } else {
    CheckLibraryHeader(file, line, header);
  }
}

bool IsFloatingLiteral(std::string_view word) {
  if (word.empty() || std::isdigit(static_cast<unsigned char>(word.front())) == 0) return false;
  if (word.size() > 1 && (word[1] == 'x' || word[1] == 'X')) return false;
  return word.find_first_of(".eE") != std::string_view::npos;
}

// The last two characters before `at` that are not blanks.
std::string Before(std::string_view line, size_t at) {
  std::string out;
  while (at > 0 && out.size() < 2) {
    const char c = line[--at];
    if (c != ' ') out.insert(out.begin(), c);
  }
  return out;
}

// time( and clock( are ordinary names of members; as calls of the C library they stand alone.
bool IsLibraryCall(std::string_view line, size_t begin, size_t end) {
  const std::string_view after = Trim(line.substr(end));
  if (after.empty() || after.front() != '(') return false;
  const std::string before = Before(line, begin);
  if (before == "::") return true;
  if (!before.empty() && (before.back() == '.' || before == "->")) return false;
  return before.empty() || !IsWordChar(before.back()) || StartsWith(after, "(nullptr") ||
         StartsWith(after, "(NULL") || StartsWith(after, "(0)");
}

bool IsBanned(std::string_view line, size_t begin, size_t end) {
  const std::string_view word = line.substr(begin, end - begin);
  if (word == "time" || word == "clock") return IsLibraryCall(line, begin, end);
  return BannedWords().count(word) != 0 || IsFloatingLiteral(word);
}

void CheckWords(const File& file, int number, std::string_view line) {
  size_t at = 0;
  while (at < line.size()) {
    if (!IsWordChar(line[at])) {
      ++at;
      continue;
    }
    const bool digits = std::isdigit(static_cast<unsigned char>(line[at])) != 0;
    size_t end = at;
    while (end < line.size() && (IsWordChar(line[end]) || (digits && line[end] == '.'))) ++end;
    const std::string word(line.substr(at, end - at));
    if (word == "throw" && !Excepted(file.path, word)) {
      file.Report(number, "nothing throws: return a Rejection or an absl::Status");
    } else if (file.own().pure && IsBanned(line, at, end) && !Excepted(file.path, word)) {
      file.Report(number, "pure row '" + file.folder + "' uses the banned word '" + word + "'");
    }
    at = end;
  }
}

// std::map<T*, ...> and std::set<T*> iterate in the order of addresses.
void CheckPointerKeys(const File& file, int number, std::string_view line) {
  for (const std::string_view container : {"map<", "set<"}) {
    const size_t at = line.find(container);
    if (!file.own().pure || at == std::string_view::npos) continue;
    const std::string_view key = line.substr(at + container.size());
    const std::string_view first = Trim(key.substr(0, key.find_first_of(",>")));
    if (!first.empty() && first.back() == '*') {
      file.Report(number, "pure row '" + file.folder + "' orders by pointer");
    }
  }
}

void CheckCode(const File& file, std::string_view content) {
  const std::string stripped = StripCommentsAndStrings(content);
  const std::vector<std::string_view> raw = Split(content, '\n');
  const std::vector<std::string_view> code = Split(stripped, '\n');
  for (size_t i = 0; i < code.size(); ++i) {
    const int number = static_cast<int>(i) + 1;
    const std::string_view line = Trim(code[i]);
    if (StartsWith(line, "#") && StartsWith(Trim(line.substr(1)), "include")) {
      CheckInclude(file, number, Trim(raw[i]));
    }
    CheckWords(file, number, code[i]);
    CheckPointerKeys(file, number, code[i]);
  }
}

// Targets are named tributary_<folder>; the helpers and the library of generated code are no rows.
void CheckCMake(const File& file, std::string_view content) {
  static constexpr std::string_view kPrefix = "tributary_";
  static const std::set<std::string, std::less<>> kHelpers = {"row", "test", "fuzz", "flags"};
  int number = 0;
  for (std::string_view line : Split(content, '\n')) {
    ++number;
    line = line.substr(0, line.find('#'));
    for (size_t at = line.find(kPrefix); at != std::string_view::npos;
         at = line.find(kPrefix, at + 1)) {
      if (at > 0 && IsWordChar(line[at - 1])) continue;
      size_t end = at + kPrefix.size();
      while (end < line.size() && IsWordChar(line[end])) ++end;
      const std::string name(line.substr(at + kPrefix.size(), end - at - kPrefix.size()));
      if (kHelpers.count(name) != 0) continue;
      if (name == "proto") {
        if (!MayUse(file, *FindLibrary("gRPC")) && !MayUse(file, *FindLibrary("protobuf"))) {
          file.Report(number, "row '" + file.folder + "' may not link generated code");
        }
      } else if (RowOf(file.table, name)) {
        CheckRowUse(file, number, name, "linking " + std::string(kPrefix) + name);
      }
    }
  }
}

// ------------------------------------------------------------------------------------------------
// Stripping

class Stripper {
 public:
  explicit Stripper(std::string_view code) : in_(code), out_(code) {}

  std::string Run() {
    while (at_ < in_.size()) Step();
    return std::move(out_);
  }

 private:
  void Step() {
    if (in_.substr(at_, 2) == "//") return BlankTo(in_.find('\n', at_));
    if (in_.substr(at_, 2) == "/*") return BlankTo(After(in_.find("*/", at_ + 2), 2));
    if (in_[at_] == '"' && at_ > 0 && in_[at_ - 1] == 'R') return BlankRawString();
    if (in_[at_] == '"') return BlankQuoted('"');
    if (in_[at_] == '\'' && !IsDigitSeparator()) return BlankQuoted('\'');
    ++at_;
  }
  // 1'000: the quote stands inside a number, whose first character is a digit.
  bool IsDigitSeparator() const {
    size_t begin = at_;
    while (begin > 0 && (IsWordChar(in_[begin - 1]) || in_[begin - 1] == '\'')) --begin;
    return begin < at_ && std::isdigit(static_cast<unsigned char>(in_[begin])) != 0;
  }
  void BlankQuoted(char quote) {
    size_t end = at_ + 1;
    while (end < in_.size() && in_[end] != quote && in_[end] != '\n') {
      end += in_[end] == '\\' ? 2 : 1;
    }
    BlankTo(end < in_.size() && in_[end] == quote ? end + 1 : end);
  }
  void BlankRawString() {
    const size_t open = in_.find('(', at_);
    if (open == std::string_view::npos) return BlankTo(open);
    const std::string close = ")" + std::string(in_.substr(at_ + 1, open - at_ - 1)) + "\"";
    BlankTo(After(in_.find(close, open), close.size()));
  }
  static size_t After(size_t at, size_t length) {
    return at == std::string_view::npos ? at : at + length;
  }
  void BlankTo(size_t end) {
    end = std::min(end, in_.size());
    for (; at_ < end; ++at_) {
      if (in_[at_] != '\n') out_[at_] = ' ';
    }
  }

  std::string_view in_;
  std::string out_;
  size_t at_ = 0;
};

}  // namespace

std::string Violation::ToString() const { return path + ":" + std::to_string(line) + ": " + what; }

std::string StripCommentsAndStrings(std::string_view code) { return Stripper(code).Run(); }

Table ParseArchitecture(std::string_view markdown) {
  Table table;
  std::string prose;
  bool in_table = false;
  for (const std::string_view line : Split(markdown, '\n')) {
    if (StartsWith(line, "| row |")) in_table = true;
    if (in_table && !StartsWith(line, "|")) in_table = false;
    if (in_table && StartsWith(line, "| `")) {
      ParseRow(line, table);
    } else if (!in_table) {
      // An empty line ends a sentence whose full stop is the last character of its line.
      prose += line.empty() ? " . " : std::string(line) + " ";
    }
  }
  ParseSentences(prose, table);
  if (table.rows.empty()) table.errors.push_back("no table of rows");
  if (!table.rows.empty() && !table.rows.front().pure) table.errors.push_back("no pure rows");
  return table;
}

std::vector<Violation> CheckFile(const Table& table, const std::string& path,
                                 std::string_view content) {
  std::vector<Violation> out;
  File file{table, path, FolderOf(path), 0, out};
  const std::optional<size_t> row = RowOf(table, file.folder);
  if (!row) {
    out.push_back({path, 1, "the folder '" + file.folder + "' is not in docs/architecture.md"});
    return out;
  }
  file.row = *row;
  if (path.size() >= 14 && path.substr(path.size() - 14) == "CMakeLists.txt") {
    CheckCMake(file, content);
  } else {
    CheckCode(file, content);
  }
  return out;
}

}  // namespace tributary::layers
