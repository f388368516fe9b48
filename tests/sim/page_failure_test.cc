// A page that cannot be read, at any moment of a block: a status, no abort, no verdict, no change.
#include <gtest/gtest.h>

#include "sim/seeds.h"
#include "sim/workload.h"

namespace tributary::sim {
namespace {

// Fails the read of that number, and all that follow, as a disk does that goes away.
class FailingPages final : public state::PageSource {
 public:
  explicit FailingPages(const state::PageSource& pages) : pages_(pages) {}
  void FailAt(uint64_t read) {
    left_ = read;
    failed_ = false;
  }
  uint64_t RowCount(state::TableId table) const override { return pages_.RowCount(table); }
  void ReadPage(state::TableId table, uint64_t number, state::Page& out) const override {
    if (left_ == 0) failed_ = true;
    if (left_ > 0) --left_;
    if (!failed_) return pages_.ReadPage(table, number, out);
    out.fill(0);
  }
  std::vector<state::TableId> Tables() const override { return pages_.Tables(); }
  bool failed() const override { return failed_; }

 private:
  const state::PageSource& pages_;
  mutable uint64_t left_ = UINT64_MAX;
  mutable bool failed_ = false;
};

// Makes the block again from its entries.
absl::StatusOr<state::BlockEffects> MakeAgain(const state::BlockEffects& block,
                                              const std::string& chain_id,
                                              state::Machine& machine) {
  if (absl::Status status = machine.Begin(block.header.time_ms); !status.ok()) return status;
  for (size_t i = 0; i + 1 < block.entries.size(); ++i) {
    auto prepared = state::Prepare(block.entries[i], chain_id);
    const auto verdict = machine.Apply(**prepared);
    if (!verdict.ok()) {
      machine.Drop();
      return verdict.status();
    }
    EXPECT_FALSE(verdict->has_value()) << (*verdict)->ToString();
  }
  return machine.Finish();
}

TEST(PageFailureTest, EveryReadOfEveryBlockMayFailAndTheBlockSucceedsAfterwards) {
  const uint64_t seed = SeedFromEnvironment();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Workload workload(seed);
  workload.Grow(CountFromEnvironment("TRIBUTARY_BLOCKS", 60));
  state::MemoryPages pages;
  state::Resident resident(state::TagKey{});
  FailingPages failing(pages);
  uint64_t failures = 0;
  for (const state::BlockEffects& block : workload.blocks()) {
    state::Machine machine(failing, resident);
    for (uint64_t read = 0; block.header.height.value() > 1; ++read) {
      failing.FailAt(read);
      static_cast<void>(state::NextDue(failing, resident));
      failing.FailAt(read);
      const auto effects = MakeAgain(block, workload.chain().chain_id, machine);
      ASSERT_EQ(effects.ok(), !failing.failed()) << effects.status();
      if (effects.ok()) {
        ASSERT_EQ(effects->header_bytes, block.header_bytes);
        break;
      }
      ASSERT_EQ(effects.status().code(), absl::StatusCode::kDataLoss) << effects.status();
      ++failures;
    }
    pages.Apply(block);
    resident.Apply(block);
  }
  EXPECT_GT(failures, 500u);
}

}  // namespace
}  // namespace tributary::sim
