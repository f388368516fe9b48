#include "sim/memory_disk.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "rocksdb/env.h"

namespace tributary::sim {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

namespace {

constexpr uint64_t kSector = 512;
constexpr bool kZerosSurvive = true;

std::string DirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos || slash == 0 ? "/" : path.substr(0, slash);
}

// RocksDB joins paths with slashes of its own.
std::string Clean(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c != '/' || out.empty() || out.back() != '/') out.push_back(c);
  }
  if (out.size() > 1 && out.back() == '/') out.pop_back();
  return out;
}

class NoLogger final : public rocksdb::Logger {
 public:
  using Logger::Logv;
  void Logv(const char*, va_list) override {}
  size_t GetLogFileSize() const override { return 0; }
};

class DiskLock final : public rocksdb::FileLock {
 public:
  explicit DiskLock(std::string held) : path(std::move(held)) {}
  const std::string path;
};

}  // namespace

class DiskSequentialFile final : public rocksdb::FSSequentialFile {
 public:
  DiskSequentialFile(MemoryDisk& disk, std::string path, MemoryDisk::NodePtr node)
      : disk_(disk), path_(std::move(path)), node_(std::move(node)) {}
  IOStatus Read(size_t n, const IOOptions&, Slice* out, char* scratch, IODebugContext*) override {
    std::unique_lock<std::mutex> lock;
    if (IOStatus s = disk_.Enter(MemoryDisk::Op::kRead, path_, lock); !s.ok()) return s;
    const size_t left = node_->data.size() - std::min(at_, node_->data.size());
    const size_t size = std::min(n, left);
    if (size > 0) std::memcpy(scratch, node_->data.data() + at_, size);
    at_ += size;
    *out = Slice(scratch, size);
    return IOStatus::OK();
  }
  IOStatus Skip(uint64_t n) override {
    at_ += n;
    return IOStatus::OK();
  }

 private:
  MemoryDisk& disk_;
  const std::string path_;
  const MemoryDisk::NodePtr node_;
  size_t at_ = 0;
};

class DiskRandomAccessFile final : public rocksdb::FSRandomAccessFile {
 public:
  DiskRandomAccessFile(MemoryDisk& disk, std::string path, MemoryDisk::NodePtr node)
      : disk_(disk), path_(std::move(path)), node_(std::move(node)) {}
  IOStatus Read(uint64_t at, size_t n, const IOOptions&, Slice* out, char* scratch,
                IODebugContext*) const override {
    std::unique_lock<std::mutex> lock;
    if (IOStatus s = disk_.Enter(MemoryDisk::Op::kRead, path_, lock); !s.ok()) return s;
    const size_t from = std::min<size_t>(at, node_->data.size());
    const size_t size = std::min(n, node_->data.size() - from);
    if (size > 0) std::memcpy(scratch, node_->data.data() + from, size);
    *out = Slice(scratch, size);
    return IOStatus::OK();
  }

 private:
  MemoryDisk& disk_;
  const std::string path_;
  const MemoryDisk::NodePtr node_;
};

class DiskWritableFile final : public rocksdb::FSWritableFile {
 public:
  DiskWritableFile(MemoryDisk& disk, std::string path, MemoryDisk::NodePtr node)
      : disk_(disk), path_(std::move(path)), node_(std::move(node)) {}
  using FSWritableFile::Append;
  IOStatus Append(const Slice& data, const IOOptions&, IODebugContext*) override {
    return disk_.Append(node_, path_, data.ToString());
  }
  IOStatus Append(const Slice& data, const IOOptions&, const rocksdb::DataVerificationInfo&,
                  IODebugContext*) override {
    return disk_.Append(node_, path_, data.ToString());
  }
  IOStatus Truncate(uint64_t size, const IOOptions&, IODebugContext*) override {
    std::unique_lock<std::mutex> lock;
    if (IOStatus s = disk_.Enter(MemoryDisk::Op::kTruncate, path_, lock); !s.ok()) return s;
    node_->data.resize(size);
    node_->synced = std::min<size_t>(node_->synced, size);
    return IOStatus::OK();
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    std::unique_lock<std::mutex> lock;
    if (IOStatus s = disk_.Enter(MemoryDisk::Op::kSync, path_, lock); !s.ok()) return s;
    node_->synced = node_->data.size();
    node_->undo.clear();
    return IOStatus::OK();
  }
  bool IsSyncThreadSafe() const override { return true; }
  uint64_t GetFileSize(const IOOptions&, IODebugContext*) override {
    const std::lock_guard<std::mutex> hold(disk_.mutex_);
    return node_->data.size();
  }

