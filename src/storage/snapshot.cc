#include "storage/snapshot.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <system_error>
#include <utility>

#include "crypto/hash.h"
#include "rocksdb/file_system.h"
#include "storage/database.h"
#include "tributary/base/check.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kName = "snapshot-";
constexpr std::string_view kMaking = "making-";

std::string NameOf(base::Height height) {
  char text[40];
  std::snprintf(text, sizeof text, "snapshot-%020llu",
                static_cast<unsigned long long>(height.value()));
  return text;
}

std::string ManifestPath(const std::string& path) { return path + "/manifest"; }

std::string ChunkPath(const std::string& path, uint32_t number) {
  char text[24];
  std::snprintf(text, sizeof text, "/chunk-%05u", number);
  return path + text;
}

// A new file, on disk when this returns.
absl::Status WriteFile(const std::string& path, std::string_view content) {
  const auto files = rocksdb::FileSystem::Default();
  const std::string doing = "writing " + path;
  const rocksdb::IOOptions io;
  std::unique_ptr<rocksdb::FSWritableFile> file;
  TRIBUTARY_RETURN_IF_ERROR(
      FromRocks(files->NewWritableFile(path, rocksdb::FileOptions(), &file, nullptr), doing));
  TRIBUTARY_RETURN_IF_ERROR(FromRocks(file->Append(Slice(content), io, nullptr), doing));
  TRIBUTARY_RETURN_IF_ERROR(FromRocks(file->Fsync(io, nullptr), doing));
  return FromRocks(file->Close(io, nullptr), doing);
}

absl::Status SyncDirectory(const std::string& path) {
  std::unique_ptr<rocksdb::FSDirectory> directory;
  const rocksdb::IOOptions io;
  const std::string doing = "syncing " + path;
  TRIBUTARY_RETURN_IF_ERROR(FromRocks(
      rocksdb::FileSystem::Default()->NewDirectory(path, io, &directory, nullptr), doing));
  return FromRocks(directory->Fsync(io, nullptr), doing);
}

// Errors: kDataLoss where the file is missing or longer than `bytes_max`.
absl::StatusOr<std::string> ReadBounded(const std::string& path, size_t bytes_max) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return base::DataLoss(path + " is missing or cannot be read");
  const auto size = static_cast<uint64_t>(file.tellg());
  if (size > bytes_max) return base::DataLoss(path + " is longer than such a file may be");
  std::string out(size, '\0');
  file.seekg(0);
  if (!file.read(out.data(), static_cast<std::streamsize>(size))) {
    return base::Unavailable("cannot read " + path);
  }
  return out;
}

absl::Status At(const std::string& path, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(), path + ": " + std::string(base::Message(status)));
}

SnapshotInfo InfoOf(const std::string& path, const Manifest& manifest, const base::Hash& hash) {
  SnapshotInfo info;
  info.path = path;
  info.height = manifest.header.height;
  info.engine_height = manifest.engine_height;
  info.time = manifest.header.time_ms;
  info.log_size = manifest.header.log_size + 1;
  info.header_hash = codec::HeaderHash(base::AsBytes(manifest.header_bytes));
  info.hash = hash;
  info.chunks = static_cast<uint32_t>(manifest.chunks.size());
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(path, ignored)) {
    info.bytes += file.file_size(ignored);
  }
  return info;
}

absl::StatusOr<std::pair<Manifest, SnapshotInfo>> ReadInfo(const std::string& path) {
  const auto bytes = ReadManifestFile(path);
  if (!bytes.ok()) return bytes.status();
  auto manifest = DecodeManifest(*bytes);
  if (!manifest.ok()) return At(ManifestPath(path), manifest.status());
  SnapshotInfo info = InfoOf(path, *manifest, ManifestHash(*bytes));
  return std::make_pair(*std::move(manifest), std::move(info));
}

