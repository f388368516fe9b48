#include "cli/json_value.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

constexpr size_t kDepthMax = 16;

// Builds the value as the parser meets its parts. Returning false ends the parse.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  const std::string& error() const { return error_; }
  JsonValue Take() { return std::move(root_); }

  bool null() override { return Put({}); }
  bool boolean(bool value) override {
    JsonValue v;
    v.kind = JsonValue::Kind::kBool;
    v.boolean = value;
    return Put(std::move(v));
  }
  bool number_integer(number_integer_t) override { return Fail("a number is negative"); }
  bool number_unsigned(number_unsigned_t value) override {
    JsonValue v;
    v.kind = JsonValue::Kind::kNumber;
    v.number = value;
    return Put(std::move(v));
  }
  bool number_float(number_float_t, const string_t& text) override {
    return Fail("the number " + text + " is not whole, or too large");
  }
  bool string(string_t& value) override {
    JsonValue v;
    v.kind = JsonValue::Kind::kText;
    v.text = std::move(value);
    return Put(std::move(v));
  }
  bool binary(binary_t&) override { return Fail("binary data"); }
  bool start_object(std::size_t) override { return Open(JsonValue::Kind::kObject); }
  bool end_object() override { return Close(); }
  bool start_array(std::size_t) override { return Open(JsonValue::Kind::kList); }
  bool end_array() override { return Close(); }
  bool key(string_t& name) override {
    if (open_.back().Find(name) != nullptr) return Fail("\"" + name + "\" stands twice");
    open_.back().members.push_back({std::move(name), JsonValue()});
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return Fail("it is not valid JSON at byte " + std::to_string(position));
  }

 private:
  bool Fail(std::string why) {
    error_ = std::move(why);
    return false;
  }
  bool Open(JsonValue::Kind kind) {
    if (open_.size() >= kDepthMax) return Fail("it is nested too deeply");
    open_.emplace_back();
    open_.back().kind = kind;
    return true;
  }
  bool Close() {
    JsonValue value = std::move(open_.back());
    open_.pop_back();
    return Put(std::move(value));
  }
  bool Put(JsonValue value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().kind == JsonValue::Kind::kObject) {
      open_.back().members.back().value = std::move(value);
    } else {
      open_.back().items.push_back(std::move(value));
    }
    return true;
  }

  std::vector<JsonValue> open_;
  JsonValue root_;
  std::string error_;
};

}  // namespace

const JsonValue* JsonValue::Find(std::string_view name) const {
  for (const JsonMember& member : members) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

std::string_view KindText(JsonValue::Kind kind) {
  switch (kind) {
    case JsonValue::Kind::kNull: return "null";
    case JsonValue::Kind::kBool: return "true or false";
    case JsonValue::Kind::kNumber: return "a number";
    case JsonValue::Kind::kText: return "a string";
    case JsonValue::Kind::kList: return "a list";
    case JsonValue::Kind::kObject: return "an object";
  }
  return "something else";
}

absl::StatusOr<JsonValue> ParseJson(std::string_view text) {
  Builder builder;
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) {
    return base::InvalidArgument(builder.error());
  }
  return builder.Take();
}

}  // namespace tributary::cli
