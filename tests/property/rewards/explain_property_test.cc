// Explanations against brute force: every path of small random graphs is enumerated.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "property/rewards/random_history.h"
#include "rewards/explain.h"
#include "rewards/paths.h"
#include "rewards/settlement.h"

namespace tributary::rewards {
namespace {

using base::AccountIndex;
using base::Atoms;
using base::Epoch;
using base::RecordSeq;
using base::Uint128;

constexpr uint64_t kGraphs = 1000;

// All paths from `record` to any author, with the amount that the floors along each leave.
class BruteForce {
 public:
  BruteForce(const lineage::Graph& graph, Epoch epoch) : graph_(graph), epoch_(epoch) {}

  void Enumerate(uint32_t record, Uint128 amount) {
    path_.push_back(RecordSeq(record));
    ++visits_;
    const lineage::Split split = graph_.SplitOf(RecordSeq(record), epoch_);
    const Uint128 kept = Floor(amount, split.kept.value());
    for (const lineage::AuthorShare author : split.authors) {
      const Uint128 worth = Floor(kept, author.share.value());
      if (worth > 0) paths_.push_back({path_, author.account, Atoms(worth)});
    }
    for (const lineage::Edge edge : split.edges) {
      Enumerate(edge.parent.value(), Floor(amount, edge.share.value()));
    }
    path_.pop_back();
  }
  std::vector<ValuedPath>& paths() { return paths_; }
  uint64_t visits() const { return visits_; }  // paths to any record, with the empty one

