#include "audit/read_ahead.h"

#include <gtest/gtest.h>

#include "tributary/base/status.h"

namespace tributary::audit {
namespace {

// Numbers from 0 to below `count`, each with some bytes, then the end or an error.
class Numbers : public state::EntrySource {
 public:
  Numbers(uint64_t count, size_t bytes, absl::Status status = absl::OkStatus())
      : count_(count), bytes_(bytes), status_(std::move(status)) {}
  absl::StatusOr<std::optional<std::string>> Next() override {
    if (next_ == count_ && !status_.ok()) return status_;
    if (next_ == count_) return std::optional<std::string>();
    return std::optional<std::string>(std::to_string(next_++) + std::string(bytes_, 'x'));
  }

 private:
  uint64_t count_, next_ = 0;
  size_t bytes_;
  absl::Status status_;
};

TEST(ReadAheadTest, GivesAllInOrderAndThenTheEnd) {
  for (const uint64_t count : {0u, 1u, 1'023u, 1'024u, 1'025u, 20'000u}) {
    for (const size_t bytes : {size_t{0}, size_t{3'000}}) {
      Numbers source(count, bytes);
      ReadAhead ahead(source);
      for (uint64_t i = 0; i < count; ++i) {
        const auto entry = ahead.Next();
        ASSERT_TRUE(entry.ok() && *entry);
        ASSERT_EQ(**entry, std::to_string(i) + std::string(bytes, 'x'));
      }
      for (int again = 0; again < 2; ++again) {
        const auto end = ahead.Next();
        ASSERT_TRUE(end.ok());
        EXPECT_FALSE(*end);
      }
    }
  }
}

TEST(ReadAheadTest, GivesTheErrorBehindTheEntriesBeforeIt) {
  Numbers source(5, 0, base::DataLoss("entry 5 is gone"));
  ReadAhead ahead(source);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(ahead.Next().ok());
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(ahead.Next().status().code(), absl::StatusCode::kDataLoss);
  }
}

TEST(ReadAheadTest, MayEndBeforeAllIsTaken) {
  Numbers source(1'000'000'000, 100);
  ReadAhead ahead(source);
  EXPECT_TRUE(ahead.Next().ok());
}

}  // namespace
}  // namespace tributary::audit
