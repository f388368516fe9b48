#include "node/mempool.h"

#include <chrono>
#include <utility>

namespace tributary::node {

Mempool::Added Mempool::Add(std::unique_ptr<state::PreparedTransaction> transaction,
                            DecisionCallback done) {
  const std::lock_guard lock(mutex_);
  if (closed_) return Added::kClosed;
  const auto same_id = pending_.equal_range(transaction->id);
  for (auto it = same_id.first; it != same_id.second; ++it) {
    Item& item = *it->second;
    if (item.transaction->bytes != transaction->bytes) continue;
    if (done && item.waiters.size() >= limits_.waiters_max) return Added::kFull;
    if (done) item.waiters.push_back(std::move(done));
    return Added::kJoined;
  }
  if (FullLocked(transaction->bytes.size())) return Added::kFull;
  auto item = std::make_shared<Item>();
  item->transaction = std::move(transaction);
  if (done) item->waiters.push_back(std::move(done));
  bytes_ += item->transaction->bytes.size();
  pending_.emplace(item->transaction->id, item);
  queue_.push_back(std::move(item));
  if (queue_.size() == 1) arrived_.notify_all();
  return Added::kQueued;
}

bool Mempool::FullLocked(size_t bytes) const {
  return queue_.size() >= limits_.transactions_max || bytes_ + bytes > limits_.bytes_max;
}

bool Mempool::IsFull(size_t bytes) const {
  const std::lock_guard lock(mutex_);
  return FullLocked(bytes);
}

bool Mempool::Watch(const base::TxId& id, DecisionCallback done) {
  const std::lock_guard lock(mutex_);
  const auto it = pending_.find(id);
  if (it == pending_.end() || it->second->waiters.size() >= limits_.waiters_max) return false;
  it->second->waiters.push_back(std::move(done));
  return true;
}

bool Mempool::IsPending(const base::TxId& id) const {
  const std::lock_guard lock(mutex_);
  return pending_.count(id) != 0;
}

std::shared_ptr<Mempool::Item> Mempool::Find(const base::TxId& id, std::string_view bytes) const {
  const std::lock_guard lock(mutex_);
  const auto same_id = pending_.equal_range(id);
  for (auto it = same_id.first; it != same_id.second; ++it) {
    if (it->second->transaction->bytes == bytes) return it->second;
  }
  return nullptr;
}

bool Mempool::Wait(std::optional<uint64_t> timeout_ms) {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return !queue_.empty() || woken_ || closed_; };
  if (timeout_ms) {
    arrived_.wait_for(lock, std::chrono::milliseconds(*timeout_ms), ready);
  } else {
    arrived_.wait(lock, ready);
  }
  woken_ = false;
  return !queue_.empty();
}

void Mempool::Wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  arrived_.notify_all();
}

std::vector<std::shared_ptr<Mempool::Item>> Mempool::Take(uint64_t count_max, uint64_t bytes_max) {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Item>> taken;
  uint64_t bytes = 0;
  while (!queue_.empty() && taken.size() < count_max) {
    const size_t size = queue_.front()->transaction->bytes.size();
    if (!taken.empty() && bytes + size > bytes_max) break;
    bytes += size;
    bytes_ -= size;
    taken.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return taken;
}

std::vector<DecisionCallback> Mempool::Forget(const std::shared_ptr<Item>& item) {
  const std::lock_guard lock(mutex_);
  const auto same_id = pending_.equal_range(item->transaction->id);
  for (auto it = same_id.first; it != same_id.second; ++it) {
    if (it->second != item) continue;
    pending_.erase(it);
    break;
  }
  return std::move(item->waiters);
}

std::vector<std::shared_ptr<Mempool::Item>> Mempool::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  arrived_.notify_all();
  std::vector<std::shared_ptr<Item>> left(queue_.begin(), queue_.end());
  queue_.clear();
  bytes_ = 0;
  return left;
}

Mempool::Usage Mempool::usage() const {
  const std::lock_guard lock(mutex_);
  return {queue_.size(), bytes_};
}

}  // namespace tributary::node
