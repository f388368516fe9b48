#include "api/entry_scan.h"

#include <gtest/gtest.h>

#include "codec/ledger.h"
#include "support/chain.h"

namespace tributary::api {
namespace {

TEST(EntryScanTest, FindsWhatDecodingFinds) {
  testing::Chain chain;
  std::vector<codec::Operation> operations;
  for (int i = 0; i < 20; ++i) {
    const std::string name = "r" + std::to_string(i);
    operations.push_back(i % 3 == 1 ? chain.Register(name)
                                    : chain.Submit({name, {{"steward", base::kPpbOne}}, {}}));
  }
  const std::string entry = chain.Sign("steward", operations);
  for (size_t i = 0; i < operations.size(); ++i) {
    const auto* submit = std::get_if<codec::SubmitRecord>(&operations[i]);
    const base::Bytes expected = submit == nullptr ? base::Bytes() : submit->record;
    EXPECT_EQ(base::AsText(SubmittedRecord(base::AsBytes(entry), i)), base::AsText(expected)) << i;
  }
  EXPECT_TRUE(SubmittedRecord(base::AsBytes(entry), operations.size()).empty());
}

TEST(EntryScanTest, FindsNothingInWhatIsNoTransaction) {
  EXPECT_TRUE(SubmittedRecord({}, 0).empty());
  const std::string header(234, '\x02');
  EXPECT_TRUE(SubmittedRecord(base::AsBytes(header), 0).empty());
  testing::Chain chain;
  const std::string entry =
      chain.Sign("steward", {chain.Submit({"r", {{"steward", base::kPpbOne}}, {}})});
  for (size_t length = 0; length < entry.size(); ++length) {
    const std::string cut = entry.substr(0, length);
    EXPECT_LE(SubmittedRecord(base::AsBytes(cut), 0).size(), length);
  }
}

}  // namespace
}  // namespace tributary::api
