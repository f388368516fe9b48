// The most valuable paths: best-first search with an exact-share bound.
#include <algorithm>
#include <bit>
#include <queue>
#include <vector>

#include "lineage/seq_map.h"
#include "rewards/explain.h"
#include "tributary/base/check.h"

namespace tributary::rewards {

using base::AccountIndex;
using base::Atoms;
using base::RecordSeq;
using base::Uint128;

namespace {

// An upper bound of a share, mantissa * 2^-exponent, rounded up at every step; deep paths carry
// shares far below 10^-9. Mantissa 0 means that no recipient can be reached.
struct Bound {
  static constexpr uint64_t kLow = uint64_t{1} << 62;  // 2^62 <= mantissa < 2^63
  uint64_t mantissa = 0;
  uint32_t exponent = 0;

  static Bound One() { return {kLow, 62}; }
  // This share of that, rounded up. Requires: share > 0.
  Bound Times(uint32_t share) const {
    if (mantissa == 0) return {};
    Bound out{static_cast<uint64_t>(Parts::Of(Atoms(mantissa)).Floor(share)) + 1, exponent};
    if (out.mantissa >= 2 * kLow) return {kLow, exponent - 1};
    const int shift = std::countl_zero(out.mantissa) - 1;
    return {out.mantissa << shift, exponent + static_cast<uint32_t>(shift)};
  }
  // The most that `amount` can still bring: floor(amount * bound). Every floor on the way only
  // lowers it and the result is whole, so nothing that a path is worth is above.
  Uint128 Reach(Uint128 amount) const {
    const Uint128 low = Uint128{static_cast<uint64_t>(amount)} * mantissa;
    const Uint128 high = (amount >> 64) * mantissa + (low >> 64);
    if (exponent >= 192) return 0;
    if (exponent >= 64) return high >> (exponent - 64);
    return (high << (64 - exponent)) + (static_cast<uint64_t>(low) >> exponent);
  }
  friend bool operator<(const Bound& a, const Bound& b) {
    if (a.mantissa == 0 || b.mantissa == 0) return a.mantissa < b.mantissa;
    if (a.exponent != b.exponent) return a.exponent > b.exponent;
    return a.mantissa < b.mantissa;
  }
};

// A partial path: its last record, and the partial path before that.
struct Step {
  uint32_t previous = 0;
  uint32_t record = 0;
  Uint128 amount = 0;  // what reaches the record along this path
};

struct Candidate {
  Uint128 bound = 0;  // the most that a completion is worth; exact for an end
  uint32_t step = 0;
  bool end = false;
  AccountIndex account;
  // Best first; among equals an end, then the newest, so that ties go deep instead of wide.
  friend bool operator<(const Candidate& a, const Candidate& b) {
    if (a.bound != b.bound) return a.bound < b.bound;
    if (a.end != b.end) return b.end;
    return a.step < b.step;
  }
};

class PathSearch {
 public:
  PathSearch(const lineage::Graph& graph, base::Epoch epoch, const PathQuery& query)
      : graph_(graph), epoch_(epoch), query_(query), bounds_(uint64_t{query.asset.value()} + 1) {}

  PathList Run() {
    PathList list;
    const Explanation flow =
        Explain(graph_, epoch_, {Atoms(), {{query_.asset, query_.amount}}, {}}, query_.limits);
    for (const ExplainedLine& line : flow.lines) {
      if (IsWanted(line.record, line.account)) list.total += line.amount;
    }
    FillBounds(flow);
    list.limit_reached = flow.limit_reached;
    Search(&list);
    for (const ValuedPath& path : list.paths) list.shown += path.amount;
    list.folded = list.total - list.shown;
    return list;
  }

 private:
  bool IsWanted(RecordSeq record, AccountIndex account) const {
    return (!query_.record || *query_.record == record) &&
           (!query_.account || *query_.account == account);
  }

  // From the lowest record up: the best that ends here, or goes on to a parent.
  void FillBounds(const Explanation& flow) {
    for (auto it = flow.records.rbegin(); it != flow.records.rend(); ++it) {
      const lineage::Split split = graph_.SplitOf(it->record, epoch_);
      Bound best;
      for (const lineage::AuthorShare author : split.authors) {
        if (split.kept.value() == 0 || !IsWanted(it->record, author.account)) continue;
        best = std::max(best, Bound::One().Times(split.kept.value()).Times(author.share.value()));
      }
      for (const lineage::Edge edge : split.edges) {
        const Bound* parent = bounds_.Find(edge.parent.value());
        if (parent != nullptr) best = std::max(best, parent->Times(edge.share.value()));
      }
      bounds_.At(it->record.value()) = best;
    }
  }

  void Search(PathList* list) {
    Push(0, query_.asset.value(), query_.amount.value());
    while (!open_.empty()) {
      if (list->paths.size() >= query_.paths_max) return;
      if (steps_.size() + ends_ >= query_.steps_max) {
        list->limit_reached = true;
        return;
      }
      const Candidate next = open_.top();
      open_.pop();
      if (next.end) {
        list->paths.push_back(PathOf(next));
      } else {
        Expand(next.step);
      }
    }
    list->complete = !list->limit_reached;
  }

  void Push(uint32_t previous, uint32_t record, Uint128 amount) {
    const Bound* bound = bounds_.Find(record);
    if (bound == nullptr) return;  // beyond the limits
    const Uint128 reach = bound->Reach(amount);
    if (reach == 0) return;
    steps_.push_back({previous, record, amount});
    open_.push({std::min(reach, amount), static_cast<uint32_t>(steps_.size() - 1), false, {}});
  }

  void Expand(uint32_t index) {
    const Step step = steps_[index];
    const RecordSeq record(step.record);
    const lineage::Split split = graph_.SplitOf(record, epoch_);
    const Parts total = Parts::Of(Atoms(step.amount));
    const Parts kept = Parts::Of(Atoms(total.Floor(split.kept.value())));
    for (const lineage::AuthorShare author : split.authors) {
      const Uint128 amount = kept.Floor(author.share.value());
      if (amount == 0 || !IsWanted(record, author.account)) continue;
      open_.push({amount, index, true, author.account});
      ++ends_;
    }
    for (const lineage::Edge edge : split.edges) {
      Push(index, edge.parent.value(), total.Floor(edge.share.value()));
    }
  }

  ValuedPath PathOf(const Candidate& end) const {
    ValuedPath path;
    path.account = end.account;
    path.amount = Atoms(end.bound);
    for (uint32_t step = end.step;; step = steps_[step].previous) {
      path.records.push_back(RecordSeq(steps_[step].record));
      if (step == 0) break;
    }
    std::reverse(path.records.begin(), path.records.end());
    return path;
  }

  const lineage::Graph& graph_;
  const base::Epoch epoch_;
  const PathQuery& query_;
  lineage::SeqMap<Bound> bounds_;
  std::vector<Step> steps_;
  std::priority_queue<Candidate> open_;
  uint64_t ends_ = 0;
};

}  // namespace

PathList TopPaths(const lineage::Graph& graph, base::Epoch epoch, const PathQuery& query) {
  return PathSearch(graph, epoch, query).Run();
}

}  // namespace tributary::rewards
