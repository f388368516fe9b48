// What a block adds to the indexes, from blocks of the real machine.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "index/rows.h"
#include "support/chain.h"

namespace tributary::index {
namespace {

using codec::Operation;
using testing::Chain;
using testing::RecordSpec;

const Row* Find(const std::vector<Row>& rows, const std::string& key) {
  const auto at =
      std::find_if(rows.begin(), rows.end(), [&key](const Row& row) { return row.key == key; });
  return at == rows.end() ? nullptr : &*at;
}

class IndexRowsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Do("steward", {chain_.Register("ann")});
    spec_ = RecordSpec{"work", {{"ann", base::kPpbOne}}, {}, 0, codec::RecordKind::kDataset};
    const RecordSpec other{"other", {{"ann", base::kPpbOne}}, {}, 0, codec::RecordKind::kModel};
    const RecordSpec third{"third", {{"ann", base::kPpbOne}}, {}, 0, codec::RecordKind::kDataset};
    Do("ann", {chain_.Submit(spec_), chain_.Submit(other)});
    Do("ann", {chain_.Submit(spec_, true), chain_.Submit(third)});
  }
  void Do(std::string_view sender, const std::vector<Operation>& operations) {
    const auto verdict = chain_.Apply(sender, operations);
    ASSERT_FALSE(verdict) << verdict->ToString();
  }
  // Rows of the block that ends now.
  std::vector<Row> End() {
    EXPECT_TRUE(chain_.Commit());
    auto rows = IndexRows(chain_.blocks().back());
    std::set<std::string> keys;
    for (const Row& row : rows) EXPECT_TRUE(keys.insert(row.key).second) << "a key twice";
    return rows;
  }
  base::Height Height() const { return chain_.blocks().back().header.height; }

  Chain chain_;
  RecordSpec spec_;
};

TEST_F(IndexRowsTest, TransactionsAndRecordsOfABlock) {
  const std::vector<Row> rows = End();
  const auto& block = chain_.blocks().back();
  ASSERT_EQ(block.transactions.size(), 3u);
  for (const state::AppliedTransaction& transaction : block.transactions) {
    const Row* row = Find(rows, TransactionKey(transaction.id));
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(DecodeTransactionPlace(row->value),
              (TransactionPlace{transaction.entry, block.header.height}));
  }
  const Row* sets =
      Find(rows, RecordKindKey(static_cast<uint8_t>(codec::RecordKind::kDataset), Height()));
  ASSERT_NE(sets, nullptr);
  EXPECT_EQ(DecodeRecords(sets->value),
            (std::vector<base::RecordSeq>{base::RecordSeq(0), base::RecordSeq(2)}));
  EXPECT_EQ(rows.size(), 3u + 2u) << "one list per block and kind";
}

TEST_F(IndexRowsTest, EventsOfABlockAreOneListPerAsset) {
  End();
  const auto asset = chain_.RecordIdOf(spec_);
  Do("reporter", {chain_.Revenue(asset, 5, "a"), chain_.Revenue(asset, 6, "b", "EUR")});
  Do("reporter", {chain_.Revenue(asset, 7, "c")});
  const std::vector<Row> rows = End();
  const Row* row = Find(rows, AssetEventsKey(base::RecordSeq(0), Height()));
  ASSERT_NE(row, nullptr);
  const auto events = DecodeEvents(row->value);
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 3u);
  EXPECT_EQ((*events)[1].amount, base::MinorUnits(6));
  EXPECT_EQ((*events)[1].currency, base::CurrencyIndex(1));
  EXPECT_EQ((*events)[1].operation, 1);
  EXPECT_EQ((*events)[1].entry, chain_.blocks().back().transactions[0].entry);
  EXPECT_EQ((*events)[2].entry, chain_.blocks().back().transactions[1].entry);
  EXPECT_EQ((*events)[2].reporter, *chain_.Account("reporter"));
}

