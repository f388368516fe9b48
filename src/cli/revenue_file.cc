#include "cli/revenue_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <utility>

#include "cli/attribution_file.h"
#include "cli/csv.h"
#include "cli/json_lines.h"
#include "cli/parse.h"
#include "cli/sender.h"
#include "codec/limits.h"
#include "codec/text.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

using Kind = JsonValue::Kind;

bool IsReference(const std::string& text) {
  return !text.empty() && text.size() <= codec::kReferenceBytesMax && codec::IsPlainText(text);
}

// What is wrong with a line by itself; empty: nothing.
std::string WrongWith(const RevenueLine& line) {
  if (!codec::IsCurrencyCode(line.currency) && (line.refund_of.empty() || !line.currency.empty())) {
    return "\"" + line.currency + "\" is no currency code";
  }
  if (line.amount_minor == 0 || line.amount_minor > codec::kAmountMinorMax) {
    return "\"amount_minor\" is not within 1..2^63-1";
  }
  if (!IsReference(line.reference)) return "\"reference\" is not 1 to 64 bytes of text";
  if (!line.refund_of.empty() && !IsReference(line.refund_of)) {
    return "\"refund_of\" is not 1 to 64 bytes of text";
  }
  if (line.refund_of.empty() && line.asset.empty()) return "there is no asset";
  if (!line.refund_of.empty() && !line.attribution.empty()) {
    return "a refund has no attribution of its own: the event's is given back in proportion";
  }
  return "";
}

// Adds a good line, or a problem.
class Lines {
 public:
  explicit Lines(const std::string& path) : path_(path), problems_(path) {}

  Problems& problems() { return problems_; }
  void Add(uint64_t number, RevenueLine line, const std::string& attribution) {
    if (!attribution.empty()) {
      const auto beside = std::filesystem::path(path_).parent_path() / attribution;
      auto read = ReadAttributionFile(beside.string());
      if (!read.ok()) return problems_.Add(number, std::string(read.status().message()));
      line.attribution.push_back(*std::move(read));
    }
    if (const std::string wrong = WrongWith(line); !wrong.empty()) {
      return problems_.Add(number, wrong);
    }
    const auto [it, fresh] = references_.emplace(line.reference, number);
    if (!fresh) {
      return problems_.Add(number, "the reference \"" + line.reference + "\" stands in line " +
                                       std::to_string(it->second) + " already");
    }
    lines_.push_back(std::move(line));
  }
  absl::StatusOr<std::vector<RevenueLine>> Finish() {
    TRIBUTARY_RETURN_IF_ERROR(problems_.ToStatus());
    return std::move(lines_);
  }

 private:
  const std::string path_;
  Problems problems_;
  std::map<std::string, uint64_t> references_;
  std::vector<RevenueLine> lines_;
};

// ---- CSV

constexpr const char* kColumns[] = {"asset",     "currency", "amount",    "amount_minor",
                                    "reference", "occurred", "refund_of", "attribution"};

// Where the columns are; an unknown one or one that lacks is a problem.
std::map<std::string, size_t> ColumnsOf(const CsvRow& header, Problems& problems) {
  std::map<std::string, size_t> at;
  for (size_t i = 0; i < header.cells.size(); ++i) {
    const std::string name = codec::FoldCase(header.cells[i]);
    const bool known =
        std::find(std::begin(kColumns), std::end(kColumns), name) != std::end(kColumns);
    if (!known) problems.Add(header.line, "there is no use for a column \"" + name + "\"");
    if (!at.emplace(name, i).second) {
      problems.Add(header.line, "the column \"" + name + "\" stands twice");
    }
  }
  for (const char* name : {"asset", "currency", "reference"}) {
    if (!at.contains(name)) {
      problems.Add(header.line, "there is no column \"" + std::string(name) + "\"");
    }
  }
  if (at.contains("amount") == at.contains("amount_minor")) {
    problems.Add(header.line,
                 "amounts are in a column \"amount\" (such as 12.50) or "
                 "\"amount_minor\", one of the two");
  }
  return at;
}