 private:
  static Uint128 Floor(Uint128 total, uint32_t share) {
    return total / base::kPpbOne * share + total % base::kPpbOne * share / base::kPpbOne;
  }
  const lineage::Graph& graph_;
  const Epoch epoch_;
  std::vector<RecordSeq> path_;
  std::vector<ValuedPath> paths_;
  uint64_t visits_ = 0;
};

bool BestFirst(const ValuedPath& a, const ValuedPath& b) {
  if (a.amount != b.amount) return a.amount > b.amount;
  if (a.records != b.records) return a.records < b.records;
  return a.account < b.account;
}

class ExplainPropertyTest : public testing::Test {
 protected:
  // A graph, an asset and an amount from a seed.
  void Make(uint64_t seed) {
    history_ = std::make_unique<History>();
    FillHistory(seed, 14, history_.get());
    Random random(seed ^ 0x5eed);
    asset_ = history_->records - 1;
    epoch_ = Epoch(random.Below(history_->epochs));
    const uint64_t bits = 1 + random.Below(100);
    amount_ = ((Uint128{random.Bits()} << 64 | random.Bits()) >> (128 - bits)) + 1;
  }
  std::unique_ptr<History> history_;
  uint32_t asset_ = 0;
  Epoch epoch_;
  Uint128 amount_ = 0;
};

TEST_F(ExplainPropertyTest, LinesEqualASettlementIntoEmptyBooksAndAddUp) {
  for (uint64_t seed = 0; seed < kGraphs; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Make(seed);
    Random random(seed);
    const RecordAmount royalty =
        Amount(static_cast<uint32_t>(random.Below(history_->records)), random.Below(1000));
    const ExplainInput input{Atoms(random.Below(9)), {Amount(asset_, amount_)}, {royalty}};
    const Explanation out = Explain(history_->graph, epoch_, input, {});
    MapBook book;
    MapSink sink;
    for (uint32_t record = 0; record < history_->records; ++record) {
      book.versions[record] = history_->graph.SplitOf(RecordSeq(record), epoch_).version;
    }
    Settle(history_->graph, epoch_, SettlementInput{input.inflow, input.extra}, book, sink);
    std::map<std::pair<uint32_t, uint32_t>, Atoms> lines;
    Atoms sum;
    for (const ExplainedLine& line : out.lines) {
      sum += line.amount;
      if (line.role == Role::kFee) continue;
      lines[{line.record.value(), line.account.value()}] += line.amount;
    }
    ASSERT_EQ(lines, sink.by_record);
    ASSERT_EQ(sum + out.dust, out.amount);
    ASSERT_EQ(out.amount.value(), amount_ + royalty.amount.value() + input.fee.value());
    ASSERT_EQ(out.dust, TotalDust(history_->graph, book));
  }
}

TEST_F(ExplainPropertyTest, PathsEqualBruteForceAndShownPlusFoldedIsTheAmount) {
  uint64_t deep = 0;
  for (uint64_t seed = 0; seed < kGraphs; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Make(seed);
    BruteForce brute(history_->graph, epoch_);
    brute.Enumerate(asset_, amount_);
    std::sort(brute.paths().begin(), brute.paths().end(), BestFirst);
    PathQuery query;
    query.asset = RecordSeq(asset_);
    query.amount = Atoms(amount_);
    query.paths_max = 1'000'000;
    query.steps_max = 10'000'000;
    PathList all = TopPaths(history_->graph, epoch_, query);
    ASSERT_TRUE(all.complete);
    ASSERT_TRUE(std::is_sorted(
        all.paths.begin(), all.paths.end(),
        [](const ValuedPath& a, const ValuedPath& b) { return a.amount > b.amount; }));
    std::sort(all.paths.begin(), all.paths.end(), BestFirst);
    ASSERT_EQ(all.paths, brute.paths());
    ASSERT_EQ(all.shown + all.folded, all.total);

    query.paths_max = 5;
    const PathList top = TopPaths(history_->graph, epoch_, query);
    ASSERT_EQ(top.paths.size(), std::min<size_t>(5, brute.paths().size()));
    for (size_t i = 0; i < top.paths.size(); ++i) {
      ASSERT_EQ(top.paths[i].amount, brute.paths()[i].amount);
    }
    const Explanation flow =
        Explain(history_->graph, epoch_, {Atoms(), {Amount(asset_, amount_)}, {}}, {});
    ASSERT_EQ(flow.paths.count, brute.visits() - 1);
    ASSERT_EQ(top.total + flow.dust, Atoms(amount_));
    deep += flow.depth >= 6 && flow.records.back().paths.count >= 4;
  }
  EXPECT_GT(deep, kGraphs / 20);
}

TEST_F(ExplainPropertyTest, PathsOfEachRecipientEqualBruteForce) {
  for (uint64_t seed = 0; seed < kGraphs; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Make(seed);
    BruteForce brute(history_->graph, epoch_);
    brute.Enumerate(asset_, amount_);
    std::sort(brute.paths().begin(), brute.paths().end(), BestFirst);
    const Explanation flow =
        Explain(history_->graph, epoch_, {Atoms(), {Amount(asset_, amount_)}, {}}, {});
    for (const ExplainedLine& line : flow.lines) {
      PathQuery query;
      query.asset = RecordSeq(asset_);
      query.amount = Atoms(amount_);
      query.record = line.record;
      query.account = line.account;
      query.paths_max = 3;
      const PathList list = TopPaths(history_->graph, epoch_, query);
      std::vector<Atoms> expected;
      for (const ValuedPath& path : brute.paths()) {
        if (path.records.back() != line.record || path.account != line.account) continue;
        if (expected.size() < 3) expected.push_back(path.amount);
      }
      std::vector<Atoms> got;
      for (const ValuedPath& path : list.paths) got.push_back(path.amount);
      ASSERT_EQ(got, expected);
      ASSERT_EQ(list.total, line.amount);
      ASSERT_EQ(list.shown + list.folded, line.amount);
    }
  }
}

TEST_F(ExplainPropertyTest, PathsFromSeveralRecordsEqualBruteForce) {
  for (uint64_t seed = 0; seed < kGraphs; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Make(seed);
    Random random(seed + kGraphs);
    std::vector<RecordAmount> inflow = {Amount(asset_, amount_)};
    while (inflow.size() < 3) {
      inflow.push_back(Amount(static_cast<uint32_t>(random.Below(history_->records)),
                              1 + random.Below(1'000'000)));
    }
    // What enters a record together flows together.
    std::map<uint32_t, Uint128> entering;
    for (const RecordAmount& add : inflow) entering[add.record.value()] += add.amount.value();
    BruteForce brute(history_->graph, epoch_);
    for (const auto& enter : entering) brute.Enumerate(enter.first, enter.second);
    std::sort(brute.paths().begin(), brute.paths().end(), BestFirst);
    const Explanation flow = Explain(history_->graph, epoch_, {Atoms(), inflow, {}}, {});
    PathFinder finder(history_->graph, epoch_, inflow, flow);
    PathQuery query;
    query.paths_max = 1'000'000;
    query.steps_max = 10'000'000;
    PathList all = finder.Top(query);
    ASSERT_TRUE(all.complete);
    std::sort(all.paths.begin(), all.paths.end(), BestFirst);
    ASSERT_EQ(all.paths, brute.paths());
    Atoms lines;
    for (const ExplainedLine& line : flow.lines) lines += line.amount;
    ASSERT_LE(all.shown, lines);
  }
}

}  // namespace
}  // namespace tributary::rewards