 private:
  MemoryDisk& disk_;
  const std::string path_;
  const MemoryDisk::NodePtr node_;
};

class DiskRandomRWFile final : public rocksdb::FSRandomRWFile {
 public:
  DiskRandomRWFile(MemoryDisk& disk, std::string path, MemoryDisk::NodePtr node)
      : disk_(disk), path_(std::move(path)), node_(std::move(node)) {}
  IOStatus Write(uint64_t at, const Slice& data, const IOOptions&, IODebugContext*) override {
    std::unique_lock<std::mutex> lock;
    if (IOStatus s = disk_.Enter(MemoryDisk::Op::kOverwrite, path_, lock); !s.ok()) return s;
    if (node_->data.size() < at + data.size()) node_->data.resize(at + data.size());
    node_->undo.push_back({at, node_->data.substr(at, data.size())});
    node_->data.replace(at, data.size(), data.data(), data.size());
    return IOStatus::OK();
  }
  IOStatus Read(uint64_t at, size_t n, const IOOptions&, Slice* out, char* scratch,
                IODebugContext*) const override {
    std::unique_lock<std::mutex> lock;
    if (IOStatus s = disk_.Enter(MemoryDisk::Op::kRead, path_, lock); !s.ok()) return s;
    const size_t from = std::min<size_t>(at, node_->data.size());
    const size_t size = std::min(n, node_->data.size() - from);
    if (size > 0) std::memcpy(scratch, node_->data.data() + from, size);
    *out = Slice(scratch, size);
    return IOStatus::OK();
  }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    std::unique_lock<std::mutex> lock;
    if (IOStatus s = disk_.Enter(MemoryDisk::Op::kSync, path_, lock); !s.ok()) return s;
    node_->synced = node_->data.size();
    node_->undo.clear();
    return IOStatus::OK();
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }

 private:
  MemoryDisk& disk_;
  const std::string path_;
  const MemoryDisk::NodePtr node_;
};

class DiskDirectory final : public rocksdb::FSDirectory {
 public:
  DiskDirectory(MemoryDisk& disk, std::string path) : disk_(disk), path_(std::move(path)) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    std::unique_lock<std::mutex> lock;
    if (IOStatus s = disk_.Enter(MemoryDisk::Op::kSyncDirectory, path_, lock); !s.ok()) return s;
    std::vector<MemoryDisk::Change> rest;
    for (MemoryDisk::Change& change : disk_.changes_) {
      if (change.directory != path_) {
        rest.push_back(std::move(change));
        continue;
      }
      for (auto& [name, node] : change.names) {
        if (node) {
          disk_.durable_[name] = node;
        } else {
          disk_.durable_.erase(name);
        }
      }
    }
    disk_.changes_ = std::move(rest);
    return IOStatus::OK();
  }

 private:
  MemoryDisk& disk_;
  const std::string path_;
};

// ------------------------------------------------------------------------------------------------

const char* MemoryDisk::NameOf(Op op) {
  static constexpr const char* kNames[kOps] = {"read",           "create",   "append",
                                               "overwrite",      "truncate", "sync",
                                               "sync_directory", "rename",   "delete"};
  return kNames[static_cast<size_t>(op)];
}

void MemoryDisk::set_hook(Hook hook) {
  const std::lock_guard<std::mutex> hold(mutex_);
  hook_ = std::move(hook);
}

bool MemoryDisk::off() const {
  const std::lock_guard<std::mutex> hold(mutex_);
  return off_;
}

void MemoryDisk::SurviveFile(Node& node, std::mt19937_64& random) {
  // Writes in place reach the disk in any order, each sector whole. Undone from the newest on, so
  // that what an older one put there shows again.
  for (auto it = node.undo.rbegin(); it != node.undo.rend(); ++it) {
    for (uint64_t at = it->at; at < it->at + it->old.size();) {
      const uint64_t end =
          std::min<uint64_t>(it->at + it->old.size(), (at / kSector + 1) * kSector);
      if (random() % 2 == 0) node.data.replace(at, end - at, it->old, at - it->at, end - at);
      at = end;
    }
  }
  node.undo.clear();
  const size_t unsynced = node.data.size() - std::min(node.synced, node.data.size());
  size_t kept = unsynced;
  switch (random() % 4) {
    case 0: kept = 0; break;
    case 1: break;
    default: kept = unsynced == 0 ? 0 : random() % (unsynced + 1); break;
  }
  const size_t size = node.data.size() - unsynced + kept;
  const bool zeros =
      kZerosSurvive && random() % 4 == 0;  // the length was written, and the content was not
  node.data.resize(size);
  if (zeros) node.data.resize(size + unsynced - kept, '\0');
  node.synced = node.data.size();
}

