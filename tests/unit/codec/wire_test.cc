#include "codec/wire.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace tributary::codec {
namespace {

using base::RejectionCode;

std::string Varint(std::initializer_list<int> bytes) {
  std::string out;
  for (const int byte : bytes) out.push_back(static_cast<char>(byte));
  return out;
}

std::optional<RejectionCode> ReadAll(const std::string& bytes, uint64_t& value) {
  WireReader reader(base::AsBytes(bytes));
  return reader.ReadVarint(value);
}

TEST(WireVarintTest, ReadsWhatIsWrittenAtEveryLength) {
  std::vector<uint64_t> values = {0, std::numeric_limits<uint64_t>::max()};
  for (int bit = 0; bit < 64; ++bit) {
    values.push_back(uint64_t{1} << bit);
    values.push_back((uint64_t{1} << bit) - 1);
  }
  for (const uint64_t value : values) {
    std::string bytes;
    AppendVarint(bytes, value);
    uint64_t read = ~value;
    EXPECT_EQ(ReadAll(bytes, read), std::nullopt);
    EXPECT_EQ(read, value);
  }
}

TEST(WireVarintTest, RefusesMoreBytesThanNeeded) {
  uint64_t value = 0;
  EXPECT_EQ(ReadAll(Varint({0x01}), value), std::nullopt);
  EXPECT_EQ(ReadAll(Varint({0x81, 0x00}), value), RejectionCode::kWireVarint);
  EXPECT_EQ(ReadAll(Varint({0x80, 0x00}), value), RejectionCode::kWireVarint);
  EXPECT_EQ(ReadAll(Varint({0x80, 0x01}), value), std::nullopt);
}

TEST(WireVarintTest, RefusesMoreThan64Bits) {
  std::string bytes(9, '\xff');
  uint64_t value = 0;
  EXPECT_EQ(ReadAll(bytes + '\x01', value), std::nullopt);
  EXPECT_EQ(value, std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(ReadAll(bytes + '\x02', value), RejectionCode::kWireVarint);
  EXPECT_EQ(ReadAll(bytes + "\xff\x01", value), RejectionCode::kWireVarint);
}

TEST(WireVarintTest, RefusesAnEndInside) {
  uint64_t value = 0;
  EXPECT_EQ(ReadAll("", value), RejectionCode::kWireTruncated);
  EXPECT_EQ(ReadAll(Varint({0x80}), value), RejectionCode::kWireTruncated);
}

TEST(WireTagTest, KnowsVarintsAndBytesAndNothingElse) {
  for (const int wire : {0, 2}) {
    const std::string bytes = Varint({8 | wire});
    WireReader reader(base::AsBytes(bytes));
    uint32_t number = 0;
    WireType type;
    EXPECT_EQ(reader.ReadTag(number, type), std::nullopt);
    EXPECT_EQ(number, 1u);
    EXPECT_EQ(static_cast<int>(type), wire);
  }
  for (const int wire : {1, 3, 4, 5, 6, 7}) {
    const std::string bytes = Varint({8 | wire});
    WireReader reader(base::AsBytes(bytes));
    uint32_t number = 0;
    WireType type;
    EXPECT_EQ(reader.ReadTag(number, type), RejectionCode::kWireType) << wire;
  }
}

TEST(WireTagTest, FieldNumbersRunFromOneTo29Bits) {
  const auto read = [](uint64_t field) {
    std::string bytes;
    AppendVarint(bytes, field << 3);
    WireReader reader(base::AsBytes(bytes));
    uint32_t number = 0;
    WireType type;
    return reader.ReadTag(number, type);
  };
  EXPECT_EQ(read(0), RejectionCode::kWireTrailing);
  EXPECT_EQ(read(1), std::nullopt);
  EXPECT_EQ(read((1u << 29) - 1), std::nullopt);
  EXPECT_EQ(read(1u << 29), RejectionCode::kWireUnknownField);
}

TEST(WireBytesTest, ALengthMustBeThere) {
  const std::string bytes =
      "\x03"
      "abc";
  WireReader whole(base::AsBytes(bytes));
  base::Bytes value;
  EXPECT_EQ(whole.ReadBytes(value), std::nullopt);
  EXPECT_EQ(base::AsText(value), "abc");
  EXPECT_TRUE(whole.AtEnd());
  WireReader cut(base::AsBytes(std::string_view(bytes).substr(0, 3)));
  EXPECT_EQ(cut.ReadBytes(value), RejectionCode::kWireTruncated);
}

TEST(ZigZagTest, MapsSmallMagnitudesToSmallNumbersAndBack) {
  EXPECT_EQ(ZigZag(0), 0u);
  EXPECT_EQ(ZigZag(-1), 1u);
  EXPECT_EQ(ZigZag(1), 2u);
  EXPECT_EQ(ZigZag(std::numeric_limits<int64_t>::max()), ~uint64_t{0} - 1);
  EXPECT_EQ(ZigZag(std::numeric_limits<int64_t>::min()), ~uint64_t{0});
  for (const int64_t value :
       {int64_t{0}, int64_t{-1}, int64_t{123456}, int64_t{-123456},
        std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()}) {
    EXPECT_EQ(UnZigZag(ZigZag(value)), value);
  }
}

}  // namespace
}  // namespace tributary::codec
