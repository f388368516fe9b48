// The laws of settlement over random histories, against two models written here from the rules and
// not from the engine: integer floors for equality, fixed point for closeness.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include "property/rewards/fixed_point.h"
#include "property/rewards/random_history.h"
#include "rewards/settlement.h"

namespace tributary::rewards {
namespace {

using base::Atoms;
using base::Epoch;
using base::RecordSeq;
using base::Uint128;

constexpr uint64_t kHistories = 10'000;
constexpr uint32_t kRecordsMax = 24;

struct Outcome {
  MapBook book;
  MapSink sink;
};

SettlementInput InputOf(const std::vector<Event>& events) {
  SettlementInput input;
  for (const Event& event : events)
    (event.royalty ? input.extra : input.inflow).push_back(event.add);
  return input;
}

std::vector<Event> EventsOf(const History& history, uint64_t epoch) {
  std::vector<Event> events;
  for (const Event& event : history.events) {
    if (event.epoch == epoch) events.push_back(event);
  }
  return events;
}

void CheckDustOfEachRecord(const History& history, MapBook& book) {
  for (const auto& entry : book.flows) {
    const RecordSeq record(entry.first);
    const lineage::Split split = history.graph.SplitOfVersion(record, book.VersionOf(record));
    EXPECT_LT(DustOf(entry.second, split).value(), split.edges.size() + split.authors.size());
  }
}

// Settles each epoch in one pass, checking conservation and bounded dust after it.
void SettleByEpoch(const History& history, Outcome* outcome) {
  Atoms added;
  for (uint64_t epoch = 0; epoch < history.epochs; ++epoch) {
    const SettlementInput input = InputOf(EventsOf(history, epoch));
    const Atoms dust_before = TotalDust(history.graph, outcome->book);
    const SettlementTotals totals =
        Settle(history.graph, Epoch(epoch), input, outcome->book, outcome->sink);
    added += totals.added;
    const Atoms dust = TotalDust(history.graph, outcome->book);
    EXPECT_EQ(dust_before + totals.added, dust + totals.credited);
    Atoms credited;
    for (const auto& entry : outcome->sink.by_account) credited += entry.second;
    EXPECT_EQ(added, credited + dust);
    CheckDustOfEachRecord(history, outcome->book);
  }
}

// Settles each epoch in random groups of shuffled events, also empty ones.
void SettleInGroups(const History& history, uint64_t seed, Outcome* outcome) {
  Random random(seed);
  for (uint64_t epoch = 0; epoch < history.epochs; ++epoch) {
    std::vector<Event> events = EventsOf(history, epoch);
    for (size_t i = events.size(); i > 1; --i) std::swap(events[i - 1], events[random.Below(i)]);
    std::vector<Event> group;
    for (const Event& event : events) {
      group.push_back(event);
      if (random.OneIn(2)) {
        Settle(history.graph, Epoch(epoch), InputOf(group), outcome->book, outcome->sink);
        group.clear();
      }
    }
    Settle(history.graph, Epoch(epoch), InputOf(group), outcome->book, outcome->sink);
  }
}

// The integer model: keeps every out as it was paid, and divides with / instead of parts.
class IntegerModel {
 public:
  explicit IntegerModel(const History& history) : graph_(history.graph) {}

  void Settle(uint64_t epoch, const std::vector<Event>& events) {
    std::map<uint32_t, Uint128> arriving;
    std::map<uint32_t, Uint128> royalties;
    for (const Event& event : events) {
      (event.royalty ? royalties : arriving)[event.add.record.value()] += event.add.amount.value();
    }
    for (uint32_t record = static_cast<uint32_t>(graph_.size()); record-- > 0;) {
      if (arriving[record] == 0 && royalties[record] == 0) continue;
      Visit(epoch, record, arriving[record], royalties[record], &arriving);
    }
  }
  const std::map<uint32_t, Uint128>& credits() const { return credits_; }