void MemoryDisk::CutPower(uint64_t seed) {
  const std::lock_guard<std::mutex> hold(mutex_);
  if (off_) return;
  off_ = true;
  std::mt19937_64 random(seed);
  survived_ = durable_;
  const size_t survive = changes_.empty() ? 0 : random() % (changes_.size() + 1);
  for (size_t i = 0; i < survive; ++i) {
    for (auto& [name, node] : changes_[i].names) {
      if (node) {
        survived_[name] = node;
      } else {
        survived_.erase(name);
      }
    }
  }
  // What lies in a directory that is gone is gone.
  for (auto it = survived_.begin(); it != survived_.end();) {
    const std::string parent = DirectoryOf(it->first);
    const bool there = parent == "/" || survived_.count(parent) != 0;
    it = there ? std::next(it) : survived_.erase(it);
  }
  std::map<Node*, NodePtr> copies;
  for (auto& [name, node] : survived_) {
    NodePtr& copy = copies[node.get()];
    if (!copy) {
      copy = std::make_shared<Node>(*node);
      if (!copy->directory) SurviveFile(*copy, random);
    }
    node = copy;
  }
}

void MemoryDisk::RestorePower() {
  const std::lock_guard<std::mutex> hold(mutex_);
  names_ = survived_;
  durable_ = std::move(survived_);
  survived_.clear();
  changes_.clear();
  locked_.clear();
  off_ = false;
}

std::shared_ptr<MemoryDisk> MemoryDisk::Clone() const {
  auto out = std::make_shared<MemoryDisk>();
  const std::lock_guard<std::mutex> hold(mutex_);
  for (const auto& [name, node] : names_) {
    auto copy = std::make_shared<Node>(*node);
    copy->synced = copy->data.size();
    copy->undo.clear();
    out->names_[name] = copy;
    out->durable_[name] = copy;
  }
  return out;
}

std::vector<std::pair<std::string, uint64_t>> MemoryDisk::Files() const {
  const std::lock_guard<std::mutex> hold(mutex_);
  std::vector<std::pair<std::string, uint64_t>> out;
  for (const auto& [name, node] : names_) {
    if (!node->directory) out.emplace_back(name, node->data.size());
  }
  return out;
}

std::string MemoryDisk::Content(const std::string& path) const {
  const std::lock_guard<std::mutex> hold(mutex_);
  return names_.at(path)->data;
}

void MemoryDisk::SetContent(const std::string& path, std::string content) {
  const std::lock_guard<std::mutex> hold(mutex_);
  names_.at(path)->data = std::move(content);
}

void MemoryDisk::FlipBit(const std::string& path, uint64_t bit) {
  const std::lock_guard<std::mutex> hold(mutex_);
  names_.at(path)->data[bit / 8] ^= static_cast<char>(1 << (bit % 8));
}

IOStatus MemoryDisk::Enter(Op op, const std::string& path,
                           std::unique_lock<std::mutex>& lock) const {
  Hook hook;
  {
    const std::lock_guard<std::mutex> hold(mutex_);
    hook = hook_;
  }
  if (hook) {
    if (IOStatus status = hook(op, path); !status.ok()) return status;
  }
  lock = std::unique_lock<std::mutex>(mutex_);
  return IOStatus::OK();
}

IOStatus MemoryDisk::Append(const NodePtr& node, const std::string& path, const std::string& data) {
  std::unique_lock<std::mutex> lock;
  IOStatus status = Enter(Op::kAppend, path, lock);
  if (status.ok()) {
    node->data += data;
  } else if (status.IsNoSpace()) {
    const std::lock_guard<std::mutex> hold(mutex_);
    node->data += data.substr(0, data.size() / 2);
  }
  return status;
}

void MemoryDisk::Record(const std::string& directory,
                        std::vector<std::pair<std::string, NodePtr>> names) {
  for (const auto& [name, node] : names) {
    if (node) {
      names_[name] = node;
    } else {
      names_.erase(name);
    }
  }
  changes_.push_back({directory, std::move(names)});
}

IOStatus MemoryDisk::NewSequentialFile(const std::string& name, const rocksdb::FileOptions&,
                                       std::unique_ptr<rocksdb::FSSequentialFile>* out,
                                       IODebugContext*) {
  const std::string path = Clean(name);
  std::unique_lock<std::mutex> lock;
  if (IOStatus s = Enter(Op::kRead, path, lock); !s.ok()) return s;
  const auto found = names_.find(path);
  if (found == names_.end()) return IOStatus::PathNotFound(path);
  *out = std::make_unique<DiskSequentialFile>(*this, path, found->second);
  return IOStatus::OK();
}