absl::StatusOr<uint64_t> AmountIn(const std::string& major, const std::string& minor,
                                  const std::string& currency, const v1::NodeStatus& status) {
  if (major.empty()) {
    const auto number = ParseNumber(minor);
    if (number) return *number;
    return base::InvalidArgument("\"" + minor + "\" is no number of minor units");
  }
  const auto decimals = DecimalsOf(status, currency);
  if (!decimals.ok()) return decimals.status();
  return ParseMajor(major, *decimals);
}

}  // namespace

absl::StatusOr<std::vector<RevenueLine>> ParseRevenue(std::istream& in, const std::string& path) {
  Lines lines(path);
  ForEachObject(in, lines.problems(), [&](uint64_t number, const JsonValue& object) {
    MemberReader reader(object, number, lines.problems());
    RevenueLine line;
    std::string attribution;
    if (const auto* value = reader.Optional("refund_of", Kind::kText)) line.refund_of = value->text;
    const std::pair<const char*, std::string*> texts[] = {{"asset", &line.asset},
                                                          {"currency", &line.currency}};
    for (const auto& [name, to] : texts) {
      const auto* value = line.refund_of.empty() ? reader.Required(name, Kind::kText)
                                                 : reader.Optional(name, Kind::kText);
      if (value != nullptr) *to = value->text;
    }
    if (const auto* value = reader.Required("reference", Kind::kText)) line.reference = value->text;
    if (const auto* value = reader.Required("amount_minor", Kind::kNumber)) {
      line.amount_minor = value->number;
    }
    if (const auto* value = reader.Optional("occurred_at_ms", Kind::kNumber)) {
      line.occurred_at_ms = value->number;
    }
    if (const auto* value = reader.Optional("attribution", Kind::kText)) attribution = value->text;
    reader.RefuseOthers();
    if (!reader.failed()) lines.Add(number, std::move(line), attribution);
  });
  return lines.Finish();
}

absl::StatusOr<std::vector<RevenueLine>> ParseRevenueCsv(std::string_view text,
                                                         const std::string& path,
                                                         const v1::NodeStatus& status) {
  Lines lines(path);
  const std::vector<CsvRow> rows = ParseCsv(text, lines.problems());
  if (rows.empty()) lines.problems().Add(1, "there is no header");
  if (!lines.problems().empty()) return lines.Finish();
  const auto columns = ColumnsOf(rows.front(), lines.problems());
  if (!lines.problems().empty()) return lines.Finish();
  for (size_t i = 1; i < rows.size(); ++i) {
    const auto cell = [&](const char* name) {
      const auto at = columns.find(name);
      return at == columns.end() ? std::string() : CsvUntext(rows[i].cells[at->second]);
    };
    RevenueLine line{
        cell("asset"), cell("currency"), 0, cell("reference"), 0, cell("refund_of"), {}};
    const auto amount = AmountIn(cell("amount"), cell("amount_minor"), line.currency, status);
    const auto occurred = ParseTime(cell("occurred").empty() ? "0" : cell("occurred"));
    if (!amount.ok() || !occurred.ok()) {
      const absl::Status& wrong = amount.ok() ? occurred.status() : amount.status();
      lines.problems().Add(rows[i].line, std::string(wrong.message()));
      continue;
    }
    line.amount_minor = *amount;
    line.occurred_at_ms = *occurred;
    lines.Add(rows[i].line, std::move(line), cell("attribution"));
  }
  return lines.Finish();
}

absl::StatusOr<std::vector<RevenueLine>> ReadRevenueFile(const std::string& path,
                                                         const v1::NodeStatus& status) {
  if (codec::FoldCase(path).ends_with(".csv")) {
    const auto text = ReadCsvFile(path);
    if (!text.ok()) return text.status();
    return ParseRevenueCsv(*text, path, status);
  }
  std::ifstream in(path);
  if (!in) return base::NotFound("cannot open " + path);
  return ParseRevenue(in, path);
}

}  // namespace tributary::cli
