#include "cli/json_lines.h"

#include "cli/exit_code.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

constexpr uint64_t kShownMax = 20;
constexpr size_t kLineBytesMax = size_t{1} << 20;

}  // namespace

void Problems::Add(uint64_t line, const std::string& what) {
  if (++count_ > kShownMax) return;
  if (!text_.empty()) text_ += "\n";
  text_ += path_ + ":" + std::to_string(line) + ": " + what;
}

absl::Status Problems::ToStatus(std::string_view end) const {
  if (count_ == 0) return absl::OkStatus();
  std::string text = text_;
  if (count_ > kShownMax) text += "\nand " + std::to_string(count_ - kShownMax) + " more";
  return UsageError(text + "\n" + std::string(end));
}

void ForEachObject(std::istream& in, Problems& problems,
                   const std::function<void(uint64_t, const JsonValue&)>& line) {
  std::string text;
  for (uint64_t number = 1; std::getline(in, text); ++number) {
    if (!text.empty() && text.back() == '\r') text.pop_back();
    if (text.empty()) continue;
    if (text.size() > kLineBytesMax) {
      problems.Add(number, "the line is longer than 1 MiB");
      continue;
    }
    const auto value = ParseJson(text);
    if (!value.ok()) {
      problems.Add(number, std::string(base::Message(value.status())));
    } else if (value->kind != JsonValue::Kind::kObject) {
      problems.Add(number, "the line is " + std::string(KindText(value->kind)) + ", not an object");
    } else {
      line(number, *value);
    }
  }
}

const JsonValue* MemberReader::Optional(const std::string& name, JsonValue::Kind kind) {
  asked_.insert(name);
  const JsonValue* value = object_.Find(name);
  if (value == nullptr || value->kind == JsonValue::Kind::kNull) return nullptr;
  if (value->kind == kind) return value;
  Problem("\"" + name + "\" is " + std::string(KindText(value->kind)) + ", not " +
          std::string(KindText(kind)));
  return nullptr;
}

const JsonValue* MemberReader::Required(const std::string& name, JsonValue::Kind kind) {
  const bool failed = failed_;
  const JsonValue* value = Optional(name, kind);
  if (value == nullptr && failed_ == failed) Problem("\"" + name + "\" is missing");
  return value;
}

void MemberReader::RefuseOthers() {
  for (const JsonMember& member : object_.members) {
    if (asked_.count(member.name) == 0) Problem("\"" + member.name + "\" is not known here");
  }
}

void MemberReader::Problem(const std::string& what) {
  failed_ = true;
  problems_.Add(line_, what);
}

}  // namespace tributary::cli
