// Snapshots as files: made from a store without pausing its writer, listed, checked, and restored
// into a new store. What their bytes mean stands in snapshot_format.h.
//
// A directory of snapshots holds one directory for each, `snapshot-<height>`, with the files
// `manifest` and `chunk-<number>`. One that is being made is called otherwise until it is complete
// and on disk.
//
// Errors, everywhere below: as store.h; kDataLoss for a snapshot that is damaged, naming the file.
#ifndef TRIBUTARY_STORAGE_SNAPSHOT_H_
#define TRIBUTARY_STORAGE_SNAPSHOT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/snapshot_format.h"
#include "storage/store.h"
#include "tributary/base/types.h"

namespace tributary::storage {

struct SnapshotInfo {
  std::string path;
  base::Height height;
  uint64_t engine_height = 0;
  base::TimeMs time{0};    // of the block
  uint64_t log_size = 0;   // entries, the header of the height included
  base::Hash header_hash;  // what one has to trust
  base::Hash hash;         // of the manifest
  uint32_t chunks = 0;
  uint64_t bytes = 0;  // of all files
  std::string damage;  // why the manifest cannot be read; then only path is set
};

// Makes a snapshot of what `at` shows in `dir`, checks it as a restore would, and gives it its
// name. One of that height that is there already is returned as it is.
// Thread safety: one at a time for each `dir`; beside commits.
absl::StatusOr<SnapshotInfo> CreateSnapshot(const ReadSnapshot& at, uint64_t engine_height,
                                            const std::string& dir,
                                            size_t chunk_bytes = kChunkBytes);

// Ascending by height; empty where there is no such directory.
absl::StatusOr<std::vector<SnapshotInfo>> ListSnapshots(const std::string& dir);
// Removes all but the `keep` highest, and what is left of one that was not completed.
absl::Status PruneSnapshots(const std::string& dir, size_t keep);

absl::StatusOr<std::string> ReadManifestFile(const std::string& path);
absl::StatusOr<std::string> ReadChunkFile(const std::string& path, uint32_t number);

// Reads all of it, as a restore does. `progress`: chunks.
absl::StatusOr<SnapshotInfo> VerifySnapshot(const std::string& path, const Progress& progress = {});

// A store that is being made from a snapshot. Until Finish it counts for nothing: the next Begin
// starts from the beginning.
// Thread safety: none.
class SnapshotRestore {
 public:
  // `replace`: a store that is in `dir` already goes when the new one is complete; else it is
  // refused.
  static absl::StatusOr<std::unique_ptr<SnapshotRestore>> Begin(const std::string& dir,
                                                                const Options& options,
                                                                Manifest manifest, bool replace);
  ~SnapshotRestore();

  uint32_t next_chunk() const { return reader_.next_chunk(); }
  const Manifest& manifest() const { return reader_.manifest(); }
  // Takes the next chunk. Errors: as SnapshotReader::Next.
  absl::Status Add(std::string_view chunk);
  // After the last one: compares the state root and puts the store in its place.
  absl::StatusOr<Head> Finish();

 private:
  class Target;
  SnapshotRestore(SnapshotReader reader, std::unique_ptr<Target> target);
  SnapshotReader reader_;
  std::unique_ptr<Target> target_;
};

// All of it from files. A header hash, where given, must be that of the snapshot's header.
absl::StatusOr<SnapshotInfo> RestoreSnapshot(const std::string& path, const std::string& dir,
                                             const Options& options,
                                             const std::optional<base::Hash>& header_hash,
                                             const Progress& progress = {});

}  // namespace tributary::storage

#endif  // TRIBUTARY_STORAGE_SNAPSHOT_H_
