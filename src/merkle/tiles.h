// The log tree's hashes in the C2SP tlog-tiles layout: tiles of height 8, and their paths.
//
// Hash i of tile (level l, number n) is the root of the complete subtree over the leaves
// [(256n+i) * 256^l, (256n+i+1) * 256^l); level 0 holds leaf hashes. A tile is the concatenation
// of 1..256 hashes. A partial tile is a byte prefix of every later form of the same tile, so only
// the newest form of a tile is stored, and an older one is served by cutting.
#ifndef TRIBUTARY_MERKLE_TILES_H_
#define TRIBUTARY_MERKLE_TILES_H_

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tributary/base/status.h"
#include "tributary/base/types.h"

namespace tributary::merkle {

inline constexpr int kTileHeight = 8;
inline constexpr uint32_t kTileWidth = 1u << kTileHeight;
inline constexpr size_t kTileBytes = kTileWidth * base::Hash::kSize;
// Levels that a tree of at most kTreeSizeMax leaves can have.
inline constexpr int kTileLevels = 8;

struct TileId {
  uint32_t level = 0;
  uint64_t number = 0;
  friend auto operator<=>(const TileId&, const TileId&) = default;
};

// How many hashes the tile has in a tree of `size` leaves; 0: the tile does not exist.
uint32_t TileWidthAt(TileId id, uint64_t size);

// Where tiles come from: storage, memory, or another node's HTTP.
class TileReader {
 public:
  virtual ~TileReader() = default;
  // The tile as stored: whole hashes, at least as many as the tree size that the caller asks about
  // implies; more are allowed and ignored.
  // Errors: kNotFound, or whatever keeps the reader from reading.
  virtual absl::StatusOr<std::vector<uint8_t>> ReadTile(TileId id) const = 0;
};

// Tiles in memory, for auditors and tests.
class MemoryTiles : public TileReader {
 public:
  void Put(TileId id, std::vector<uint8_t> bytes);
  absl::StatusOr<std::vector<uint8_t>> ReadTile(TileId id) const override;
  const std::map<TileId, std::vector<uint8_t>>& tiles() const { return tiles_; }

 private:
  std::map<TileId, std::vector<uint8_t>> tiles_;
};

// Reads tile `id` and cuts it to the form that it has in a tree of `size` leaves.
// Errors: kNotFound if that tree has no such tile; kDataLoss if what is stored is too short or no
// whole number of hashes; the reader's own.
absl::StatusOr<std::vector<uint8_t>> ReadTileAt(const TileReader& reader, TileId id, uint64_t size);

// Root of the complete subtree over 1, 2, 4, ... hashes. Overwrites them.
base::Hash RootOfComplete(std::span<base::Hash> hashes);

// A tile as a resource: `tile/<level>/<number>[.p/<width>]`, or the entry bundle beside a level-0
// tile, `tile/entries/<number>[.p/<width>]`.
struct TilePath {
  TileId id;                    // level 0 for an entry bundle
  uint32_t width = kTileWidth;  // 1..256; below 256 it is a partial tile
  bool entries = false;
  friend bool operator==(const TilePath&, const TilePath&) = default;
};

// Requires: level <= 63, number < 2^55, width in 1..256, level 0 for entries.
std::string FormatTilePath(const TilePath& path);
// Only what FormatTilePath writes: no leading or trailing slash, no spare zeros or groups.
std::optional<TilePath> ParseTilePath(std::string_view text);

// All hash tiles of a tree of `size` leaves, by level and number: one per 256 leaves and more.
std::vector<TilePath> TilesOfTree(uint64_t size);

}  // namespace tributary::merkle

#endif  // TRIBUTARY_MERKLE_TILES_H_
