#include "merkle/tiles.h"

#include <bit>
#include <utility>

#include "crypto/hash.h"
#include "tributary/base/amount.h"
#include "tributary/base/check.h"

namespace tributary::merkle {
namespace {

constexpr uint32_t kPathLevelMax = 63;
constexpr uint64_t kPathNumberEnd = uint64_t{1} << 55;

std::string ThreeDigits(uint64_t value) {
  const std::string digits = std::to_string(value);
  return std::string(3 - digits.size(), '0') + digits;
}

std::string FormatNumber(uint64_t number) {
  std::string out = ThreeDigits(number % 1000);
  for (number /= 1000; number != 0; number /= 1000) {
    out = "x" + ThreeDigits(number % 1000) + "/" + out;
  }
  return out;
}

// Removes `prefix` from the front of `text`.
bool Eat(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// Removes everything up to and including the first slash; all of it where there is none.
std::string_view EatSegment(std::string_view& text) {
  const size_t slash = text.find('/');
  const std::string_view segment = text.substr(0, slash);
  text.remove_prefix(slash == std::string_view::npos ? text.size() : slash + 1);
  return segment;
}

std::optional<uint64_t> ParseGroup(std::string_view text) {
  if (text.size() != 3) return std::nullopt;
  uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  return value;
}

// Does not insist on the one right number of groups: the caller formats again and compares.
std::optional<uint64_t> ParseNumber(std::string_view text) {
  uint64_t number = 0;
  while (true) {
    const bool more = Eat(text, "x");
    const auto group = ParseGroup(text.substr(0, 3));
    if (!group) return std::nullopt;
    text.remove_prefix(3);
    number = number * 1000 + *group;
    if (number >= kPathNumberEnd) return std::nullopt;
    if (!more) break;
    if (!Eat(text, "/")) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  return number;
}

std::optional<uint32_t> ParseSmall(std::string_view text, uint32_t max) {
  const auto value = base::ParseDecimal(text);
  if (!value || *value > max) return std::nullopt;
  return static_cast<uint32_t>(*value);
}

}  // namespace

uint32_t TileWidthAt(TileId id, uint64_t size) {
  if (id.level >= static_cast<uint32_t>(kTileLevels)) return 0;
  const uint64_t hashes = size >> (kTileHeight * id.level);
  const uint64_t full_tiles = hashes >> kTileHeight;
  if (id.number < full_tiles) return kTileWidth;
  if (id.number > full_tiles) return 0;
  return static_cast<uint32_t>(hashes % kTileWidth);
}

void MemoryTiles::Put(TileId id, std::vector<uint8_t> bytes) { tiles_[id] = std::move(bytes); }

absl::StatusOr<std::vector<uint8_t>> MemoryTiles::ReadTile(TileId id) const {
  const auto found = tiles_.find(id);
  if (found == tiles_.end()) return base::NotFound("no such tile");
  return found->second;
}

absl::StatusOr<std::vector<uint8_t>> ReadTileAt(const TileReader& reader, TileId id,
                                                uint64_t size) {
  const size_t bytes_wanted = TileWidthAt(id, size) * base::Hash::kSize;
  if (bytes_wanted == 0) return base::NotFound("the tree has no such tile at this size");
  auto tile = reader.ReadTile(id);
  if (!tile.ok()) return tile;
  if (tile->size() < bytes_wanted || tile->size() > kTileBytes ||
      tile->size() % base::Hash::kSize != 0) {
    return base::DataLoss("tile level " + std::to_string(id.level) + " number " +
                          std::to_string(id.number) + " has " + std::to_string(tile->size()) +
                          " bytes where the tree needs " + std::to_string(bytes_wanted));
  }
  tile->resize(bytes_wanted);
  return tile;
}

base::Hash RootOfComplete(std::span<base::Hash> hashes) {
  TRIBUTARY_CHECK(std::has_single_bit(hashes.size()), "not a complete subtree");
  for (size_t width = hashes.size() / 2; width != 0; width /= 2) {
    for (size_t i = 0; i < width; ++i) {
      hashes[i] = crypto::NodeHash(hashes[2 * i], hashes[2 * i + 1]);
    }
  }
  return hashes[0];
}

std::string FormatTilePath(const TilePath& path) {
  TRIBUTARY_CHECK(path.id.level <= kPathLevelMax && path.id.number < kPathNumberEnd,
                  "tile out of range");
  TRIBUTARY_CHECK(path.width >= 1 && path.width <= kTileWidth, "tile width out of range");
  TRIBUTARY_CHECK(!path.entries || path.id.level == 0, "entry bundles have no level");
  std::string out = "tile/" + (path.entries ? "entries" : std::to_string(path.id.level)) + "/" +
                    FormatNumber(path.id.number);
  if (path.width != kTileWidth) out += ".p/" + std::to_string(path.width);
  return out;
}

std::optional<TilePath> ParseTilePath(std::string_view text) {
  TilePath path;
  std::string_view rest = text;
  if (!Eat(rest, "tile/")) return std::nullopt;
  const std::string_view level_text = EatSegment(rest);
  path.entries = level_text == "entries";
  const auto level =
      path.entries ? std::optional<uint32_t>(0) : ParseSmall(level_text, kPathLevelMax);
  if (!level) return std::nullopt;
  path.id.level = *level;

  const size_t partial = rest.find(".p/");
  const auto number = ParseNumber(rest.substr(0, partial));
  if (!number) return std::nullopt;
  path.id.number = *number;
  if (partial != std::string_view::npos) {
    const auto width = ParseSmall(rest.substr(partial + 3), kTileWidth - 1);
    if (!width || *width == 0) return std::nullopt;
    path.width = *width;
  }
  if (FormatTilePath(path) != text) return std::nullopt;
  return path;
}

std::vector<TilePath> TilesOfTree(uint64_t size) {
  std::vector<TilePath> out;
  for (uint32_t level = 0; level < static_cast<uint32_t>(kTileLevels); ++level) {
    for (TileId id{level, 0}; TileWidthAt(id, size) != 0; ++id.number) {
      out.push_back(TilePath{id, TileWidthAt(id, size), false});
    }
  }
  return out;
}

}  // namespace tributary::merkle
