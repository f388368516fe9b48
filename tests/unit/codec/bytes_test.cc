#include "codec/bytes.h"

#include <gtest/gtest.h>

#include <array>

#include "tributary/base/hex.h"

namespace tributary::codec {
namespace {

using base::Uint128;

TEST(BytesTest, RowsAreLittleEndian) {
  std::array<uint8_t, 15> row;
  RowWriter(row)
      .Put(uint8_t{1})
      .Put(uint16_t{0x0203})
      .Put(uint32_t{0x04050607})
      .Put(uint64_t{0x08090a0b0c0d0e0f})
      .Done();
  EXPECT_EQ(base::ToHex(row), "010302070605040f0e0d0c0b0a0908");
}

TEST(BytesTest, KeysAreBigEndianSoThatTheySortAsNumbers) {
  std::string low;
  std::string high;
  AppendBig(low, uint64_t{255});
  AppendBig(high, uint64_t{256});
  EXPECT_EQ(base::ToHex(base::AsBytes(high)), "0000000000000100");
  EXPECT_LT(low, high);
}

template <class T>
void ExpectBothWays(T value) {
  std::array<uint8_t, sizeof(T)> bytes;
  StoreLittle(bytes.data(), value);
  EXPECT_TRUE(LoadLittle<T>(bytes.data()) == value);
  StoreBig(bytes.data(), value);
  EXPECT_TRUE(LoadBig<T>(bytes.data()) == value);
}

TEST(BytesTest, EveryWidthIsReadBack) {
  ExpectBothWays<uint8_t>(0xfe);
  ExpectBothWays<uint16_t>(0xfedc);
  ExpectBothWays<uint32_t>(0xfedcba98);
  ExpectBothWays<uint64_t>(0xfedcba9876543210);
  ExpectBothWays<Uint128>(Uint128{0xfedcba9876543210} << 64 | 0x0123456789abcdef);
  ExpectBothWays<Uint128>(~Uint128{0});
}

TEST(BytesTest, ARowKeepsStrongTypes) {
  std::array<uint8_t, 4 + 16 + 32 + 1 + 3 + 2> row;
  const base::Atoms atoms(Uint128{7} << 100);
  base::RecordId id;
  id.bytes.fill(9);
  RowWriter(row)
      .Put(base::Ppb(5))
      .Put(atoms)
      .Put(id)
      .Put(true)
      .PutZeros(3)
      .PutBytes(base::AsBytes("xy"))
      .Done();
  RowReader reader(row);
  EXPECT_EQ(reader.Get<base::Ppb>(), base::Ppb(5));
  EXPECT_EQ(reader.Get<base::Atoms>(), atoms);
  EXPECT_EQ(reader.Get<base::RecordId>(), id);
  EXPECT_TRUE(reader.Get<bool>());
  reader.Skip(3);
  EXPECT_EQ(base::AsText(reader.GetBytes(2)), "xy");
  reader.Done();
}

TEST(BytesDeathTest, LeavingTheSpanIsABug) {
  std::array<uint8_t, 3> row{};
  EXPECT_DEATH(RowWriter(row).Put(uint32_t{1}), "beyond its end");
  EXPECT_DEATH(RowWriter(row).Put(uint16_t{1}).Done(), "not written to its end");
  EXPECT_DEATH(RowReader(row).Get<uint32_t>(), "beyond its end");
  EXPECT_DEATH(RowReader(row).Done(), "not read to its end");
}

}  // namespace
}  // namespace tributary::codec
