// A command of `tributary`: what it is called, what it takes, and the function that runs it. The
// commands know nothing of the library that reads the command line; main.cc alone does.
#ifndef TRIBUTARY_CLI_COMMAND_H_
#define TRIBUTARY_CLI_COMMAND_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace tributary::cli {

class Context;

enum class ArgumentKind {
  kFlag,    // present or not
  kText,    // one value
  kNumber,  // one decimal number, 0..2^64-1
  kList,    // any number of values
};

struct Argument {
  std::string name;  // "--sponsor" for an option; "HANDLE" for a positional argument
  std::string help;
  ArgumentKind kind = ArgumentKind::kText;
  bool required = false;
  std::string fallback = {};  // the value where none is given; empty: none
};

struct Command {
  std::string group;  // "keys"; empty for a command of one word
  std::string name;   // "new"
  std::string help;
  std::vector<Argument> arguments;
  absl::Status (*run)(Context& context) = nullptr;
};

// What a group of commands is about.
struct Group {
  std::string name;
  std::string help;
};

// Every command and group, in the order of the help page.
std::vector<Command> AllCommands();
std::vector<Group> AllGroups();

// One function for each file of commands.
std::vector<Command> AccountCommands();
std::vector<Command> AmendCommands();
std::vector<Command> AuditCommands();
std::vector<Command> BalanceCommands();
std::vector<Command> BlockCommands();
std::vector<Command> CaseCommands();
std::vector<Command> ErrorsCommands();
std::vector<Command> ExplainCommands();
std::vector<Command> FundingCommands();
std::vector<Command> GovCommands();
std::vector<Command> ImportCommands();
std::vector<Command> IncidentCommands();
std::vector<Command> KeysCommands();
std::vector<Command> LineageCommands();
std::vector<Command> PayoutBatchCommands();
std::vector<Command> PayoutCommands();
std::vector<Command> PoolCommands();
std::vector<Command> PreviewCommands();
std::vector<Command> RecordCommands();
std::vector<Command> ReportCommands();
std::vector<Command> ReporterCommands();
std::vector<Command> RevenueCommands();
std::vector<Command> ReviewCommands();
std::vector<Command> SettlementCommands();
std::vector<Command> StatementCommands();
std::vector<Command> StatusCommands();
std::vector<Command> TraceCommands();
std::vector<Command> TransactionCommands();
std::vector<Command> VerifyCommands();

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_COMMAND_H_
