// A hash table from 96-bit keyed tags to row numbers: an index kept in memory, rebuilt at open.
#ifndef TRIBUTARY_STATE_IDENTITY_TABLE_H_
#define TRIBUTARY_STATE_IDENTITY_TABLE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "crypto/keyed_tag.h"
#include "tributary/base/types.h"

namespace tributary::state {

using TagKey = crypto::TagKey;
using Tag96 = crypto::Tag96;

// Open addressing with linear probing, in shards that grow one at a time, so that no insertion
// waits for the whole table to move. Two keys share a tag with a chance below n^2 / 2^97 (10^-14 at
// ten million keys), and nobody can look for such keys without the process's tag key; so a tag that
// is found is taken for the key. Units: 16 bytes a slot where values fit 32 bits (Width::kNarrow),
// else 20. Thread safety: const members in parallel; not with the others.
class IdentityTable {
 public:
  enum class Width { kNarrow, kWide };
  explicit IdentityTable(Width width = Width::kWide);

  std::optional<uint64_t> Find(const Tag96& tag) const;
  // False, and no change, where the tag is there already.
  // Requires: `value` < 2^32 for a narrow table.
  bool Insert(const Tag96& tag, uint64_t value);
  // False where the tag is not there.
  bool Erase(const Tag96& tag);
  void Clear();
  uint64_t size() const { return size_; }
  uint64_t MemoryBytes() const;

 private:
  static constexpr size_t kShards = 64;
  struct Shard {
    std::vector<uint32_t> words;  // slots of stride_ words: tag (3), value (1 or 2)
    size_t used = 0;
  };

  size_t Slots(const Shard& shard) const { return shard.words.size() / stride_; }
  // The slot of the tag, or the empty one where it would go. Requires: a free slot.
  size_t Probe(const Shard& shard, const Tag96& tag) const;
  size_t Home(const Shard& shard, const uint32_t* slot) const;
  void Grow(Shard& shard);
  void Store(uint32_t* slot, const Tag96& tag, uint64_t value) const;

  size_t stride_;
  uint64_t size_ = 0;
  std::array<Shard, kShards> shards_;
};

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_IDENTITY_TABLE_H_