 private:
  struct Lines {
    uint32_t version = 0;
    Uint128 in = 0;         // of this version
    Uint128 author_in = 0;  // since the authors are these
    std::map<uint32_t, Uint128> edge_out;
    std::map<uint32_t, Uint128> author_out;
    Uint128 kept_out = 0;
  };

  static Uint128 Floor(Uint128 total, base::Ppb share) {
    return total / base::kPpbOne * share.value() +
           total % base::kPpbOne * share.value() / base::kPpbOne;
  }

  void ChangeVersion(const lineage::Split& now, uint32_t record, Lines* lines) {
    const lineage::Split old = graph_.SplitOfVersion(RecordSeq(record), lines->version);
    Uint128 rest = lines->in - lines->kept_out;
    for (const auto& out : lines->edge_out) rest -= out.second;
    lines->in = 0;
    lines->kept_out = 0;
    lines->edge_out.clear();
    carried_ = rest;
    carried_authors_ = 0;
    if (!(old.authors == now.authors)) {
      carried_authors_ = lines->author_in;
      for (const auto& out : lines->author_out) carried_authors_ -= out.second;
      lines->author_in = 0;
      lines->author_out.clear();
    }
    lines->version = now.version;
  }

  void Visit(uint64_t epoch, uint32_t record, Uint128 inflow, Uint128 royalty,
             std::map<uint32_t, Uint128>* arriving) {
    const lineage::Split split = graph_.SplitOf(RecordSeq(record), Epoch(epoch));
    Lines& lines = lines_[record];
    if (lines.version != split.version) {
      ChangeVersion(split, record, &lines);
      inflow += carried_;
      royalty += carried_authors_;
    }
    lines.in += inflow;
    const Uint128 kept = Floor(lines.in, split.kept);
    lines.author_in += kept - lines.kept_out + royalty;
    lines.kept_out = kept;
    for (const lineage::Edge edge : split.edges) {
      const Uint128 out = Floor(lines.in, edge.share);
      Uint128& paid = lines.edge_out[edge.parent.value()];
      ASSERT_GE(out, paid);
      (*arriving)[edge.parent.value()] += out - paid;
      paid = out;
    }
    for (const lineage::AuthorShare author : split.authors) {
      const Uint128 out = Floor(lines.author_in, author.share);
      Uint128& paid = lines.author_out[author.account.value()];
      ASSERT_GE(out, paid);  // monotonicity
      credits_[author.account.value()] += out - paid;
      paid = out;
    }
  }

  const lineage::Graph& graph_;
  std::map<uint32_t, Lines> lines_;
  std::map<uint32_t, Uint128> credits_;
  Uint128 carried_ = 0;
  Uint128 carried_authors_ = 0;
};

// The exact flow, and how many line versions may have rounded on the way to each account.
class ExactModel {
 public:
  explicit ExactModel(const History& history) : history_(history) {}

  void Run() {
    for (uint64_t epoch = 0; epoch < history_.epochs; ++epoch) RunEpoch(epoch);
  }
  const FixedPoint& Of(uint32_t account) { return credits_[account]; }
  // Lines (edge, kept, author) of all versions under which money arrived anywhere. Coarser than the
  // law, which counts only those from which the account is reached, but of the same order.
  uint64_t lines() const { return lines_; }

 private:
  void RunEpoch(uint64_t epoch) {
    std::vector<FixedPoint> inflow(history_.records);
    std::vector<FixedPoint> royalty(history_.records);
    std::vector<bool> touched(history_.records);
    for (const Event& event : history_.events) {
      if (event.epoch != epoch) continue;
      const uint32_t record = event.add.record.value();
      (event.royalty ? royalty : inflow)[record] += FixedPoint(event.add.amount.value());
      touched[record] = true;
    }
    for (uint32_t record = history_.records; record-- > 0;) {
      if (!touched[record]) continue;
      const lineage::Split split = history_.graph.SplitOf(RecordSeq(record), Epoch(epoch));
      if (seen_.insert({record, split.version}).second) {
        lines_ += split.edges.size() + 1 + split.authors.size();
      }
      for (const lineage::Edge edge : split.edges) {
        inflow[edge.parent.value()] += inflow[record].Times(edge.share.value());
        touched[edge.parent.value()] = true;
      }
      FixedPoint owned = inflow[record].Times(split.kept.value());
      owned += royalty[record];
      for (const lineage::AuthorShare author : split.authors) {
        credits_[author.account.value()] += owned.Times(author.share.value());
      }
    }
  }

