// The writer's pages in memory: a bounded cache, the page used longest ago leaves first.
#ifndef TRIBUTARY_STORAGE_PAGE_CACHE_H_
#define TRIBUTARY_STORAGE_PAGE_CACHE_H_

#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>

#include "state/tables.h"

namespace tributary::storage {

// Thread safety: none.
class PageCache {
 public:
  // Holds at least one page.
  explicit PageCache(size_t bytes) : pages_max_(bytes / kPageCost > 0 ? bytes / kPageCost : 1) {}

  // nullptr where the page is not here.
  std::shared_ptr<const state::Page> Find(state::TableId table, uint64_t number);
  void Put(state::TableId table, uint64_t number, std::shared_ptr<const state::Page> page);
  void Erase(state::TableId table, uint64_t number);
  size_t size() const { return index_.size(); }

 private:
  static constexpr size_t kPageCost = state::kPageBytes + 128;  // with what the lists need

  struct Key {
    uint32_t table;
    uint64_t number;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    size_t operator()(const Key& key) const {
      return (key.number * 0x9e3779b97f4a7c15u) ^ (uint64_t{key.table} * 0xc2b2ae3d27d4eb4fu);
    }
  };
  struct Item {
    Key key;
    std::shared_ptr<const state::Page> page;
  };

  size_t pages_max_;
  std::list<Item> items_;  // the one used last stands first
  std::unordered_map<Key, std::list<Item>::iterator, KeyHash> index_;
};

}  // namespace tributary::storage

#endif  // TRIBUTARY_STORAGE_PAGE_CACHE_H_
