// The height last acknowledged, beside the database. RocksDB drops a torn end of its write-ahead
// log, as it must; this file tells a torn end, which was never acknowledged, from blocks that were
// lost.
//
// Two slots of 32 bytes, at 0 and 512, written in turn: "TRIBHEAD", height u64, log size u64
// (little-endian), and the first 8 bytes of the SHA-256 of these 24. It is written after the block
// is durable and not synced itself: after a power cut it may be behind the database, never ahead.
#ifndef TRIBUTARY_STORAGE_HEAD_FILE_H_
#define TRIBUTARY_STORAGE_HEAD_FILE_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rocksdb/file_system.h"
#include "storage/store.h"

namespace tributary::storage {

// Thread safety: none.
class HeadFile {
 public:
  // Makes the file, synced, or replaces one that is there.
  static absl::Status Create(rocksdb::FileSystem& files, const std::string& path, const Head& head);
  // The newest valid slot; nullopt where there is no file.
  // Errors: kDataLoss where no slot is valid.
  static absl::StatusOr<std::optional<Head>> Read(rocksdb::FileSystem& files,
                                                  const std::string& path);
  // For Write.
  static absl::StatusOr<std::unique_ptr<HeadFile>> Open(rocksdb::FileSystem& files,
                                                        const std::string& path);
  absl::Status Write(const Head& head);

 private:
  explicit HeadFile(std::unique_ptr<rocksdb::FSRandomRWFile> file) : file_(std::move(file)) {}

  std::unique_ptr<rocksdb::FSRandomRWFile> file_;
};

}  // namespace tributary::storage

#endif  // TRIBUTARY_STORAGE_HEAD_FILE_H_
