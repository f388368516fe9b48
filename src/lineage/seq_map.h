// A map from record numbers to values that is emptied in order while it is being filled: the work
// list of every pass over the graph. Chunks of 256 values with a bitmap, made on demand and
// recycled: as cheap for three touched records as for all of them, and the order never depends on
// how it was filled.
#ifndef TRIBUTARY_LINEAGE_SEQ_MAP_H_
#define TRIBUTARY_LINEAGE_SEQ_MAP_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "tributary/base/check.h"

namespace tributary::lineage {

// T is a plain value; a new element is T{}.
template <class T>
class SeqMap {
 public:
  // Keys are below `limit`.
  explicit SeqMap(uint64_t limit) : directory_((limit + kMask) >> kBits) {
    highest_ = directory_.size();
  }

  // The value of `seq`, made if it is not there.
  T& At(uint32_t seq) {
    Chunk* chunk = directory_[seq >> kBits];
    if (chunk == nullptr) [[unlikely]]
      chunk = Make(seq >> kBits);
    const uint32_t slot = seq & kMask;
    chunk->present[slot >> 6] |= uint64_t{1} << (slot & 63);
    return chunk->values[slot];
  }
  // nullptr if it is not there.
  const T* Find(uint32_t seq) const {
    if ((seq >> kBits) >= directory_.size()) return nullptr;
    const Chunk* chunk = directory_[seq >> kBits];
    const uint32_t slot = seq & kMask;
    if (chunk == nullptr || (chunk->present[slot >> 6] >> (slot & 63) & 1) == 0) return nullptr;
    return &chunk->values[slot];
  }
  bool Contains(uint32_t seq) const { return Find(seq) != nullptr; }
  // Asks for the memory of a value that At will want soon.
  void Prefetch(uint32_t seq) const {
    if (const Chunk* chunk = directory_[seq >> kBits]) {
      __builtin_prefetch(&chunk->values[seq & kMask], 1);
    }
  }
  // Takes the highest element out. False when there is none. Between calls only keys below the one
  // taken last may be added.
  bool PopHighest(uint32_t* seq, T* value) {
    for (; highest_ > 0; Recycle(--highest_)) {
      Chunk* chunk = directory_[highest_ - 1];
      if (chunk == nullptr) continue;
      for (int word = kWords - 1; word >= 0; --word) {
        if (chunk->present[word] == 0) continue;
        const int bit = 63 - std::countl_zero(chunk->present[word]);
        Take(chunk, highest_ - 1, word, bit, seq, value);
        return true;
      }
    }
    return false;
  }
  // Takes the lowest element out. False when there is none. Between calls only keys above the one
  // taken last may be added. Not to be mixed with PopHighest.
  bool PopLowest(uint32_t* seq, T* value) {
    for (; lowest_ < directory_.size(); Recycle(lowest_++)) {
      Chunk* chunk = directory_[lowest_];
      if (chunk == nullptr) continue;
      for (int word = 0; word < kWords; ++word) {
        if (chunk->present[word] == 0) continue;
        Take(chunk, lowest_, word, std::countr_zero(chunk->present[word]), seq, value);
        return true;
      }
    }
    return false;
  }

 private:
  static constexpr int kBits = 8;
  static constexpr uint32_t kMask = (1u << kBits) - 1;
  static constexpr int kWords = (1 << kBits) / 64;
  struct Chunk {
    std::array<uint64_t, kWords> present{};
    std::array<T, 1 << kBits> values{};
  };

  Chunk* Make(size_t index) {
    if (free_.empty()) {
      owned_.push_back(std::make_unique<Chunk>());
      free_.push_back(owned_.back().get());
    }
    directory_[index] = free_.back();
    free_.pop_back();
    return directory_[index];
  }
  // Every element of a chunk that is left behind has been taken, so it is all zero again.
  void Recycle(size_t index) {
    if (directory_[index] == nullptr) return;
    free_.push_back(directory_[index]);
    directory_[index] = nullptr;
  }
  static void Take(Chunk* chunk, size_t index, int word, int bit, uint32_t* seq, T* value) {
    const uint32_t slot = static_cast<uint32_t>(word * 64 + bit);
    chunk->present[static_cast<size_t>(word)] &= ~(uint64_t{1} << bit);
    *seq = static_cast<uint32_t>(index << kBits) + slot;
    *value = chunk->values[slot];
    chunk->values[slot] = T{};
  }

  std::vector<Chunk*> directory_;
  std::vector<std::unique_ptr<Chunk>> owned_;
  std::vector<Chunk*> free_;
  size_t highest_ = 0;
  size_t lowest_ = 0;
};

}  // namespace tributary::lineage

#endif  // TRIBUTARY_LINEAGE_SEQ_MAP_H_
