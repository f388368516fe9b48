#include "api/record_names.h"

#include <gtest/gtest.h>

namespace tributary::api {
namespace {

TEST(RecordNamesTest, FindsWhatWasPutAndNothingElse) {
  RecordNames names;
  EXPECT_FALSE(names.Find(base::RecordSeq(7)));
  names.Put(base::RecordSeq(7), {"id", "seven"});
  names.Put(base::RecordSeq(7), {"id", "another"});
  const auto found = names.Find(base::RecordSeq(7));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, "id");
  EXPECT_EQ(found->name, "seven") << "a name never changes";
  EXPECT_FALSE(names.Find(base::RecordSeq(7 + 16)));
}

TEST(RecordNamesTest, HoldsNoMoreThanItsLimit) {
  RecordNames names;
  const auto count = static_cast<uint32_t>(3 * RecordNames::kEntriesMax);
  for (uint32_t i = 0; i < count; ++i) names.Put(base::RecordSeq(i), {"id", std::to_string(i)});
  size_t held = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const auto found = names.Find(base::RecordSeq(i));
    if (!found) continue;
    EXPECT_EQ(found->name, std::to_string(i));
    ++held;
  }
  EXPECT_GT(held, 0u);
  EXPECT_LE(held, RecordNames::kEntriesMax);
  EXPECT_TRUE(names.Find(base::RecordSeq(count - 1)));
}

}  // namespace
}  // namespace tributary::api
