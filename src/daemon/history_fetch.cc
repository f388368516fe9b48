#include "daemon/history_fetch.h"

#include <chrono>
#include <utility>
#include <vector>

#include "tributary/base/status.h"
#include "tributary/client/client.h"

namespace tributary::daemon {
namespace {

constexpr size_t kEntriesAtOnce = 1'024;
constexpr size_t kBytesAtOnce = 2u << 20;
constexpr uint64_t kRetryMs = 5'000;

}  // namespace

HistoryFetch::HistoryFetch(node::Ledger& ledger, std::string from, spdlog::logger& logger)
    : ledger_(ledger), from_(std::move(from)), logger_(logger), thread_([this] { Run(); }) {}

HistoryFetch::~HistoryFetch() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool HistoryFetch::stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

bool HistoryFetch::Wait(uint64_t ms) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return stopping_; });
}

void HistoryFetch::Run() {
  while (!ledger_.store().history().log_complete()) {
    const absl::Status status = FetchOnce();
    if (stopping()) return;
    if (!status.ok()) {
      logger_.warn("fetching the log before the snapshot from {}: {}", from_,
                   base::Message(status));
      if (!Wait(kRetryMs)) return;
    }
  }
  logger_.info(
      "the log is whole: {} entries were put back; `tributaryd repair` gives the indexes "
      "of their blocks",
      ledger_.store().history().first_entry);
}

absl::Status HistoryFetch::FetchOnce() {
  client::ClientOptions options;
  options.address = from_;
  client::Client client(options);
  const storage::Past past = ledger_.store().history();
  v1::StreamEntriesRequest request;
  request.set_first(past.filled);
  std::vector<std::string> entries;
  size_t bytes = 0;
  uint64_t next = past.filled;
  absl::Status put;
  const absl::Status read = client.StreamEntries(request, [&](const v1::Entry& entry) {
    if (entry.index() != next) {
      put = base::DataLoss("entry " + std::to_string(next) + " was left out");
      return false;
    }
    ++next;
    bytes += entry.data().size();
    entries.push_back(entry.data());
    const bool last = next == past.first_entry;
    if (last || entries.size() == kEntriesAtOnce || bytes >= kBytesAtOnce) {
      put = ledger_.FillHistory(entries);
      entries.clear();
      bytes = 0;
    }
    return put.ok() && !last && !stopping();
  });
  if (!put.ok()) return put;
  if (next < past.first_entry && read.ok() && !stopping()) {
    return base::Unavailable("it has fewer entries than are missing here");
  }
  return next == past.first_entry ? absl::OkStatus() : read;
}

}  // namespace tributary::daemon
