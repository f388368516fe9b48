#include "lineage/graph.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "lineage/segments.h"

namespace tributary::lineage {
namespace {

using base::AccountIndex;
using base::Epoch;
using base::Ppb;
using base::RecordSeq;

const std::vector<AuthorShare> kAlice = {{AccountIndex(7), Ppb(base::kPpbOne)}};

// Appends and publishes a record of one author with these edges.
RecordSeq Add(Graph& graph, const std::vector<Edge>& edges,
              const std::vector<AuthorShare>& authors = kAlice, uint8_t kind = 1) {
  uint32_t pass = 0;
  for (const Edge& edge : edges) pass += edge.share.value();
  const RecordSeq seq = graph.Append({kind, Ppb(pass), edges, authors});
  graph.Publish();
  return seq;
}

Edge To(uint32_t parent, uint32_t share, uint8_t relation = 1) {
  return {RecordSeq(parent), Ppb(share), relation};
}

std::vector<uint32_t> Children(const Graph& graph, uint32_t seq) {
  std::vector<uint32_t> children;
  for (const RecordSeq child : graph.ChildrenOf(RecordSeq(seq))) children.push_back(child.value());
  return children;
}

std::vector<Edge> Edges(const EdgeRange& range) {
  std::vector<Edge> edges;
  for (const Edge edge : range) edges.push_back(edge);
  return edges;
}

void AppendVersion(Graph& graph, uint32_t seq, uint64_t epoch, const std::vector<Edge>& edges,
                   const std::vector<AuthorShare>& authors = kAlice) {
  uint32_t pass = 0;
  for (const Edge& edge : edges) pass += edge.share.value();
  graph.AppendVersion(RecordSeq(seq), Epoch(epoch), {0, Ppb(pass), edges, authors});
}

TEST(GraphTest, AnEmptyGraphHoldsNothing) {
  Graph graph;
  EXPECT_EQ(graph.size(), 0u);
  EXPECT_EQ(graph.edge_count(), 0u);
}

TEST(GraphTest, ARecordIsReadBackAsItWasAppended) {
  Graph graph;
  Add(graph, {});
  Add(graph, {});
  const RecordSeq seq = Add(graph, {To(1, 300'000'000, 4), To(0, 100'000'000, 9)}, kAlice, 13);
  EXPECT_EQ(seq, RecordSeq(2));
  EXPECT_EQ(graph.KindOf(seq), 13);
  EXPECT_EQ(Edges(graph.EdgesOf(seq)),
            (std::vector<Edge>{To(1, 300'000'000, 4), To(0, 100'000'000, 9)}));
  EXPECT_EQ(graph.KeptOf(seq), Ppb(600'000'000));
  ASSERT_EQ(graph.AuthorsOf(seq).size(), 1u);
  EXPECT_EQ(graph.AuthorsOf(seq)[0], kAlice[0]);
  EXPECT_EQ(graph.KeptOf(RecordSeq(0)), Ppb(base::kPpbOne));
  EXPECT_TRUE(graph.EdgesOf(RecordSeq(0)).empty());
  EXPECT_EQ(graph.edge_count(), 2u);
}

TEST(GraphTest, CoAuthorsKeepTheirOrderAndShares) {
  Graph graph;
  const std::vector<AuthorShare> authors = {
      {AccountIndex(9), Ppb(1)}, {AccountIndex(2), Ppb(999'999'998)}, {AccountIndex(4), Ppb(1)}};
  const AuthorRange read = graph.AuthorsOf(Add(graph, {}, authors));
  ASSERT_EQ(read.size(), 3u);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(read[i], authors[i]);
}

TEST(GraphTest, RecordsAreVisibleOnlyOncePublished) {
  Graph graph;
  Add(graph, {});
  const std::vector<Edge> edges = {To(0, 5)};
  graph.Append({1, Ppb(5), edges, kAlice});
  EXPECT_EQ(graph.size(), 1u);
  EXPECT_EQ(graph.appended(), 2u);
  EXPECT_TRUE(Children(graph, 0).empty());
  graph.Publish();
  EXPECT_EQ(graph.size(), 2u);
  EXPECT_EQ(Children(graph, 0), std::vector<uint32_t>{1});
}

TEST(GraphTest, ChildrenComeLatestFirst) {
  Graph graph;
  Add(graph, {});
  Add(graph, {To(0, 10)});
  Add(graph, {To(1, 10), To(0, 10)});
  Add(graph, {To(0, 10), To(2, 10)});
  EXPECT_EQ(Children(graph, 0), (std::vector<uint32_t>{3, 2, 1}));
  EXPECT_EQ(Children(graph, 1), std::vector<uint32_t>{2});
  EXPECT_EQ(Children(graph, 2), std::vector<uint32_t>{3});
  EXPECT_TRUE(Children(graph, 3).empty());
}

TEST(GraphTest, EdgesAndAuthorsNeverStraddleASegment) {
  // 1,000 edges do not divide 65,536: the last run of each segment moves to the next one.
  Graph graph;
  std::vector<Edge> edges;
  for (uint32_t i = 0; i < 1000; ++i) {
    Add(graph, {});
    edges.push_back(To(i, i + 1));
  }
  const std::vector<AuthorShare> authors = {{AccountIndex(1), Ppb(400'000'000)},
                                            {AccountIndex(2), Ppb(600'000'000)}};
  for (int i = 0; i < 140; ++i) Add(graph, edges, authors);
  for (uint32_t seq = 1000; seq < 1140; ++seq) {
    ASSERT_EQ(Edges(graph.EdgesOf(RecordSeq(seq))), edges) << seq;
    ASSERT_EQ(graph.AuthorsOf(RecordSeq(seq))[1], authors[1]);
  }
  EXPECT_EQ(graph.edge_count(), 140'000u);
  EXPECT_EQ(Children(graph, 999).size(), 140u);
}

TEST(GraphTest, MoreRecordsThanASegmentHolds) {
  Graph graph;
  const uint32_t count = 3 * 65'536 + 5;
  Add(graph, {});
  for (uint32_t i = 1; i < count; ++i) Add(graph, {To(i - 1, 1 + i % 1000)});
  EXPECT_EQ(graph.size(), count);
  for (const uint32_t seq : {65'535u, 65'536u, 131'072u, count - 1}) {
    EXPECT_EQ(graph.EdgesOf(RecordSeq(seq))[0], To(seq - 1, 1 + seq % 1000));
    EXPECT_EQ(Children(graph, seq - 1), std::vector<uint32_t>{seq});
  }
  // 16 bytes per record and 13 per edge, in whole segments.
  EXPECT_LT(graph.MemoryBytes(), 4u * 65'536 * 17 + 4u * 65'536 * 13);
  EXPECT_GT(graph.MemoryBytes(), 3u * 65'536 * 29);
}

TEST(GraphVersionTest, TheSplitInForceIsTheLatestThatIsEffective) {
  Graph graph;
  Add(graph, {});
  Add(graph, {});
  Add(graph, {To(0, 100)});
  AppendVersion(graph, 2, 5, {To(0, 200)});
  const std::vector<AuthorShare> bob = {{AccountIndex(8), Ppb(base::kPpbOne)}};
  AppendVersion(graph, 2, 9, {To(1, 300), To(0, 50)}, bob);
  const auto first_share = [&](uint64_t epoch) {
    return graph.EdgesOf(RecordSeq(2), Epoch(epoch))[0].share.value();
  };
  EXPECT_EQ(first_share(0), 100u);
  EXPECT_EQ(first_share(4), 100u);
  EXPECT_EQ(first_share(5), 200u);
  EXPECT_EQ(first_share(8), 200u);
  EXPECT_EQ(first_share(9), 300u);
  EXPECT_EQ(first_share(1000), 300u);
  EXPECT_EQ(graph.KeptOf(RecordSeq(2), Epoch(9)), Ppb(base::kPpbOne - 350));
  EXPECT_EQ(graph.AuthorsOf(RecordSeq(2), Epoch(8))[0].account, AccountIndex(7));
  EXPECT_EQ(graph.AuthorsOf(RecordSeq(2), Epoch(9))[0].account, AccountIndex(8));
  EXPECT_EQ(graph.SplitOf(RecordSeq(2), Epoch(9)).edges.size(), 2u);
  EXPECT_EQ(graph.EdgesOf(RecordSeq(2))[0].share.value(), 100u);
  EXPECT_EQ(graph.ChangesOf(RecordSeq(2)), (std::vector<Epoch>{Epoch(5), Epoch(9)}));
  EXPECT_TRUE(graph.HasVersions(RecordSeq(2)));
  EXPECT_FALSE(graph.HasVersions(RecordSeq(1)));
}

TEST(GraphVersionTest, AVersionSupersedesThoseThatTakeEffectThenOrLater) {
  Graph graph;
  Add(graph, {});
  Add(graph, {To(0, 1)});
  AppendVersion(graph, 1, 3, {To(0, 2)});
  AppendVersion(graph, 1, 6, {To(0, 3)});
  AppendVersion(graph, 1, 8, {To(0, 4)});
  AppendVersion(graph, 1, 6, {To(0, 5)});
  EXPECT_EQ(graph.ChangesOf(RecordSeq(1)), (std::vector<Epoch>{Epoch(3), Epoch(6)}));
  EXPECT_EQ(graph.EdgesOf(RecordSeq(1), Epoch(5))[0].share, Ppb(2));
  EXPECT_EQ(graph.EdgesOf(RecordSeq(1), Epoch(6))[0].share, Ppb(5));
  EXPECT_EQ(graph.EdgesOf(RecordSeq(1), Epoch(8))[0].share, Ppb(5));
}

TEST(GraphVersionTest, ADroppedVersionLeavesWhatWasInForceBefore) {
  Graph graph;
  Add(graph, {});
  Add(graph, {To(0, 1)});
  AppendVersion(graph, 1, 3, {To(0, 2)});
  AppendVersion(graph, 1, 6, {To(0, 3)});
  graph.DropVersions(RecordSeq(1), Epoch(4));
  EXPECT_EQ(graph.EdgesOf(RecordSeq(1), Epoch(9))[0].share, Ppb(2));
  graph.DropVersions(RecordSeq(1), Epoch(3));
  EXPECT_EQ(graph.EdgesOf(RecordSeq(1), Epoch(9))[0].share, Ppb(1));
  EXPECT_FALSE(graph.HasVersions(RecordSeq(1)));
  graph.DropVersions(RecordSeq(0), Epoch(0));  // nothing to drop
}

TEST(GraphVersionTest, ChildrenAreTheUnionOverVersionsEachOnce) {
  Graph graph;
  for (int i = 0; i < 3; ++i) Add(graph, {});
  Add(graph, {To(0, 10)});
  Add(graph, {To(1, 10)});
  AppendVersion(graph, 3, 2, {To(0, 10), To(1, 10)});
  AppendVersion(graph, 3, 4, {To(1, 10), To(2, 10)});
  AppendVersion(graph, 4, 4, {To(2, 10), To(1, 5)});
  graph.DropVersions(RecordSeq(3), Epoch(4));
  EXPECT_EQ(Children(graph, 0), std::vector<uint32_t>{3});
  EXPECT_EQ(Children(graph, 1), (std::vector<uint32_t>{3, 4}));
  EXPECT_EQ(Children(graph, 2), (std::vector<uint32_t>{4, 3}));
  Add(graph, {To(1, 1)});
  EXPECT_EQ(Children(graph, 1), (std::vector<uint32_t>{5, 3, 4}));
}

TEST(GraphTest, ReadersSeeWholeRecordsWhileTheWriterAppends) {
  Graph graph;
  Add(graph, {});
  Add(graph, {});
  std::atomic<bool> stop{false};
  std::atomic<bool> ready{false};
  std::thread reader([&] {
    uint64_t wrong = 0;
    while (!stop.load()) {
      const uint32_t last = static_cast<uint32_t>(graph.size() - 1);
      const Split split = graph.SplitOf(RecordSeq(last), Epoch(1));
      uint64_t sum = split.kept.value();
      for (const Edge edge : split.edges) sum += edge.share.value();
      if (sum != base::kPpbOne) ++wrong;
      uint64_t seen = 0;
      for (const RecordSeq child : graph.ChildrenOf(RecordSeq(1))) {
        if (child.value() < 2 || ++seen > 100) break;
      }
      ready.store(true);
    }
    EXPECT_EQ(wrong, 0u);
  });
  while (!ready.load()) std::this_thread::yield();
  for (uint32_t i = 2; i < 80'000; ++i) {
    Add(graph, {To(1, 1000), To(i - 1 == 1 ? 0 : i - 1, i)});
    if (i % 100 == 0) AppendVersion(graph, i, 1, {To(1, 2000)});
  }
  stop.store(true);
  reader.join();
}

TEST(GraphDeathTest, ABrokenSpecEndsTheProgram) {
  Graph graph;
  Add(graph, {});
  const std::vector<Edge> self = {To(1, 5)};
  EXPECT_DEATH(graph.Append({1, Ppb(5), self, kAlice}), "not lower");
  const std::vector<Edge> fine = {To(0, 5)};
  EXPECT_DEATH(graph.Append({1, Ppb(6), fine, kAlice}), "do not add up");
  EXPECT_DEATH(graph.Append({1, Ppb(5), fine, {}}), "authors do not add up");
  const std::vector<Edge> twice = {To(0, 5), To(0, 6)};
  EXPECT_DEATH(graph.Append({1, Ppb(11), twice, kAlice}), "named twice");
  Add(graph, {});
  const std::vector<Edge> zero = {To(0, 0), To(1, 5)};
  EXPECT_DEATH(graph.Append({1, Ppb(5), zero, kAlice}), "without a share");
}

TEST(GraphTest, EdgesHaveNoSharesWhereNothingIsPassedThrough) {
  Graph graph;
  Add(graph, {});
  const std::vector<Edge> zero = {To(0, 0)};
  const base::RecordSeq child = graph.Append({1, Ppb(0), zero, kAlice});
  graph.Publish();
  ASSERT_EQ(graph.EdgesOf(child).size(), 1u);
  EXPECT_EQ(graph.EdgesOf(child)[0].share, Ppb(0));
  EXPECT_EQ(*graph.ChildrenOf(RecordSeq(0)).begin(), child);
}

TEST(GraphTest, RoomIsRefusedBeyondWhatOneRecordCanHold) {
  Graph graph;
  EXPECT_TRUE(graph.HasRoomFor(kEdgesPerRecordMax, 64));
  EXPECT_FALSE(graph.HasRoomFor(kEdgesPerRecordMax + 1, 64));
}

TEST(GraphRoomTest, RowsWithinTheLimitsFitHoweverTheirRunsFall) {
  // A run leaves a gap of less than its own length, and only at the end of a segment.
  for (uint64_t count = 1; count <= 1'024; ++count) {
    for (uint64_t at = kSegmentSlots - 1'030; at <= kSegmentSlots + 3; ++at) {
      const uint64_t start = RunStart(at, count);
      ASSERT_LT(start - at, count);
      ASSERT_EQ(start / kSegmentSlots, (start + count - 1) / kSegmentSlots);
    }
  }
  // So of each segment all but 1,023 slots hold edges, and all but 64 hold lists of authors, whose
  // shortest has three slots for two authors.
  EXPECT_LE(kEdgeRowsMax * kSegmentSlots, kEdgeSlotsMax * (kSegmentSlots - 1'023));
  EXPECT_LE(kAuthorRowsMax * 3 * kSegmentSlots, uint64_t{kListBit} * 2 * (kSegmentSlots - 64));
}

}  // namespace
}  // namespace tributary::lineage
