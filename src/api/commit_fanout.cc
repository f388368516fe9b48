#include "api/commit_fanout.h"

#include <utility>
#include <vector>

namespace tributary::api {

CommitFanout::CommitFanout(node::Ledger& ledger)
    : ledger_(ledger), subscription_(ledger.Subscribe([this] {
        const std::lock_guard lock(mutex_);
        news_ = true;
        changed_.notify_one();
      })) {
  thread_ = std::thread([this] { Run(); });
}

CommitFanout::~CommitFanout() { Stop(); }

void CommitFanout::Stop() {
  std::map<Follower*, std::weak_ptr<Follower>> followers;
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    stopped_ = true;
    followers.swap(followers_);
    changed_.notify_one();
  }
  ledger_.Unsubscribe(subscription_);
  thread_.join();
  for (const auto& entry : followers) {
    if (const auto follower = entry.second.lock()) follower->OnStop();
  }
}

void CommitFanout::Add(const std::shared_ptr<Follower>& follower) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_) {
      followers_[follower.get()] = follower;
      return;
    }
  }
  follower->OnStop();
}

size_t CommitFanout::size() const {
  const std::lock_guard lock(mutex_);
  return followers_.size();
}

void CommitFanout::Run() {
  std::vector<std::shared_ptr<Follower>> awake;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return news_ || stopped_; });
      if (stopped_) return;
      news_ = false;
      for (auto it = followers_.begin(); it != followers_.end();) {
        if (auto follower = it->second.lock()) {
          awake.push_back(std::move(follower));
          ++it;
        } else {
          it = followers_.erase(it);
        }
      }
    }
    for (const auto& follower : awake) follower->OnCommit();
    awake.clear();
  }
}

}  // namespace tributary::api
