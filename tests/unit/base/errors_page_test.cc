// docs/errors.md says what rejection.def says. TRIBUTARY_REWRITE_DOCS=1 rewrites the page.
#include "unit/base/errors_page.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "gtest/gtest.h"
#include "support/paths.h"
#include "tributary/base/rejection.h"

namespace tributary::base {
namespace {

const std::string kRoot = testing::SourceDir();

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<RejectionGroup> Groups() {
  return ParseGroups(ReadFile(kRoot + "/include/tributary/base/rejection.def"));
}

TEST(ErrorsPageTest, EveryRejectionIsInExactlyOneGroup) {
  const std::vector<RejectionGroup> groups = Groups();
  ASSERT_GE(groups.size(), 9u);
  for (const RejectionInfo& info : AllRejections()) {
    int count = 0;
    for (const RejectionGroup& group : groups) {
      const int number = static_cast<int>(info.code);
      count += number >= group.first && number <= group.last ? 1 : 0;
    }
    EXPECT_EQ(count, 1) << info.name;
  }
}

TEST(ErrorsPageTest, ThePageIsCurrent) {
  const std::string path = kRoot + "/docs/errors.md";
  const std::string page = ErrorsPage(Groups());
  if (std::getenv("TRIBUTARY_REWRITE_DOCS") != nullptr) {
    std::ofstream(path, std::ios::binary) << page;
  }
  EXPECT_TRUE(ReadFile(path) == page) << "docs/errors.md is stale: run `./run docs`";
}

TEST(ErrorsPageTest, GroupsAreReadFromTheComments) {
  const auto groups = ParseGroups("// 100-149: bytes.\nX(100, k, \"\", \"\")\n// other 1-2: no\n");
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].first, 100);
  EXPECT_EQ(groups[0].last, 149);
  EXPECT_EQ(groups[0].title, "Bytes");
}

}  // namespace
}  // namespace tributary::base
