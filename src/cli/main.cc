// `tributary`: reads the command line and runs one command. The only place that knows CLI11.
#include <cstdlib>
#include <exception>
#include <iostream>
#include <list>
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/parse.h"
#include "tributary/client/error.h"

namespace tributary::cli {
namespace {

constexpr char kDefaultNode[] = "127.0.0.1:7400";

// The command that was chosen, and where CLI11 puts what it reads.
struct Parsed {
  const Command* command = nullptr;
  Settings settings;
  struct Slot {
    std::string name;
    std::vector<std::string> values;
    CLI::Option* option = nullptr;
  };
  std::map<const Command*, std::list<Slot>> slots;
};

// "--key,-k" is known as "--key".
std::string NameOf(const Argument& argument) {
  return argument.name.substr(0, argument.name.find(','));
}

std::string CheckNumber(const std::string& text) {
  return ParseNumber(text) ? std::string() : "'" + text + "' is not a whole number";
}

void AddArgument(CLI::App& app, const Argument& argument, Parsed::Slot& slot) {
  slot.name = NameOf(argument);
  if (argument.kind == ArgumentKind::kFlag) {
    slot.option = app.add_flag(argument.name, argument.help);
    return;
  }
  slot.option =
      app.add_option(argument.name, slot.values, argument.help)->required(argument.required);
  slot.option->type_name(argument.kind == ArgumentKind::kNumber ? "N" : "TEXT");
  // One value each time it is named: what follows belongs to the next argument.
  slot.option->expected(1)->allow_extra_args(false);
  if (argument.kind == ArgumentKind::kList) slot.option->take_all();
  if (argument.kind == ArgumentKind::kNumber) slot.option->check(&CheckNumber, "");
  if (!argument.fallback.empty()) slot.option->default_str(argument.fallback);
}

void AddCommand(CLI::App& parent, const Command& command, Parsed& parsed) {
  CLI::App* app = parent.add_subcommand(command.name, command.help);
  std::list<Parsed::Slot>& slots = parsed.slots[&command];
  for (const Argument& argument : command.arguments) {
    AddArgument(*app, argument, slots.emplace_back());
  }
  app->callback([&parsed, &command] { parsed.command = &command; });
}

void AddGlobals(CLI::App& app, Settings& settings) {
  settings.node = kDefaultNode;
  app.add_option("--node", settings.node, "address of the node, HOST:PORT or unix:PATH")
      ->envname("TRIBUTARY_NODE")
      ->capture_default_str();
  app.add_flag("--json", settings.json, "JSON for programs instead of text for people");
  app.add_flag("--quiet,-q", settings.quiet, "no progress");
  app.add_option("--deadline-ms", settings.deadline_ms, "of one call to the node")
      ->capture_default_str();
}

Values ValuesOf(const Parsed& parsed) {
  Values values;
  for (const Argument& argument : parsed.command->arguments) {
    if (!argument.fallback.empty()) values[NameOf(argument)] = {argument.fallback};
  }
  for (const Parsed::Slot& slot : parsed.slots.at(parsed.command)) {
    if (slot.option->count() == 0) continue;
    values[slot.name] = slot.values.empty() ? std::vector<std::string>{""} : slot.values;
  }
  return values;
}

void PrintError(const absl::Status& status, bool json) {
  const std::string text = client::Readable(status);
  if (!json) {
    std::cerr << "error: " << text << "\n";
    return;
  }
  JsonObject error;
  error.Number("exit", static_cast<uint64_t>(ExitCodeOf(status))).Text("message", text);
  if (const auto refusal = client::RefusalOf(status)) error.Raw("refusal", ToJson(*refusal));
  std::cerr << JsonObject().Raw("error", error.Finish()).Finish() << "\n";
}

int RunCommand(const Parsed& parsed) {
  Context context(parsed.settings, ValuesOf(parsed), std::cout, std::cerr);
  const absl::Status status = parsed.command->run(context);
  std::cout.flush();
  if (!status.ok()) PrintError(status, parsed.settings.json);
  if (status.ok() && !std::cout) {
    std::cerr << "error: the output could not be written\n";
    return static_cast<int>(ExitCode::kEnvironment);
  }
  return static_cast<int>(ExitCodeOf(status));
}

int Main(int argc, char** argv) {
  const std::vector<Command> commands = AllCommands();
  CLI::App app("The client and the auditor's tool of Tributary, an attribution ledger.",
               "tributary");
  app.fallthrough()->require_subcommand(1);
  app.set_version_flag("--version", TRIBUTARY_VERSION);
  Parsed parsed;
  AddGlobals(app, parsed.settings);
  std::map<std::string, CLI::App*> groups = {{"", &app}};
  for (const Group& group : AllGroups()) {
    groups[group.name] = app.add_subcommand(group.name, group.help)->require_subcommand(1);
  }
  for (const Command& command : commands) AddCommand(*groups.at(command.group), command, parsed);
  for (const auto& group : groups) {
    for (CLI::App* sub : group.second->get_subcommands({})) sub->fallthrough();
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
  }
  return RunCommand(parsed);
}

}  // namespace
}  // namespace tributary::cli

int main(int argc, char** argv) {
  try {
    return tributary::cli::Main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << "\n";
  }
  return static_cast<int>(tributary::cli::ExitCode::kEnvironment);
}
