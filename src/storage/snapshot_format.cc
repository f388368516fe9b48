#include "storage/snapshot_format.h"

#include <algorithm>
#include <optional>

#include "codec/bytes.h"
#include "crypto/hash.h"
#include "merkle/table_tree.h"
#include "state/overlay.h"
#include "state/root_tree.h"
#include "storage/schema.h"
#include "tributary/base/check.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::storage {
namespace {

constexpr std::string_view kManifestMagic = "TRBSNAP1";
constexpr std::string_view kChunkMagic = "TRBCHNK1";
constexpr size_t kHashBytes = base::Hash::kSize;
constexpr uint64_t kRowsMax = uint64_t{1} << 48;

// Reads from the front; once something is missing, everything is.
class Input {
 public:
  explicit Input(std::string_view rest) : rest_(rest) {}

  bool good() const { return good_; }
  size_t left() const { return rest_.size(); }
  std::string_view Take(size_t bytes) {
    good_ = good_ && bytes <= rest_.size();
    if (!good_) return {};
    const std::string_view out = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return out;
  }
  template <class T>
  T Number() {
    const std::string_view bytes = Take(sizeof(T));
    return good_ ? codec::LoadLittle<T>(base::AsBytes(bytes).data()) : T{0};
  }
  std::vector<base::Hash> Hashes(uint64_t count) {
    std::vector<base::Hash> out;
    if (count > left() / kHashBytes) good_ = false;
    for (uint64_t i = 0; good_ && i < count; ++i) {
      out.push_back(base::Hash::From(base::AsBytes(Take(kHashBytes))));
    }
    return out;
  }

 private:
  std::string_view rest_;
  bool good_ = true;
};

std::optional<state::TableId> TableOf(uint32_t packed) {
  if (packed >> 16 >= state::kTableKinds) return std::nullopt;
  return state::TableId{static_cast<state::TableKind>(packed >> 16),
                        static_cast<uint16_t>(packed & 0xffff)};
}

uint64_t PartialHashes(uint64_t log_size, int level) {
  return (log_size >> (merkle::kTileHeight * level)) % merkle::kTileWidth;
}

absl::Status Damaged(const std::string& what) {
  return base::DataLoss("the manifest is damaged: " + what);
}

std::string NameOfChunk(uint32_t number) { return "chunk " + std::to_string(number); }

absl::Status ReadTables(Input& in, Manifest& out) {
  const auto tables = in.Number<uint32_t>();
  for (uint32_t i = 0; in.good() && i < tables; ++i) {
    const auto table = TableOf(in.Number<uint32_t>());
    const auto rows = in.Number<uint64_t>();
    if (!table) return Damaged("a table of a kind that there is not");
    if (rows == 0 || rows > kRowsMax) return Damaged("a table's row count");
    if (!out.rows.empty() && !(out.rows.back().first < *table)) return Damaged("order of tables");
    out.rows.emplace_back(*table, rows);
  }
  return absl::OkStatus();
}

bool AllZero(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == '\0'; });
}

}  // namespace

uint64_t Manifest::pages() const {
  uint64_t out = 0;
  for (const auto& [table, count] : rows) out += PagesOf(table, count);
  return out;
}

std::string EncodeManifest(const Manifest& manifest) {
  std::string out(kManifestMagic);
  codec::AppendLittle(out, manifest.engine_height);
  out += manifest.header_bytes;
  codec::AppendLittle(out, static_cast<uint32_t>(manifest.rows.size()));
  for (const auto& [table, rows] : manifest.rows) {
    codec::AppendLittle(out, table.Packed());
    codec::AppendLittle(out, rows);
  }
  for (const std::vector<base::Hash>& level : manifest.edge) {
    for (const base::Hash& hash : level) codec::AppendBytes(out, hash.view());
  }
  codec::AppendLittle(out, static_cast<uint32_t>(manifest.chunks.size()));
  for (const base::Hash& hash : manifest.chunks) codec::AppendBytes(out, hash.view());
  codec::AppendBytes(out, crypto::Sha256(base::AsBytes(out)).view());
  return out;
}

