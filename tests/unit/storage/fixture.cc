#include "unit/storage/fixture.h"

#include <cstdlib>
#include <filesystem>

#include "state/memory_pages.h"
#include "storage/store_impl.h"

namespace tributary::storage {
namespace {

using codec::Operation;
using testing::Chain;
using testing::RecordSpec;

void Must(const base::Verdict& verdict) {
  TRIBUTARY_CHECK(!verdict, verdict ? verdict->ToString().c_str() : "");
}

std::unique_ptr<Chain> MakeHistory() {
  auto chain = std::make_unique<Chain>();
  Must(chain->Apply("steward", {chain->Register("ann"), chain->Register("bob")}));
  const RecordSpec root{"root", {{"ann", base::kPpbOne}}, {}, 0, codec::RecordKind::kDataset};
  const base::RecordId root_id = chain->RecordIdOf(root);
  const RecordSpec model{
      "model", {{"ann", 250'000'000}, {"bob", 750'000'000}}, {{root_id, 1}}, 400'000'000};
  const base::RecordId model_id = chain->RecordIdOf(model);
  Must(chain->Apply("ann", {chain->Submit(root)}));
  chain->Commit();
  Must(chain->Apply("ann", {chain->Submit(model)}, {"bob"}));
  chain->Commit();
  for (int i = 0; i < 300; ++i) {  // more entries than a tile is wide
    const std::string name = std::to_string(i);
    Must(chain->Apply("reporter", {chain->Revenue(model_id, 1'000'000, "r" + name)}));
    if (i % 100 == 99) chain->Commit();
  }
  Must(chain->Apply("treasurer", {chain->Funding("reporter", 200'000'000, "bank-1")}));
  chain->Advance(2'000'000);
  chain->Commit();
  Must(chain->Apply("bob", {chain->Payout(1'000'000)}));
  Must(chain->Apply("bob", {chain->Payout(2'000'000)}));
  chain->Commit();
  Must(
      chain->Apply("treasurer", {Operation(codec::ConfirmPayout{base::PayoutIndex(0), "wire-1"})}));
  chain->Commit();
  Must(chain->Apply("reporter", {chain->Revenue(root_id, 5'000'000, "last", "EUR")}));
  chain->Advance(2'000'000);
  chain->Commit();
  return chain;
}

}  // namespace

const Chain& History() {
  static const Chain* const kChain = MakeHistory().release();
  return *kChain;
}

std::string PagesDiffer(const state::PageSource& a, const state::PageSource& b) {
  if (a.Tables() != b.Tables()) return "the tables";
  state::Page left;
  state::Page right;
  for (const state::TableId table : a.Tables()) {
    if (a.RowCount(table) != b.RowCount(table)) return "the rows of " + NameOfPage(table, 0);
    for (uint64_t n = 0; n <= PagesOf(table, a.RowCount(table)); ++n) {
      a.ReadPage(table, n, left);
      b.ReadPage(table, n, right);
      if (left != right) return NameOfPage(table, n);
    }
  }
  return a.failed() || b.failed() ? "a source failed" : "";
}

TemporaryDir::TemporaryDir() {
  std::string name = ::testing::TempDir() + "tributary-store-XXXXXX";
  TRIBUTARY_CHECK(mkdtemp(name.data()) != nullptr, "no temporary directory");
  path_ = name;
}

TemporaryDir::~TemporaryDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Options StoreTest::TestOptions(bool create) {
  Options options;
  options.create = create;
  options.block_cache_bytes = 1u << 20;
  options.page_cache_bytes = 1;  // one page
  options.memtable_bytes = 4u << 20;
  return options;
}

std::unique_ptr<Store> StoreTest::Open(Options options) {
  auto store = Store::Open(dir_.path(), std::move(options));
  EXPECT_TRUE(store.ok()) << store.status();
  return store.ok() ? *std::move(store) : nullptr;
}

void StoreTest::Commit(Store& store, size_t first, size_t last) {
  for (size_t i = first; i < last; ++i) {
    const absl::Status status = store.Commit(History().blocks()[i]);
    ASSERT_TRUE(status.ok()) << status;
  }
}

void StoreTest::Fill(size_t blocks) {
  const auto store = Open(TestOptions(true));
  ASSERT_NE(store, nullptr);
  Commit(*store, 0, blocks);
}

namespace {

std::unique_ptr<Database> OpenDatabase(const std::string& dir) {
  auto database = Database::Open(DatabasePath(dir), Database::Mode::kWrite, Options());
  TRIBUTARY_CHECK(database.ok(), std::string(database.status().message()).c_str());
  return *std::move(database);
}

}  // namespace

void StoreTest::Overwrite(ColumnFamily family, const std::string& key, const std::string& value) {
  const auto database = OpenDatabase(dir_.path());
  ASSERT_TRUE(database->db().Put({}, database->family(family), key, value).ok());
}

void StoreTest::Erase(ColumnFamily family, const std::string& key) {
  const auto database = OpenDatabase(dir_.path());
  ASSERT_TRUE(database->db().Delete({}, database->family(family), key).ok());
}

std::string StoreTest::Get(ColumnFamily family, const std::string& key) {
  const auto database = OpenDatabase(dir_.path());
  std::string value;
  EXPECT_TRUE(database->db().Get({}, database->family(family), key, &value).ok());
  return value;
}

absl::Status StoreTest::OpenAndRecover() {
  const auto store = Store::Open(dir_.path(), TestOptions());
  if (!store.ok()) return store.status();
  state::Resident resident(state::TagKey{});
  return (*store)->Recover(resident);
}

void StoreTest::ExpectWhole(size_t blocks) {
  const auto store = Open(TestOptions());
  ASSERT_NE(store, nullptr);
  state::Resident resident(state::TagKey{});
  const absl::Status status = store->Recover(resident);
  ASSERT_TRUE(status.ok()) << status;
  state::MemoryPages pages;
  for (size_t i = 0; i < blocks; ++i) pages.Apply(History().blocks()[i]);
  EXPECT_EQ(PagesDiffer(store->pages(), pages), "");
  ASSERT_EQ(store->head().height.value(), blocks);
  if (blocks == 0) return;
  const state::BlockEffects& last = History().blocks()[blocks - 1];
  EXPECT_EQ(store->head().log_size, last.log_size);
  EXPECT_EQ(resident.header_bytes(), last.header_bytes);
  EXPECT_EQ(resident.log().Root(), last.log_root);
  EXPECT_EQ(resident.StateRoot(), last.header.state_root);
  const absl::Status log = store->CheckLog();
  EXPECT_TRUE(log.ok()) << log;
}

void ExpectDataLoss(const absl::Status& status, const std::string& part) {
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_NE(Text(status).find(part), std::string::npos) << status;
}

}  // namespace tributary::storage
