// A TOML file as a flat list of values, each with its line: for the configuration and the genesis.
#ifndef TRIBUTARY_DAEMON_TOML_DOCUMENT_H_
#define TRIBUTARY_DAEMON_TOML_DOCUMENT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"

namespace tributary::daemon {

struct TomlValue {
  std::string key;  // e.g. "grpc.listen", "accounts[0].roles[1]"
  std::variant<std::string, int64_t, bool> value;
  uint32_t line = 0;
};

// The values in the order of their lines.
// Errors: kInvalidArgument, naming `name` and line, for anything that is not TOML and for values
// that we have no use for (floating point, dates).
absl::StatusOr<std::vector<TomlValue>> ParseToml(std::string_view text, std::string_view name);

// Errors: kNotFound, kUnavailable.
absl::StatusOr<std::string> ReadFile(const std::string& path);

}  // namespace tributary::daemon

#endif  // TRIBUTARY_DAEMON_TOML_DOCUMENT_H_