base::Hash ManifestHash(std::string_view bytes) {
  TRIBUTARY_CHECK(bytes.size() >= kHashBytes, "no manifest");
  return base::Hash::From(base::AsBytes(bytes.substr(bytes.size() - kHashBytes)));
}

absl::StatusOr<Manifest> DecodeManifest(std::string_view bytes) {
  if (bytes.size() > kManifestBytesMax) return Damaged("it is too long");
  if (bytes.size() < kManifestMagic.size() + kHashBytes) return Damaged("it is cut short");
  const std::string_view body = bytes.substr(0, bytes.size() - kHashBytes);
  if (crypto::Sha256(base::AsBytes(body)) != ManifestHash(bytes)) {
    return Damaged("its hash is not the one at its end");
  }
  Input in(body);
  if (in.Take(kManifestMagic.size()) != kManifestMagic) return Damaged("it is no manifest");
  Manifest out;
  out.engine_height = in.Number<uint64_t>();
  out.header_bytes = std::string(in.Take(codec::kHeaderBytes));
  const auto header = codec::DecodeHeader(base::AsBytes(out.header_bytes));
  if (!header.ok()) return Damaged("its header: " + header.rejection().ToString());
  out.header = *header;
  if (out.header.log_size >= merkle::kTreeSizeMax) return Damaged("the size of the log");
  TRIBUTARY_RETURN_IF_ERROR(ReadTables(in, out));
  for (int level = 0; level < merkle::kTileLevels; ++level) {
    out.edge.push_back(in.Hashes(PartialHashes(out.header.log_size, level)));
  }
  out.chunks = in.Hashes(in.Number<uint32_t>());
  if (!in.good()) return Damaged("it is cut short");
  if (in.left() != 0) return Damaged("something follows after its end");
  return out;
}

absl::StatusOr<LogEdge> RestoreEdge(const Manifest& manifest) {
  const uint64_t size = manifest.header.log_size;
  merkle::MemoryTiles tiles;
  for (uint32_t level = 0; level < manifest.edge.size(); ++level) {
    const std::vector<base::Hash>& hashes = manifest.edge[level];
    if (hashes.empty()) continue;
    std::vector<uint8_t> bytes;
    for (const base::Hash& hash : hashes) {
      bytes.insert(bytes.end(), hash.bytes.begin(), hash.bytes.end());
    }
    const uint64_t at_level = size >> (merkle::kTileHeight * static_cast<int>(level));
    tiles.Put({level, at_level / merkle::kTileWidth}, std::move(bytes));
  }
  auto tree = merkle::LogTree::Restore(size, tiles);
  if (!tree.ok()) return tree.status();
  if (tree->Root() != manifest.header.log_root) {
    return Damaged("the edge of the log does not give the log root of its header");
  }
  LogEdge out;
  out.tree = *std::move(tree);
  auto draft = out.tree.NewDraft();
  draft.Append(crypto::LeafHash(base::AsBytes(manifest.header_bytes)));
  for (const auto& [id, bytes] : tiles.tiles()) {
    out.tiles.push_back({id, 0, bytes});
  }
  for (merkle::TileUpdate& tile : draft.Tiles()) out.tiles.push_back(std::move(tile));
  out.tree.Publish(std::move(draft));
  return out;
}

void ChunkWriter::Add(state::TableId table, uint64_t number, const state::Page& page) {
  if (pages_ == 0) {
    codec::AppendLittle(first_, table.Packed());
    codec::AppendLittle(first_, number);
  }
  const std::string_view bytes = TrimPage(page);
  codec::AppendLittle(body_, static_cast<uint16_t>(bytes.size()));
  body_ += bytes;
  ++pages_;
}

std::string ChunkWriter::Take() {
  TRIBUTARY_CHECK(!empty(), "a chunk without a page");
  std::string out(kChunkMagic);
  codec::AppendLittle(out, number_++);
  out += first_;
  codec::AppendLittle(out, pages_);
  out += body_;
  pages_ = 0;
  first_.clear();
  body_.clear();
  return out;
}

