// Writes JSON: protobuf messages for --json, and small objects of our own.
#ifndef TRIBUTARY_CLI_JSON_TEXT_H_
#define TRIBUTARY_CLI_JSON_TEXT_H_

#include <google/protobuf/message.h>
#include <cstdint>
#include <string>
#include <string_view>

namespace tributary::cli {

// A JSON string with its quotes; anything outside printable ASCII that could end it is escaped.
std::string JsonQuote(std::string_view text);

// Names as in the proto file; every field stands, defaults too, but absent messages do not; bytes
// in hexadecimal; 64-bit numbers as strings (as in proto3 JSON); enums by name in lower case
// without their prefix, e.g. "finetuned_from".
std::string ToJson(const google::protobuf::Message& message);

// An object whose members stand in the order in which they are added.
class JsonObject {
 public:
  JsonObject& Text(std::string_view name, std::string_view value);
  JsonObject& Number(std::string_view name, uint64_t value);
  JsonObject& Bool(std::string_view name, bool value);
  // `json` is JSON already.
  JsonObject& Raw(std::string_view name, std::string_view json);
  std::string Finish() const { return text_ + "}"; }

 private:
  std::string text_ = "{";
};

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_JSON_TEXT_H_