IOStatus MemoryDisk::NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions&,
                                         std::unique_ptr<rocksdb::FSRandomAccessFile>* out,
                                         IODebugContext*) {
  const std::string path = Clean(name);
  std::unique_lock<std::mutex> lock;
  if (IOStatus s = Enter(Op::kRead, path, lock); !s.ok()) return s;
  const auto found = names_.find(path);
  if (found == names_.end()) return IOStatus::PathNotFound(path);
  *out = std::make_unique<DiskRandomAccessFile>(*this, path, found->second);
  return IOStatus::OK();
}

IOStatus MemoryDisk::NewWritableFile(const std::string& name, const rocksdb::FileOptions&,
                                     std::unique_ptr<rocksdb::FSWritableFile>* out,
                                     IODebugContext*) {
  const std::string path = Clean(name);
  std::unique_lock<std::mutex> lock;
  if (IOStatus s = Enter(Op::kCreate, path, lock); !s.ok()) return s;
  const std::string directory = DirectoryOf(path);
  if (directory != "/" && names_.count(directory) == 0) return IOStatus::PathNotFound(directory);
  auto node = std::make_shared<Node>();
  Record(directory, {{path, node}});
  *out = std::make_unique<DiskWritableFile>(*this, path, node);
  return IOStatus::OK();
}

IOStatus MemoryDisk::ReopenWritableFile(const std::string& name, const rocksdb::FileOptions&,
                                        std::unique_ptr<rocksdb::FSWritableFile>* out,
                                        IODebugContext*) {
  const std::string path = Clean(name);
  std::unique_lock<std::mutex> lock;
  if (IOStatus s = Enter(Op::kCreate, path, lock); !s.ok()) return s;
  const auto found = names_.find(path);
  NodePtr node = found != names_.end() ? found->second : std::make_shared<Node>();
  if (found == names_.end()) Record(DirectoryOf(path), {{path, node}});
  *out = std::make_unique<DiskWritableFile>(*this, path, node);
  return IOStatus::OK();
}

IOStatus MemoryDisk::ReuseWritableFile(const std::string& path, const std::string& old_path,
                                       const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* out,
                                       IODebugContext* debug) {
  if (IOStatus s = RenameFile(old_path, path, IOOptions(), debug); !s.ok()) return s;
  return NewWritableFile(path, options, out, debug);
}

IOStatus MemoryDisk::NewRandomRWFile(const std::string& name, const rocksdb::FileOptions&,
                                     std::unique_ptr<rocksdb::FSRandomRWFile>* out,
                                     IODebugContext*) {
  const std::string path = Clean(name);
  std::unique_lock<std::mutex> lock;
  if (IOStatus s = Enter(Op::kRead, path, lock); !s.ok()) return s;
  const auto found = names_.find(path);
  if (found == names_.end()) return IOStatus::PathNotFound(path);
  *out = std::make_unique<DiskRandomRWFile>(*this, path, found->second);
  return IOStatus::OK();
}

IOStatus MemoryDisk::NewDirectory(const std::string& name, const IOOptions&,
                                  std::unique_ptr<rocksdb::FSDirectory>* out, IODebugContext*) {
  const std::string path = Clean(name);
  std::unique_lock<std::mutex> lock;
  if (IOStatus s = Enter(Op::kRead, path, lock); !s.ok()) return s;
  if (path != "/" && names_.count(path) == 0) return IOStatus::PathNotFound(path);
  *out = std::make_unique<DiskDirectory>(*this, path);
  return IOStatus::OK();
}

IOStatus MemoryDisk::FileExists(const std::string& name, const IOOptions&, IODebugContext*) {
  const std::string path = Clean(name);
  std::unique_lock<std::mutex> lock;
  if (IOStatus s = Enter(Op::kRead, path, lock); !s.ok()) return s;
  return names_.count(path) != 0 ? IOStatus::OK() : IOStatus::NotFound();
}

IOStatus MemoryDisk::GetChildren(const std::string& name, const IOOptions&,
                                 std::vector<std::string>* out, IODebugContext*) {
  const std::string path = Clean(name);
  std::unique_lock<std::mutex> lock;
  if (IOStatus s = Enter(Op::kRead, path, lock); !s.ok()) return s;
  out->clear();
  if (path != "/" && names_.count(path) == 0) return IOStatus::NotFound(path);
  for (const auto& [child, node] : names_) {
    if (child != path && DirectoryOf(child) == path) out->push_back(child.substr(path.size() + 1));
  }
  return IOStatus::OK();
}

