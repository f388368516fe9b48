// The byte form of each row, in tests/golden/state_rows.txt, and how far its fields reach.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "state/rows.h"
#include "support/paths.h"
#include "tributary/base/hex.h"

namespace tributary::state {
namespace {

const std::string kGolden = testing::SourceDir() + "/tests/golden/state_rows.txt";

// Gives each field bytes of its own: 1, 2, 3 ... little-endian.
struct Filler {
  uint8_t next = 1;
  size_t bytes = 0;

  template <class T>
  void operator()(T& field) {
    if constexpr (codec::FixedUnsigned<T>) {
      T value = 0;
      for (size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>(value | T{Take()} << (8 * i));
      field = value;
    } else if constexpr (std::is_same_v<T, base::Atoms>) {
      base::Uint128 value = 0;
      for (size_t i = 0; i < 16; ++i) value |= base::Uint128{Take()} << (8 * i);
      field = base::Atoms(value);
    } else if constexpr (requires { field.bytes; }) {
      for (uint8_t& byte : field.bytes) byte = Take();
    } else {
      for (uint8_t& byte : field) byte = Take();
    }
  }
  uint8_t Take() {
    ++bytes;
    return next++;
  }
};

template <class Row>
Row Filled(size_t* bytes) {
  Row row;
  Filler filler;
  row.Fields(filler);
  *bytes = filler.bytes;
  return row;
}

template <class Row>
class RowTest : public ::testing::Test {};

using Rows =
    ::testing::Types<ChainRow, ParametersRow, CurrencyRow, TotalsRow, AccountRow, RecordRow,
                     EdgeRow, AuthorLineRow, ExternalIdRow, FlowRow, BalanceRow, PendingRow,
                     EventRow, TxIdRow, EpochStartRow, ReceivableRow, FundingRow, PayoutRow, DueRow,
                     ClaimRow, AmendedRow, VersionRow, VersionLineRow, FlowVersionRow,
                     RoyaltyStackRow, RoyaltyEntryRow, LoweredTermsRow, DebitRow, InfluenceRow,
                     StatementRow, ProposalRow, ProposalBytesRow, ApprovalRow, ValidatorRow,
                     ReservationRow, AttestedRow, AttestationRow, IncidentRow, FrozenAssetRow,
                     FrozenRow, DisputedRow, CaseRow, CaseClaimRow, CandidateLineRow, PotRow>;

struct RowNames {
  template <class Row>
  static std::string GetName(int) {
    return std::string(TableName(Row::kKind));
  }
};
TYPED_TEST_SUITE(RowTest, Rows, RowNames);

TYPED_TEST(RowTest, FieldsFitTheRowAndWhatIsLeftIsZero) {
  size_t used = 0;
  const TypeParam row = Filled<TypeParam>(&used);
  ASSERT_LE(used, TypeParam::kBytes);
  EXPECT_EQ(RowBytes(TypeParam::kKind), TypeParam::kBytes);
  EXPECT_EQ(kPageBytes / TypeParam::kBytes, RowsPerPage(TypeParam::kKind));
  std::vector<uint8_t> bytes(TypeParam::kBytes, 0xff);
  SaveRow(row, bytes.data());
  for (size_t i = 0; i < used; ++i) ASSERT_EQ(bytes[i], static_cast<uint8_t>(i + 1)) << i;
  for (size_t i = used; i < bytes.size(); ++i) ASSERT_EQ(bytes[i], 0) << i;
}

TYPED_TEST(RowTest, WhatIsSavedIsLoaded) {
  size_t used = 0;
  std::vector<uint8_t> first(TypeParam::kBytes), second(TypeParam::kBytes);
  SaveRow(Filled<TypeParam>(&used), first.data());
  SaveRow(LoadRow<TypeParam>(first.data()), second.data());
  EXPECT_EQ(first, second);
}

template <class Row>
void AddGolden(std::string& text) {
  std::vector<uint8_t> bytes(Row::kBytes);
  size_t used = 0;
  SaveRow(Filled<Row>(&used), bytes.data());
  const std::string name(TableName(Row::kKind));
  text += name + " " + std::to_string(Row::kBytes) + " " + std::to_string(used) + "\n";
  text += "  filled  " + base::ToHex({bytes.data(), used}) + "\n";
  SaveRow(Row{}, bytes.data());
  text += "  default " + base::ToHex({bytes.data(), used}) + "\n";
}

template <class... Row>
std::string Golden(::testing::Types<Row...>) {
  std::string text =
      "# Rows: table, bytes of a row, bytes of its fields; the fields filled with 01 02 03 ..., "
      "and\n"
      "# a row as it begins. The bytes after the fields are zero.\n";
  (AddGolden<Row>(text), ...);
  return text;
}

TEST(RowGoldenTest, TheBytesOfEachRowAreThoseOfTheFile) {
  const std::string text = Golden(Rows{});
  if (std::getenv("TRIBUTARY_REWRITE_GOLDEN") != nullptr) {
    std::ofstream(kGolden, std::ios::binary) << text;
  }
  std::ifstream in(kGolden, std::ios::binary);
  std::ostringstream stored;
  stored << in.rdbuf();
  EXPECT_EQ(stored.str(), text) << "a changed row is a new rule version";
}

}  // namespace
}  // namespace tributary::state
