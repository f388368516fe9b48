// Exit codes of `tributary`, which scripts rely on; docs/cli.md explains them.
#ifndef TRIBUTARY_CLI_EXIT_CODE_H_
#define TRIBUTARY_CLI_EXIT_CODE_H_

#include <string_view>

#include "absl/status/status.h"

namespace tributary::cli {

enum class ExitCode {
  kOk = 0,
  kUsage = 1,        // the command line or an input file is wrong; nothing was sent
  kRefused = 2,      // a rule of the chain refused it, or what was asked for does not exist
  kEnvironment = 3,  // the node cannot be reached or cannot answer now; a file cannot be read
  kUnverified = 4,   // a proof or an audit failed
  kUndecided = 5,    // nothing is decided yet, as far as this node knows
};

// How a command says that it was called wrongly.
absl::Status UsageError(std::string_view message);
// How a command says that something does not verify.
absl::Status Unverified(std::string_view message);

// How a command says that a transaction is pending, or unknown to the node.
absl::Status Undecided(std::string_view message);
// How a command says that a transaction can never take effect any more.
absl::Status Expired(std::string_view message);
// How a command refuses by itself what does not go with what is on the ledger; nothing was sent.
absl::Status RefusedHere(std::string_view message);

ExitCode ExitCodeOf(const absl::Status& status);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_EXIT_CODE_H_
