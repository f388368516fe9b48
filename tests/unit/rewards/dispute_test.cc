// The arithmetic of pots, over generated splits, claims and segments.
#include "rewards/dispute.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace tributary::rewards {
namespace {

using base::AccountIndex;
using base::Atoms;
using base::Ppb;

class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}
  uint64_t Below(uint64_t end) { return random_() % end; }
  // `count` shares that add up to the whole; some of them may be zero.
  std::vector<uint32_t> Shares(size_t count) {
    std::vector<uint32_t> shares(count);
    uint32_t left = base::kPpbOne;
    for (size_t i = 0; i + 1 < count; ++i) {
      shares[i] = Below(4) == 0 ? 0 : static_cast<uint32_t>(Below(left + 1));
      left -= shares[i];
    }
    shares.back() = left;
    return shares;
  }
  OwnedSplit Split() {
    OwnedSplit split;
    const auto lines = Shares(4);
    for (uint32_t parent = 0; parent < 3; ++parent) {
      split.parents.push_back(parent);
      split.shares.push_back(lines[parent]);
      split.relations.push_back(1);
    }
    split.kept = Ppb(lines[3]);
    const auto authors = Shares(3);
    for (uint32_t i = 0; i < 3; ++i) split.authors.push_back({AccountIndex(i), Ppb(authors[i])});
    return split;
  }
  ClaimedVector Claim(bool lines) {
    ClaimedVector claim;
    const auto shares = Shares(5);
    for (uint32_t i = 0; i < 4; ++i) claim.lines.push_back({i, Ppb(shares[i])});
    if (lines) claim.kept = Ppb(shares[4]);
    if (!lines) claim.lines[0].share = Ppb(shares[0] + shares[4]);
    return claim;
  }
  Flow Money() { return {Atoms(Below(3'000'000'000)), Atoms(Below(3'000'000'000))}; }

 private:
  std::mt19937_64 random_;
};

using Amounts = std::map<std::pair<bool, uint32_t>, base::Int128>;

void Add(const lineage::Split& split, const Flow& flow, int sign, Amounts* to) {
  for (const lineage::Edge edge : split.edges) {
    (*to)[{true, edge.parent.value()}] +=
        sign * static_cast<base::Int128>(FlowOut(flow.inflow, edge.share).value());
  }
  for (size_t i = 0; i < split.authors.size(); ++i) {
    (*to)[{false, split.authors[i].account.value()}] +=
        sign * static_cast<base::Int128>(AuthorTotal(flow, split, i).value());
  }
}

Amounts Given(const PotRelease& release) {
  Amounts given;
  for (const auto& parent : release.parents) {
    given[{true, parent.record.value()}] += static_cast<base::Int128>(parent.amount.value());
  }
  for (const auto& author : release.authors) {
    given[{false, author.account.value()}] += static_cast<base::Int128>(author.amount.value());
  }
  return given;
}

TEST(DisputeLawsTest, NothingIsTakenBackAndNotAnAtomIsLost) {
  for (uint64_t seed = 0; seed < 20'000; ++seed) {
    SCOPED_TRACE(seed);
    Generator generator(seed);
    const OwnedSplit status_quo = generator.Split();
    const Flow rested = generator.Money();
    std::vector<PotSegment> segments;
    OwnedSplit least = status_quo;
    for (uint64_t i = 0; i < 1 + generator.Below(4); ++i) {
      const ClaimedVector lines = generator.Claim(true);
      const ClaimedVector authors = generator.Claim(false);
      LowerLines(lines, &least);
      LowerAuthors(authors, &least);
      PotSegment segment{generator.Money(), least, status_quo, 0};
      if (generator.Below(2) == 0) {
        TakeLines(lines, 1, &segment.chosen);
        TakeAuthors(authors, &segment.chosen);
        segment.vectors = i + 1;
      }
      segments.push_back(segment);
    }
    const OwnedSplit last = generator.Below(2) == 0 ? segments.back().chosen : status_quo;
    const uint64_t last_vectors = generator.Below(2) == 0 ? segments.back().vectors : 99;
    const OwnedSplit& under = last_vectors == 99 ? last : segments.back().chosen;
    // ReleasePot itself ends the program where a line would have to give back.
    const PotRelease release = ReleasePot(rested, {status_quo, 0}, segments, {under, last_vectors});
    Atoms held, given;
    for (const PotSegment& segment : segments) held += HeldOf(segment.arrived, segment.least);
    for (const auto& parent : release.parents) given += parent.amount;
    for (const auto& author : release.authors) given += author.amount;
    EXPECT_EQ(release.held, held);
    EXPECT_EQ(DustOf(rested, status_quo.View()) + held, DustOf(release.flow, under.View()) + given);
  }
}

TEST(DisputeLawsTest, RejectingEverythingIsAsIfNobodyHadDisputed) {
  for (uint64_t seed = 0; seed < 20'000; ++seed) {
    SCOPED_TRACE(seed);
    Generator generator(seed);
    const OwnedSplit status_quo = generator.Split();
    const Flow rested = generator.Money();
    std::vector<PotSegment> segments;
    OwnedSplit least = status_quo;
    Flow undisturbed = rested;
    Amounts expected;
    for (int i = 0; i < 3; ++i) {
      LowerLines(generator.Claim(true), &least);
      segments.push_back({generator.Money(), least, status_quo, 0});
      undisturbed.inflow += segments.back().arrived.inflow;
      undisturbed.extra += segments.back().arrived.extra;
      Add(least.View(), segments.back().arrived, -1, &expected);
    }
    Add(status_quo.View(), rested, -1, &expected);
    Add(status_quo.View(), undisturbed, 1, &expected);
    std::erase_if(expected, [](const auto& one) { return one.second == 0; });
    const PotRelease release = ReleasePot(rested, {status_quo, 0}, segments, {status_quo, 0});
    EXPECT_EQ(release.flow, undisturbed);
    EXPECT_EQ(Given(release), expected);
  }
}

TEST(DisputeTest, ALineThatAClaimDoesNotNameGetsNothing) {
  OwnedSplit least;
  least.parents = {3, 4};
  least.shares = {500'000'000, 100'000'000};
  least.relations = {1, 1};
  least.kept = Ppb(400'000'000);
  LowerLines({{{4, Ppb(200'000'000)}}, Ppb(300'000'000)}, &least);
  EXPECT_EQ(least.shares, (std::vector<uint32_t>{0, 100'000'000}));
  EXPECT_EQ(least.kept, Ppb(300'000'000));
}

TEST(DisputeTest, AnEdgeThatGetsNothingIsGoneUnlessNothingPasses) {
  OwnedSplit split;
  split.parents = {3, 4};
  split.shares = {500'000'000, 100'000'000};
  split.relations = {7, 8};
  OwnedSplit other = split;
  TakeLines({{{3, Ppb(0)}, {4, Ppb(10)}, {5, Ppb(20)}}, Ppb(base::kPpbOne - 30)}, 9, &split);
  EXPECT_EQ(split.parents, (std::vector<uint32_t>{4, 5}));
  EXPECT_EQ(split.relations, (std::vector<uint8_t>{8, 9}));
  TakeLines({{{3, Ppb(0)}, {4, Ppb(0)}, {5, Ppb(0)}}, Ppb(base::kPpbOne)}, 9, &other);
  EXPECT_EQ(other.parents, (std::vector<uint32_t>{3, 4}));
}

}  // namespace
}  // namespace tributary::rewards
