// Text for people: tables, shares, times, short ids.
#ifndef TRIBUTARY_CLI_TABLE_H_
#define TRIBUTARY_CLI_TABLE_H_

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "tributary/v1/api.pb.h"

namespace tributary::cli {

enum class Align { kLeft, kRight };

struct Column {
  std::string title;
  Align align = Align::kLeft;
};

// Columns as wide as their widest cell, two spaces apart.
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  // Requires: as many cells as columns.
  void Add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  void Print(std::ostream& out) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Names and values below each other.
class Facts {
 public:
  Facts& Add(std::string name, std::string value);
  void Print(std::ostream& out) const;

 private:
  std::vector<std::pair<std::string, std::string>> facts_;
};

// Text from the chain, safe for a terminal: control characters, marks that turn the writing
// direction, and bytes that are no UTF-8 become '?'.
std::string Printable(std::string_view text);

std::string Hex(std::string_view bytes);       // in full
std::string ShortHex(std::string_view bytes);  // the first 12 digits and "…"
std::string Time(uint64_t time_ms);            // "2025-01-31 12:00:00Z"; "-" for zero
bool IsZero(const v1::Amount& amount);
std::string Money(const v1::Amount& amount);   // "12.50 EUR"
std::string Percent(uint32_t ppb);             // "12.5 %"
std::string PercentE18(std::string_view e18);  // of parts per 10^18, to 4 significant digits
std::string Plural(uint64_t count, std::string_view noun);  // "1 record", "2 records"

// What the parent's owner says of an edge: "claimed" where it says nothing.
std::string StanceText(v1::EdgeStance stance, bool countersigned);
std::string KindName(v1::RecordKind kind);
std::string RelationName(v1::Relation relation);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_TABLE_H_
