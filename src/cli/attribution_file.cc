#include "cli/attribution_file.h"

#include <fstream>

#include "cli/exit_code.h"
#include "cli/json_lines.h"
#include "cli/json_text.h"
#include "cli/json_value.h"
#include "cli/parse.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

using Kind = JsonValue::Kind;

absl::Status ReadHex(const JsonValue& object, std::string_view name, std::string* to) {
  const JsonValue* member = object.Find(name);
  if (member == nullptr || member->kind != Kind::kText) {
    return UsageError("an attribution has the member \"" + std::string(name) + "\"");
  }
  const auto bytes = base::FromHex(member->text);
  if (!bytes) return UsageError("\"" + std::string(name) + "\" is not hexadecimal");
  to->assign(bytes->begin(), bytes->end());
  return absl::OkStatus();
}

}  // namespace

std::string WriteAttribution(const v1::Attribution& attribution) {
  return JsonObject()
      .Text("claim", base::ToHex(base::AsBytes(attribution.claim())))
      .Text("signature", base::ToHex(base::AsBytes(attribution.signature())))
      .Finish();
}

absl::StatusOr<v1::Attribution> ParseAttribution(std::string_view text) {
  const auto object = ParseJson(text);
  if (!object.ok()) return object.status();
  v1::Attribution attribution;
  TRIBUTARY_RETURN_IF_ERROR(ReadHex(*object, "claim", attribution.mutable_claim()));
  TRIBUTARY_RETURN_IF_ERROR(ReadHex(*object, "signature", attribution.mutable_signature()));
  v1::AttributionClaim claim;
  if (!claim.ParseFromString(attribution.claim())) return UsageError("\"claim\" is no claim");
  return attribution;
}

absl::StatusOr<v1::Attribution> ReadAttributionFile(const std::string& path) {
  std::ifstream in(path);
  if (!in) return base::NotFound("cannot open " + path);
  std::string text(kAttributionFileBytesMax + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(in.gcount()));
  if (text.size() > kAttributionFileBytesMax) return UsageError(path + " is no attribution");
  return ParseAttribution(text);
}

absl::StatusOr<InfluenceLine> ParseInfluence(const std::string& text) {
  const size_t equals = text.rfind('=');
  if (equals == std::string::npos) return InfluenceLine{text, 1};
  const auto weight = ParseNumber(std::string_view(text).substr(equals + 1));
  if (!weight || *weight == 0 || *weight > UINT32_MAX) {
    return UsageError("'" + text + "': a weight is within 1..2^32-1");
  }
  return InfluenceLine{text.substr(0, equals), static_cast<uint32_t>(*weight)};
}

absl::StatusOr<std::vector<InfluenceLine>> ParseInfluences(std::istream& in,
                                                           const std::string& path) {
  std::vector<InfluenceLine> lines;
  Problems problems(path);
  ForEachObject(in, problems, [&](uint64_t number, const JsonValue& object) {
    MemberReader reader(object, number, problems);
    InfluenceLine line;
    if (const auto* value = reader.Required("record", Kind::kText)) line.record = value->text;
    if (const auto* value = reader.Required("weight", Kind::kNumber)) {
      if (value->number == 0 || value->number > UINT32_MAX) {
        reader.Problem("\"weight\" is not within 1..2^32-1");
      }
      line.weight = static_cast<uint32_t>(value->number);
    }
    reader.RefuseOthers();
    if (!reader.failed()) lines.push_back(std::move(line));
  });
  TRIBUTARY_RETURN_IF_ERROR(problems.ToStatus("Nothing was signed."));
  return lines;
}

absl::StatusOr<std::vector<InfluenceLine>> ReadInfluenceFile(const std::string& path) {
  std::ifstream in(path);
  if (!in) return base::NotFound("cannot open " + path);
  return ParseInfluences(in, path);
}

}  // namespace tributary::cli
