// The rules at the top of ledger.proto, each shown on a whole message.
#include "unit/codec/messages.h"

namespace tributary::codec {
namespace {

std::string VarintField(uint32_t number, uint64_t value) {
  std::string out;
  AppendTag(out, number, WireType::kVarint);
  AppendVarint(out, value);
  return out;
}
std::string BytesField(uint32_t number, std::string_view value) {
  std::string out;
  AppendField(out, number, base::AsBytes(value));
  return out;
}
std::string Id(char c) { return std::string(32, c); }

const std::string kKind = VarintField(1, 13);
const std::string kAuthorBytes = BytesField(1, Id('a')) + VarintField(2, 1'000'000'000);
const std::string kAuthor = BytesField(2, kAuthorBytes);

TEST(WireRulesTest, AMessageWithItsRequiredFieldsIsAccepted) {
  EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor), "ok");
  EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor + BytesField(8, "title")), "ok");
}

TEST(WireRulesTest, AnEndInsideAFieldIsTruncated) {
  const std::string whole = kKind + kAuthor;
  for (const size_t cut : {size_t{1}, size_t{3}, size_t{4}, whole.size() - 1}) {
    EXPECT_EQ(DecodeAs<Record>(whole.substr(0, cut)).substr(0, 3), "100") << cut;
  }
}

TEST(WireRulesTest, VarintsAreMinimal) {
  EXPECT_EQ(DecodeAs<Record>(std::string("\x08\x8d\x00", 3) + kAuthor),
            Refused(kWireVarint, "kind"));
  EXPECT_EQ(DecodeAs<Record>(std::string("\x88\x00\x0d", 3) + kAuthor), Refused(kWireVarint, ""));
  std::string long_length = kKind + std::string("\x12\xa9\x00", 3) + kAuthorBytes;
  EXPECT_EQ(DecodeAs<Record>(long_length), Refused(kWireVarint, "authors"));
}

TEST(WireRulesTest, UnknownFieldsAreRefusedWhereverTheyStand) {
  EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor + VarintField(17, 1)), Refused(kWireUnknownField, ""));
  EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor + VarintField(99, 1)), Refused(kWireUnknownField, ""));
  const std::string author = BytesField(2, kAuthorBytes + VarintField(3, 1));
  EXPECT_EQ(DecodeAs<Record>(kKind + author), Refused(kWireUnknownField, "authors[0]"));
}

TEST(WireRulesTest, ASingularFieldStandsOnce) {
  EXPECT_EQ(DecodeAs<Record>(kKind + kKind + kAuthor), Refused(kWireRepeatedField, ""));
  const std::string title = BytesField(8, "t");
  EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor + title + title), Refused(kWireRepeatedField, ""));
}

TEST(WireRulesTest, FieldsAscend) {
  EXPECT_EQ(DecodeAs<Record>(kAuthor + kKind), Refused(kWireRepeatedField, "kind"));
  EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor + BytesField(9, "u") + BytesField(8, "t")),
            Refused(kWireRepeatedField, ""));
}

TEST(WireRulesTest, ElementsOfARepeatedFieldStandTogether) {
  EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor + kAuthor), "ok");
  EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor + BytesField(8, "t") + kAuthor),
            Refused(kWireRepeatedField, ""));
}

TEST(WireRulesTest, AFieldHasTheTypeOfTheProtoFile) {
  EXPECT_EQ(DecodeAs<Record>(BytesField(1, "x") + kAuthor), Refused(kWireType, "kind"));
  EXPECT_EQ(DecodeAs<Record>(kKind + VarintField(2, 1)), Refused(kWireType, "authors"));
}

TEST(WireRulesTest, GroupsAndFixedWidthFieldsAreRefused) {
  for (const char wire : {1, 3, 4, 5}) {
    const std::string tag(1, static_cast<char>(4 << 3 | wire));
    EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor + tag + std::string(8, '\0')),
              Refused(kWireType, ""))
        << int{wire};
  }
}

TEST(WireRulesTest, PaddingIsTrailing) {
  EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor + '\0'), Refused(kWireTrailing, ""));
}

TEST(WireRulesTest, DefaultsAreLeftOut) {
  EXPECT_EQ(DecodeAs<Record>(VarintField(1, 0) + kAuthor), Refused(kWireDefault, "kind"));
  EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor + VarintField(4, 0)),
            Refused(kWireDefault, "content_bytes"));
  EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor + BytesField(8, "")), Refused(kWireDefault, "title"));
  EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor + BytesField(3, "")),
            Refused(kWireDefault, "content_sha256"));
  EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor + BytesField(13, "")), Refused(kWireDefault, "terms"));
  EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor + VarintField(14, 0)),
            Refused(kWireDefault, "custodial"));
}

