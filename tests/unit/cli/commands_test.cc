#include "cli/command.h"
#include "support/paths.h"

#include <gtest/gtest.h>
#include <fstream>
#include <iterator>
#include <set>

namespace tributary::cli {
namespace {

std::string NameOf(const Command& command) {
  return command.group.empty() ? command.name : command.group + " " + command.name;
}

TEST(CommandsTest, EveryCommandHasANameOfItsOwnAGroupThatExistsAndHelp) {
  std::set<std::string> groups;
  for (const Group& group : AllGroups()) groups.insert(group.name);
  std::set<std::string> names;
  for (const Command& command : AllCommands()) {
    EXPECT_TRUE(names.insert(NameOf(command)).second) << NameOf(command);
    EXPECT_TRUE(command.group.empty() || groups.count(command.group) == 1) << NameOf(command);
    EXPECT_FALSE(command.help.empty()) << NameOf(command);
    EXPECT_NE(command.run, nullptr) << NameOf(command);
  }
}

TEST(CommandsTest, EveryCommandAndArgumentIsInTheManual) {
  std::ifstream in(testing::SourceDir() + "/docs/cli.md");
  const std::string manual{std::istreambuf_iterator<char>(in), {}};
  for (const Command& command : AllCommands()) {
    EXPECT_NE(manual.find("tributary " + NameOf(command)), std::string::npos) << NameOf(command);
    for (const Argument& argument : command.arguments) {
      const std::string name = argument.name.substr(0, argument.name.find(','));
      EXPECT_NE(manual.find(name), std::string::npos) << NameOf(command) << " " << name;
    }
  }
}

}  // namespace
}  // namespace tributary::cli
