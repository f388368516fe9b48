#include "storage/schema.h"

#include <cstring>

#include "codec/bytes.h"

namespace tributary::storage {
namespace {

constexpr char kHeightTag = 'h';
constexpr char kRowCountTag = 'n';
constexpr uint8_t kSideFamilies = 0x10;

const uint8_t* Data(std::string_view text) { return base::AsBytes(text).data(); }

}  // namespace

std::string HeightKey(base::Height height) {
  std::string key(1, kHeightTag);
  codec::AppendBig(key, height.value());
  return key;
}

std::string RowCountKey(state::TableId table) {
  std::string key(1, kRowCountTag);
  codec::AppendBig(key, table.Packed());
  return key;
}

std::string_view RowCountBegin() { return "n"; }
std::string_view RowCountEnd() { return "o"; }

std::string EntryKey(base::EntryIndex index) {
  std::string key;
  codec::AppendBig(key, index.value());
  return key;
}

std::string TileKey(merkle::TileId tile) {
  std::string key;
  codec::AppendBig(key, static_cast<uint8_t>(tile.level));
  codec::AppendBig(key, tile.number);
  return key;
}

std::string PageKey(state::TableId table, uint64_t number) {
  std::string key;
  codec::AppendBig(key, table.Packed());
  codec::AppendBig(key, number);
  return key;
}

ColumnFamily FamilyOfRow(std::string_view key) {
  TRIBUTARY_CHECK(!key.empty(), "an index row without a key");
  const auto family = static_cast<uint8_t>(key.front());
  return family >= kSideFamilies ? ColumnFamily::kSide : ColumnFamily::kIndex;
}

std::optional<base::EntryIndex> ParseEntryKey(std::string_view key) {
  if (key.size() != 8) return std::nullopt;
  return base::EntryIndex(codec::LoadBig<uint64_t>(Data(key)));
}

std::optional<state::TableId> ParseRowCountKey(std::string_view key) {
  if (key.size() != 5 || key.front() != kRowCountTag) return std::nullopt;
  const uint32_t packed = codec::LoadBig<uint32_t>(Data(key) + 1);
  if (packed >> 16 >= state::kTableKinds) return std::nullopt;
  return state::TableId{static_cast<state::TableKind>(packed >> 16),
                        static_cast<uint16_t>(packed & 0xffff)};
}

std::optional<merkle::TileId> ParseTileKey(std::string_view key) {
  if (key.size() != 9) return std::nullopt;
  return merkle::TileId{*Data(key), codec::LoadBig<uint64_t>(Data(key) + 1)};
}

std::string EncodeHead(const Head& head) {
  std::string out;
  codec::AppendLittle(out, head.height.value());
  codec::AppendLittle(out, head.log_size);
  return out;
}

std::optional<Head> DecodeHead(std::string_view value) {
  if (value.size() != 16) return std::nullopt;
  return Head{base::Height(codec::LoadLittle<uint64_t>(Data(value))),
              codec::LoadLittle<uint64_t>(Data(value) + 8)};
}

std::string EncodeNumber(uint64_t value) {
  std::string out;
  codec::AppendLittle(out, value);
  return out;
}

std::optional<uint64_t> DecodeNumber(std::string_view value) {
  if (value.size() != 8) return std::nullopt;
  return codec::LoadLittle<uint64_t>(Data(value));
}

std::string_view TrimPage(const state::Page& page) {
  size_t size = page.size();
  while (size > 0 && page[size - 1] == 0) --size;
  return base::AsText({page.data(), size});
}

bool RestorePage(std::string_view value, state::Page& out) {
  const bool good = value.size() <= out.size() && (value.empty() || value.back() != '\0');
  const size_t size = good ? value.size() : 0;
  if (size > 0) std::memcpy(out.data(), value.data(), size);
  std::memset(out.data() + size, 0, out.size() - size);
  return good;
}

}  // namespace tributary::storage