TEST(WireRulesTest, ABoolIsOneOrLeftOut) {
  EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor + VarintField(14, 1)), "ok");
  EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor + VarintField(14, 2)),
            Refused(kWireRange, "custodial"));
}

TEST(WireRulesTest, AnEnumIsKnown) {
  EXPECT_EQ(DecodeAs<Record>(VarintField(1, 21) + kAuthor), "ok");
  EXPECT_EQ(DecodeAs<Record>(VarintField(1, 22) + kAuthor), Refused(kWireEnum, "kind"));
  EXPECT_EQ(DecodeAs<Record>(VarintField(1, ~uint64_t{0}) + kAuthor), Refused(kWireEnum, "kind"));
  EXPECT_EQ(DecodeAs<Record>(VarintField(1, 256 + 13) + kAuthor), Refused(kWireEnum, "kind"));
  EXPECT_EQ(DecodeAs<Record>(kAuthor), Refused(kWireMissing, "kind"));
}

// libprotobuf would cut 2^32 + 1 to 1.
TEST(WireRulesTest, A32BitNumberIsNotCut) {
  const auto parent = [](uint64_t weight) {
    const std::string bytes = BytesField(1, Id('p')) + VarintField(2, 1) + VarintField(3, weight);
    return kKind + kAuthor + BytesField(11, bytes);
  };
  EXPECT_EQ(DecodeAs<Record>(parent((uint64_t{1} << 32) - 1)), "ok");
  EXPECT_EQ(DecodeAs<Record>(parent(uint64_t{1} << 32)), Refused(kWireRange, "parents[0].weight"));
}

TEST(WireRulesTest, FixedBytesHaveTheirLength) {
  EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor + BytesField(3, std::string(32, 'h'))), "ok");
  for (const size_t size : {31, 33}) {
    EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor + BytesField(3, std::string(size, 'h'))),
              Refused(kWireLength, "content_sha256"))
        << size;
  }
}

TEST(WireRulesTest, StringsAreUtf8WithoutControlCharacters) {
  const auto title = [](std::string_view text) {
    return DecodeAs<Record>(kKind + kAuthor + BytesField(8, text));
  };
  EXPECT_EQ(title("L\u00edn\u00e9age \u20ac \U0001F30A"), "ok");
  EXPECT_EQ(title("\xff"), Refused(kWireUtf8, "title"));
  EXPECT_EQ(title("a\nb"), Refused(kWireUtf8, "title"));
  EXPECT_EQ(title(std::string_view("a\0b", 3)), Refused(kWireUtf8, "title"));
}

TEST(WireRulesTest, ThePathStartsWhereTheBytesStand) {
  EXPECT_EQ(DecodeAs<Record>(kAuthor, "operations[3].submit_record.record"),
            Refused(kWireMissing, "operations[3].submit_record.record.kind"));
  EXPECT_EQ(DecodeAs<Record>(kKind + kAuthor + VarintField(99, 1), "record"),
            Refused(kWireUnknownField, "record"));
}

TEST(WireRulesTest, AnOneofHoldsExactlyOneAlternative) {
  const TransactionBody body = SmallBody();
  TransactionBody none = body;
  none.operations.clear();
  const std::string head = Encode(none);
  const std::string reserve = BytesField(19, BytesField(1, Id('c')));
  EXPECT_EQ(DecodeAs<TransactionBody>(head), Refused(kNoOperations, "operations"));
  EXPECT_EQ(DecodeAs<TransactionBody>(head + BytesField(5, "")),
            Refused(kWireMissing, "operations[0]"));
  // The nonce of zeros is 16 bytes, so the head is complete.
  EXPECT_EQ(DecodeAs<TransactionBody>(head + BytesField(5, reserve)), "ok");
  EXPECT_EQ(DecodeAs<TransactionBody>(head + BytesField(5, reserve + reserve)),
            Refused(kWireRepeatedField, "operations[0]"));
  const std::string withdraw = BytesField(27, VarintField(1, 5));
  EXPECT_EQ(DecodeAs<TransactionBody>(head + BytesField(5, reserve + withdraw)),
            Refused(kWireRepeatedField, "operations[0]"));
  EXPECT_EQ(DecodeAs<TransactionBody>(head + BytesField(5, BytesField(36, ""))),
            Refused(kWireUnknownField, "operations[0]"));
  EXPECT_EQ(DecodeAs<TransactionBody>(head + BytesField(5, VarintField(19, 1))),
            Refused(kWireType, "operations[0].reserve"));
}

// Case number 0 is a number like any other, so the message is empty and yet there.
TEST(WireRulesTest, AnAlternativeMayBeEmpty) {
  EXPECT_EQ(OperationVerdict(WithdrawClaim{0}), "ok");
  EXPECT_EQ(OperationVerdict(WithdrawClaim{7}), "ok");
}

}  // namespace
}  // namespace tributary::codec
