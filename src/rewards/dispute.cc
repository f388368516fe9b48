#include "rewards/dispute.h"

#include <algorithm>
#include <map>

#include "tributary/base/check.h"

namespace tributary::rewards {
namespace {

using base::Atoms;
using base::Ppb;
using base::Uint128;

Ppb ShareIn(const ClaimedVector& claim, uint32_t subject) {
  for (const ClaimedVector::Line& line : claim.lines) {
    if (line.subject == subject) return line.share;
  }
  return Ppb();
}

// What lines get: of a pot's least shares, or between two totals of a split.
class Outs {
 public:
  void Add(const lineage::Split& split, const Flow& flow, int sign) {
    const Parts total = Parts::Of(flow.inflow);
    for (size_t i = 0; i < split.edges.size(); ++i) {
      Book(parents_, split.edges.parents()[i], total.Floor(split.edges.shares()[i]), sign);
    }
    const Parts received = Parts::Of(KeptTotal(flow, split) + flow.extra);
    for (const lineage::AuthorShare author : split.authors) {
      Book(authors_, author.account.value(), received.Floor(author.share.value()), sign);
    }
  }
  void MoveTo(PotRelease* release) const {
    for (const auto& [parent, amount] : parents_) {
      TRIBUTARY_CHECK(amount >= 0, "a pot takes back from a parent");
      if (amount == 0) continue;
      release->parents.push_back({base::RecordSeq(parent), Atoms(static_cast<Uint128>(amount))});
    }
    for (const auto& [account, amount] : authors_) {
      TRIBUTARY_CHECK(amount >= 0, "a pot takes back from an author");
      if (amount == 0) continue;
      release->authors.push_back(
          {base::AccountIndex(account), Atoms(static_cast<Uint128>(amount))});
    }
  }

 private:
  using Amounts = std::map<uint32_t, base::Int128>;
  static void Book(Amounts& amounts, uint32_t subject, Uint128 amount, int sign) {
    amounts[subject] += sign * static_cast<base::Int128>(amount);
  }
  Amounts parents_, authors_;
};

// The record's totals while its segments are played again.
class Player {
 public:
  Player(const Flow& flow, const NamedSplit& split)
      : flow_(flow), split_(split.split), vectors_(split.vectors) {}

  void Arrive(const NamedSplit& next, Flow arrived) {
    if (next.vectors != vectors_) {
      const ClosedVersion closed = CloseVersion(flow_, split_.View(), next.split.View());
      flow_ = closed.flow;
      arrived.inflow += closed.carry.inflow;
      arrived.extra += closed.carry.extra;
      split_ = next.split;
      vectors_ = next.vectors;
    }
    outs_.Add(split_.View(), flow_, -1);
    flow_.inflow += arrived.inflow;
    flow_.extra += arrived.extra;
    outs_.Add(split_.View(), flow_, 1);
  }
  void Paid(const PotSegment& segment) { outs_.Add(segment.least.View(), segment.arrived, -1); }
  const Flow& flow() const { return flow_; }
  const Outs& outs() const { return outs_; }

 private:
  Flow flow_;
  OwnedSplit split_;
  uint64_t vectors_;
  Outs outs_;
};

}  // namespace

OwnedSplit OwnedSplit::Of(const lineage::Split& split) {
  OwnedSplit owned;
  for (const lineage::Edge edge : split.edges) {
    owned.parents.push_back(edge.parent.value());
    owned.shares.push_back(edge.share.value());
    owned.relations.push_back(edge.relation);
  }
  owned.kept = split.kept;
  for (const lineage::AuthorShare author : split.authors) owned.authors.push_back(author);
  owned.version = split.version;
  return owned;
}

lineage::Split OwnedSplit::View() const {
  lineage::Split split;
  split.edges = lineage::EdgeRange(parents.data(), shares.data(), relations.data(), parents.size());
  split.kept = kept;
  const bool sole = authors.size() == 1 && authors[0].share == Ppb(base::kPpbOne);
  split.authors = sole ? lineage::AuthorRange(authors[0].account) : lineage::AuthorRange(authors);
  split.version = version;
  split.versioned = true;
  return split;
}

void LowerLines(const ClaimedVector& claim, OwnedSplit* least) {
  for (size_t i = 0; i < least->parents.size(); ++i) {
    const uint32_t share = ShareIn(claim, least->parents[i]).value();
    least->shares[i] = std::min(least->shares[i], share);
  }
  least->kept = std::min(least->kept, claim.kept);
}

void LowerAuthors(const ClaimedVector& claim, OwnedSplit* least) {
  for (lineage::AuthorShare& author : least->authors) {
    author.share = std::min(author.share, ShareIn(claim, author.account.value()));
  }
}

void TakeLines(const ClaimedVector& claim, uint8_t new_relation, OwnedSplit* split) {
  OwnedSplit taken;
  const bool nothing_passes = claim.kept == Ppb(base::kPpbOne);
  for (const ClaimedVector::Line& line : claim.lines) {
    const auto at = std::find(split->parents.begin(), split->parents.end(), line.subject);
    if (line.share == Ppb() && (!nothing_passes || at == split->parents.end())) continue;
    taken.parents.push_back(line.subject);
    taken.shares.push_back(line.share.value());
    taken.relations.push_back(
        at == split->parents.end()
            ? new_relation
            : split->relations[static_cast<size_t>(at - split->parents.begin())]);
  }
  split->parents = std::move(taken.parents);
  split->shares = std::move(taken.shares);
  split->relations = std::move(taken.relations);
  split->kept = claim.kept;
}

void TakeAuthors(const ClaimedVector& claim, OwnedSplit* split) {
  split->authors.clear();
  for (const ClaimedVector::Line& line : claim.lines) {
    if (line.share == Ppb()) continue;
    split->authors.push_back({base::AccountIndex(line.subject), line.share});
  }
}

Atoms HeldOf(const Flow& arrived, const OwnedSplit& least) {
  const Parts total = Parts::Of(arrived.inflow);
  Uint128 out = 0;
  for (const uint32_t share : least.shares) out += total.Floor(share);
  const Parts received = Parts::Of(FlowOut(arrived.inflow, least.kept) + arrived.extra);
  for (const lineage::AuthorShare& author : least.authors) {
    out += received.Floor(author.share.value());
  }
  return arrived.inflow + arrived.extra - Atoms(out);
}

PotRelease ReleasePot(const Flow& rested, const NamedSplit& before,
                      std::span<const PotSegment> segments, const NamedSplit& last) {
  PotRelease release;
  Player player(rested, before);
  for (const PotSegment& segment : segments) {
    player.Arrive({segment.chosen, segment.vectors}, segment.arrived);
    player.Paid(segment);
    release.held += HeldOf(segment.arrived, segment.least);
  }
  // Under another split than the last one played: its dust arrives there now.
  player.Arrive(last, Flow{});
  release.flow = player.flow();
  player.outs().MoveTo(&release);
  return release;
}

}  // namespace tributary::rewards
