// Entries read on a thread of their own, some ahead of whoever takes them.
#ifndef TRIBUTARY_AUDIT_READ_AHEAD_H_
#define TRIBUTARY_AUDIT_READ_AHEAD_H_

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "state/replay.h"

namespace tributary::audit {

// Gives what `source` gives, in the same order, up to and with its first error.
// Thread safety: none; one taker. Ownership: `source` outlives it, and nobody else uses it.
class ReadAhead final : public state::EntrySource {
 public:
  explicit ReadAhead(state::EntrySource& source);
  // Waits for the read that is under way, and drops what was not taken.
  ~ReadAhead() override;

  absl::StatusOr<std::optional<std::string>> Next() override;

 private:
  struct Batch {
    std::vector<std::string> entries;
    absl::Status status;  // after the entries
    bool last = false;
  };
  static constexpr size_t kBatchEntries = 1'024;
  static constexpr size_t kBatchBytes = 1u << 20;
  static constexpr size_t kBatchesMax = 8;

  void Run();
  Batch ReadBatch();

  state::EntrySource& source_;
  Batch batch_;       // the taker's
  size_t taken_ = 0;  // of batch_
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> ready_;  // guarded by mutex_
  bool stopped_ = false;     // guarded by mutex_
  std::thread thread_;
};

}  // namespace tributary::audit

#endif  // TRIBUTARY_AUDIT_READ_AHEAD_H_
