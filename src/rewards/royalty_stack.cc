#include "rewards/royalty_stack.h"

#include <algorithm>

namespace tributary::rewards {

base::Ppb RoyaltyMin(base::Ppb cap) {
  const uint32_t least = (cap.value() + kStackEntriesMax - 1) / kStackEntriesMax;
  return base::Ppb(std::max<uint32_t>(least, 1));
}

std::vector<Royalty> UniteStacks(std::span<const Royalty> a, std::span<const Royalty> b) {
  std::vector<Royalty> united;
  united.reserve(a.size() + b.size());
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (a[i].record < b[j].record) {
      united.push_back(a[i++]);
    } else if (b[j].record < a[i].record) {
      united.push_back(b[j++]);
    } else {
      united.push_back({a[i].record, std::min(a[i].share, b[j].share)});
      ++i, ++j;
    }
  }
  united.insert(united.end(), a.begin() + static_cast<ptrdiff_t>(i), a.end());
  united.insert(united.end(), b.begin() + static_cast<ptrdiff_t>(j), b.end());
  return united;
}

uint64_t TotalPpb(std::span<const Royalty> stack) {
  uint64_t total = 0;
  for (const Royalty& royalty : stack) total += royalty.share.value();
  return total;
}

}  // namespace tributary::rewards
