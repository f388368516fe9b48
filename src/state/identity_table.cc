#include "state/identity_table.h"

#include <algorithm>

#include "tributary/base/check.h"

namespace tributary::state {
namespace {

constexpr size_t kTagWords = 3;
constexpr size_t kFirstSlots = 8;

// An empty slot has tag zero, so no stored tag may be zero.
Tag96 NonZero(Tag96 tag) {
  if (tag.low == 0 && tag.high == 0) tag.low = 1;
  return tag;
}

bool IsEmpty(const uint32_t* slot) { return slot[0] == 0 && slot[1] == 0 && slot[2] == 0; }

bool Matches(const uint32_t* slot, const Tag96& tag) {
  return slot[0] == static_cast<uint32_t>(tag.low) &&
         slot[1] == static_cast<uint32_t>(tag.low >> 32) && slot[2] == tag.high;
}

}  // namespace

IdentityTable::IdentityTable(Width width) : stride_(width == Width::kNarrow ? 4 : 5) {}

size_t IdentityTable::Home(const Shard& shard, const uint32_t* slot) const {
  return slot[0] & (Slots(shard) - 1);
}

size_t IdentityTable::Probe(const Shard& shard, const Tag96& tag) const {
  const size_t mask = Slots(shard) - 1;
  size_t at = static_cast<uint32_t>(tag.low) & mask;
  while (true) {
    const uint32_t* slot = &shard.words[at * stride_];
    if (IsEmpty(slot) || Matches(slot, tag)) return at;
    at = (at + 1) & mask;
  }
}

std::optional<uint64_t> IdentityTable::Find(const Tag96& raw) const {
  const Tag96 tag = NonZero(raw);
  const Shard& shard = shards_[tag.high % kShards];
  if (shard.used == 0) return std::nullopt;
  const uint32_t* slot = &shard.words[Probe(shard, tag) * stride_];
  if (IsEmpty(slot)) return std::nullopt;
  uint64_t value = slot[kTagWords];
  if (stride_ > kTagWords + 1) value |= uint64_t{slot[kTagWords + 1]} << 32;
  return value;
}

void IdentityTable::Store(uint32_t* slot, const Tag96& tag, uint64_t value) const {
  slot[0] = static_cast<uint32_t>(tag.low);
  slot[1] = static_cast<uint32_t>(tag.low >> 32);
  slot[2] = tag.high;
  slot[kTagWords] = static_cast<uint32_t>(value);
  if (stride_ > kTagWords + 1) slot[kTagWords + 1] = static_cast<uint32_t>(value >> 32);
}

bool IdentityTable::Insert(const Tag96& raw, uint64_t value) {
  TRIBUTARY_CHECK(stride_ > kTagWords + 1 || value <= UINT32_MAX, "value too wide for the table");
  const Tag96 tag = NonZero(raw);
  Shard& shard = shards_[tag.high % kShards];
  if ((shard.used + 1) * 8 > Slots(shard) * 7) Grow(shard);
  uint32_t* slot = &shard.words[Probe(shard, tag) * stride_];
  if (!IsEmpty(slot)) return false;
  Store(slot, tag, value);
  ++shard.used;
  ++size_;
  return true;
}

void IdentityTable::Grow(Shard& shard) {
  std::vector<uint32_t> old = std::move(shard.words);
  shard.words.assign(std::max(kFirstSlots * stride_, old.size() * 2), 0);
  for (size_t i = 0; i < old.size(); i += stride_) {
    if (IsEmpty(&old[i])) continue;
    const Tag96 tag{uint64_t{old[i + 1]} << 32 | old[i], old[i + 2]};
    std::copy_n(&old[i], stride_, &shard.words[Probe(shard, tag) * stride_]);
  }
}

// Backward-shift deletion: no tombstones, so the table never fills up with them.
bool IdentityTable::Erase(const Tag96& raw) {
  const Tag96 tag = NonZero(raw);
  Shard& shard = shards_[tag.high % kShards];
  if (shard.used == 0) return false;
  size_t hole = Probe(shard, tag);
  if (IsEmpty(&shard.words[hole * stride_])) return false;
  const size_t mask = Slots(shard) - 1;
  for (size_t next = (hole + 1) & mask;; next = (next + 1) & mask) {
    uint32_t* slot = &shard.words[next * stride_];
    if (IsEmpty(slot)) break;
    const size_t home = Home(shard, slot);
    if (((next - home) & mask) < ((next - hole) & mask)) continue;
    std::copy_n(slot, stride_, &shard.words[hole * stride_]);
    hole = next;
  }
  std::fill_n(&shard.words[hole * stride_], stride_, 0);
  --shard.used;
  --size_;
  return true;
}

void IdentityTable::Clear() {
  for (Shard& shard : shards_) {
    shard.words.clear();
    shard.used = 0;
  }
  size_ = 0;
}

uint64_t IdentityTable::MemoryBytes() const {
  uint64_t bytes = 0;
  for (const Shard& shard : shards_) bytes += shard.words.capacity() * sizeof(uint32_t);
  return bytes;
}

}  // namespace tributary::state
