#include "audit/read_ahead.h"

#include <exception>
#include <utility>

#include "tributary/base/status.h"

namespace tributary::audit {

ReadAhead::ReadAhead(state::EntrySource& source) : source_(source), thread_([this] { Run(); }) {}

ReadAhead::~ReadAhead() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

ReadAhead::Batch ReadAhead::ReadBatch() {
  Batch batch;
  size_t bytes = 0;
  while (batch.entries.size() < kBatchEntries && bytes < kBatchBytes) {
    auto entry = source_.Next();
    if (!entry.ok()) batch.status = entry.status();
    batch.last = !entry.ok() || !*entry;
    if (batch.last) break;
    bytes += (*entry)->size();
    batch.entries.push_back(**std::move(entry));
  }
  return batch;
}

void ReadAhead::Run() {
  for (bool last = false; !last;) {
    Batch batch;
    try {
      batch = ReadBatch();
    } catch (const std::exception& error) {  // no memory left, for one
      batch.status = base::Internal(std::string("reading entries: ") + error.what());
      batch.last = true;
    }
    last = batch.last;
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopped_ || ready_.size() < kBatchesMax; });
    if (stopped_) return;
    ready_.push_back(std::move(batch));
    changed_.notify_all();
  }
}

absl::StatusOr<std::optional<std::string>> ReadAhead::Next() {
  while (taken_ == batch_.entries.size()) {
    if (batch_.last && !batch_.status.ok()) return batch_.status;
    if (batch_.last) return std::optional<std::string>();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !ready_.empty(); });
    batch_ = std::move(ready_.front());
    ready_.pop_front();
    taken_ = 0;
    changed_.notify_all();
  }
  return std::optional<std::string>(std::move(batch_.entries[taken_++]));
}

}  // namespace tributary::audit
