// Fetches what a node that was restored from a snapshot lacks of the log, from another node, on a
// thread of its own.
#ifndef TRIBUTARY_DAEMON_HISTORY_FETCH_H_
#define TRIBUTARY_DAEMON_HISTORY_FETCH_H_

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "node/ledger.h"
#include "spdlog/logger.h"

namespace tributary::daemon {

// Thread safety: none. Ownership: `ledger` and `logger` outlive it.
class HistoryFetch {
 public:
  // Begins. What cannot be had now is tried again, for as long as this lives.
  HistoryFetch(node::Ledger& ledger, std::string from, spdlog::logger& logger);
  // Stops, after the entries that are being put back.
  ~HistoryFetch();
  HistoryFetch(const HistoryFetch&) = delete;
  HistoryFetch& operator=(const HistoryFetch&) = delete;

 private:
  void Run();
  // Until the log is whole, this is stopped, or something fails.
  absl::Status FetchOnce();
  bool stopping();
  // False: stopped meanwhile.
  bool Wait(uint64_t ms);

  node::Ledger& ledger_;
  const std::string from_;
  spdlog::logger& logger_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace tributary::daemon

#endif  // TRIBUTARY_DAEMON_HISTORY_FETCH_H_
