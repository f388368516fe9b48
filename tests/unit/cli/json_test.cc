#include <gtest/gtest.h>

#include "cli/json_text.h"
#include "cli/json_value.h"
#include "tributary/base/status.h"
#include "tributary/v1/api.pb.h"

namespace tributary::cli {
namespace {

using Kind = JsonValue::Kind;

TEST(JsonTextTest, BytesAreHexadecimalAndLongNumbersAreStrings) {
  v1::TransactionStatus status;
  status.set_id(std::string("\x01\xab", 2));
  status.mutable_committed()->mutable_position()->set_entry(18'446'744'073'709'551'615u);
  status.mutable_committed()->add_payouts(7);
  EXPECT_EQ(ToJson(status),
            R"({"id":"01ab","committed":{"position":{"entry":"18446744073709551615","height":"0",)"
            R"("time_ms":"0"},"records":[],"skipped_records":"0","payouts":["7"]}})");
}

TEST(JsonTextTest, EnumsAreLowerCaseWithoutTheirPrefix) {
  v1::EdgeView edge;
  edge.set_relation(v1::RELATION_FINETUNED_FROM);
  EXPECT_NE(ToJson(edge).find(R"("relation":"finetuned_from")"), std::string::npos);
  v1::ListRecordsRequest request;
  request.set_kind(v1::RECORD_KIND_DATA_ITEM);
  EXPECT_NE(ToJson(request).find(R"("kind":"data_item")"), std::string::npos);
}

TEST(JsonTextTest, TextCannotEndItsString) {
  EXPECT_EQ(JsonQuote("a\"b\\c\n\x7f"), R"("a\"b\\c\u000a\u007f")");
  EXPECT_EQ(JsonQuote("ä"), "\"ä\"");
}

TEST(JsonTextTest, ObjectsKeepTheOrderOfTheirMembers) {
  EXPECT_EQ(JsonObject().Number("b", 1).Text("a", "x").Bool("c", true).Raw("d", "[]").Finish(),
            R"({"b":1,"a":"x","c":true,"d":[]})");
  EXPECT_EQ(JsonObject().Finish(), "{}");
}

TEST(JsonValueTest, ReadsWhatItIsGiven) {
  const auto value = ParseJson(R"({"a": "x", "b": [1, null, true, {}]})");
  ASSERT_TRUE(value.ok());
  ASSERT_NE(value->Find("a"), nullptr);
  EXPECT_EQ(value->Find("a")->text, "x");
  const JsonValue* list = value->Find("b");
  ASSERT_EQ(list->items.size(), 4u);
  EXPECT_EQ(list->items[0].number, 1u);
  EXPECT_EQ(list->items[1].kind, Kind::kNull);
  EXPECT_TRUE(list->items[2].boolean);
  EXPECT_EQ(list->items[3].kind, Kind::kObject);
  EXPECT_EQ(value->Find("c"), nullptr);
}

TEST(JsonValueTest, RefusesWhatCouldBeReadInTwoWays) {
  const auto why = [](std::string_view text) {
    const auto value = ParseJson(text);
    return value.ok() ? std::string("accepted") : std::string(base::Message(value.status()));
  };
  EXPECT_EQ(why(R"({"a": 1, "a": 2})"), "\"a\" stands twice");
  EXPECT_EQ(why("-1"), "a number is negative");
  EXPECT_EQ(why("1.5"), "the number 1.5 is not whole, or too large");
  EXPECT_EQ(why("18446744073709551616"),
            "the number 18446744073709551616 is not whole, or too large");
  EXPECT_EQ(why("18446744073709551615"), "accepted");
  EXPECT_NE(why("{} {}").find("not valid JSON"), std::string::npos);
  EXPECT_NE(why("").find("not valid JSON"), std::string::npos);
  EXPECT_NE(why("\"\xff\"").find("not valid JSON"), std::string::npos);
  EXPECT_EQ(why(std::string(16, '[') + std::string(16, ']')), "accepted");
  EXPECT_EQ(why(std::string(17, '[') + std::string(17, ']')), "it is nested too deeply");
}

}  // namespace
}  // namespace tributary::cli