absl::StatusOr<std::vector<base::Hash>> ReadPartialTile(const ReadSnapshot& at, uint64_t size,
                                                        int level) {
  std::vector<base::Hash> out;
  const uint64_t hashes = size >> (merkle::kTileHeight * level);
  if (hashes % merkle::kTileWidth == 0) return out;
  const merkle::TileId id{static_cast<uint32_t>(level), hashes / merkle::kTileWidth};
  const auto bytes = merkle::ReadTileAt(at, id, size);
  if (!bytes.ok()) return bytes.status();
  for (size_t i = 0; i + base::Hash::kSize <= bytes->size(); i += base::Hash::kSize) {
    out.push_back(base::Hash::From(base::Bytes(*bytes).subspan(i, base::Hash::kSize)));
  }
  return out;
}

// Everything of the manifest but the chunks.
absl::StatusOr<Manifest> Describe(const ReadSnapshot& at, uint64_t engine_height) {
  Manifest out;
  out.engine_height = engine_height;
  if (at.head().empty()) return base::FailedPrecondition("the store holds no genesis");
  const auto entry = at.HeaderEntry(at.head().height);
  if (!entry.ok()) return entry.status();
  auto header = at.ReadEntry(*entry);
  if (!header.ok()) return header.status();
  out.header_bytes = *std::move(header);
  const auto decoded = codec::DecodeHeader(base::AsBytes(out.header_bytes));
  if (!decoded.ok()) return base::DataLoss("the last header of the store is damaged");
  out.header = *decoded;
  for (const state::TableId table : at.Tables()) out.rows.emplace_back(table, at.RowCount(table));
  for (int level = 0; level < merkle::kTileLevels; ++level) {
    auto hashes = ReadPartialTile(at, out.header.log_size, level);
    if (!hashes.ok()) return hashes.status();
    out.edge.push_back(*std::move(hashes));
  }
  return out;
}

absl::Status WriteChunks(const ReadSnapshot& at, const std::string& path, size_t chunk_bytes,
                         Manifest& manifest) {
  ChunkWriter writer(chunk_bytes);
  const auto put = [&]() -> absl::Status {
    const std::string chunk = writer.Take();
    const auto number = static_cast<uint32_t>(manifest.chunks.size());
    manifest.chunks.push_back(crypto::Sha256(base::AsBytes(chunk)));
    return WriteFile(ChunkPath(path, number), chunk);
  };
  state::Page page;
  for (const auto& [table, rows] : manifest.rows) {
    const uint64_t pages = rows / state::RowsPerPage(table.kind) +
                           (rows % state::RowsPerPage(table.kind) == 0 ? 0 : 1);
    for (uint64_t number = 0; number < pages; ++number) {
      at.ReadPage(table, number, page);
      if (at.failed()) return at.status();
      writer.Add(table, number, page);
      if (writer.full()) TRIBUTARY_RETURN_IF_ERROR(put());
    }
  }
  return writer.empty() ? absl::OkStatus() : put();
}

using ChunkVisitor = std::function<absl::Status(std::string_view)>;

