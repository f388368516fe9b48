#include "rewards/flow.h"

#include <gtest/gtest.h>

#include <random>

#include "unit/rewards/graph_builder.h"

namespace tributary::rewards {
namespace {

using base::Atoms;
using base::Ppb;
using base::RecordSeq;
using base::Uint128;

TEST(PartsTest, AgreesWithWideDivision) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 200'000; ++i) {
    const Uint128 wide = Uint128{random()} << 64 | random();
    const Uint128 value = wide >> (random() % 128);
    const Parts parts = Parts::Of(Atoms(value));
    ASSERT_EQ(parts.m, value / base::kPpbOne);
    ASSERT_EQ(parts.f, static_cast<uint64_t>(value % base::kPpbOne));
  }
}

TEST(PartsTest, AgreesAtTheEdgesOfEachWord) {
  for (const Uint128 base : {Uint128{0}, Uint128{1} << 32, Uint128{1} << 64, Uint128{1} << 96,
                             Uint128{base::kPpbOne}, Uint128{base::kPpbOne} << 64}) {
    for (int offset = -3; offset <= 3; ++offset) {
      const Uint128 value = base + static_cast<Uint128>(static_cast<base::Int128>(offset));
      const Parts parts = Parts::Of(Atoms(value));
      EXPECT_EQ(parts.m, value / base::kPpbOne);
      EXPECT_EQ(parts.f, static_cast<uint64_t>(value % base::kPpbOne));
    }
  }
}

TEST(FlowOutTest, IsTheFloorOfTheExactShare) {
  EXPECT_EQ(FlowOut(Atoms(10), Ppb(333'333'333)), Atoms(3));
  EXPECT_EQ(FlowOut(Atoms(3), Ppb(333'333'333)), Atoms(0));
  EXPECT_EQ(FlowOut(Atoms(3), Ppb(333'333'334)), Atoms(1));
  EXPECT_EQ(FlowOut(Atoms(Uint128{1} << 120), Ppb(1'000'000'000)), Atoms(Uint128{1} << 120));
  EXPECT_EQ(FlowOut(Atoms(Uint128{1} << 120), Ppb(0)), Atoms(0));
}

class DustTest : public testing::Test {
 protected:
  DustTest() {
    AddRecord(graph_, {}, Only(0));
    AddRecord(graph_, {}, Only(1));
    AddRecord(graph_, {{0, 333'333'333}, {1, 333'333'333}}, {{2, 500'000'000}, {3, 500'000'000}});
  }
  lineage::Graph graph_;
};

TEST_F(DustTest, IsWhatNoFloorCovers) {
  // C = 10: edges 3 and 3, kept floor(3.33333334) = 3: one atom left; authors floor(3/2) twice:
  // one.
  const lineage::Split split = graph_.SplitOf(RecordSeq(2));
  const Flow flow{Atoms(10), Atoms()};
  EXPECT_EQ(KeptTotal(flow, split), Atoms(3));
  EXPECT_EQ(AuthorTotal(flow, split, 0), Atoms(1));
  EXPECT_EQ(EdgeDust(flow, split), Atoms(1));
  EXPECT_EQ(AuthorDust(flow, split), Atoms(1));
  EXPECT_EQ(DustOf(flow, split), Atoms(2));
  // A royalty of one atom completes the authors' pair.
  EXPECT_EQ(DustOf(Flow{Atoms(10), Atoms(1)}, split), Atoms(1));
}

TEST_F(DustTest, ARecordWithoutParentsAndOneAuthorHasNone) {
  const lineage::Split split = graph_.SplitOf(RecordSeq(0));
  EXPECT_EQ(DustOf(Flow{Atoms(12'345'678'901), Atoms(7)}, split), Atoms());
}

TEST_F(DustTest, ClosingForTheSameAuthorsKeepsTheirTotals) {
  AddVersion(graph_, 2, 5, {{0, 1'000'000'000}}, {{2, 500'000'000}, {3, 500'000'000}});
  const lineage::Split before = graph_.SplitOfVersion(RecordSeq(2), 0);
  const lineage::Split after = graph_.SplitOfVersion(RecordSeq(2), 1);
  const Flow flow{Atoms(10), Atoms(4)};
  const ClosedVersion closed = CloseVersion(flow, before, after);
  EXPECT_EQ(closed.flow, (Flow{Atoms(), Atoms(7)}));
  EXPECT_EQ(closed.carry, (Flow{Atoms(1), Atoms()}));
  EXPECT_EQ(AuthorTotal(closed.flow, after, 0), AuthorTotal(flow, before, 0));
  EXPECT_EQ(DustOf(closed.flow, after) + closed.carry.inflow, DustOf(flow, before));
}

TEST_F(DustTest, ClosingForOtherAuthorsStartsThemAnewWithTheDust) {
  AddVersion(graph_, 2, 5, {{0, 333'333'333}, {1, 333'333'333}},
             {{2, 400'000'000}, {3, 600'000'000}});
  const lineage::Split before = graph_.SplitOfVersion(RecordSeq(2), 0);
  const lineage::Split after = graph_.SplitOfVersion(RecordSeq(2), 1);
  const Flow flow{Atoms(10), Atoms(4)};
  const ClosedVersion closed = CloseVersion(flow, before, after);
  EXPECT_EQ(closed.flow, Flow{});
  EXPECT_EQ(closed.carry, (Flow{Atoms(1), Atoms(1)}));
  EXPECT_EQ(closed.carry.inflow + closed.carry.extra, DustOf(flow, before));
}

}  // namespace
}  // namespace tributary::rewards
