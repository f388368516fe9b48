// Golden bytes of keys and values that the store defines itself.
#include "storage/schema.h"

#include <gtest/gtest.h>

#include "storage/page_cache.h"
#include "tributary/base/hex.h"

namespace tributary::storage {
namespace {

std::string Hex(std::string_view bytes) { return base::ToHex(base::AsBytes(bytes)); }

TEST(SchemaTest, KeysAreBigEndian) {
  const state::TableId table{state::TableKind::kEvents, 0x1ff};
  EXPECT_EQ(Hex(HeightKey(base::Height(0x0102030405060708))), "680102030405060708");
  EXPECT_EQ(Hex(RowCountKey(table)), "6e000c01ff");
  EXPECT_EQ(Hex(EntryKey(base::EntryIndex(258))), "0000000000000102");
  EXPECT_EQ(Hex(TileKey({2, 258})), "020000000000000102");
  EXPECT_EQ(Hex(PageKey(table, 258)), "000c01ff0000000000000102");
  EXPECT_EQ(FamilyOfRow("\x0f"), ColumnFamily::kIndex);
  EXPECT_EQ(FamilyOfRow("\x10"), ColumnFamily::kSide);
}

TEST(SchemaTest, KeysReadBackAndNothingElseDoes) {
  const state::TableId table{state::TableKind::kClaims, 7};
  EXPECT_EQ(ParseRowCountKey(RowCountKey(table)), table);
  EXPECT_EQ(ParseEntryKey(EntryKey(base::EntryIndex(9))), base::EntryIndex(9));
  EXPECT_EQ(ParseTileKey(TileKey({1, 9})), (merkle::TileId{1, 9}));
  EXPECT_FALSE(ParseRowCountKey("n"));
  const state::TableId none{static_cast<state::TableKind>(state::kTableKinds), 0};
  EXPECT_FALSE(ParseRowCountKey(RowCountKey(none))) << "no such table";
  EXPECT_FALSE(ParseEntryKey("1234567"));
  EXPECT_FALSE(ParseTileKey("12345678"));
}

TEST(SchemaTest, TheHeadIsTwoNumbers) {
  const Head head{base::Height(3), 258};
  EXPECT_EQ(Hex(EncodeHead(head)), "03000000000000000201000000000000");
  EXPECT_EQ(DecodeHead(EncodeHead(head)), head);
  EXPECT_FALSE(DecodeHead(EncodeHead(head) + "x"));
  EXPECT_FALSE(DecodeHead(""));
  EXPECT_FALSE(DecodeNumber("1234567"));
}

TEST(SchemaTest, PagesAreStoredWithoutTheirZeroTail) {
  state::Page page{};
  EXPECT_EQ(TrimPage(page), "");
  page[0] = 1;
  page[2] = 3;
  EXPECT_EQ(Hex(TrimPage(page)), "010003");
  state::Page back;
  back.fill(9);
  EXPECT_TRUE(RestorePage(TrimPage(page), back));
  EXPECT_EQ(back, page);
  page.fill(7);
  EXPECT_EQ(TrimPage(page).size(), state::kPageBytes);
  EXPECT_TRUE(RestorePage(TrimPage(page), back));
  EXPECT_EQ(back, page);
}

TEST(SchemaTest, APageValueThatIsNeverWrittenIsRefused) {
  state::Page page;
  EXPECT_FALSE(RestorePage(std::string(state::kPageBytes + 1, 'x'), page));
  EXPECT_EQ(page, state::Page{});
  EXPECT_FALSE(RestorePage(std::string("x\0", 2), page));
  EXPECT_EQ(page, state::Page{});
}

TEST(PageCacheTest, ThePageUsedLongestAgoLeaves) {
  const state::TableId table{state::TableKind::kRecords, 0};
  PageCache cache(2 * (state::kPageBytes + 128));
  const auto page = [](uint8_t value) {
    auto out = std::make_shared<state::Page>();
    out->fill(value);
    return out;
  };
  cache.Put(table, 0, page(0));
  cache.Put(table, 1, page(1));
  ASSERT_NE(cache.Find(table, 0), nullptr);
  cache.Put(table, 2, page(2));
  EXPECT_EQ(cache.Find(table, 1), nullptr);
  ASSERT_NE(cache.Find(table, 0), nullptr);
  cache.Put(table, 0, page(9));
  EXPECT_EQ((*cache.Find(table, 0))[0], 9);
  EXPECT_EQ(cache.size(), 2u);
  cache.Erase(table, 0);
  EXPECT_EQ(cache.Find(table, 0), nullptr);
  EXPECT_EQ(cache.Find({state::TableKind::kRecords, 1}, 2), nullptr) << "another table";
  EXPECT_NE(cache.Find(table, 2), nullptr);
}

}  // namespace
}  // namespace tributary::storage
