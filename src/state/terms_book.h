// Terms and royalty stacks of records in memory, for admission and settlement: only of those that
// have any.
#ifndef TRIBUTARY_STATE_TERMS_BOOK_H_
#define TRIBUTARY_STATE_TERMS_BOOK_H_

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "state/tables.h"
#include "tributary/base/types.h"

namespace tributary::state {

// What a record asks for. Units: ppb.
struct Terms {
  base::Ppb alpha_max;
  base::Ppb royalty;
  base::Ppb min_share;
  friend bool operator==(const Terms&, const Terms&) = default;
};
Terms TermsOf(const RecordRow& row);  // as admitted
Terms TermsOf(const LoweredTermsRow& row);

// Append-only. Memory: 8 bytes for a record with a stack, 16 for one with terms, 24 for each
// lowering.
// Thread safety: const members may run in parallel with each other, not with Append and Lower.
class TermsBook {
 public:
  // `stack`: row of kRoyaltyStacks, or kNone32. Requires: ascending by `seq`.
  void Append(base::RecordSeq seq, const Terms& terms, uint32_t stack);
  // Requires: lowerings of one record come in order of epoch (equal ones: the last counts).
  void Lower(base::RecordSeq seq, base::Epoch effective, const Terms& terms);

  // In force in `epoch`; of a record that was not appended: none.
  Terms At(base::RecordSeq seq, base::Epoch epoch) const;
  // kNone32 where the record owes nothing.
  uint32_t StackOf(base::RecordSeq seq) const;
  // What is left in `epoch` of a royalty that a stack holds at `share`.
  base::Ppb RoyaltyAt(base::RecordSeq claimant, base::Ppb share, base::Epoch epoch) const;
  bool AnyLowered() const { return !lowered_.empty(); }

  uint64_t MemoryBytes() const;
  friend bool operator==(const TermsBook&, const TermsBook&) = default;

 private:
  struct Asked {
    uint32_t seq;
    Terms terms;
    friend bool operator==(const Asked&, const Asked&) = default;
  };
  struct Owing {
    uint32_t seq;
    uint32_t stack;
    friend bool operator==(const Owing&, const Owing&) = default;
  };
  struct Lowered {
    base::Epoch effective;
    Terms terms;
    friend bool operator==(const Lowered&, const Lowered&) = default;
  };
  // The one in force in `epoch`, or nullptr.
  const Lowered* LoweredAt(base::RecordSeq seq, base::Epoch epoch) const;

  std::deque<Asked> asked_;  // both ascending by seq
  std::deque<Owing> owing_;
  std::map<uint32_t, std::vector<Lowered>> lowered_;  // each ascending by epoch
  uint64_t lowerings_ = 0;
};

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_TERMS_BOOK_H_
