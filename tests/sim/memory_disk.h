// A disk in memory that knows what a power cut leaves of it.
//
// What is written to a file, and what is created, renamed or deleted in a directory, is seen at
// once, but is only durable once the file or the directory is synced. When the power goes, each
// file keeps what was synced and a random part of what was written after it (nothing, all, a
// prefix, a prefix and zeros; of what was overwritten in place any of the writes, by sectors), and
// of the changes to directories that were not synced a prefix in their order.
//
// What the cut leaves is decided at its moment. Whoever has files open goes on as a ghost, on what
// the disk was, until all of them are closed and the power comes back.
#ifndef TRIBUTARY_TESTS_SIM_MEMORY_DISK_H_
#define TRIBUTARY_TESTS_SIM_MEMORY_DISK_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "rocksdb/file_system.h"

namespace tributary::sim {

class MemoryDisk : public rocksdb::FileSystem {
 public:
  enum class Op : uint8_t {
    kRead,
    kCreate,
    kAppend,
    kOverwrite,
    kTruncate,
    kSync,
    kSyncDirectory,
    kRename,
    kDelete,
  };
  static const char* NameOf(Op op);
  static constexpr size_t kOps = 9;

  // Called before each call that reads or changes something, from any thread, without a lock: it
  // may cut the power. A call for which it returns an error fails with it and does nothing; except
  // that an append to a full disk leaves half of it.
  using Hook = std::function<rocksdb::IOStatus(Op, const std::string& path)>;
  void set_hook(Hook hook);

  // The first cut counts; `seed` decides what it leaves.
  void CutPower(uint64_t seed);
  bool off() const;
  // Requires: CutPower was called, and nothing on the disk is open any more.
  void RestorePower();

  // A disk with the same files, all of them durable.
  std::shared_ptr<MemoryDisk> Clone() const;
  // Every file with its size, in order.
  std::vector<std::pair<std::string, uint64_t>> Files() const;
  std::string Content(const std::string& path) const;
  void SetContent(const std::string& path, std::string content);
  void FlipBit(const std::string& path, uint64_t bit);

  // ---- rocksdb::FileSystem
  const char* Name() const override { return "MemoryDisk"; }
  rocksdb::IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions&,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* out,
                                      rocksdb::IODebugContext*) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions&,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* out,
                                        rocksdb::IODebugContext*) override;
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions&,
                                    std::unique_ptr<rocksdb::FSWritableFile>* out,
                                    rocksdb::IODebugContext*) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions&,
                                       std::unique_ptr<rocksdb::FSWritableFile>* out,
                                       rocksdb::IODebugContext*) override;
  rocksdb::IOStatus ReuseWritableFile(const std::string& path, const std::string& old_path,
                                      const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* out,
                                      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewRandomRWFile(const std::string& path, const rocksdb::FileOptions&,
                                    std::unique_ptr<rocksdb::FSRandomRWFile>* out,
                                    rocksdb::IODebugContext*) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions&,
                                 std::unique_ptr<rocksdb::FSDirectory>* out,
                                 rocksdb::IODebugContext*) override;
  rocksdb::IOStatus FileExists(const std::string& path, const rocksdb::IOOptions&,
                               rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetChildren(const std::string& path, const rocksdb::IOOptions&,
                                std::vector<std::string>* out, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions&,
                               rocksdb::IODebugContext*) override;
  rocksdb::IOStatus CreateDir(const std::string& path, const rocksdb::IOOptions&,
                              rocksdb::IODebugContext*) override;
  rocksdb::IOStatus CreateDirIfMissing(const std::string& path, const rocksdb::IOOptions&,
                                       rocksdb::IODebugContext*) override;
  rocksdb::IOStatus DeleteDir(const std::string& path, const rocksdb::IOOptions&,
                              rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetFileSize(const std::string& path, const rocksdb::IOOptions&, uint64_t* out,
                                rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetFileModificationTime(const std::string& path, const rocksdb::IOOptions&,
                                            uint64_t* out, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions&, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus LockFile(const std::string& path, const rocksdb::IOOptions&,
                             rocksdb::FileLock** out, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus UnlockFile(rocksdb::FileLock* lock, const rocksdb::IOOptions&,
                               rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetTestDirectory(const rocksdb::IOOptions&, std::string* out,
                                     rocksdb::IODebugContext*) override;
  rocksdb::IOStatus NewLogger(const std::string&, const rocksdb::IOOptions&,
                              std::shared_ptr<rocksdb::Logger>* out,
                              rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetAbsolutePath(const std::string& path, const rocksdb::IOOptions&,
                                    std::string* out, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus IsDirectory(const std::string& path, const rocksdb::IOOptions&, bool* out,
                                rocksdb::IODebugContext*) override;

 private:
  friend class DiskSequentialFile;
  friend class DiskRandomAccessFile;
  friend class DiskWritableFile;
  friend class DiskRandomRWFile;
  friend class DiskDirectory;

  struct Overwritten {
    uint64_t at;
    std::string old;
  };
  struct Node {
    bool directory = false;
    std::string data;
    size_t synced = 0;              // bytes of `data` that were there at the last sync
    std::vector<Overwritten> undo;  // since then, oldest first
  };
  using NodePtr = std::shared_ptr<Node>;
  // By path. A tree by names would be more than is needed: directories are never renamed here.
  using Names = std::map<std::string, NodePtr>;
  // One change to a directory that is not durable yet: nullptr removes.
  struct Change {
    std::string directory;
    std::vector<std::pair<std::string, NodePtr>> names;
  };

  // Runs the hook, then locks.
  rocksdb::IOStatus Enter(Op op, const std::string& path, std::unique_lock<std::mutex>& lock) const;
  rocksdb::IOStatus Append(const NodePtr& node, const std::string& path, const std::string& data);
  void Record(const std::string& directory, std::vector<std::pair<std::string, NodePtr>> names);
  static void SurviveFile(Node& node, std::mt19937_64& random);

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  Hook hook_;
  bool off_ = false;
  Names names_;
  Names durable_;
  std::vector<Change> changes_;  // to durable_, in order
  std::set<std::string> locked_;
  Names survived_;
};

}  // namespace tributary::sim

#endif  // TRIBUTARY_TESTS_SIM_MEMORY_DISK_H_
