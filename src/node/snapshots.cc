#include "node/snapshots.h"

#include <utility>

#include "tributary/base/status.h"

namespace tributary::node {

Snapshots::Snapshots(const storage::Store& store, std::string dir, size_t keep,
                     spdlog::logger& logger)
    : store_(store), dir_(std::move(dir)), keep_(keep), logger_(logger) {}

Snapshots::~Snapshots() {
  if (thread_.joinable()) thread_.join();
}

void Snapshots::Take(uint64_t engine_height) {
  const std::lock_guard lock(mutex_);
  if (busy_) {
    logger_.warn("no snapshot of block {} of the engine: the last one is still being made",
                 engine_height);
    return;
  }
  if (thread_.joinable()) thread_.join();
  busy_ = true;
  std::shared_ptr<const storage::ReadSnapshot> at = store_.Snapshot();
  thread_ = std::thread([this, engine_height, at = std::move(at)]() mutable {
    Make(*at, engine_height);
    at.reset();  // it keeps old versions from being compacted
    const std::lock_guard done(mutex_);
    busy_ = false;
  });
}

void Snapshots::Make(const storage::ReadSnapshot& at, uint64_t engine_height) {
  const auto info = storage::CreateSnapshot(at, engine_height, dir_);
  if (!info.ok()) {
    logger_.error("no snapshot: {}", base::Message(info.status()));
    return;
  }
  logger_.info("snapshot of block {}: {} bytes in {} chunks", info->height.value(), info->bytes,
               info->chunks);
  if (const absl::Status status = storage::PruneSnapshots(dir_, keep_); !status.ok()) {
    logger_.warn("{}", base::Message(status));
  }
}

}  // namespace tributary::node
