#include "cli/table.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "codec/ledger_enums.h"
#include "codec/text.h"
#include "tributary/base/amount.h"
#include "tributary/base/check.h"
#include "tributary/base/hex.h"

namespace tributary::cli {
namespace {

// Code points, which is close enough to columns for names that people use here.
size_t Width(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string Pad(std::string_view text, size_t width, Align align) {
  const size_t have = Width(text);
  const std::string spaces(have < width ? width - have : 0, ' ');
  return align == Align::kLeft ? std::string(text) + spaces : spaces + std::string(text);
}

std::string TrimRight(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

// Length of the UTF-8 sequence that `lead` begins, at most 4.
size_t SequenceBytes(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

// C1 controls, and the marks and isolates that reorder what a terminal shows.
bool IsHostile(std::string_view sequence) {
  if (sequence.size() == 2) return sequence[0] == '\xc2' && sequence[1] < '\xa0';
  if (sequence.size() != 3 || sequence[0] != '\xe2') return false;
  const auto second = static_cast<unsigned char>(sequence[1]);
  const auto third = static_cast<unsigned char>(sequence[2]);
  if (second == 0x80) return third == 0x8e || third == 0x8f || (third >= 0xa8 && third <= 0xae);
  return second == 0x81 && third >= 0xa6 && third <= 0xa9;
}

}  // namespace

void Table::Add(std::vector<std::string> cells) {
  TRIBUTARY_CHECK(cells.size() == columns_.size(), "a row has a cell for each column");
  rows_.push_back(std::move(cells));
}

void Table::Print(std::ostream& out) const {
  std::vector<size_t> widths;
  for (const Column& column : columns_) widths.push_back(Width(column.title));
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Width(row[i]));
  }
  const auto print = [&](auto&& cell) {
    std::string line;
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) line += "  ";
      line += Pad(cell(i), widths[i], columns_[i].align);
    }
    out << TrimRight(std::move(line)) << "\n";
  };
  print([&](size_t i) { return columns_[i].title; });
  for (const auto& row : rows_) {
    print([&](size_t i) { return row[i]; });
  }
}

Facts& Facts::Add(std::string name, std::string value) {
  facts_.emplace_back(std::move(name), std::move(value));
  return *this;
}

void Facts::Print(std::ostream& out) const {
  size_t width = 0;
  for (const auto& fact : facts_) width = std::max(width, Width(fact.first));
  for (const auto& fact : facts_) {
    out << TrimRight(Pad(fact.first, width, Align::kLeft) + "  " + fact.second) << "\n";
  }
}

std::string Printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view sequence =
        text.substr(0, SequenceBytes(static_cast<unsigned char>(text.front())));
    if (codec::IsPlainText(sequence) && !IsHostile(sequence)) {
      out += sequence;
      text.remove_prefix(sequence.size());
    } else {
      out.push_back('?');
      text.remove_prefix(codec::IsPlainText(sequence) ? sequence.size() : 1);
    }
  }
  return out;
}

std::string Hex(std::string_view bytes) { return base::ToHex(base::AsBytes(bytes)); }

std::string ShortHex(std::string_view bytes) {
  constexpr size_t kDigits = 12;
  const std::string hex = Hex(bytes);
  return hex.size() <= kDigits ? hex : hex.substr(0, kDigits) + "…";
}

std::string Time(uint64_t time_ms) {
  if (time_ms == 0) return "-";
  const auto seconds = static_cast<std::time_t>(time_ms / 1'000);
  std::tm parts{};
  char text[32];
  if (gmtime_r(&seconds, &parts) == nullptr ||
      std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%SZ", &parts) == 0) {
    return std::to_string(time_ms) + " ms";
  }
  return text;
}

bool IsZero(const v1::Amount& amount) { return amount.atoms().empty() || amount.atoms() == "0"; }

std::string Money(const v1::Amount& amount) {
  return (amount.major().empty() ? "0" : amount.major()) + " " + amount.currency();
}

std::string Percent(uint32_t ppb) {
  std::string digits = std::to_string(ppb % 10'000'000);
  digits.insert(0, 7 - digits.size(), '0');
  digits.erase(digits.find_last_not_of('0') + 1);
  const std::string whole = std::to_string(ppb / 10'000'000);
  return (digits.empty() ? whole : whole + "." + digits) + " %";
}

std::string PercentE18(std::string_view e18) {
  const auto parts = base::ParseDecimal(e18);
  if (!parts) return "?";
  if (*parts == 0) return "0 %";
  // 1 % is 10^16 parts: the number as digits with 16 behind the point, cut to 4 that matter.
  std::string digits = base::ToDecimal(*parts);
  if (digits.size() < 17) digits.insert(0, 17 - digits.size(), '0');
  const size_t point = digits.size() - 16;
  const size_t first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  const size_t keep = std::max(first + 4, point);
  std::string fraction = digits.substr(point, keep - point);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  const std::string whole = digits.substr(0, point);
  return (fraction.empty() ? whole : whole + "." + fraction) + " %";
}

std::string Plural(uint64_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string StanceText(v1::EdgeStance stance, bool countersigned) {
  std::string text = stance == v1::EDGE_STANCE_UNSPECIFIED
                         ? ""
                         : std::string(codec::Name(static_cast<codec::EdgeStance>(stance)));
  if (countersigned) text += text.empty() ? "countersigned" : ", countersigned";
  return text.empty() ? "claimed" : text;
}

std::string KindName(v1::RecordKind kind) {
  return std::string(codec::Name(static_cast<codec::RecordKind>(kind)));
}

std::string RelationName(v1::Relation relation) {
  return std::string(codec::Name(static_cast<codec::Relation>(relation)));
}

}  // namespace tributary::cli