absl::StatusOr<SnapshotReader> SnapshotReader::Begin(Manifest manifest) {
  if (const auto edge = RestoreEdge(manifest); !edge.ok()) return edge.status();
  return SnapshotReader(std::move(manifest));
}

absl::StatusOr<std::vector<SnapshotReader::PageAt>> SnapshotReader::Next(std::string_view chunk) {
  const std::string name = NameOfChunk(next_chunk_);
  if (next_chunk_ == manifest_.chunks.size()) {
    return base::DataLoss("the snapshot has no " + name);
  }
  if (crypto::Sha256(base::AsBytes(chunk)) != manifest_.chunks[next_chunk_]) {
    return base::DataLoss(name + " is not the one of the manifest: its hash is another");
  }
  Input in(chunk);
  const bool named = in.Take(kChunkMagic.size()) == kChunkMagic;
  if (!named || in.Number<uint32_t>() != next_chunk_) {
    return base::DataLoss(name + " is none, or one of another place");
  }
  const bool more = table_ < manifest_.rows.size();
  const auto table = in.Number<uint32_t>();
  const auto number = in.Number<uint64_t>();
  const auto count = in.Number<uint32_t>();
  if (!more || count == 0 || table != manifest_.rows[table_].first.Packed() || number != page_) {
    return base::DataLoss(name + " does not go on where the one before it ended");
  }
  std::vector<PageAt> out;
  for (uint32_t i = 0; in.good() && i < count; ++i) {
    const std::string_view bytes = in.Take(in.Number<uint16_t>());
    if (!in.good()) break;
    if (table_ == manifest_.rows.size()) return base::DataLoss(name + " has pages too many");
    out.push_back({manifest_.rows[table_].first, page_, bytes});
    if (const absl::Status status = TakePage(bytes); !status.ok()) {
      return base::DataLoss(name + ": " + std::string(base::Message(status)));
    }
  }
  if (!in.good() || in.left() != 0) {
    return base::DataLoss(name + " does not end where its pages do");
  }
  ++next_chunk_;
  return out;
}

absl::Status SnapshotReader::TakePage(std::string_view bytes) {
  const auto& [table, rows] = manifest_.rows[table_];
  const std::string name = "page " + std::to_string(page_) + " of table " +
                           std::string(state::TableName(table.kind)) + "/" +
                           std::to_string(table.sub);
  state::Page page;
  if (!RestorePage(bytes, page)) return base::DataLoss(name + " has another form than ours");
  const uint64_t in_page = state::RowsInPage(table.kind, rows, page_);
  // Beyond its rows a page is empty; where rows are hashed alone no hash covers that.
  const size_t used = in_page * state::RowBytes(table.kind);
  if (bytes.size() > used && !AllZero(bytes.substr(used))) {
    return base::DataLoss(name + " has bytes beyond its rows");
  }
  leaves_.push_back(state::PageLeaf(table.kind, page, in_page));
  if (++page_ == PagesOf(table, rows)) EndTable();
  return absl::OkStatus();
}

void SnapshotReader::EndTable() {
  const auto& [table, rows] = manifest_.rows[table_];
  roots_.emplace_back(table, state::TableRootHash(table, rows, merkle::TableTree(leaves_).Root()));
  leaves_.clear();
  page_ = 0;
  ++table_;
}

absl::Status SnapshotReader::Finish() const {
  if (next_chunk_ != manifest_.chunks.size()) {
    return base::DataLoss(NameOfChunk(next_chunk_) + " is missing");
  }
  if (table_ != manifest_.rows.size()) {
    return base::DataLoss("the snapshot ends before its last page");
  }
  std::vector<state::RootTree::Change> changes;
  for (const auto& [table, root] : roots_) changes.emplace_back(table, root);
  state::RootTree roots;
  roots.Apply(changes);
  if (roots.StateRoot() == manifest_.header.state_root) return absl::OkStatus();
  return base::DataLoss("the pages give the state root " + base::ToHex(roots.StateRoot().view()) +
                        ", but the header of height " +
                        std::to_string(manifest_.header.height.value()) + " says " +
                        base::ToHex(manifest_.header.state_root.view()));
}

}  // namespace tributary::storage
