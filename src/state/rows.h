// Rows between their struct and their bytes, and typed reads from pages.
#ifndef TRIBUTARY_STATE_ROWS_H_
#define TRIBUTARY_STATE_ROWS_H_

#include <cstdint>
#include <cstring>

#include "codec/bytes.h"
#include "state/page_source.h"
#include "state/tables.h"

namespace tributary::state {

struct RowSaver {
  codec::RowWriter& writer;
  template <class T>
  void operator()(const T& field) {
    writer.Put(field);
  }
};

struct RowLoader {
  codec::RowReader& reader;
  template <class T>
  void operator()(T& field) {
    reader.Get(field);
  }
};

// Writes the Row::kBytes bytes of `row`, padding included.
template <class Row>
void SaveRow(Row row, uint8_t* to) {
  codec::RowWriter writer({to, Row::kBytes});
  RowSaver saver{writer};
  row.Fields(saver);
  writer.PutZeros(Row::kBytes - writer.written());
}

// Requires: `from` holds Row::kBytes bytes.
template <class Row>
Row LoadRow(const uint8_t* from) {
  Row row;
  codec::RowReader reader({from, Row::kBytes});
  RowLoader loader{reader};
  row.Fields(loader);
  return row;
}

inline size_t RowOffset(TableKind kind, uint64_t row) {
  return (row % RowsPerPage(kind)) * RowBytes(kind);
}

// One row of the committed state; a default row (all zero bytes decoded) beyond the end.
template <class Row>
Row ReadRow(const PageSource& pages, uint64_t row, uint16_t sub = 0) {
  Page page;
  pages.ReadPage({Row::kKind, sub}, row / RowsPerPage(Row::kKind), page);
  return LoadRow<Row>(page.data() + RowOffset(Row::kKind, row));
}

// Reads rows in sequence with one page in hand.
template <class Row>
class RowScanner {
 public:
  RowScanner(const PageSource& pages, uint16_t sub = 0) : pages_(pages), table_{Row::kKind, sub} {}
  uint64_t count() const { return pages_.RowCount(table_); }
  Row At(uint64_t row) {
    const uint64_t number = row / RowsPerPage(Row::kKind);
    if (number != number_) {
      pages_.ReadPage(table_, number, page_);
      number_ = number;
    }
    return LoadRow<Row>(page_.data() + RowOffset(Row::kKind, row));
  }

 private:
  const PageSource& pages_;
  TableId table_;
  uint64_t number_ = UINT64_MAX;
  Page page_;
};

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_ROWS_H_
