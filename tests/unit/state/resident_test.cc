// The resident state rebuilt from pages of which one cannot be read.
#include "state/resident.h"

#include <gtest/gtest.h>

#include "state/memory_pages.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

// Fails for good after so many reads; what failed reads as zeros, as everywhere.
class FailingPages final : public state::PageSource {
 public:
  FailingPages(const state::MemoryPages& pages, uint64_t reads) : pages_(pages), left_(reads) {}
  uint64_t RowCount(state::TableId table) const override { return pages_.RowCount(table); }
  std::vector<state::TableId> Tables() const override { return pages_.Tables(); }
  void ReadPage(state::TableId table, uint64_t number, state::Page& out) const override {
    if (left_ == 0) {
      failed_ = true;
      out.fill(0);
      return;
    }
    --left_;
    pages_.ReadPage(table, number, out);
  }
  bool failed() const override { return failed_; }
  uint64_t left() const { return left_; }

 private:
  const state::MemoryPages& pages_;
  mutable uint64_t left_;
  mutable bool failed_ = false;
};

TEST(ResidentTest, ARebuildEndsWithAnErrorWhicheverReadFails) {
  Scene scene;
  scene.Must("bob", {scene.GoodAmendment(), scene.chain.Lower(scene.tuned_id, {}, 1)});
  scene.chain.Commit();
  const state::Resident& whole = scene.chain.resident();
  const auto rebuild = [&](const FailingPages& pages) {
    state::Resident resident(state::TagKey{});
    return resident.Rebuild(pages, whole.header_bytes(), whole.log());
  };
  const uint64_t enough = 1'000'000;
  const FailingPages good(scene.chain.pages(), enough);
  ASSERT_TRUE(rebuild(good).ok());
  const uint64_t reads = enough - good.left();
  ASSERT_GT(reads, scene.chain.pages().page_count()) << "some are read twice";
  for (uint64_t i = 0; i < reads; ++i) {
    EXPECT_FALSE(rebuild(FailingPages(scene.chain.pages(), i)).ok()) << "read " << i;
  }
  EXPECT_TRUE(rebuild(FailingPages(scene.chain.pages(), reads)).ok());
}

}  // namespace
}  // namespace tributary::testing
