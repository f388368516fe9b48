// What a power cut may leave of the last write to a database, and how it is told from damage.
//
// A commit is one record of a write-ahead log, synced before anybody is told of it, and the next
// one comes after that. So at most one record is not synced when the power goes: the last one. A
// disk may keep any part of it, also its end without its beginning, which RocksDB then refuses as a
// checksum that is wrong. The same holds for the manifest, the log of RocksDB's own files.
// A wrong checksum after which the file has the beginning of another record is something else: it
// was synced once, and is damaged.
#ifndef TRIBUTARY_STORAGE_TORN_TAIL_H_
#define TRIBUTARY_STORAGE_TORN_TAIL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rocksdb/file_system.h"

namespace tributary::storage {

// What a file of records (RocksDB's log format) holds.
struct LogScan {
  uint64_t records = 0;            // whole ones, from the beginning on
  uint64_t good_bytes = 0;         // up to the end of the last of them
  std::optional<uint64_t> bad_at;  // what stands here is no part of a record
  bool goes_on = false;            // another record begins beyond bad_at
  bool torn() const { return bad_at.has_value() && !goes_on; }
};
LogScan ScanLog(std::string_view content);

// The manifest and the write-ahead log of the database in `path` whose last record is torn, with
// the bytes that are good. Nothing is changed.
struct TornFile {
  std::string path;
  uint64_t good_bytes = 0;
};
absl::StatusOr<std::vector<TornFile>> FindTornTails(rocksdb::FileSystem& files,
                                                    const std::string& path);

// Cuts the files off after what is good. May be stopped at any moment and done again.
absl::Status CutTornTails(rocksdb::FileSystem& files, const std::string& path,
                          const std::vector<TornFile>& torn);

}  // namespace tributary::storage

#endif  // TRIBUTARY_STORAGE_TORN_TAIL_H_