TEST_F(IndexRowsTest, TheTotalsOfABlockThatChangesThemAndTheSourcesOfItsSettlements) {
  EXPECT_EQ(Find(End(), TotalsKey(base::CurrencyIndex(0), Height())), nullptr) << "no money yet";
  Do("reporter", {chain_.Revenue(chain_.RecordIdOf(spec_), 1'000'000, "a")});
  const std::vector<Row> reported = End();
  const Row* totals = Find(reported, TotalsKey(base::CurrencyIndex(0), Height()));
  ASSERT_NE(totals, nullptr);
  const auto after = DecodeTotals(totals->value);
  ASSERT_TRUE(after);
  ASSERT_EQ(after->size(), 1u) << "currencies without money have none";
  EXPECT_EQ(after->front().totals.pending, chain_.Totals().pending);
  EXPECT_EQ(after->front().totals.reported, chain_.Totals().reported);
  chain_.Advance(2'000'000);
  const std::vector<Row> settled = End();
  const Row* sources = Find(settled, SourcesKey(0, base::RecordSeq(0)));
  ASSERT_NE(sources, nullptr);
  const auto list = DecodeSources(sources->value);
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 1u);
  EXPECT_EQ(list->front().gross, base::Atoms::FromMinor(base::MinorUnits(1'000'000)));
  EXPECT_EQ(list->front().fee, base::Atoms::FromMinor(base::MinorUnits(10'000)));
  EXPECT_EQ(list->front().net, base::Atoms::FromMinor(base::MinorUnits(990'000)));
  EXPECT_EQ(list->front().inflow, list->front().net);
}

TEST_F(IndexRowsTest, ARefundStandsAmongTheEventsOfItsAsset) {
  const auto asset = chain_.RecordIdOf(spec_);
  Do("reporter", {chain_.Revenue(asset, 5, "a")});
  End();
  Do("reporter", {codec::RefundRevenue{"a", base::MinorUnits(2), "b"}});
  const std::vector<Row> rows = End();
  const Row* row = Find(rows, AssetEventsKey(base::RecordSeq(0), Height()));
  ASSERT_NE(row, nullptr);
  const auto events = DecodeEvents(row->value);
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 1u);
  EXPECT_TRUE(events->front().refund);
  EXPECT_EQ(events->front().amount, base::MinorUnits(2));
}

TEST_F(IndexRowsTest, WhatAReporterReportedIsSummedByAssetCurrencyAndBlock) {
  End();
  const auto asset = chain_.RecordIdOf(spec_);
  Do("reporter", {chain_.Revenue(asset, 5, "a"), chain_.Revenue(asset, 6, "b", "EUR"),
                  chain_.Revenue(asset, 7, "c")});
  Do("reporter", {codec::RefundRevenue{"a", base::MinorUnits(2), "d"}});
  const std::vector<Row> rows = End();
  const auto sums = [&](uint16_t currency) {
    const Row* row = Find(rows, ReportedKey({*chain_.Account("reporter"), base::RecordSeq(0),
                                             base::CurrencyIndex(currency), Height()}));
    return row == nullptr ? std::nullopt : DecodeReported(row->value);
  };
  EXPECT_EQ(sums(0), (ReportedSums{base::Epoch(0), 2, 1, 12, 2}));
  EXPECT_EQ(sums(1), (ReportedSums{base::Epoch(0), 1, 0, 6, 0}));
}

TEST_F(IndexRowsTest, APayoutMovesFromStateToStateAndLeavesLines) {
  End();
  const auto asset = chain_.RecordIdOf(spec_);
  Do("reporter", {chain_.Revenue(asset, 1'000'000, "a")});
  Do("treasurer", {chain_.Funding("reporter", 1'000'000, "bank-1")});
  const std::vector<Row> funded = End();
  const Row* funding = Find(funded, JournalKey(*chain_.Account("reporter"), Height()));
  ASSERT_NE(funding, nullptr);
  EXPECT_EQ(DecodeJournal(funding->value)->front().kind, JournalKind::kFundingConfirmed);
  chain_.Advance(2'000'000);
  End();

  Do("ann", {chain_.Payout(20'000)});
  Do("ann", {chain_.Payout(30'000)});
  const std::vector<Row> requested = End();
  EXPECT_NE(Find(requested, PayoutStateKey(state::PayoutState::kRequested, base::PayoutIndex(0))),
            nullptr);
  const base::AccountIndex ann = *chain_.Account("ann");
  const auto lines = DecodeJournal(Find(requested, JournalKey(ann, Height()))->value);
  ASSERT_TRUE(lines);
  ASSERT_EQ(lines->size(), 2u);
  EXPECT_EQ((*lines)[1].kind, JournalKind::kPayoutRequested);
  EXPECT_EQ((*lines)[1].amount, base::MinorUnits(30'000));
  EXPECT_EQ((*lines)[1].subject, 1u);

  Do("treasurer", {Operation(codec::ConfirmPayout{base::PayoutIndex(1), "wire-1"})});
  Do("treasurer", {Operation(codec::FailPayout{base::PayoutIndex(0), "returned"})});
  Do("ann", {chain_.Payout(10'000)});
  Do("treasurer", {Operation(codec::ConfirmPayout{base::PayoutIndex(2), "wire-2"})});
  const std::vector<Row> closed = End();
  const Row* gone =
      Find(closed, PayoutStateKey(state::PayoutState::kRequested, base::PayoutIndex(0)));
  ASSERT_NE(gone, nullptr);
  EXPECT_TRUE(gone->removed);
  EXPECT_NE(Find(closed, PayoutStateKey(state::PayoutState::kFailed, base::PayoutIndex(0))),
            nullptr);
  EXPECT_NE(Find(closed, PayoutStateKey(state::PayoutState::kPaid, base::PayoutIndex(1))), nullptr);
  const auto after = DecodeJournal(Find(closed, JournalKey(ann, Height()))->value);
  ASSERT_TRUE(after);
  std::vector<JournalKind> kinds;
  for (const JournalLine& line : *after) kinds.push_back(line.kind);
  EXPECT_EQ(kinds,
            (std::vector<JournalKind>{JournalKind::kPayoutPaid, JournalKind::kPayoutFailed,
                                      JournalKind::kPayoutRequested, JournalKind::kPayoutPaid}))
      << "in the order of the entries, also what began and ended in one block";
}

TEST_F(IndexRowsTest, ASettlementIsASummaryAndItsCreditsInRowsOfBoundedSize) {
  state::BlockEffects block;
  block.header.height = base::Height(7);
  state::Settlement settlement{};
  settlement.number = 3;
  settlement.dust_change = -1;
  for (uint32_t i = 0; i < kCreditsPerRow + 1; ++i) {
    settlement.credits.push_back({base::AccountIndex(i), base::RecordSeq(9), base::Atoms(1)});
  }
  block.settlements.push_back(settlement);
  const std::vector<Row> rows = IndexRows(block);
  ASSERT_EQ(rows.size(), 3u);
  const auto summary = DecodeSettlement(Find(rows, SettlementKey(3))->value);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->height, base::Height(7));
  EXPECT_EQ(summary->credits, kCreditsPerRow + 1);
  const auto first =
      DecodeCredits(Find(rows, CreditsKey(3, base::AccountIndex(0), base::RecordSeq(9)))->value);
  const auto second = DecodeCredits(
      Find(rows, CreditsKey(3, base::AccountIndex(kCreditsPerRow), base::RecordSeq(9)))->value);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->size(), kCreditsPerRow);
  EXPECT_EQ(second->size(), 1u);
}

}  // namespace
}  // namespace tributary::index
