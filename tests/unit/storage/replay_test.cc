#include "state/replay.h"

#include "state/memory_pages.h"
#include "support/entry_list.h"
#include "unit/storage/fixture.h"

namespace tributary::storage {
namespace {

class MemorySink final : public state::ReplaySink {
 public:
  const state::PageSource& pages() const override { return pages_; }
  absl::Status Commit(const state::BlockEffects& effects) override {
    pages_.Apply(effects);
    return absl::OkStatus();
  }
  state::MemoryPages pages_;
};

struct Outcome {
  MemorySink sink;
  state::Resident resident{state::TagKey{}};
  state::ReplayReport report;
};

std::unique_ptr<Outcome> ReplayAll(std::vector<std::string> entries) {
  auto out = std::make_unique<Outcome>();
  testing::EntryList source(std::move(entries));
  const auto report = state::Replay(source, out->sink, out->resident);
  EXPECT_TRUE(report.ok()) << report.status();
  if (report.ok()) out->report = *report;
  return out;
}

void ExpectFault(const state::ReplayReport& report, uint64_t entry, const std::string& what) {
  ASSERT_TRUE(report.fault);
  EXPECT_EQ(report.fault->entry.value(), entry) << report.fault->ToString();
  EXPECT_NE(report.fault->what.find(what), std::string::npos) << report.fault->ToString();
}

size_t HeaderOf(size_t block) { return History().blocks()[block].log_size - 1; }

TEST(ReplayTest, TheEntriesAloneGiveBackTheState) {
  const auto out = ReplayAll(History().entries());
  EXPECT_FALSE(out->report.fault);
  EXPECT_EQ(out->report.entries, History().entries().size());
  EXPECT_EQ(out->report.blocks, History().blocks().size());
  EXPECT_EQ(out->report.transactions, out->report.entries - out->report.blocks - 1);
  state::MemoryPages pages;
  for (const state::BlockEffects& block : History().blocks()) pages.Apply(block);
  EXPECT_EQ(out->sink.pages_, pages);
}

TEST(ReplayTest, AnEmptyLogIsNoFault) {
  const auto out = ReplayAll({});
  EXPECT_FALSE(out->report.fault);
  EXPECT_EQ(out->report.entries, 0u);
}

TEST(ReplayTest, ALogThatEndsInsideABlockIsAFault) {
  auto entries = History().entries();
  entries.resize(HeaderOf(3));
  ExpectFault(ReplayAll(entries)->report, HeaderOf(3), "its header is missing");
}

TEST(ReplayTest, AMissingTransactionShowsInTheHeader) {
  auto entries = History().entries();
  entries.erase(entries.begin() + static_cast<long>(HeaderOf(3)) - 1);
  const auto out = ReplayAll(entries);
  ExpectFault(out->report, HeaderOf(3) - 1, "the log size is");
  EXPECT_EQ(out->report.blocks, 3u) << "the blocks before it are good";
}

TEST(ReplayTest, ATransactionThatIsRefusedIsNamedWithItsRule) {
  auto entries = History().entries();
  const size_t at = HeaderOf(3) - 1;
  entries.insert(entries.begin() + static_cast<long>(at), entries[at]);
  ExpectFault(ReplayAll(entries)->report, at + 1, "DuplicateTransaction");
}

TEST(ReplayTest, AHeaderWithAnotherRootIsNamedByItsField) {
  auto entries = History().entries();
  auto header = *codec::DecodeHeader(base::AsBytes(entries[HeaderOf(2)]));
  header.state_root.bytes[0] ^= 1;
  const auto bytes = codec::EncodeHeader(header);
  entries[HeaderOf(2)].assign(bytes.begin(), bytes.end());
  ExpectFault(ReplayAll(entries)->report, HeaderOf(2), "the state root is ");
}

TEST(ReplayTest, TimeThatGoesBackIsAFault) {
  auto entries = History().entries();
  auto header = *codec::DecodeHeader(base::AsBytes(entries[HeaderOf(2)]));
  header.time_ms = base::TimeMs(1);
  const auto bytes = codec::EncodeHeader(header);
  entries[HeaderOf(2)].assign(bytes.begin(), bytes.end());
  ExpectFault(ReplayAll(entries)->report, HeaderOf(2), "before that of the header before it");
}

TEST(ReplayTest, AHeaderOfNothingIsAFault) {
  auto entries = History().entries();
  entries.insert(entries.begin() + static_cast<long>(HeaderOf(2)) + 1, entries[HeaderOf(2)]);
  ExpectFault(ReplayAll(entries)->report, HeaderOf(2) + 1, "changes nothing");
}

TEST(ReplayTest, AGenesisStandsFirstAndOnlyThere) {
  auto entries = History().entries();
  std::vector<std::string> without(entries.begin() + 1, entries.end());
  ExpectFault(ReplayAll(without)->report, 0, "does not begin with a genesis");
  entries.insert(entries.begin() + 2, entries.front());
  ExpectFault(ReplayAll(entries)->report, 2, "a second genesis");
}

TEST(ReplayTest, BytesThatAreNoEntryAreAFault) {
  auto entries = History().entries();
  entries[4] = "";
  ExpectFault(ReplayAll(entries)->report, 4, "");
  entries[4] = "\x7f";
  ExpectFault(ReplayAll(entries)->report, 4, "");
}

}  // namespace
}  // namespace tributary::storage
