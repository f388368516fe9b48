// The rules of the layering, as functions over text: a test reads the tree and applies them, and
// its own tests apply them to planted violations.
#ifndef TRIBUTARY_TESTS_UNIT_BASE_LAYER_RULES_H_
#define TRIBUTARY_TESTS_UNIT_BASE_LAYER_RULES_H_

#include <string>
#include <string_view>
#include <vector>

namespace tributary::layers {

// One line of the table in docs/architecture.md.
struct Row {
  std::vector<std::string> folders;  // usually one; folders of one line may not include each other
  std::vector<std::string> libraries;  // the third column, split at commas
  bool pure = false;
};

// `from` may use none of `banned`, although they are below it.
struct Ban {
  std::string from;
  std::vector<std::string> banned;
};

struct Table {
  std::vector<Row> rows;  // lowest first
  std::vector<Ban> bans;
  std::vector<std::string> errors;  // what could not be read; a usable table has none
};

struct Violation {
  std::string path;
  int line = 0;
  std::string what;
  // "src/x/y.h:12: ..."
  std::string ToString() const;
};

// Reads the table, the sentence "The rows up to `x` are pure" and each "`x` never links `y` ...".
Table ParseArchitecture(std::string_view markdown);

// `path` is relative to the project: src/<row>/... or include/tributary/<row>/..., a C++ file or a
// CMakeLists.txt. The violations are in order of lines.
std::vector<Violation> CheckFile(const Table& table, const std::string& path,
                                 std::string_view content);

// `code` with comments, strings and character literals blanked out, line by line as before.
std::string StripCommentsAndStrings(std::string_view code);

}  // namespace tributary::layers

#endif  // TRIBUTARY_TESTS_UNIT_BASE_LAYER_RULES_H_