IOStatus MemoryDisk::DeleteFile(const std::string& name, const IOOptions&, IODebugContext*) {
  const std::string path = Clean(name);
  std::unique_lock<std::mutex> lock;
  if (IOStatus s = Enter(Op::kDelete, path, lock); !s.ok()) return s;
  if (names_.count(path) == 0) return IOStatus::PathNotFound(path);
  Record(DirectoryOf(path), {{path, nullptr}});
  return IOStatus::OK();
}

IOStatus MemoryDisk::CreateDir(const std::string& name, const IOOptions&, IODebugContext*) {
  const std::string path = Clean(name);
  std::unique_lock<std::mutex> lock;
  if (IOStatus s = Enter(Op::kCreate, path, lock); !s.ok()) return s;
  if (names_.count(path) != 0) return IOStatus::IOError(path, "exists");
  auto node = std::make_shared<Node>();
  node->directory = true;
  Record(DirectoryOf(path), {{path, node}});
  return IOStatus::OK();
}

IOStatus MemoryDisk::CreateDirIfMissing(const std::string& path, const IOOptions& options,
                                        IODebugContext* debug) {
  const IOStatus exists = FileExists(path, options, debug);
  return exists.IsNotFound() ? CreateDir(path, options, debug) : exists;
}

IOStatus MemoryDisk::DeleteDir(const std::string& path, const IOOptions& options,
                               IODebugContext* debug) {
  return DeleteFile(path, options, debug);
}

IOStatus MemoryDisk::GetFileSize(const std::string& name, const IOOptions&, uint64_t* out,
                                 IODebugContext*) {
  const std::string path = Clean(name);
  std::unique_lock<std::mutex> lock;
  if (IOStatus s = Enter(Op::kRead, path, lock); !s.ok()) return s;
  const auto found = names_.find(path);
  if (found == names_.end()) return IOStatus::PathNotFound(path);
  *out = found->second->data.size();
  return IOStatus::OK();
}

IOStatus MemoryDisk::GetFileModificationTime(const std::string&, const IOOptions&, uint64_t* out,
                                             IODebugContext*) {
  *out = 0;
  return IOStatus::OK();
}

IOStatus MemoryDisk::RenameFile(const std::string& from_name, const std::string& to_name,
                                const IOOptions&, IODebugContext*) {
  const std::string from = Clean(from_name);
  const std::string to = Clean(to_name);
  std::unique_lock<std::mutex> lock;
  if (IOStatus s = Enter(Op::kRename, to, lock); !s.ok()) return s;
  const auto found = names_.find(from);
  if (found == names_.end()) return IOStatus::PathNotFound(from);
  const NodePtr node = found->second;
  // Directories keep their place here, so both names are in one.
  Record(DirectoryOf(to), {{from, nullptr}, {to, node}});
  return IOStatus::OK();
}

IOStatus MemoryDisk::LockFile(const std::string& name, const IOOptions&, rocksdb::FileLock** out,
                              IODebugContext*) {
  const std::string path = Clean(name);
  const std::lock_guard<std::mutex> hold(mutex_);
  if (!locked_.insert(path).second) {
    return IOStatus::IOError("lock hold by current process: " + path);
  }
  *out = new DiskLock(path);
  return IOStatus::OK();
}

IOStatus MemoryDisk::UnlockFile(rocksdb::FileLock* lock, const IOOptions&, IODebugContext*) {
  const std::lock_guard<std::mutex> hold(mutex_);
  const std::unique_ptr<DiskLock> held(static_cast<DiskLock*>(lock));
  locked_.erase(held->path);
  return IOStatus::OK();
}

IOStatus MemoryDisk::GetTestDirectory(const IOOptions&, std::string* out, IODebugContext*) {
  *out = "/";
  return IOStatus::OK();
}

IOStatus MemoryDisk::NewLogger(const std::string&, const IOOptions&,
                               std::shared_ptr<rocksdb::Logger>* out, IODebugContext*) {
  *out = std::make_shared<NoLogger>();
  return IOStatus::OK();
}

IOStatus MemoryDisk::GetAbsolutePath(const std::string& path, const IOOptions&, std::string* out,
                                     IODebugContext*) {
  *out = Clean(path);
  return IOStatus::OK();
}

IOStatus MemoryDisk::IsDirectory(const std::string& name, const IOOptions&, bool* out,
                                 IODebugContext*) {
  const std::string path = Clean(name);
  const std::lock_guard<std::mutex> hold(mutex_);
  const auto found = names_.find(path);
  if (found == names_.end()) return IOStatus::PathNotFound(path);
  *out = found->second->directory;
  return IOStatus::OK();
}

}  // namespace tributary::sim
