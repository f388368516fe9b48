#include "state/terms_book.h"

#include <algorithm>

#include "tributary/base/check.h"

namespace tributary::state {
namespace {

// The element of `seq` in a column that is ascending by it, or nullptr.
template <class Column>
const typename Column::value_type* FindIn(const Column& column, uint32_t seq) {
  const auto found = std::lower_bound(column.begin(), column.end(), seq,
                                      [](const auto& one, uint32_t key) { return one.seq < key; });
  return found != column.end() && found->seq == seq ? &*found : nullptr;
}

}  // namespace

Terms TermsOf(const RecordRow& row) {
  return {base::Ppb(row.alpha_max_ppb), base::Ppb(row.royalty_ppb), base::Ppb(row.min_share_ppb)};
}

Terms TermsOf(const LoweredTermsRow& row) {
  return {base::Ppb(row.alpha_max_ppb), base::Ppb(row.royalty_ppb), base::Ppb(row.min_share_ppb)};
}

void TermsBook::Append(base::RecordSeq seq, const Terms& terms, uint32_t stack) {
  if (terms != Terms{}) {
    TRIBUTARY_CHECK(asked_.empty() || asked_.back().seq < seq.value(), "terms out of order");
    asked_.push_back({seq.value(), terms});
  }
  if (stack != kNone32) {
    TRIBUTARY_CHECK(owing_.empty() || owing_.back().seq < seq.value(), "stacks out of order");
    owing_.push_back({seq.value(), stack});
  }
}

void TermsBook::Lower(base::RecordSeq seq, base::Epoch effective, const Terms& terms) {
  std::vector<Lowered>& versions = lowered_[seq.value()];
  TRIBUTARY_CHECK(versions.empty() || versions.back().effective <= effective,
                  "lowered terms out of order");
  versions.push_back({effective, terms});
  ++lowerings_;
}

const TermsBook::Lowered* TermsBook::LoweredAt(base::RecordSeq seq, base::Epoch epoch) const {
  if (lowered_.empty()) return nullptr;
  const auto found = lowered_.find(seq.value());
  if (found == lowered_.end()) return nullptr;
  const auto after =
      std::upper_bound(found->second.begin(), found->second.end(), epoch,
                       [](base::Epoch key, const Lowered& one) { return key < one.effective; });
  return after == found->second.begin() ? nullptr : &*std::prev(after);
}

Terms TermsBook::At(base::RecordSeq seq, base::Epoch epoch) const {
  if (const Lowered* lowered = LoweredAt(seq, epoch)) return lowered->terms;
  const Asked* asked = FindIn(asked_, seq.value());
  return asked == nullptr ? Terms{} : asked->terms;
}

uint32_t TermsBook::StackOf(base::RecordSeq seq) const {
  const Owing* owing = FindIn(owing_, seq.value());
  return owing == nullptr ? kNone32 : owing->stack;
}

base::Ppb TermsBook::RoyaltyAt(base::RecordSeq claimant, base::Ppb share, base::Epoch epoch) const {
  const Lowered* lowered = LoweredAt(claimant, epoch);
  return lowered == nullptr ? share : std::min(share, lowered->terms.royalty);
}

uint64_t TermsBook::MemoryBytes() const {
  constexpr uint64_t kMapNodeBytes = 80;
  return asked_.size() * sizeof(Asked) + owing_.size() * sizeof(Owing) +
         lowerings_ * sizeof(Lowered) + lowered_.size() * kMapNodeBytes;
}

}  // namespace tributary::state
