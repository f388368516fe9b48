#include "daemon/toml_document.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tributary/base/status.h"

// Header-only: the distribution's library is built with exceptions.
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

}  // namespace

absl::StatusOr<std::vector<TomlValue>> ParseToml(std::string_view text, std::string_view name) {
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