absl::Status EachChunk(const std::string& path, uint32_t chunks, const Progress& progress,
                       const ChunkVisitor& visit) {
  for (uint32_t number = 0; number < chunks; ++number) {
    const auto chunk = ReadChunkFile(path, number);
    if (!chunk.ok()) return chunk.status();
    TRIBUTARY_RETURN_IF_ERROR(At(ChunkPath(path, number), visit(*chunk)));
    if (progress) progress(number + 1, chunks);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SnapshotInfo> CreateSnapshot(const ReadSnapshot& at, uint64_t engine_height,
                                            const std::string& dir, size_t chunk_bytes) {
  auto manifest = Describe(at, engine_height);
  if (!manifest.ok()) return manifest.status();
  const std::string path = dir + "/" + NameOf(manifest->header.height);
  std::error_code error;
  if (fs::exists(path, error)) {
    auto known = ReadInfo(path);
    if (!known.ok()) return known.status();
    return std::move(known->second);
  }
  const std::string making = dir + "/" + std::string(kMaking) + NameOf(manifest->header.height);
  fs::remove_all(making, error);
  fs::create_directories(making, error);
  if (error) return base::Unavailable("making " + making + ": " + error.message());
  TRIBUTARY_RETURN_IF_ERROR(WriteChunks(at, making, chunk_bytes, *manifest));
  TRIBUTARY_RETURN_IF_ERROR(WriteFile(ManifestPath(making), EncodeManifest(*manifest)));
  // A page that this node damaged is found here, and not by who restores it.
  const auto checked = VerifySnapshot(making);
  if (!checked.ok()) return checked.status();
  TRIBUTARY_RETURN_IF_ERROR(SyncDirectory(making));
  fs::rename(making, path, error);
  if (error) return base::Unavailable("renaming " + making + ": " + error.message());
  TRIBUTARY_RETURN_IF_ERROR(SyncDirectory(dir));
  SnapshotInfo info = *checked;
  info.path = path;
  return info;
}

absl::StatusOr<std::vector<SnapshotInfo>> ListSnapshots(const std::string& dir) {
  std::vector<SnapshotInfo> out;
  std::error_code error;
  if (!fs::exists(dir, error)) return out;
  std::vector<std::string> names;
  for (const auto& item : fs::directory_iterator(dir, error)) {
    const std::string name = item.path().filename().string();
    if (name.starts_with(kName)) names.push_back(name);
  }
  if (error) return base::Unavailable("reading " + dir + ": " + error.message());
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    auto info = ReadInfo(dir + "/" + name);
    if (info.ok()) {
      out.push_back(std::move(info->second));
      continue;
    }
    SnapshotInfo damaged;
    damaged.path = dir + "/" + name;
    damaged.damage = std::string(base::Message(info.status()));
    out.push_back(std::move(damaged));
  }
  return out;
}

absl::Status PruneSnapshots(const std::string& dir, size_t keep) {
  const auto all = ListSnapshots(dir);
  if (!all.ok()) return all.status();
  std::error_code error;
  for (size_t i = 0; i + keep < all->size(); ++i) fs::remove_all((*all)[i].path, error);
  for (const auto& item : fs::directory_iterator(dir, error)) {
    if (item.path().filename().string().starts_with(kMaking)) fs::remove_all(item.path(), error);
  }
  if (error) return base::Unavailable("removing old snapshots in " + dir + ": " + error.message());
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadManifestFile(const std::string& path) {
  return ReadBounded(ManifestPath(path), kManifestBytesMax);
}

absl::StatusOr<std::string> ReadChunkFile(const std::string& path, uint32_t number) {
  return ReadBounded(ChunkPath(path, number), kChunkBytesMax);
}

absl::StatusOr<SnapshotInfo> VerifySnapshot(const std::string& path, const Progress& progress) {
  auto read = ReadInfo(path);
  if (!read.ok()) return read.status();
  auto reader = SnapshotReader::Begin(std::move(read->first));
  if (!reader.ok()) return At(ManifestPath(path), reader.status());
  TRIBUTARY_RETURN_IF_ERROR(
      EachChunk(path, read->second.chunks, progress,
                [&](std::string_view chunk) { return reader->Next(chunk).status(); }));
  TRIBUTARY_RETURN_IF_ERROR(At(path, reader->Finish()));
  return std::move(read->second);
}

absl::StatusOr<SnapshotInfo> RestoreSnapshot(const std::string& path, const std::string& dir,
                                             const Options& options,
                                             const std::optional<base::Hash>& header_hash,
                                             const Progress& progress) {
  auto read = ReadInfo(path);
  if (!read.ok()) return read.status();
  if (header_hash && *header_hash != read->second.header_hash) {
    return base::DataLoss(path + " has a header of hash " +
                          base::ToHex(read->second.header_hash.view()) + ", not " +
                          base::ToHex(header_hash->view()));
  }
  auto restore = SnapshotRestore::Begin(dir, options, std::move(read->first), false);
  if (!restore.ok()) return restore.status();
  TRIBUTARY_RETURN_IF_ERROR(
      EachChunk(path, read->second.chunks, progress,
                [&](std::string_view chunk) { return (*restore)->Add(chunk); }));
  const auto head = (*restore)->Finish();
  if (!head.ok()) return At(path, head.status());
  return std::move(read->second);
}

}  // namespace tributary::storage
