// `tributaryd check` over a store whose indexes are not what its log gives.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "daemon/commands.h"
#include "daemon/exit_codes.h"
#include "index/rows.h"
#include "storage/database.h"
#include "support/chain.h"
#include "tributary/base/hex.h"

namespace tributary::daemon {
namespace {

class CheckTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::path(::testing::TempDir()) / "check_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    parent_ = name;
    dir_ = name + "/data";
    testing::Chain chain;
    ASSERT_EQ(chain.Apply("steward", {chain.Register("ann")}), std::nullopt);
    chain.Commit();
    storage::Options options;
    options.create = true;
    auto store = storage::Store::Open(dir_, options);
    ASSERT_TRUE(store.ok()) << store.status();
    for (const state::BlockEffects& block : chain.blocks()) {
      ASSERT_TRUE((*store)->Commit(block).ok());
      if (!block.transactions.empty()) key_ = index::TransactionKey(block.transactions[0].id);
    }
    ASSERT_FALSE(key_.empty());
  }
  void TearDown() override { std::filesystem::remove_all(parent_); }

  void EraseRow() {
    auto database =
        storage::Database::Open(dir_ + "/db", storage::Database::Mode::kWrite, storage::Options());
    ASSERT_TRUE(database.ok()) << database.status();
    ASSERT_TRUE((*database)
                    ->db()
                    .Delete(rocksdb::WriteOptions(),
                            (*database)->family(storage::ColumnFamily::kIndex), key_)
                    .ok());
  }

  StoreArguments Store() const { return {"", dir_}; }
  // The exit code; what it printed is in out_ and err_.
  int Check(bool quick = false) {
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const int code = RunCheck({Store(), quick});
    out_ = ::testing::internal::GetCapturedStdout();
    err_ = ::testing::internal::GetCapturedStderr();
    return code;
  }

  std::string parent_, dir_, key_, out_, err_;
};

TEST_F(CheckTest, AWholeStoreHasNoDamage) {
  EXPECT_EQ(Check(), kExitOk) << err_;
  EXPECT_NE(out_.find("index rows as they are stored"), std::string::npos) << out_;
  EXPECT_NE(out_.find("no damage found"), std::string::npos) << out_;
}

TEST_F(CheckTest, AMissingIndexRowIsDamageThatRepairMends) {
  EraseRow();
  EXPECT_EQ(Check(), kExitDamage);
  EXPECT_NE(err_.find(base::ToHex(base::AsBytes(key_)) + " of the index transactions, of block 2"),
            std::string::npos)
      << err_;
  EXPECT_NE(err_.find("`tributaryd repair --data " + dir_ + "`"), std::string::npos) << err_;
  EXPECT_EQ(RunRepair(Store()), kExitOk);
  EXPECT_EQ(Check(), kExitOk) << err_;
}

TEST_F(CheckTest, AQuickCheckDoesNotLookAtTheIndexesAndDoesNotSayThatItDid) {
  EraseRow();
  EXPECT_EQ(Check(true), kExitOk) << err_;
  EXPECT_EQ(out_.find("index"), std::string::npos) << out_;
}

}  // namespace
}  // namespace tributary::daemon