  const History& history_;
  std::map<uint32_t, FixedPoint> credits_;
  std::set<std::pair<uint32_t, uint32_t>> seen_;
  uint64_t lines_ = 0;
};

TEST(FixedPointTest, MultipliesExactlyWhereItCan) {
  FixedPoint third(3);
  EXPECT_EQ(third.Times(333'333'334).Whole(), 1u);
  EXPECT_EQ(third.Times(333'333'333).Whole(), 0u);
  const Uint128 most = ~Uint128{0};
  EXPECT_EQ(FixedPoint(most).Times(base::kPpbOne).Whole(), most);
  EXPECT_EQ(FixedPoint(most).Times(1).Whole(), most / base::kPpbOne);
}

TEST(SettlementLawsTest, GroupingNeverChangesWhatAnyoneIsOwed) {
  for (uint64_t seed = 0; seed < kHistories; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    History history;
    FillHistory(seed, kRecordsMax, &history);
    Outcome whole;
    Outcome grouped;
    SettleByEpoch(history, &whole);
    SettleInGroups(history, seed, &grouped);
    ASSERT_EQ(whole.sink.by_record, grouped.sink.by_record);
    ASSERT_EQ(whole.book.flows, grouped.book.flows);
    if (HasFailure()) return;
  }
}

TEST(SettlementLawsTest, CreditsEqualThoseOfTheIntegerModel) {
  uint64_t changed = 0;
  uint64_t shared = 0;
  for (uint64_t seed = 0; seed < kHistories; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    History history;
    FillHistory(seed, kRecordsMax, &history);
    Outcome outcome;
    SettleByEpoch(history, &outcome);
    IntegerModel model(history);
    for (uint64_t epoch = 0; epoch < history.epochs; ++epoch) {
      model.Settle(epoch, EventsOf(history, epoch));
    }
    for (uint32_t account = 0; account < kAccounts; ++account) {
      const auto found = model.credits().find(account);
      ASSERT_EQ(outcome.sink.Of(account), found == model.credits().end() ? 0 : found->second);
    }
    for (const auto& version : outcome.book.versions) changed += version.second > 0;
    for (const auto& flow : outcome.book.flows) {
      shared += history.graph.AuthorsOf(RecordSeq(flow.first)).size() >= 3;
    }
    if (HasFailure()) return;
  }
  // What the histories cover.
  EXPECT_GT(changed, kHistories);
  EXPECT_GT(shared, kHistories);
}

TEST(SettlementLawsTest, CreditsStayWithinTheNumberOfLinesOfTheExactFlow) {
  uint64_t above = 0;
  for (uint64_t seed = 0; seed < kHistories; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    History history;
    FillHistory(seed, kRecordsMax, &history);
    Outcome outcome;
    SettleByEpoch(history, &outcome);
    ExactModel exact(history);
    exact.Run();
    for (uint32_t account = 0; account < kAccounts; ++account) {
      const Uint128 owed = exact.Of(account).Whole();
      const Uint128 paid = outcome.sink.Of(account);
      ASSERT_LE(owed > paid ? owed - paid : paid - owed, exact.lines());
      above += paid > owed;
    }
  }
  EXPECT_GT(above, 0u);  // dust that flowed on under a later version
}

}  // namespace
}  // namespace tributary::rewards
