#include "daemon/toml_document.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tributary/base/status.h"

// Header-only: the distribution's library is built with exceptions. Its assertions also doubt what
// a file may hold ("[.x]"), and the code behind them deals with that: they neither end the program
// nor are taken for granted.
#undef NDEBUG
#define TOML_ASSERT(expr) static_assert(true)
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

namespace tributary::daemon {
namespace {

absl::Status At(std::string_view name, uint32_t line, std::string_view what) {
  return base::InvalidArgument(std::string(name) + ", line " + std::to_string(line) + ": " +
                               std::string(what));
}

class Flattener {
 public:
  explicit Flattener(std::string_view name) : name_(name) {}

  absl::Status Add(const std::string& key, const toml::node& node) {
    const uint32_t line = node.source().begin.line;
    if (const auto* table = node.as_table()) return AddTable(key, *table);
    if (const auto* array = node.as_array()) return AddArray(key, *array);
    if (const auto* text = node.as_string()) {
      values_.push_back({key, text->get(), line});
    } else if (const auto* number = node.as_integer()) {
      values_.push_back({key, number->get(), line});
    } else if (const auto* flag = node.as_boolean()) {
      values_.push_back({key, flag->get(), line});
    } else {
      return At(name_, line, "key '" + key + "' is neither a text, a whole number, true nor false");
    }
    return absl::OkStatus();
  }

  absl::Status AddTable(const std::string& prefix, const toml::table& table) {
    for (const auto& entry : table) {
      const std::string name(entry.first.str());
      TRIBUTARY_RETURN_IF_ERROR(Add(prefix.empty() ? name : prefix + "." + name, entry.second));
    }
    return absl::OkStatus();
  }

  std::vector<TomlValue> Take() {
    std::stable_sort(values_.begin(), values_.end(),
                     [](const TomlValue& a, const TomlValue& b) { return a.line < b.line; });
    return std::move(values_);
  }

 private:
  absl::Status AddArray(const std::string& key, const toml::array& array) {
    for (size_t i = 0; i < array.size(); ++i) {
      TRIBUTARY_RETURN_IF_ERROR(Add(key + "[" + std::to_string(i) + "]", array[i]));
    }
    return absl::OkStatus();
  }

  std::string_view name_;
  std::vector<TomlValue> values_;
};

// Steps over one string, which begins at `at` with a quote: to behind its end, or to that of the
// line or the text where it is not closed.
size_t SkipString(std::string_view text, size_t at) {
  const char quote = text[at];
  const std::string three(3, quote);
  const bool long_form = text.substr(at, 3) == three;
  at += long_form ? 3 : 1;
  while (at < text.size()) {
    if (long_form && text.substr(at, 3) == three) {
      at += 3;
      while (at < text.size() && text[at] == quote) ++at;
      return at;
    }
    if (!long_form && (text[at] == quote || text[at] == '\n')) return at + 1;
    at += quote == '"' && text[at] == '\\' ? 2 : 1;
  }
  return text.size();
}

// The line of the first byte beyond ASCII that is in no comment and no string, where TOML has no
// use for it and the library's answer is undefined; 0 where there is none.
uint32_t StrayLine(std::string_view text) {
  size_t at = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  while (at < text.size()) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) >= 0x80) {
      const auto line = std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(at), '\n');
      return static_cast<uint32_t>(line) + 1;
    }
    if (c == '"' || c == '\'') {
      at = SkipString(text, at);
    } else {
      at = c == '#' ? std::min(text.find('\n', at), text.size()) : at + 1;
    }
  }
  return 0;
}

}  // namespace

absl::StatusOr<std::vector<TomlValue>> ParseToml(std::string_view text, std::string_view name) {
  if (const uint32_t line = StrayLine(text); line != 0) {
    return At(name, line, "a character that is not ASCII stands outside of quotes and comments");
  }
  const toml::parse_result result = toml::parse(text, name);
  if (!result) {
    return At(name, result.error().source().begin.line, result.error().description());
  }
  Flattener flattener(name);
  TRIBUTARY_RETURN_IF_ERROR(flattener.AddTable("", result.table()));
  return flattener.Take();
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return base::NotFound("cannot open " + path);
  std::ostringstream text;
  text << file.rdbuf();
  if (file.bad()) return base::Unavailable("cannot read " + path);
  return text.str();
}

}  // namespace tributary::daemon
