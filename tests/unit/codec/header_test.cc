#include "codec/header.h"

#include "crypto/hash.h"
#include "tributary/base/hex.h"
#include "unit/codec/messages.h"

namespace tributary::codec {
namespace {

BlockHeader SmallHeader() {
  BlockHeader header;
  header.first_entry = base::EntryIndex(1);
  header.chain_hash = Filled<base::Hash>(0x11);
  header.height = base::Height(1);
  header.time_ms = base::TimeMs(0x0102030405);
  header.previous_header = Filled<base::Hash>(0x22);
  header.log_size = 3;
  header.log_root = Filled<base::Hash>(0x33);
  header.results_root = Filled<base::Hash>(0x44);
  header.state_root = Filled<base::Hash>(0x55);
  header.settlement_root = Filled<base::Hash>(0x66);
  header.epoch = base::Epoch(7);
  return header;
}

std::string SmallBytes() { return std::string(base::AsText(EncodeHeader(SmallHeader()))); }
std::string Said(std::string_view bytes) { return Say(DecodeHeader(base::AsBytes(bytes))); }

TEST(HeaderTest, HasOneFixedForm) {
  std::string expected =
      "0201"
      "0100000000000000";
  for (int i = 0; i < 32; ++i) expected += "11";
  expected +=
      "0100000000000000"
      "0504030201000000";
  for (int i = 0; i < 32; ++i) expected += "22";
  expected += "0300000000000000";
  for (const char* byte : {"33", "44", "55", "66"}) {
    for (int i = 0; i < 32; ++i) expected += byte;
  }
  expected += "0700000000000000";
  EXPECT_EQ(base::ToHex(EncodeHeader(SmallHeader())), expected);
}

TEST(HeaderTest, IsReadBack) {
  const std::string bytes = SmallBytes();
  const auto header = DecodeHeader(base::AsBytes(bytes));
  ASSERT_TRUE(header.ok());
  EXPECT_EQ(*header, SmallHeader());
}

TEST(HeaderTest, HasItsExactLength) {
  EXPECT_EQ(Said(""), Refused(kWireTruncated, "header"));
  EXPECT_EQ(Said(SmallBytes().substr(0, 233)), Refused(kWireTruncated, "header"));
  EXPECT_EQ(Said(SmallBytes()), "ok");
  EXPECT_EQ(Said(SmallBytes() + "x"), Refused(kWireTrailing, "header"));
}

TEST(HeaderTest, HasItsKindAndVersion) {
  std::string bytes = SmallBytes();
  bytes[0] = 1;
  EXPECT_EQ(Said(bytes), Refused(kWireEnum, "header.kind"));
  bytes = SmallBytes();
  bytes[1] = 2;
  EXPECT_EQ(Said(bytes), Refused(kWireEnum, "header.version"));
}

TEST(HeaderTest, HeightStartsAtOneAndTheBlockLiesBeforeItsHeader) {
  BlockHeader header = SmallHeader();
  header.height = base::Height(0);
  EXPECT_EQ(Said(base::AsText(EncodeHeader(header))), Refused(kWireRange, "header.height"));
  header = SmallHeader();
  header.first_entry = base::EntryIndex(3);
  EXPECT_EQ(Said(base::AsText(EncodeHeader(header))), "ok") << "a block without transactions";
  header.first_entry = base::EntryIndex(4);
  EXPECT_EQ(Said(base::AsText(EncodeHeader(header))), Refused(kWireRange, "header.first_entry"));
}

TEST(HeaderTest, ItsHashIsTagged) {
  const std::string bytes = SmallBytes();
  EXPECT_EQ(HeaderHash(base::AsBytes(bytes)),
            crypto::Sha256(base::AsBytes(std::string("tributary/v1/header") + '\0' + bytes)));
}

TEST(EntryTest, ItsFirstByteSaysWhatItIs) {
  const auto kind = [](std::string_view entry) { return KindOf(base::AsBytes(entry)); };
  EXPECT_EQ(*kind("\x01"), EntryKind::kGenesis);
  EXPECT_EQ(*kind("\x02"), EntryKind::kHeader);
  EXPECT_EQ(*kind("\x0a"), EntryKind::kTransaction);
  EXPECT_EQ(Say(kind("")), Refused(kWireTruncated, "entry.kind"));
  EXPECT_EQ(Say(kind("\x03")), Refused(kWireEnum, "entry.kind"));
  const std::string transaction = Encode(SignedTransaction{base::AsBytes("b"), {Signature()}});
  EXPECT_EQ(*kind(transaction), EntryKind::kTransaction);
}

TEST(EntryTest, TheGenesisEntryNamesTheChain) {
  const std::string entry = GenesisEntry(base::AsBytes("genesis"));
  EXPECT_EQ(entry, "\x01genesis");
  EXPECT_EQ(ChainHash(base::AsBytes(entry)), crypto::Sha256(base::AsBytes(entry)));
}

}  // namespace
}  // namespace tributary::codec
