// The commands of tributaryd; each returns an exit code and prints what people need to know.
#ifndef TRIBUTARY_DAEMON_COMMANDS_H_
#define TRIBUTARY_DAEMON_COMMANDS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "daemon/config.h"
#include "storage/store.h"

namespace tributary::daemon {

// Prints "tributaryd: <what>" to standard error and returns the code that fits.
int Fail(const absl::Status& status);

// What all commands that open a store are given.
struct StoreArguments {
  std::string config_file;  // empty: defaults
  std::string data_dir;     // empty: the configuration's
};
// Reads the configuration; the command line goes first.
absl::StatusOr<Config> LoadConfig(const StoreArguments& arguments);
storage::Options StorageOptions(const Config& config);
std::string StoreDir(const Config& config);
// Prints progress to standard error, at most twice a second.
storage::Progress PrintProgress(std::string what);

struct InitArguments {
  StoreArguments store;
  std::string genesis_file;
  bool dev = false;  // makes keys and a chain to try things out
  std::string chain_id = "dev.local";
  uint64_t epoch_ms = 10'000;    // with dev
  uint64_t maturity_epochs = 1;  // with dev
};
int RunInit(const InitArguments& arguments);

struct StartArguments {
  StoreArguments store;
  bool accept_clock_jump = false;
};
int RunStart(const StartArguments& arguments);

struct CheckArguments {
  StoreArguments store;
  bool quick = false;  // no replay: indexes and signatures are not looked at
};
int RunCheck(const CheckArguments& arguments);
int RunRepair(const StoreArguments& arguments);
int RunVersion();
// what: "example", "table" or "check".
int RunConfig(const std::string& what, const StoreArguments& arguments);

}  // namespace tributary::daemon

#endif  // TRIBUTARY_DAEMON_COMMANDS_H_
