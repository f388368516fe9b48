#include "cli/revenue_file.h"

#include <fstream>
#include <map>

#include "cli/json_lines.h"
#include "codec/limits.h"
#include "codec/text.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

using Kind = JsonValue::Kind;

RevenueLine ParseLine(MemberReader& reader) {
  RevenueLine line;
  if (const auto* value = reader.Required("asset", Kind::kText)) line.asset = value->text;
  if (const auto* value = reader.Required("currency", Kind::kText)) line.currency = value->text;
  if (const auto* value = reader.Required("reference", Kind::kText)) line.reference = value->text;
  if (const auto* value = reader.Required("amount_minor", Kind::kNumber)) {
    line.amount_minor = value->number;
  }
  if (const auto* value = reader.Optional("occurred_at_ms", Kind::kNumber)) {
    line.occurred_at_ms = value->number;
  }
  reader.RefuseOthers();
  if (reader.failed()) return line;
  if (!codec::IsCurrencyCode(line.currency)) {
    reader.Problem("\"" + line.currency + "\" is no currency code");
  }
  if (line.amount_minor == 0 || line.amount_minor > codec::kAmountMinorMax) {
    reader.Problem("\"amount_minor\" is not within 1..2^63-1");
  }
  if (line.reference.empty() || line.reference.size() > codec::kReferenceBytesMax ||
      !codec::IsPlainText(line.reference)) {
    reader.Problem("\"reference\" is not 1 to 64 bytes of text");
  }
  return line;
}

}  // namespace

absl::StatusOr<std::vector<RevenueLine>> ParseRevenue(std::istream& in, const std::string& path) {
  std::vector<RevenueLine> lines;
  std::map<std::string, uint64_t> references;
  Problems problems(path);
  ForEachObject(in, problems, [&](uint64_t number, const JsonValue& object) {
    MemberReader reader(object, number, problems);
    RevenueLine line = ParseLine(reader);
    if (reader.failed()) return;
    const auto [it, fresh] = references.emplace(line.reference, number);
    if (!fresh) {
      problems.Add(number, "the reference \"" + line.reference + "\" stands in line " +
                               std::to_string(it->second) + " already");
      return;
    }
    lines.push_back(std::move(line));
  });
  TRIBUTARY_RETURN_IF_ERROR(problems.ToStatus());
  return lines;
}

absl::StatusOr<std::vector<RevenueLine>> ReadRevenueFile(const std::string& path) {
  std::ifstream in(path);
  if (!in) return base::NotFound("cannot open " + path);
  return ParseRevenue(in, path);
}

}  // namespace tributary::cli
