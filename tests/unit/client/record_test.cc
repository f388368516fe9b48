#include "tributary/client/record.h"

#include <gtest/gtest.h>
#include <vector>

#include "codec/ids.h"
#include "codec/ledger.h"
#include "tributary/client/transaction.h"

namespace tributary::client {
namespace {

const base::AccountId kAda = AccountIdOf("ada");

TEST(RecordBuilderTest, BytesAreWhatTheStrictCodecReadsAndTheIdIsOfThem) {
  RecordBuilder record(v1::RECORD_KIND_MODEL);
  const base::RecordId parent = RecordIdOf("parent");
  record.Author(kAda, base::Ppb(base::kPpbOne))
      .Content(base::Hash{{7}}, 12)
      .ExternalId("hf:ada/model")
      .Licence("MIT")
      .Title("A model")
      .Declared(base::TimeMs(5))
      .Parent(parent, v1::RELATION_FINETUNED_FROM, 3)
      .PassThrough(base::Ppb(400'000'000))
      .Terms(base::Ppb(1), base::Ppb(2), base::Ppb(3))
      .Custodial();
  const std::string bytes = record.Bytes();
  const auto read = codec::Decode<codec::Record>(base::AsBytes(bytes));
  ASSERT_TRUE(read.ok()) << read.rejection().ToString();
  EXPECT_EQ(read->external_id, "hf:ada/model");
  ASSERT_EQ(read->parents.size(), 1u);
  EXPECT_EQ(read->parents[0].record, parent);
  EXPECT_EQ(read->parents[0].weight, 3u);
  EXPECT_TRUE(read->custodial);
  EXPECT_EQ(record.Id(), codec::RecordIdOf(base::AsBytes(bytes)));
  EXPECT_EQ(record.Submit(true).submit_record().record(), bytes);
  EXPECT_TRUE(record.Submit(true).submit_record().skip_if_exists());
}

TEST(RecordBuilderTest, EqualSharesAddUpExactly) {
  for (const size_t count : {1u, 2u, 3u, 7u, 64u}) {
    std::vector<base::AccountId> authors;
    for (size_t i = 0; i < count; ++i) authors.push_back(AccountIdOf(std::to_string(i)));
    RecordBuilder record(v1::RECORD_KIND_DATASET);
    record.EqualAuthors(authors);
    uint64_t sum = 0;
    for (const v1::Author& author : record.message().authors()) sum += author.share_ppb();
    EXPECT_EQ(sum, base::kPpbOne) << count;
    EXPECT_LE(record.message().authors(0).share_ppb() -
                  record.message().authors(static_cast<int>(count) - 1).share_ppb(),
              1u);
  }
}

TEST(RecordBuilderTest, TermsThatAreAllZeroAreLeftOut) {
  RecordBuilder record(v1::RECORD_KIND_MODEL);
  record.Terms(base::Ppb(0), base::Ppb(5), base::Ppb(0));
  EXPECT_TRUE(record.message().has_terms());
  record.Terms(base::Ppb(0), base::Ppb(0), base::Ppb(0));
  EXPECT_FALSE(record.message().has_terms());
}

}  // namespace
}  // namespace tributary::client
