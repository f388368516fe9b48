#include <gtest/gtest.h>

#include <set>

#include "codec/ledger.h"

namespace tributary::codec {
namespace {

TEST(NamesTest, EveryOperationHasItsFieldName) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < std::variant_size_v<Operation>; ++i) names.insert(OperationName(i));
  EXPECT_EQ(names.size(), 35u);
  EXPECT_EQ(OperationName(Operation(RegisterAccount())), "register_account");
  EXPECT_EQ(OperationName(Operation(WithdrawProposal())), "withdraw_proposal");
}

TEST(NamesTest, NamesAreReadBack) {
  for (int i = 1; i <= 21; ++i) {
    EXPECT_EQ(ParseRecordKind(Name(static_cast<RecordKind>(i))), static_cast<RecordKind>(i));
    EXPECT_EQ(ParseRelation(Name(static_cast<Relation>(i))), static_cast<Relation>(i));
  }
  for (int i = 1; i <= 8; ++i) {
    EXPECT_EQ(ParseRole(Name(static_cast<Role>(i))), static_cast<Role>(i));
  }
}

TEST(NamesTest, NothingElseIsAName) {
  EXPECT_EQ(ParseRecordKind("unspecified"), std::nullopt);
  EXPECT_EQ(ParseRecordKind("Model"), std::nullopt);
  EXPECT_EQ(ParseRelation(""), std::nullopt);
  EXPECT_EQ(ParseRole("root"), std::nullopt);
}

}  // namespace
}  // namespace tributary::codec
