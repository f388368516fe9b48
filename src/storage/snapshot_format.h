// The byte form of a snapshot: the state at one height, and the right edge of the log.
//
// A snapshot is a manifest and chunks. The manifest holds the header of the height, how many rows
// each table has, the edge of the log's tree, and the hash of each chunk; its own hash stands at
// its end. The chunks hold the pages of all tables in order. Everything follows from the ledger
// alone, so nodes at the same height write the same bytes.
//
//   manifest  "TRBSNAP1", engine height u64, the header (234 bytes), count u32 of tables, for each
//             table u32 and rows u64, ascending; for each tile level the hashes of its partial tile
//             in a log of as many entries as the header covers (their number follows from that);
//             count u32 of chunks, for each SHA-256 of its bytes; SHA-256 of all before
//   chunk     "TRBCHNK1", number u32, first page: table u32 and number u64, count u32 of pages, for
//             each length u16 and that many bytes: the page without its trailing zeros
//
// Numbers are little-endian. Nothing follows after the last field.
// Thread safety: pure functions.
#ifndef TRIBUTARY_STORAGE_SNAPSHOT_FORMAT_H_
#define TRIBUTARY_STORAGE_SNAPSHOT_FORMAT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "codec/header.h"
#include "merkle/log_tree.h"
#include "merkle/tiles.h"
#include "state/tables.h"
#include "tributary/base/types.h"

namespace tributary::storage {

// A manifest travels in a message of an engine that bounds it.
inline constexpr size_t kManifestBytesMax = 3u << 20;
inline constexpr size_t kChunkBytes = 10'000'000;  // a chunk ends with the page that reaches it
inline constexpr size_t kChunkBytesMax = kChunkBytes + state::kPageBytes + 2;

struct Manifest {
  uint64_t engine_height = 0;  // 0: the engine does not count for itself
  std::string header_bytes;
  codec::BlockHeader header;                              // what header_bytes say
  std::vector<std::pair<state::TableId, uint64_t>> rows;  // of each table that has any
  std::vector<std::vector<base::Hash>> edge;              // by level: hashes of the partial tile
  std::vector<base::Hash> chunks;

  uint64_t pages() const;
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

std::string EncodeManifest(const Manifest& manifest);
// Errors: kDataLoss, saying what is wrong.
absl::StatusOr<Manifest> DecodeManifest(std::string_view bytes);
// What stands at its end. Requires: EncodeManifest gave the bytes.
base::Hash ManifestHash(std::string_view bytes);

// The tree of the log with the header as its last leaf, and the tiles that make it.
struct LogEdge {
  merkle::LogTree tree;
  std::vector<merkle::TileUpdate> tiles;  // newest form; complete to the right of what is missing
};
// Errors: kDataLoss where the edge does not give the log root of the header.
absl::StatusOr<LogEdge> RestoreEdge(const Manifest& manifest);

// Pages in order become chunks.
class ChunkWriter {
 public:
  explicit ChunkWriter(size_t chunk_bytes = kChunkBytes) : chunk_bytes_(chunk_bytes) {}
  // Requires: the pages come in the order of tables and numbers, without a gap.
  void Add(state::TableId table, uint64_t number, const state::Page& page);
  bool full() const { return body_.size() >= chunk_bytes_; }
  bool empty() const { return pages_ == 0; }
  // The chunk, and a new one begins. Requires: not empty().
  std::string Take();

 private:
  size_t chunk_bytes_;
  uint32_t number_ = 0;
  uint32_t pages_ = 0;
  std::string first_;
  std::string body_;
};

// Takes chunks in order and gives their pages back, each once, each checked.
//
// What a chunk says is compared with its hash in the manifest, and at the end the root of all pages
// with the state root of the manifest's header: so the header alone has to be trusted.
// Thread safety: none. Ownership: a copy of the manifest is kept.
class SnapshotReader {
 public:
  // Errors: kDataLoss as RestoreEdge.
  static absl::StatusOr<SnapshotReader> Begin(Manifest manifest);

  const Manifest& manifest() const { return manifest_; }
  uint32_t next_chunk() const { return next_chunk_; }

  struct PageAt {
    state::TableId table;
    uint64_t number;
    std::string_view bytes;  // trimmed; of the chunk
  };
  // The pages of the next chunk. Errors: kDataLoss names the chunk; it may be tried again with
  // other bytes, unless its hash was right.
  absl::StatusOr<std::vector<PageAt>> Next(std::string_view chunk);
  // After the last chunk. Errors: kDataLoss where pages are missing, or do not give the state root.
  absl::Status Finish() const;

 private:
  explicit SnapshotReader(Manifest manifest) : manifest_(std::move(manifest)) {}
  absl::Status TakePage(std::string_view bytes);
  void EndTable();

  Manifest manifest_;
  uint32_t next_chunk_ = 0;
  size_t table_ = 0;                // in manifest_.rows
  uint64_t page_ = 0;               // the next one of that table
  std::vector<base::Hash> leaves_;  // of that table
  std::vector<std::pair<state::TableId, base::Hash>> roots_;
};

}  // namespace tributary::storage

#endif  // TRIBUTARY_STORAGE_SNAPSHOT_FORMAT_H_
