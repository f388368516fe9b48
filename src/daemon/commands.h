// The commands of tributaryd; each returns an exit code and prints what people need to know.
#ifndef TRIBUTARY_DAEMON_COMMANDS_H_
#define TRIBUTARY_DAEMON_COMMANDS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "daemon/config.h"
#include "daemon/dev_chain.h"
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
  DevChain dev_chain;
};
int RunInit(const InitArguments& arguments);

struct TestnetArguments {
  std::string dir;
  uint64_t validators = 4;
  uint64_t first_address = 1;  // node i is at 127.0.0.(first_address + i)
  std::string program = "cometbft";
  DevChain dev_chain;
  bool join = false;       // instead: one node more for the network in `dir`
  std::string state_sync;  // with join: "height:hash" of a block of CometBFT's; empty: full replay
  uint64_t snapshot_interval = 1'000;
};
// Writes the homes of a network whose nodes all run on this machine.
int RunTestnet(const TestnetArguments& arguments);

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

struct SnapshotArguments {
  StoreArguments store;
  std::string what;         // "create", "list", "restore" or "verify"
  std::string path;         // the snapshot; of the directory of all for create and list
  std::string header_hash;  // that one trusts, in hex; empty: none
};
int RunSnapshot(const SnapshotArguments& arguments);
// Where a node keeps its snapshots: DATA/snapshots.
std::string SnapshotsDir(const Config& config);
int RunVersion();
// what: "example", "table" or "check".
int RunConfig(const std::string& what, const StoreArguments& arguments);

}  // namespace tributary::daemon

#endif  // TRIBUTARY_DAEMON_COMMANDS_H_
