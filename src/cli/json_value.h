// Reads one JSON text strictly: what people put into files for `tributary import` and `revenue`.
#ifndef TRIBUTARY_CLI_JSON_VALUE_H_
#define TRIBUTARY_CLI_JSON_VALUE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace tributary::cli {

struct JsonMember;

// Numbers are whole and not negative, for nothing that we read has others.
struct JsonValue {
  enum class Kind { kNull, kBool, kNumber, kText, kList, kObject };
  Kind kind = Kind::kNull;
  bool boolean = false;
  uint64_t number = 0;
  std::string text;
  std::vector<JsonValue> items;
  std::vector<JsonMember> members;  // in order, no name twice

  // nullptr where there is no such member, or this is no object.
  const JsonValue* Find(std::string_view name) const;
};

struct JsonMember {
  std::string name;
  JsonValue value;
};

// "a string", "an object": for messages.
std::string_view KindText(JsonValue::Kind kind);

// Errors: kInvalidArgument with what is wrong: syntax, a member twice, a number that is negative,
// has a fraction, or is too large, bytes that are no UTF-8, nesting deeper than 16.
absl::StatusOr<JsonValue> ParseJson(std::string_view text);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_JSON_VALUE_H_
