#include "storage/page_cache.h"

#include <utility>

namespace tributary::storage {

std::shared_ptr<const state::Page> PageCache::Find(state::TableId table, uint64_t number) {
  const auto found = index_.find({table.Packed(), number});
  if (found == index_.end()) return nullptr;
  items_.splice(items_.begin(), items_, found->second);
  return found->second->page;
}

void PageCache::Put(state::TableId table, uint64_t number,
                    std::shared_ptr<const state::Page> page) {
  const Key key{table.Packed(), number};
  const auto found = index_.find(key);
  if (found != index_.end()) {
    found->second->page = std::move(page);
    items_.splice(items_.begin(), items_, found->second);
    return;
  }
  if (index_.size() >= pages_max_) {
    index_.erase(items_.back().key);
    items_.pop_back();
  }
  items_.push_front({key, std::move(page)});
  index_[key] = items_.begin();
}

void PageCache::Erase(state::TableId table, uint64_t number) {
  const auto found = index_.find({table.Packed(), number});
  if (found == index_.end()) return;
  items_.erase(found->second);
  index_.erase(found);
}

}  // namespace tributary::storage
