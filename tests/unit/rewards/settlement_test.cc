#include "rewards/settlement.h"

#include <gtest/gtest.h>

#include "unit/rewards/graph_builder.h"

namespace tributary::rewards {
namespace {

using base::Atoms;
using base::Epoch;
using base::Uint128;

class SettlementTest : public testing::Test {
 protected:
  SettlementTotals SettleAt(uint64_t epoch, std::vector<RecordAmount> inflow,
                            std::vector<RecordAmount> extra = {}) {
    const SettlementInput input{std::move(inflow), std::move(extra)};
    return Settle(graph_, Epoch(epoch), input, book_, sink_);
  }
  lineage::Graph graph_;
  MapBook book_;
  MapSink sink_;
};

TEST_F(SettlementTest, FollowsAWorkedExampleToTheAtom) {
  // A diamond: 3 -> {1: 30 %, 2: 20 %}, 1 -> 0: 50 %, 2 -> 0: 10 %; record 0 has two authors.
  AddRecord(graph_, {}, {{10, 333'333'333}, {11, 666'666'667}});
  AddRecord(graph_, {{0, 500'000'000}}, Only(20));
  AddRecord(graph_, {{0, 100'000'000}}, Only(30));
  AddRecord(graph_, {{1, 300'000'000}, {2, 200'000'000}}, Only(40));
  const SettlementTotals totals = SettleAt(0, {Amount(3, 1001)});
  // 1001: 300 to 1, 200 to 2, 500 kept, dust 1. 1: 150 and 150. 2: 20 and 180. 0: 170 = 56 + 113.
  EXPECT_EQ(sink_.Of(40), 500u);
  EXPECT_EQ(sink_.Of(20), 150u);
  EXPECT_EQ(sink_.Of(30), 180u);
  EXPECT_EQ(sink_.Of(10), 56u);
  EXPECT_EQ(sink_.Of(11), 113u);
  EXPECT_EQ(totals.records, 4u);
  EXPECT_EQ(totals.edges, 4u);
  EXPECT_EQ(totals.added, Atoms(1001));
  EXPECT_EQ(totals.credited, Atoms(999));
  EXPECT_EQ(TotalDust(graph_, book_), Atoms(2));
  EXPECT_EQ(book_.flows[0].inflow, Atoms(170));
}

TEST_F(SettlementTest, DustTakesPartNextTime) {
  AddRecord(graph_, {}, Only(0));
  AddRecord(graph_, {{0, 500'000'000}}, Only(1));
  SettleAt(0, {Amount(1, 1)});
  EXPECT_EQ(sink_.by_account.size(), 0u);
  SettleAt(0, {Amount(1, 1)});
  EXPECT_EQ(sink_.Of(0), 1u);
  EXPECT_EQ(sink_.Of(1), 1u);
  EXPECT_EQ(TotalDust(graph_, book_), Atoms());
}

TEST_F(SettlementTest, ARoyaltyReachesTheAuthorsAndGoesNoFurther) {
  AddRecord(graph_, {}, Only(0));
  AddRecord(graph_, {{0, 900'000'000}}, {{1, 250'000'000}, {2, 750'000'000}});
  const SettlementTotals totals = SettleAt(0, {}, {Amount(1, 1000)});
  EXPECT_EQ(sink_.Of(0), 0u);
  EXPECT_EQ(sink_.Of(1), 250u);
  EXPECT_EQ(sink_.Of(2), 750u);
  EXPECT_EQ(totals.records, 1u);
  EXPECT_EQ(book_.flows.count(0), 0u);
}

TEST_F(SettlementTest, AttributedMoneyIsPassedOnLikeAnyOther) {
  AddRecord(graph_, {}, Only(0));
  AddRecord(graph_, {{0, 400'000'000}}, Only(1));
  AddRecord(graph_, {}, Only(2));
  SettleAt(0, {Amount(2, 60), Amount(1, 40), Amount(1, 60)});
  EXPECT_EQ(sink_.Of(2), 60u);
  EXPECT_EQ(sink_.Of(1), 60u);
  EXPECT_EQ(sink_.Of(0), 40u);
}

TEST_F(SettlementTest, NothingToSettleTouchesNothing) {
  AddRecord(graph_, {}, Only(0));
  EXPECT_EQ(SettleAt(0, {}), SettlementTotals{});
  EXPECT_EQ(SettleAt(0, {Amount(0, 0)}, {Amount(0, 0)}), SettlementTotals{});
  EXPECT_TRUE(book_.flows.empty());
}

TEST_F(SettlementTest, APassThroughOfEverythingLeavesTheAuthorsNothing) {
  AddRecord(graph_, {}, Only(0));
  AddRecord(graph_, {{0, 1'000'000'000}}, Only(1));
  SettleAt(0, {Amount(1, 12'345)});
  EXPECT_EQ(sink_.Of(0), 12'345u);
  EXPECT_EQ(sink_.Of(1), 0u);
}

TEST_F(SettlementTest, AmountsNearTheLimitKeepTheirLastAtom) {
  AddRecord(graph_, {}, Only(0));
  AddRecord(graph_, {{0, 1}}, Only(1));
  const Uint128 most = (Uint128{1} << 120) - 1;
  SettleAt(0, {Amount(1, most)});
  EXPECT_EQ(sink_.Of(0), most / base::kPpbOne);
  EXPECT_EQ(sink_.Of(0) + sink_.Of(1) + TotalDust(graph_, book_).value(), most);
}

TEST_F(SettlementTest, AnEpochUsesItsOwnVersion) {
  AddRecord(graph_, {}, Only(0));
  AddRecord(graph_, {{0, 100'000'000}}, Only(1));
  AddVersion(graph_, 1, 5, {{0, 600'000'000}}, Only(1));
  SettleAt(4, {Amount(1, 1000)});
  EXPECT_EQ(sink_.Of(0), 100u);
  SettleAt(5, {Amount(1, 1000)});
  EXPECT_EQ(sink_.Of(0), 700u);
  EXPECT_EQ(sink_.Of(1), 1300u);
}

TEST_F(SettlementTest, DustOfAClosedVersionFlowsByTheNewOne) {
  // Three atoms by halves leave one; the new version passes everything on.
  AddRecord(graph_, {}, Only(0));
  AddRecord(graph_, {{0, 500'000'000}}, Only(1));
  AddVersion(graph_, 1, 1, {{0, 1'000'000'000}}, Only(1));
  SettleAt(0, {Amount(1, 3)});
  EXPECT_EQ(TotalDust(graph_, book_), Atoms(1));
  SettleAt(1, {Amount(1, 10)});
  EXPECT_EQ(sink_.Of(0), 1u + 11u);
  EXPECT_EQ(sink_.Of(1), 1u);
  EXPECT_EQ(TotalDust(graph_, book_), Atoms());
  EXPECT_EQ(book_.flows[1], (Flow{Atoms(11), Atoms(1)}));
  EXPECT_EQ(book_.versions[1], 1u);
}

TEST_F(SettlementTest, NewAuthorsShareOnlyWhatComesAfterThem) {
  AddRecord(graph_, {}, {{0, 500'000'000}, {1, 500'000'000}});
  AddVersion(graph_, 0, 1, {}, {{1, 500'000'000}, {2, 500'000'000}});
  SettleAt(0, {Amount(0, 101)});
  SettleAt(1, {Amount(0, 100)});
  EXPECT_EQ(sink_.Of(0), 50u);
  EXPECT_EQ(sink_.Of(1), 100u);
  EXPECT_EQ(sink_.Of(2), 50u);
  EXPECT_EQ(TotalDust(graph_, book_), Atoms(1));
}

// A book that keeps no versions, as long as no record has any.
class PlainBook {
 public:
  Flow& Load(base::RecordSeq record) { return flows_[record.value()]; }

 private:
  std::map<uint32_t, Flow> flows_;
};

TEST(SettlementDeathTest, ABookWithoutVersionsRefusesASecondVersion) {
  lineage::Graph graph;
  AddRecord(graph, {}, Only(0));
  AddVersion(graph, 0, 3, {}, Only(1));
  PlainBook book;
  MapSink sink;
  const SettlementInput input{{Amount(0, 5)}, {}};
  Settle(graph, Epoch(2), input, book, sink);
  EXPECT_EQ(sink.Of(0), 5u);
  EXPECT_DEATH(Settle(graph, Epoch(3), input, book, sink), "several versions");
}

TEST(SettlementSpreadTest, ManyTouchedRecordsOverSeveralChunks) {
  // A chain of 2,000 records that each pass everything on: all of it arrives at the first.
  lineage::Graph graph;
  AddRecord(graph, {}, Only(0));
  for (uint32_t i = 1; i < 2000; ++i) AddRecord(graph, {{i - 1, 1'000'000'000}}, Only(i));
  MapBook book;
  MapSink sink;
  const SettlementInput input{{Amount(1999, 77), Amount(1000, 3)}, {}};
  const SettlementTotals totals = Settle(graph, Epoch(0), input, book, sink);
  EXPECT_EQ(sink.Of(0), 80u);
  EXPECT_EQ(totals.records, 2000u);
  EXPECT_EQ(sink.credits, 1u);
}

}  // namespace
}  // namespace tributary::rewards
