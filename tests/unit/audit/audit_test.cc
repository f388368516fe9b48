// The auditor believes nothing but the entries, and names the first one that is wrong.
#include "audit/audit.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "index/rows.h"
#include "storage/store.h"
#include "support/chain.h"
#include "support/entry_list.h"
#include "tributary/base/hex.h"

namespace tributary::testing {
namespace {

// A chain with records, revenue, a settlement and a payout, in several blocks.
class AuditTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(chain_.Apply("steward", {chain_.Register("ann"), chain_.Register("bob")}),
              std::nullopt);
    chain_.Commit();
    const RecordSpec base_spec{"base", {{"ann", base::kPpbOne}}, {}, 0};
    const RecordSpec app_spec{
        "app", {{"bob", base::kPpbOne}}, {{chain_.RecordIdOf(base_spec), 1}}, 300'000'001};
    ASSERT_EQ(chain_.Apply("ann", {chain_.Submit(base_spec)}), std::nullopt);
    ASSERT_EQ(chain_.Apply("bob", {chain_.Submit(app_spec)}), std::nullopt);
    chain_.Commit();
    const auto app = chain_.RecordIdOf(app_spec);
    ASSERT_EQ(chain_.Apply("reporter", {chain_.Revenue(app, 999'999, "r1")}), std::nullopt);
    chain_.Advance(2'000'000);
    ASSERT_EQ(chain_.Apply("treasurer", {chain_.Funding("reporter", 500'000, "bank-1")}),
              std::nullopt);
    ASSERT_EQ(chain_.Apply("bob", {chain_.Payout(10'000)}), std::nullopt);
    chain_.Commit();
  }

  audit::AuditReport Audit(std::vector<std::string> entries, bool hashes_only = false) {
    EntryList source(std::move(entries));
    audit::AuditOptions options;
    options.hashes_only = hashes_only;
    auto report = audit::AuditEntries(source, options);
    EXPECT_TRUE(report.ok()) << report.status();
    return *report;
  }

  Chain chain_;
};

TEST_F(AuditTest, AGoodLogHoldsAndEndsAtTheSameRoots) {
  const auto report = Audit(chain_.entries());
  EXPECT_TRUE(report.holds());
  EXPECT_EQ(report.header.state_root, chain_.resident().StateRoot());
  EXPECT_EQ(report.log_root, chain_.resident().log().Root());
  EXPECT_EQ(report.checked.entries, chain_.entries().size());
  EXPECT_EQ(report.signatures, report.checked.transactions);
  EXPECT_EQ(report.records, 2u);
  EXPECT_EQ(report.settlements, 1u);
}

TEST_F(AuditTest, HashesAloneHoldToo) {
  const auto report = Audit(chain_.entries(), true);
  EXPECT_TRUE(report.holds());
  EXPECT_EQ(report.log_root, chain_.resident().log().Root());
}

TEST_F(AuditTest, EveryFlippedByteIsFoundAndItsBlockNamed) {
  const std::vector<std::string> good = chain_.entries();
  for (size_t entry = 0; entry < good.size(); ++entry) {
    for (size_t at = 0; at < good[entry].size(); at += 7) {
      auto entries = good;
      entries[entry][at] = static_cast<char>(entries[entry][at] ^ 0x10);
      const auto report = Audit(entries);
      ASSERT_TRUE(report.fault.has_value()) << "entry " << entry << " byte " << at;
      // In the block of that entry: a transaction shows at its header, a header's time at the
      // transactions for which it is too late. No block here has more than four entries.
      EXPECT_GE(report.fault->entry.value() + 4, entry);
      EXPECT_LE(report.fault->entry.value(), entry + 4);
      // Nothing that stands in the log covers the last header; only a replay or a checkpoint does.
      if (entry + 1 == good.size()) continue;
      EXPECT_TRUE(Audit(entries, true).fault.has_value()) << "entry " << entry << " byte " << at;
    }
  }
}

TEST_F(AuditTest, AMissingSwappedOrRepeatedEntryIsFound) {
  const std::vector<std::string> good = chain_.entries();
  for (size_t entry = 0; entry + 1 < good.size(); ++entry) {
    auto missing = good;
    missing.erase(missing.begin() + static_cast<ptrdiff_t>(entry));
    EXPECT_TRUE(Audit(missing).fault.has_value()) << "without entry " << entry;
    auto swapped = good;
    std::swap(swapped[entry], swapped[entry + 1]);
    EXPECT_TRUE(Audit(swapped).fault.has_value()) << "swapped " << entry;
    auto repeated = good;
    repeated.insert(repeated.begin() + static_cast<ptrdiff_t>(entry), good[entry]);
    EXPECT_TRUE(Audit(repeated).fault.has_value()) << "repeated " << entry;
  }
}

TEST_F(AuditTest, ALogThatEndsInsideABlockIsFound) {
  auto entries = chain_.entries();
  entries.pop_back();
  const auto report = Audit(entries);
  ASSERT_TRUE(report.fault.has_value());
  EXPECT_NE(report.fault->what.find("header is missing"), std::string::npos);
}

TEST_F(AuditTest, AStoreIsComparedWithWhatItsEntriesGive) {
  const auto dir = std::filesystem::path(::testing::TempDir()) / "audit_store";
  std::filesystem::remove_all(dir);
  {
    storage::Options options;
    options.create = true;
    auto store = storage::Store::Open(dir.string(), options);
    ASSERT_TRUE(store.ok()) << store.status();
    for (const auto& block : chain_.blocks()) ASSERT_TRUE((*store)->Commit(block).ok());
  }
  const auto report = audit::AuditStore(dir.string(), {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(report->holds()) << report->mismatch;
  EXPECT_GT(report->tables_compared, 10u);
  EXPECT_GT(report->index_rows_compared, report->checked.transactions);
  std::filesystem::remove_all(dir);
}

TEST_F(AuditTest, APageThatTheLogDoesNotGiveIsNamed) {
  const auto dir = std::filesystem::path(::testing::TempDir()) / "audit_altered_store";
  std::filesystem::remove_all(dir);
  {
    storage::Options options;
    options.create = true;
    auto store = storage::Store::Open(dir.string(), options);
    ASSERT_TRUE(store.ok()) << store.status();
    for (size_t i = 0; i < chain_.blocks().size(); ++i) {
      state::BlockEffects block = chain_.blocks()[i];
      for (state::PageUpdate& update : block.pages) {
        if (update.table.kind != state::TableKind::kBalances) continue;
        auto altered = std::make_shared<state::Page>(*update.page);
        (*altered)[state::RowBytes(state::TableKind::kBalances) * 6] ^= 1;
        update.page = altered;
      }
      ASSERT_TRUE((*store)->Commit(block).ok());
    }
  }
  const auto report = audit::AuditStore(dir.string(), {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_FALSE(report->holds());
  EXPECT_NE(report->mismatch.find("table balances/0, page 0"), std::string::npos)
      << report->mismatch;
  std::filesystem::remove_all(dir);
}

TEST_F(AuditTest, AnIndexRowThatTheLogDoesNotGiveIsNamed) {
  const auto dir = std::filesystem::path(::testing::TempDir()) / "audit_altered_index";
  std::filesystem::remove_all(dir);
  std::string key;
  {
    storage::Options options;
    options.create = true;
    auto store = storage::Store::Open(dir.string(), options);
    ASSERT_TRUE(store.ok()) << store.status();
    for (size_t i = 0; i < chain_.blocks().size(); ++i) {
      state::BlockEffects block = chain_.blocks()[i];
      if (!block.settlements.empty()) {
        ++block.settlements[0].records_touched;
        key = index::SettlementKey(block.settlements[0].number);
      }
      ASSERT_TRUE((*store)->Commit(block).ok());
    }
  }
  ASSERT_FALSE(key.empty());
  const auto report = audit::AuditStore(dir.string(), {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_FALSE(report->holds());
  EXPECT_NE(report->mismatch.find(base::ToHex(base::AsBytes(key)) + " of the index settlements"),
            std::string::npos)
      << report->mismatch;
  std::filesystem::remove_all(dir);
}

}  // namespace
}  // namespace tributary::testing
