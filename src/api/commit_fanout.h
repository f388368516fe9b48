// Wakes whoever follows the log after each block, on a thread of its own: the writer only says that
// there is something new.
#ifndef TRIBUTARY_API_COMMIT_FANOUT_H_
#define TRIBUTARY_API_COMMIT_FANOUT_H_

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "node/ledger.h"

namespace tributary::api {

class Follower {
 public:
  virtual ~Follower() = default;
  // There may be something new. On the fan-out's thread.
  virtual void OnCommit() = 0;
  // The server stops: end soon.
  virtual void OnStop() = 0;
};

// Thread safety: all members, from any thread.
class CommitFanout {
 public:
  // `ledger` outlives it.
  explicit CommitFanout(node::Ledger& ledger);
  ~CommitFanout();
  CommitFanout(const CommitFanout&) = delete;
  CommitFanout& operator=(const CommitFanout&) = delete;

  // Followers go by themselves when nobody else holds them. A follower added after Stop is told so.
  void Add(const std::shared_ptr<Follower>& follower);
  // Tells all followers to end, and wakes nobody any more.
  void Stop();
  size_t size() const;

 private:
  void Run();

  node::Ledger& ledger_;
  const uint64_t subscription_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  bool news_ = false;
  bool stopped_ = false;
  std::map<Follower*, std::weak_ptr<Follower>> followers_;
  std::thread thread_;
};

}  // namespace tributary::api

#endif  // TRIBUTARY_API_COMMIT_FANOUT_H_
