// Where everything lies in RocksDB: the column families, their keys and the values that are not
// defined elsewhere. Keys are big-endian, so that the order of bytes is the order of numbers.
//
//   family   key                                     value
//   default  "format"                                kFormat
//            "head"                                  height u64, log size u64, little-endian
//            "engine"                                height of the consensus engine, u64
//                                                    little-endian; none with the solo engine
//            "base"                                  as "head": height of the snapshot that the
//            store
//                                                    was restored from, and the entry of its
//                                                    header; none in a store that began with its
//                                                    genesis
//            "filled"                                entries before that one, from 0, that were
//                                                    put back since, u64 little-endian
//            'h' height u64                          entry of its header, u64 little-endian
//            'n' table u32 (TableId::Packed)         its number of rows, u64 little-endian; not 0
//   log      entry u64                               the entry as it was signed or made
//   tiles    level u8, number u64                    1..256 hashes of 32 bytes (C2SP tlog-tiles)
//   pages    table u32, page u64                     the page without its trailing zero bytes
//   idx      families 0x01..0x0f of index/rows.h     as there
//   side     families 0x10..0x1f of index/rows.h     as there
//
// One batch writes a block to all of them. `log` alone is the truth: all else is rebuilt from it.
#ifndef TRIBUTARY_STORAGE_SCHEMA_H_
#define TRIBUTARY_STORAGE_SCHEMA_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "merkle/tiles.h"
#include "state/tables.h"
#include "storage/store.h"
#include "tributary/base/types.h"

namespace tributary::storage {

inline constexpr size_t kColumnFamilies = 6;
inline constexpr std::array<std::string_view, kColumnFamilies> kColumnFamilyNames = {
    "default", "log", "tiles", "pages", "idx", "side"};

inline constexpr std::string_view kFormatKey = "format";
inline constexpr std::string_view kFormat = "tributary-store/1";
inline constexpr std::string_view kHeadKey = "head";
inline constexpr std::string_view kEngineKey = "engine";
inline constexpr std::string_view kBaseKey = "base";
inline constexpr std::string_view kFilledKey = "filled";

std::string HeightKey(base::Height height);
std::string RowCountKey(state::TableId table);
// The first key of all row counts, and the first one beyond them.
std::string_view RowCountBegin();
std::string_view RowCountEnd();
std::string EntryKey(base::EntryIndex index);
std::string TileKey(merkle::TileId tile);
std::string PageKey(state::TableId table, uint64_t number);
// The family that holds an index row.
ColumnFamily FamilyOfRow(std::string_view key);

// nullopt for a key of another form.
std::optional<base::EntryIndex> ParseEntryKey(std::string_view key);
std::optional<state::TableId> ParseRowCountKey(std::string_view key);
std::optional<merkle::TileId> ParseTileKey(std::string_view key);

std::string EncodeHead(const Head& head);
std::optional<Head> DecodeHead(std::string_view value);
std::string EncodeNumber(uint64_t value);
std::optional<uint64_t> DecodeNumber(std::string_view value);
// What is stored of a page: up to its last byte that is not zero.
std::string_view TrimPage(const state::Page& page);
// False, and zeros, for a value that TrimPage does not give.
bool RestorePage(std::string_view value, state::Page& out);

// Whether a page of a table with `rows` rows has any.
inline bool PageExists(state::TableId table, uint64_t rows, uint64_t number) {
  return number < (rows + state::RowsPerPage(table.kind) - 1) / state::RowsPerPage(table.kind);
}
inline uint64_t PagesOf(state::TableId table, uint64_t rows) {
  return (rows + state::RowsPerPage(table.kind) - 1) / state::RowsPerPage(table.kind);
}

}  // namespace tributary::storage

#endif  // TRIBUTARY_STORAGE_SCHEMA_H_
