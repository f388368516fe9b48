// Rows of the indexes that are not what the log gives are found, and named.
#include "storage/index_check.h"

#include <map>

#include "storage/schema.h"
#include "tributary/base/hex.h"
#include "unit/storage/fixture.h"

namespace tributary::storage {
namespace {

constexpr index::Family kFamilies[] = {index::Family::kTransaction, index::Family::kRecordKind,
                                       index::Family::kPayoutState, index::Family::kAssetEvents,
                                       index::Family::kJournal,     index::Family::kSettlement,
                                       index::Family::kCredits};

std::string Hex(std::string_view key) { return base::ToHex(base::AsBytes(key)); }

class IndexCheckTest : public StoreTest {
 protected:
  void SetUp() override { FillAll(); }

  std::string Check() {
    const auto store = Open(TestOptions());
    const auto snapshot = store->Snapshot();
    IndexCheck check(*snapshot);
    for (const state::BlockEffects& block : History().blocks()) {
      EXPECT_TRUE(check.Block(block).ok());
    }
    const auto found = check.Finish();
    EXPECT_TRUE(found.ok()) << found.status();
    compared_ = check.compared();
    return *found;
  }

  // All rows that are stored, by key.
  std::map<std::string, std::string> Rows() {
    const auto store = Open(TestOptions());
    std::map<std::string, std::string> rows;
    EXPECT_TRUE(store->Snapshot()
                    ->IndexRows([&](ColumnFamily, std::string_view key, std::string_view value) {
                      rows.emplace(key, value);
                      return true;
                    })
                    .ok());
    return rows;
  }

  // A row of the index, from the middle of its rows.
  std::pair<std::string, std::string> RowOf(index::Family family) {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const auto& row : Rows()) {
      if (row.first.front() == static_cast<char>(family)) rows.push_back(row);
    }
    EXPECT_FALSE(rows.empty()) << "the history has no row of this index";
    return rows.at(rows.size() / 2);
  }

  uint64_t compared_ = 0;
};

TEST_F(IndexCheckTest, EveryRowOfAWholeStoreIsComparedAndNothingIsFound) {
  EXPECT_EQ(Check(), "");
  EXPECT_EQ(compared_, Rows().size());
}

TEST_F(IndexCheckTest, ARowThatIsMissingIsNamedInEveryIndex) {
  for (const index::Family family : kFamilies) {
    const auto [key, value] = RowOf(family);
    Erase(FamilyOfRow(key), key);
    const std::string found = Check();
    EXPECT_NE(found.find(Hex(key)), std::string::npos) << found;
    EXPECT_NE(found.find(index::FamilyName(key)), std::string::npos) << found;
    EXPECT_NE(found.find(", of block "), std::string::npos) << found;
    EXPECT_TRUE(found.ends_with(" is missing")) << found;
    Overwrite(FamilyOfRow(key), key, value);
    EXPECT_EQ(Check(), "");
  }
}

TEST_F(IndexCheckTest, ARowThatIsChangedIsNamedInEveryIndex) {
  for (const index::Family family : kFamilies) {
    const auto [key, value] = RowOf(family);
    std::string changed = value.empty() ? "x" : value;
    if (!value.empty()) changed.back() = static_cast<char>(changed.back() ^ 1);
    Overwrite(FamilyOfRow(key), key, changed);
    const std::string found = Check();
    EXPECT_NE(found.find(Hex(key)), std::string::npos) << found;
    EXPECT_TRUE(found.ends_with(" differs from what the log gives")) << found;
    Overwrite(FamilyOfRow(key), key, value);
  }
  EXPECT_EQ(Check(), "");
}

TEST_F(IndexCheckTest, ARowThatNoBlockGivesIsNamedInEveryIndex) {
  for (const index::Family family : kFamilies) {
    auto [key, value] = RowOf(family);
    key.back() = static_cast<char>(key.back() ^ 0x40);
    Overwrite(FamilyOfRow(key), key, value);
    const std::string found = Check();
    EXPECT_NE(found.find(Hex(key)), std::string::npos) << found;
    EXPECT_NE(found.find("no block gives it (1 index row too many)"), std::string::npos) << found;
    const auto height = index::HeightInKey(key);
    if (height) {
      EXPECT_NE(found.find("of block " + std::to_string(height->value())), std::string::npos)
          << found;
    }
    Erase(FamilyOfRow(key), key);
  }
  EXPECT_EQ(Check(), "");
}

TEST_F(IndexCheckTest, APayoutThatStillStandsAsOpenAfterItWasPaidIsSurplus) {
  const std::string key =
      index::PayoutStateKey(state::PayoutState::kRequested, base::PayoutIndex(0));
  ASSERT_FALSE(Rows().contains(key)) << "the history pays payout 0";
  Overwrite(ColumnFamily::kIndex, key, "");
  const std::string found = Check();
  EXPECT_NE(found.find(Hex(key)), std::string::npos) << found;
}

TEST_F(IndexCheckTest, OneOfManyRowsTooManyIsNamedAndAllAreCounted) {
  for (uint64_t i = 0; i < 12; ++i) {
    const std::string key = index::SettlementKey(1'000 + i);
    Overwrite(FamilyOfRow(key), key, "x");
  }
  const std::string found = Check();
  EXPECT_NE(found.find("(12 index rows too many)"), std::string::npos) << found;
  EXPECT_NE(found.find("settlements"), std::string::npos) << found;
}

TEST_F(IndexCheckTest, ARowInTheWrongColumnFamilyIsFound) {
  Overwrite(ColumnFamily::kIndex, index::SettlementKey(0), "x");
  EXPECT_NE(Check().find("wrong column family"), std::string::npos);
}

TEST_F(IndexCheckTest, AnIndexOfNoNameIsFound) {
  Overwrite(ColumnFamily::kIndex, "\x0f\x01", "x");
  EXPECT_NE(Check().find("0f01"), std::string::npos);
}

TEST_F(IndexCheckTest, RowsThatDifferAreCountedAndTheFirstOfTheLogIsNamed) {
  for (const index::Family family : kFamilies) {
    const auto [key, value] = RowOf(family);
    Erase(FamilyOfRow(key), key);
  }
  const std::string first = index::TransactionKey(History().blocks().at(1).transactions.at(0).id);
  Erase(FamilyOfRow(first), first);
  const std::string found = Check();
  EXPECT_NE(found.find(Hex(first)), std::string::npos) << found;
  EXPECT_TRUE(found.ends_with(" is missing, and 7 more")) << found;
}

TEST_F(IndexCheckTest, RepairRebuildsTheRows) {
  const auto before = Rows();
  for (const index::Family family : kFamilies) {
    const auto [key, value] = RowOf(family);
    Erase(FamilyOfRow(key), key);
  }
  Overwrite(ColumnFamily::kIndex, "\x0f\x01", "x");
  ASSERT_TRUE(Repair(dir_.path(), TestOptions()).ok());
  EXPECT_EQ(Check(), "");
  EXPECT_EQ(Rows(), before);
}

}  // namespace
}  // namespace tributary::storage
