#include "tributary/base/rejection.h"

#include <fstream>
#include <set>
#include <sstream>

#include "gtest/gtest.h"
#include "tributary/base/rejection_class.h"

namespace tributary::base {
namespace {

TEST(RejectionTest, NumbersAscendStrictlyAndAreThreeDigits) {
  int previous = 99;
  for (const RejectionInfo& info : AllRejections()) {
    EXPECT_GT(static_cast<int>(info.code), previous) << info.name;
    previous = static_cast<int>(info.code);
  }
  EXPECT_LT(previous, 1000);
}

TEST(RejectionTest, NamesAreUniqueAndGoogleStyle) {
  std::set<std::string_view> names;
  for (const RejectionInfo& info : AllRejections()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    ASSERT_FALSE(info.name.empty());
    EXPECT_TRUE(info.name[0] >= 'A' && info.name[0] <= 'Z') << info.name;
  }
}

TEST(RejectionTest, EverySentenceSaysSomethingAndFitsIntoATable) {
  for (const RejectionInfo& info : AllRejections()) {
    for (const std::string_view sentence : {info.what, info.advice}) {
      ASSERT_FALSE(sentence.empty()) << info.name;
      EXPECT_NE(sentence.back(), '.') << info.name << ": " << sentence;
      EXPECT_NE(sentence.back(), ' ') << info.name << ": " << sentence;
      EXPECT_NE(sentence.front(), ' ') << info.name << ": " << sentence;
      EXPECT_EQ(sentence.find('|'), std::string_view::npos) << info.name << ": " << sentence;
      EXPECT_EQ(sentence.find('\n'), std::string_view::npos) << info.name << ": " << sentence;
    }
  }
}

// Numbers are part of the protocol. A change of this line is a change of the rules.
TEST(RejectionTest, NumbersThatClientsKnowDoNotMove) {
  EXPECT_EQ(static_cast<int>(RejectionCode::kWireTruncated), 100);
  EXPECT_EQ(static_cast<int>(RejectionCode::kWrongChain), 201);
  EXPECT_EQ(static_cast<int>(RejectionCode::kBadSignature), 209);
  EXPECT_EQ(static_cast<int>(RejectionCode::kHandleTaken), 300);
  EXPECT_EQ(static_cast<int>(RejectionCode::kRecordExists), 400);
  EXPECT_EQ(static_cast<int>(RejectionCode::kCreditLimit), 507);
  EXPECT_EQ(static_cast<int>(RejectionCode::kInsufficientFunds), 604);
  EXPECT_EQ(static_cast<int>(RejectionCode::kGenesisInvalid), 900);
}

TEST(RejectionTest, FindKnowsEveryNumberAndNoOther) {
  size_t found = 0;
  for (int number = 0; number <= 65535; ++number) {
    const RejectionInfo* info = FindRejection(static_cast<uint16_t>(number));
    if (info == nullptr) continue;
    EXPECT_EQ(static_cast<int>(info->code), number);
    ++found;
  }
  EXPECT_EQ(found, AllRejections().size());
}

TEST(RejectionTest, TheTextNamesNumberFieldDetailAndAdvice) {
  const Rejection full = Reject(RejectionCode::kNoAuthors, "operations[0].record", "record 1f");
  EXPECT_EQ(full.number(), 412);
  EXPECT_EQ(full.ToString(),
            "412 NoAuthors at operations[0].record: the record has no author (record 1f). "
            "Do: name at least one author.");
  EXPECT_EQ(Reject(RejectionCode::kNoAuthors, "").ToString(),
            "412 NoAuthors: the record has no author. Do: name at least one author.");
}

TEST(RejectionTest, RejectionsAreEqualOnlyWithTheSameFieldAndDetail) {
  const Rejection a = Reject(RejectionCode::kNoAuthors, "f", "d");
  EXPECT_EQ(a, Reject(RejectionCode::kNoAuthors, "f", "d"));
  EXPECT_NE(a, Reject(RejectionCode::kNoAuthors, "g", "d"));
  EXPECT_NE(a, Reject(RejectionCode::kNoAuthors, "f", "e"));
  EXPECT_NE(a, Reject(RejectionCode::kAuthorTwice, "f", "d"));
}

TEST(CheckedTest, HoldsEitherAValueOrTheBrokenRule) {
  const Checked<std::string> value = std::string("yes");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(*value, "yes");
  EXPECT_EQ(value->size(), 3u);
  const Checked<std::string> refused = Reject(RejectionCode::kNoContent, "record");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.rejection().code, RejectionCode::kNoContent);
}

TEST(RejectionDeathTest, AnUnknownCodeIsABug) {
  EXPECT_DEATH(Describe(static_cast<RejectionCode>(1)), "without a description");
}

// -----------------------------------------------------------------------------------------------

TEST(RejectionClassTest, EveryRejectionHasACodeThatTellsWhatToDo) {
  std::set<std::string_view> used;
  for (const RejectionInfo& info : AllRejections()) {
    const std::string_view name = StatusCodeName(StatusCodeOf(info.code));
    EXPECT_NE(name, "UNKNOWN") << info.name;
    used.insert(name);
  }
  EXPECT_EQ(used.size(), 7u);
}

TEST(RejectionClassTest, BytesAloneAreAlwaysInvalidArguments) {
  for (const RejectionInfo& info : AllRejections()) {
    if (static_cast<int>(info.code) >= 200) continue;
    EXPECT_EQ(StatusCodeOf(info.code), absl::StatusCode::kInvalidArgument) << info.name;
  }
}

TEST(RejectionClassTest, NamesAgreeWithTheirClass) {
  for (const RejectionInfo& info : AllRejections()) {
    const std::string_view name = info.name;
    const absl::StatusCode code = StatusCodeOf(info.code);
    const auto ends_with = [name](std::string_view end) {
      return name.size() >= end.size() && name.substr(name.size() - end.size()) == end;
    };
    if (static_cast<int>(info.code) < 200) continue;
    if (ends_with("Unknown")) {
      EXPECT_EQ(code, absl::StatusCode::kNotFound) << name;
    }
    if (ends_with("Taken") || ends_with("Exists")) {
      EXPECT_EQ(code, absl::StatusCode::kAlreadyExists) << name;
    }
    if (ends_with("Signature") && name != "UnneededSignature") {
      EXPECT_EQ(code, absl::StatusCode::kUnauthenticated) << name;
    }
  }
}

TEST(RejectionClassTest, OneOfEachClass) {
  EXPECT_EQ(StatusCodeName(StatusCodeOf(RejectionCode::kTooManyOperations)), "INVALID_ARGUMENT");
  EXPECT_EQ(StatusCodeName(StatusCodeOf(RejectionCode::kParentUnknown)), "NOT_FOUND");
  EXPECT_EQ(StatusCodeName(StatusCodeOf(RejectionCode::kDuplicateTransaction)), "ALREADY_EXISTS");
  EXPECT_EQ(StatusCodeName(StatusCodeOf(RejectionCode::kMissingSignature)), "UNAUTHENTICATED");
  EXPECT_EQ(StatusCodeName(StatusCodeOf(RejectionCode::kMissingRole)), "PERMISSION_DENIED");
  EXPECT_EQ(StatusCodeName(StatusCodeOf(RejectionCode::kSponsorQuota)), "RESOURCE_EXHAUSTED");
  EXPECT_EQ(StatusCodeName(StatusCodeOf(RejectionCode::kExpired)), "FAILED_PRECONDITION");
  EXPECT_EQ(StatusCodeName(StatusCodeOf(RejectionCode::kValidUntilTooFar)), "FAILED_PRECONDITION");
  EXPECT_EQ(StatusCodeName(absl::StatusCode::kOk), "UNKNOWN");
}

}  // namespace
}  // namespace tributary::base
