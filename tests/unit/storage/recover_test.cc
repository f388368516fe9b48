// Damage behind the store's back: found at start-up, named, and repaired where the log is whole.
#include <filesystem>

#include "storage/store_impl.h"
#include "unit/storage/fixture.h"

namespace tributary::storage {
namespace {

using base::EntryIndex;
using state::TableId;
using state::TableKind;

class RecoverTest : public StoreTest {
 protected:
  void SetUp() override { FillAll(); }
  void FlipLastByte(ColumnFamily family, const std::string& key) {
    std::string value = Get(family, key);
    ASSERT_FALSE(value.empty());
    value.back() = value.back() == 1 ? '\2' : '\1';
    Overwrite(family, key, value);
  }
  static uint64_t LogSize() { return History().entries().size(); }
  // Start-up names the damage and the way out; repair takes it.
  void ExpectFoundAndRepaired(const std::string& part) {
    const absl::Status status = OpenAndRecover();
    ExpectDataLoss(status, part);
    EXPECT_NE(Text(status).find("`tributaryd repair --data " + dir_.path() + "`"),
              std::string::npos)
        << status;
    const auto report = Repair(dir_.path(), TestOptions());
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(report->head.log_size, LogSize());
    EXPECT_TRUE(std::filesystem::exists(report->damaged_dir)) << report->damaged_dir;
    ExpectWhole(History().blocks().size());
  }
};

TEST_F(RecoverTest, AMissingPageIsNamed) {
  Erase(ColumnFamily::kPages, PageKey({TableKind::kAccounts, 0}, 0));
  ExpectFoundAndRepaired("page 0 of table accounts/0 is missing");
}

TEST_F(RecoverTest, APageInAFormThatIsNeverWrittenIsNamed) {
  const std::string key = PageKey({TableKind::kBalances, 1}, 0);
  Overwrite(ColumnFamily::kPages, key, Get(ColumnFamily::kPages, key) + std::string(1, '\0'));
  ExpectFoundAndRepaired("page 0 of table balances/1 is damaged");
}

TEST_F(RecoverTest, AChangedPageBreaksTheStateRoot) {
  FlipLastByte(ColumnFamily::kPages, PageKey({TableKind::kBalances, 0}, 0));
  ExpectFoundAndRepaired("state root");
}

TEST_F(RecoverTest, AChangedRowCountBreaksTheStateRoot) {
  Overwrite(ColumnFamily::kDefault, RowCountKey({TableKind::kRecords, 0}), EncodeNumber(1));
  ExpectFoundAndRepaired("state root");
}

TEST_F(RecoverTest, AMissingTileIsNamed) {
  Erase(ColumnFamily::kTiles, TileKey({0, 1}));
  ExpectFoundAndRepaired("tile 0/1 is missing");
}

TEST_F(RecoverTest, AChangedTileIsFound) {
  FlipLastByte(ColumnFamily::kTiles, TileKey({1, 0}));
  ExpectFoundAndRepaired("the tiles do not give the log root");
}

TEST_F(RecoverTest, AChangedLeafHashNamesTheEntry) {
  FlipLastByte(ColumnFamily::kTiles, TileKey({0, 1}));
  ExpectFoundAndRepaired("entry " + std::to_string(LogSize() - 1) + " does not match");
}

TEST_F(RecoverTest, AMapOfHeightsThatLeadsElsewhereIsFound) {
  Overwrite(ColumnFamily::kDefault, HeightKey(base::Height(History().blocks().size())),
            EncodeNumber(3));
  ExpectFoundAndRepaired("map of heights");
}

TEST_F(RecoverTest, AHeadThatLiesIsFound) {
  Overwrite(ColumnFamily::kDefault, std::string(kHeadKey),
            EncodeHead({base::Height(99), LogSize()}));
  ExpectFoundAndRepaired("but the head says 99");
}

TEST_F(RecoverTest, AHeadBehindTheLogIsFound) {
  std::filesystem::remove(HeadPath(dir_.path()));
  const state::BlockEffects& block = History().blocks()[3];
  Overwrite(ColumnFamily::kDefault, std::string(kHeadKey),
            EncodeHead({block.header.height, block.log_size}));
  ExpectFoundAndRepaired("the log has entries beyond the head");
}

TEST_F(RecoverTest, AnEntryOfTheLastBlockThatIsMissingIsNamedAndNothingIsChanged) {
  const EntryIndex last(LogSize() - 1);
  Erase(ColumnFamily::kLog, EntryKey(last));
  ExpectDataLoss(OpenAndRecover(), "entry " + std::to_string(last.value()));
  const auto report = Repair(dir_.path(), TestOptions());
  ExpectDataLoss(report.status(), "Nothing was changed");
  EXPECT_FALSE(std::filesystem::exists(DatabasePath(dir_.path()) + ".damaged-1"));
}

TEST_F(RecoverTest, AChangedEntryIsNamedByTheCheckAndByRepair) {
  const EntryIndex changed(5);
  FlipLastByte(ColumnFamily::kLog, EntryKey(changed));
  {
    const auto store = Open(TestOptions());
    ExpectDataLoss(store->CheckLog(), "entry 5: does not match its hash in tile 0/0");
  }
  const auto report = Repair(dir_.path(), TestOptions());
  ExpectDataLoss(report.status(), "the log itself is damaged at entry 5: ");
}

TEST_F(RecoverTest, AMissingEntryInTheMiddleIsNamed) {
  Erase(ColumnFamily::kLog, EntryKey(EntryIndex(7)));
  {
    const auto store = Open(TestOptions());
    ExpectDataLoss(store->CheckLog(), "entry 7 of the log is missing");
    ExpectDataLoss(store->ReadEntry(EntryIndex(7)).status(), "entry 7 of the log is missing");
  }
  ExpectDataLoss(Repair(dir_.path(), TestOptions()).status(), "entry 7 of the log is missing");
}

TEST_F(RecoverTest, ATileThatIsTooLongIsFoundByTheCheck) {
  const std::string key = TileKey({1, 0});
  Overwrite(ColumnFamily::kTiles, key, Get(ColumnFamily::kTiles, key) + std::string(32, 'x'));
  const auto store = Open(TestOptions());
  ExpectDataLoss(store->CheckLog(), "tile 1/0 holds more hashes");
}

TEST_F(RecoverTest, ADatabaseThatCameBackShorterIsRefused) {
  const TemporaryDir other;
  const std::string copy = dir_.Sibling("copy");
  std::filesystem::remove_all(dir_.path());
  Fill(4);
  std::filesystem::copy(dir_.path(), copy, std::filesystem::copy_options::recursive);
  {
    const auto store = Open(TestOptions());
    Commit(*store, 4, 6);
  }
  std::filesystem::remove_all(DatabasePath(dir_.path()));
  std::filesystem::copy(DatabasePath(copy), DatabasePath(dir_.path()),
                        std::filesystem::copy_options::recursive);
  ExpectDataLoss(OpenAndRecover(), "height 6");
  ExpectDataLoss(OpenAndRecover(), "ends at height 4");
  ExpectDataLoss(Repair(dir_.path(), TestOptions()).status(), "were acknowledged");
  ExpectDataLoss(OpenAndRecover(), "ends at height 4");
  const auto accepted = Repair(dir_.path(), TestOptions(), {}, true);
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  ExpectWhole(4);
}

TEST_F(RecoverTest, ATruncatedWriteAheadLogIsNoticed) {
  std::filesystem::path wal;
  for (const auto& file : std::filesystem::directory_iterator(DatabasePath(dir_.path()))) {
    if (file.path().extension() == ".log" && file.file_size() > 0) wal = file.path();
  }
  ASSERT_FALSE(wal.empty());
  std::filesystem::resize_file(wal, std::filesystem::file_size(wal) * 2 / 3);
  const absl::Status status = OpenAndRecover();
  ExpectDataLoss(status, "is cut short");
}

TEST_F(RecoverTest, AHeadFileWithoutAValidSlotIsRefused) {
  std::filesystem::resize_file(HeadPath(dir_.path()), 0);
  ExpectDataLoss(OpenAndRecover(), "neither of its two slots is valid");
}

TEST_F(RecoverTest, ARepairThatWasStoppedGoesOn) {
  // Stopped while building: what is there counts for nothing.
  std::filesystem::create_directory(DatabasePath(dir_.path()) + ".rebuilding");
  ExpectWhole(History().blocks().size());
  ASSERT_TRUE(Repair(dir_.path(), TestOptions()).ok());
  // Stopped before the old database was moved aside.
  const std::string repaired = DatabasePath(dir_.path()) + ".repaired";
  std::filesystem::copy(DatabasePath(dir_.path()), repaired);
  Erase(ColumnFamily::kPages, PageKey({TableKind::kChain, 0}, 0));
  ExpectWhole(History().blocks().size());
  EXPECT_FALSE(std::filesystem::exists(repaired));
  // Stopped between the two renames.
  std::filesystem::rename(DatabasePath(dir_.path()), repaired);
  ExpectWhole(History().blocks().size());
  EXPECT_TRUE(std::filesystem::exists(DatabasePath(dir_.path()) + ".damaged-2"));
  EXPECT_FALSE(std::filesystem::exists(DatabasePath(dir_.path()) + ".damaged-3"));
}

TEST_F(RecoverTest, ARepairedStoreIsTheSameKeyByKey) {
  const auto contents = [&](const std::string& path) {
    std::vector<std::string> out;
    auto database = Database::Open(path, Database::Mode::kRead, TestOptions());
    EXPECT_TRUE(database.ok());
    for (const ColumnFamily family : Database::AllFamilies()) {
      const std::unique_ptr<rocksdb::Iterator> at(
          (*database)->db().NewIterator({}, (*database)->family(family)));
      for (at->SeekToFirst(); at->Valid(); at->Next()) {
        out.push_back(at->key().ToString() + '=' + at->value().ToString());
      }
    }
    return out;
  };
  const auto report = Repair(dir_.path(), TestOptions());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(contents(DatabasePath(dir_.path())), contents(report->damaged_dir));
}

}  // namespace
}  // namespace tributary::storage
