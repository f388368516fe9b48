// Golden bytes of the index rows.
#include <gtest/gtest.h>

#include "index/rows.h"
#include "tributary/base/hex.h"

namespace tributary::index {
namespace {

std::string Hex(std::string_view bytes) { return base::ToHex(base::AsBytes(bytes)); }

TEST(IndexKeyTest, KeysAreBigEndianBehindTheirFamily) {
  base::TxId id;
  for (size_t i = 0; i < id.bytes.size(); ++i) id.bytes[i] = static_cast<uint8_t>(i);
  EXPECT_EQ(Hex(TransactionKey(id)), "01000102030405060708090a0b0c0d0e0f");
  EXPECT_EQ(Hex(RecordKindKey(9, base::Height(258))), "02090000000000000102");
  EXPECT_EQ(Hex(PayoutStateKey(state::PayoutState::kPaid, base::PayoutIndex(258))),
            "03020000000000000102");
  EXPECT_EQ(Hex(AssetEventsKey(base::RecordSeq(0x01020304), base::Height(5))),
            "04010203040000000000000005");
  EXPECT_EQ(Hex(JournalKey(base::AccountIndex(0x01020304), base::Height(5))),
            "05010203040000000000000005");
  const ReportedPlace place{base::AccountIndex(1), base::RecordSeq(2), base::CurrencyIndex(3),
                            base::Height(258)};
  EXPECT_EQ(Hex(ReportedKey(place)), "06000000010000000200030000000000000102");
  EXPECT_EQ(ParseReportedKey(ReportedKey(place)), place);
  EXPECT_EQ(TrailingNumber(ReportedKey(place)), 258u);
  EXPECT_FALSE(ParseReportedKey(ReportedKey(place) + "x"));
  EXPECT_FALSE(ParseReportedKey(SettlementKey(258)));
  EXPECT_EQ(Hex(SettlementKey(258)), "100000000000000102");
  EXPECT_EQ(Hex(CreditsKey(1, base::AccountIndex(2), base::RecordSeq(3))),
            "1100000000000000010000000200000003");
  EXPECT_EQ(Hex(SourcesKey(1, base::RecordSeq(2))), "12000000000000000100000002");
  EXPECT_EQ(Hex(TotalsKey(base::CurrencyIndex(17), base::Height(258))), "1300010000000000000102");
  EXPECT_EQ(TotalsPrefix(base::CurrencyIndex(15)), TotalsPrefix(base::CurrencyIndex(0)))
      << "currencies of one page share a row";
}

TEST(IndexKeyTest, TheNumberAtTheEndReadsBack) {
  EXPECT_EQ(TrailingNumber(RecordKindKey(9, base::Height(258))), 258u);
  EXPECT_EQ(TrailingNumber(PayoutStateKey(state::PayoutState::kPaid, base::PayoutIndex(7))), 7u);
  EXPECT_EQ(TrailingNumber(AssetEventsKey(base::RecordSeq(1), base::Height(2))), 2u);
  EXPECT_EQ(TrailingNumber(JournalKey(base::AccountIndex(1), base::Height(3))), 3u);
  EXPECT_EQ(TrailingNumber(TotalsKey(base::CurrencyIndex(1), base::Height(4))), 4u);
  EXPECT_FALSE(TrailingNumber(""));
  EXPECT_FALSE(TrailingNumber(SettlementKey(1)));
  EXPECT_FALSE(TrailingNumber(RecordKindKey(9, base::Height(258)) + "x"));
  EXPECT_FALSE(TrailingNumber(RecordKindPrefix(9)));
}

TEST(IndexValueTest, APlaceIsTwoNumbers) {
  const TransactionPlace place{base::EntryIndex(258), base::Height(3)};
  EXPECT_EQ(Hex(EncodeTransactionPlace(place)), "02010000000000000300000000000000");
  EXPECT_EQ(DecodeTransactionPlace(EncodeTransactionPlace(place)), place);
  EXPECT_FALSE(DecodeTransactionPlace(EncodeTransactionPlace(place) + "x"));
  EXPECT_FALSE(DecodeTransactionPlace(""));
}

TEST(IndexValueTest, RecordsAscend) {
  const std::vector<base::RecordSeq> records = {base::RecordSeq(1), base::RecordSeq(258)};
  EXPECT_EQ(Hex(EncodeRecords(records)), "0100000002010000");
  EXPECT_EQ(DecodeRecords(EncodeRecords(records)), records);
  EXPECT_FALSE(DecodeRecords(EncodeRecords({records[1], records[0]})));
  EXPECT_FALSE(DecodeRecords(EncodeRecords({records[0], records[0]})));
  EXPECT_FALSE(DecodeRecords("")) << "an empty list has no row";
  EXPECT_FALSE(DecodeRecords("12345"));
}

TEST(IndexValueTest, AnEventIs43Bytes) {
  EventLine event{base::AccountIndex(1),
                  base::CurrencyIndex(2),
                  base::MinorUnits(3),
                  base::TimeMs(4),
                  base::Epoch(5),
                  base::EntryIndex(6),
                  7,
                  8,
                  true};
  EXPECT_EQ(Hex(EncodeEvents({event})),
            "01000000"
            "0200"
            "0300000000000000"
            "0400000000000000"
            "0500000000000000"
            "0600000000000000"
            "0700"
            "0800"
            "01");
  std::string neither = EncodeEvents({event});
  neither.back() = 2;
  EXPECT_FALSE(DecodeEvents(neither));
  EXPECT_EQ(DecodeEvents(EncodeEvents({event, event})), (std::vector<EventLine>{event, event}));
  EXPECT_FALSE(DecodeEvents(EncodeEvents({event}).substr(1)));
  EXPECT_FALSE(DecodeEvents(""));
}

TEST(IndexValueTest, AJournalLineIs27BytesOfAKnownKind) {
  const JournalLine line{JournalKind::kPayoutFailed, base::CurrencyIndex(2), base::MinorUnits(3), 4,
                         base::EntryIndex(5)};
  const std::string bytes = EncodeJournal({line});
  EXPECT_EQ(Hex(bytes),
            "03"
            "0200"
            "0300000000000000"
            "0400000000000000"
            "0500000000000000");
  EXPECT_EQ(DecodeJournal(bytes), std::vector<JournalLine>{line});
  for (const char kind : {'\0', '\5'}) {
    std::string other = bytes;
    other[0] = kind;
    EXPECT_FALSE(DecodeJournal(other)) << int{kind};
  }
}

TEST(IndexValueTest, ReportedSumsAreOfAtLeastOneEvent) {
  const ReportedSums sums{base::Epoch(1), 2, 3, 4, 5};
  const std::string bytes = EncodeReported(sums);
  EXPECT_EQ(Hex(bytes),
            "0100000000000000"
            "0200000000000000"
            "0300000000000000"
            "04000000000000000000000000000000"
            "05000000000000000000000000000000");
  EXPECT_EQ(DecodeReported(bytes), sums);
  EXPECT_FALSE(DecodeReported(bytes + "x"));
  EXPECT_FALSE(DecodeReported(EncodeReported({base::Epoch(1), 0, 0, 0, 0})));
}

TEST(IndexValueTest, ASettlementKeepsTheSignOfItsDust) {
  SettlementSummary summary;
  summary.epoch = base::Epoch(1);
  summary.currency = base::CurrencyIndex(2);
  summary.gross = base::Atoms(3);
  summary.fee = base::Atoms(4);
  summary.credited = base::Atoms(5);
  summary.dust_change = -6;
  summary.records_touched = 7;
  summary.credits = 8;
  summary.height = base::Height(9);
  summary.netted = base::Atoms(10);
  summary.escrow_change = -11;
  summary.released = base::Atoms(12);
  summary.pot_case = 13;
  const std::string bytes = EncodeSettlement(summary);
  EXPECT_EQ(Hex(bytes),
            "0100000000000000"
            "0200"
            "03000000000000000000000000000000"
            "04000000000000000000000000000000"
            "05000000000000000000000000000000"
            "faffffffffffffffffffffffffffffff"
            "0700000000000000"
            "0800000000000000"
            "0900000000000000"
            "0a000000000000000000000000000000"
            "f5ffffffffffffffffffffffffffffff"
            "0c000000000000000000000000000000"
            "0d000000");
  EXPECT_EQ(DecodeSettlement(bytes), summary);
  EXPECT_FALSE(DecodeSettlement(bytes + "x"));
}

TEST(IndexValueTest, CreditsAscendAndAreAboveZero) {
  const auto credit = [](uint32_t account, uint32_t record, uint64_t amount) {
    return state::Credit{base::AccountIndex(account), base::RecordSeq(record), base::Atoms(amount),
                         base::Atoms()};
  };
  const auto encode = [](const std::vector<state::Credit>& credits) {
    return EncodeCredits(credits.data(), credits.size());
  };
  EXPECT_EQ(Hex(encode({credit(1, 2, 3)})), "010000000200000003000000000000000000000000000000");
  EXPECT_TRUE(DecodeCredits(encode({credit(1, 2, 3), credit(1, 3, 1), credit(2, 0, 1)})));
  EXPECT_FALSE(DecodeCredits(encode({credit(1, 2, 3), credit(1, 2, 1)})));
  EXPECT_FALSE(DecodeCredits(encode({credit(2, 0, 1), credit(1, 5, 1)})));
  EXPECT_FALSE(DecodeCredits(encode({credit(1, 2, 0)})));
  state::Credit with_royalty = credit(1, 2, 9);
  with_royalty.royalty = base::Atoms(5);
  const std::string bytes = encode({with_royalty, credit(1, 3, 1)});
  EXPECT_EQ(Hex(bytes),
            "010000000200000009000000000000000000000000000000"
            "010000800200000005000000000000000000000000000000"
            "010000000300000001000000000000000000000000000000");
  ASSERT_TRUE(DecodeCredits(bytes));
  EXPECT_EQ(DecodeCredits(bytes)->at(0).royalty, base::Atoms(5));
  EXPECT_EQ(DecodeCredits(bytes)->size(), 2u);
  EXPECT_FALSE(DecodeCredits(bytes.substr(24)));  // a royalty of no credit
  EXPECT_FALSE(DecodeCredits(bytes.substr(0, 48) + bytes.substr(24, 24)));
  with_royalty.royalty = base::Atoms(10);  // more than the credit
  EXPECT_FALSE(DecodeCredits(encode({with_royalty})));
  std::vector<state::Credit> many;
  for (uint32_t i = 0; i < kCreditsPerRow + 1; ++i) many.push_back(credit(i, 0, 1));
  EXPECT_FALSE(DecodeCredits(encode(many)));
  many.pop_back();
  EXPECT_TRUE(DecodeCredits(encode(many)));
}

TEST(IndexValueTest, SourcesAscend) {
  const auto source = [](uint32_t record, uint64_t gross) {
    return state::Source{base::RecordSeq(record), base::Atoms(gross), base::Atoms(1),
                         base::Atoms(2),          base::Atoms(3),     base::Atoms(4),
                         base::Atoms(5)};
  };
  const auto encode = [](const std::vector<state::Source>& sources) {
    return EncodeSources(sources.data(), sources.size());
  };
  EXPECT_EQ(Hex(encode({source(258, 5)})),
            "02010000"
            "05000000000000000000000000000000"
            "01000000000000000000000000000000"
            "02000000000000000000000000000000"
            "03000000000000000000000000000000"
            "04000000000000000000000000000000"
            "05000000000000000000000000000000");
  EXPECT_EQ(DecodeSources(encode({source(1, 1), source(2, 0)})),
            (std::vector<state::Source>{source(1, 1), source(2, 0)}));
  EXPECT_FALSE(DecodeSources(encode({source(1, 1), source(1, 1)})));
  EXPECT_FALSE(DecodeSources(encode({source(1, 1)}) + "x"));
  std::vector<state::Source> many;
  for (uint32_t i = 0; i < kSourcesPerRow + 1; ++i) many.push_back(source(i, 1));
  EXPECT_FALSE(DecodeSources(encode(many)));
  many.pop_back();
  EXPECT_TRUE(DecodeSources(encode(many)));
}

TEST(IndexValueTest, TotalsStandAsInTheirTable) {
  CurrencyTotals one{base::CurrencyIndex(2), {}};
  one.totals.reported = base::Atoms(258);
  one.totals.funded = base::Atoms(1);
  const std::string bytes = EncodeTotals({one});
  ASSERT_EQ(bytes.size(), 2 + state::TotalsRow::kBytes);
  EXPECT_EQ(Hex(bytes).substr(0, 12), "020002010000");
  const auto back = DecodeTotals(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->front().totals.reported, base::Atoms(258));
  EXPECT_EQ(back->front().totals.funded, base::Atoms(1));
  EXPECT_FALSE(DecodeTotals(EncodeTotals({one, one}))) << "currencies ascend";
  EXPECT_FALSE(DecodeTotals(bytes + "x"));
  EXPECT_FALSE(DecodeTotals(""));
}

}  // namespace
}  // namespace tributary::index
