#include "consensus/bundle_cache.h"

#include <string>

namespace tributary::consensus {

void BundleCache::Put(const base::Hash& hash, uint64_t bytes, PreparedBundle bundle) {
  const std::lock_guard lock(mutex_);
  const auto [slot, is_new] =
      slots_.try_emplace(hash, Slot{std::move(bundle), bytes, next_number_});
  if (!is_new) return;
  order_.emplace(next_number_++, hash);
  bytes_ += bytes;
  while (bytes_ > bytes_max_ && slots_.size() > 1) {
    RemoveLocked(slots_.find(order_.begin()->second));
  }
}

PreparedBundle BundleCache::Get(const base::Hash& hash) const {
  const std::lock_guard lock(mutex_);
  const auto slot = slots_.find(hash);
  return slot == slots_.end() ? nullptr : slot->second.bundle;
}

void BundleCache::Remove(const base::Hash& hash) {
  const std::lock_guard lock(mutex_);
  if (const auto slot = slots_.find(hash); slot != slots_.end()) RemoveLocked(slot);
}

void BundleCache::RemoveLocked(std::map<base::Hash, Slot>::iterator slot) {
  bytes_ -= slot->second.bytes;
  order_.erase(slot->second.number);
  slots_.erase(slot);
}

PreparedBundle PrepareBundle(const node::Ledger& ledger,
                             const std::vector<std::string_view>& transactions) {
  auto out = std::make_shared<std::vector<PreparedItem>>();
  out->reserve(transactions.size());
  for (const std::string_view bytes : transactions) {
    auto prepared = ledger.PrepareForeign(std::string(bytes));
    if (prepared.ok()) {
      out->emplace_back(*std::move(prepared));
    } else {
      out->emplace_back(prepared.rejection());
    }
  }
  return out;
}

}  // namespace tributary::consensus
