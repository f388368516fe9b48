// What records receive in a settlement before they are visited: one flat column over all records up
// to the highest one touched, and a bit for each.
//
// The column is zeroed memory of the operating system, so that of a large graph only the touched
// pages are ever there; the bits are what is searched.
#ifndef TRIBUTARY_REWARDS_OPEN_INFLOWS_H_
#define TRIBUTARY_REWARDS_OPEN_INFLOWS_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "tributary/base/amount.h"
#include "tributary/base/check.h"

namespace tributary::rewards {

class OpenInflows {
 public:
  // Records are below `limit`.
  explicit OpenInflows(uint64_t limit)
      : bits_((limit + 63) / 64),
        amounts_(static_cast<base::Uint128*>(std::calloc(limit + 1, sizeof(base::Uint128)))),
        words_left_(bits_.size()) {
    TRIBUTARY_CHECK(amounts_ != nullptr, "out of memory");
  }

  // To be visited, with `amount` more. Between calls of PopHighest only records below the one taken
  // last may be added to.
  void Add(uint32_t seq, base::Uint128 amount) {
    bits_[seq >> 6] |= uint64_t{1} << (seq & 63);
    amounts_[seq] += amount;
  }
  bool Contains(uint32_t seq) const { return (bits_[seq >> 6] >> (seq & 63) & 1) != 0; }
  void Prefetch(uint32_t seq) const { __builtin_prefetch(&amounts_[seq], 1); }

  // Takes out the highest record that is to be visited; false when there is none.
  bool PopHighest(uint32_t* seq, base::Uint128* amount) {
    while (words_left_ > 0 && bits_[words_left_ - 1] == 0) --words_left_;
    if (words_left_ == 0) return false;
    uint64_t& word = bits_[words_left_ - 1];
    const int bit = 63 - std::countl_zero(word);
    word &= ~(uint64_t{1} << bit);
    *seq = static_cast<uint32_t>((words_left_ - 1) << 6) + static_cast<uint32_t>(bit);
    *amount = amounts_[*seq];
    return true;
  }

 private:
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  std::vector<uint64_t> bits_;
  std::unique_ptr<base::Uint128[], Free> amounts_;
  size_t words_left_;
};

}  // namespace tributary::rewards

#endif  // TRIBUTARY_REWARDS_OPEN_INFLOWS_H_
