// Snapshots of a running node: made on a thread of their own, while blocks go on.
#ifndef TRIBUTARY_NODE_SNAPSHOTS_H_
#define TRIBUTARY_NODE_SNAPSHOTS_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "spdlog/logger.h"
#include "storage/snapshot.h"
#include "storage/store.h"

namespace tributary::node {

// Thread safety: all members, from any thread.
// Ownership: `store` and `logger` outlive it.
class Snapshots {
 public:
  // Keeps the newest `keep` in `dir`.
  Snapshots(const storage::Store& store, std::string dir, size_t keep, spdlog::logger& logger);
  // Waits for the one that is being made.
  ~Snapshots();
  Snapshots(const Snapshots&) = delete;
  Snapshots& operator=(const Snapshots&) = delete;

  // Begins one of what is committed now; where another is still being made, this one is left out.
  // To be called between two commits. What goes wrong is logged.
  void Take(uint64_t engine_height);

  const std::string& dir() const { return dir_; }

 private:
  void Make(const storage::ReadSnapshot& at, uint64_t engine_height);

  const storage::Store& store_;
  const std::string dir_;
  const size_t keep_;
  spdlog::logger& logger_;
  std::mutex mutex_;
  // Guarded by mutex_.
  std::thread thread_;
  bool busy_ = false;
};

}  // namespace tributary::node

#endif  // TRIBUTARY_NODE_SNAPSHOTS_H_
