#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "daemon/commands.h"
#include "daemon/exit_codes.h"

namespace {

using namespace tributary::daemon;  // NOLINT: main is the daemon

void AddStoreOptions(CLI::App* command, StoreArguments* to) {
  command->add_option("--config", to->config_file, "configuration file (TOML)");
  command->add_option("--data", to->data_dir, "data directory; goes before the configuration's");
}

void AddInit(CLI::App& app, InitArguments* to, int* code) {
  CLI::App* command = app.add_subcommand("init", "begin a chain in a new data directory");
  AddStoreOptions(command, &to->store);
  command->add_option("--genesis", to->genesis_file, "genesis file (TOML, docs/operations.md)");
  command->add_flag("--dev", to->dev, "a chain to try things out, with new keys in DIR/keys");
  command->add_option("--chain-id", to->dev_chain.chain_id, "with --dev: name of the chain");
  command->add_option("--epoch-ms", to->dev_chain.epoch_ms, "with --dev: length of an epoch");
  command->add_option("--maturity-epochs", to->dev_chain.maturity_epochs,
                      "with --dev: epochs until revenue settles");
  command->callback([to, code] { *code = RunInit(*to); });
}

void AddTestnet(CLI::App& app, TestnetArguments* to, int* code) {
  CLI::App* command = app.add_subcommand(
      "testnet", "write keys, genesis and configurations of a network of validators");
  command->add_option("--dir", to->dir, "new directory, of a path that is not long")->required();
  command->add_option("--validators", to->validators, "1..32")->check(CLI::Range(1, 32));
  command->add_option("--first-address", to->first_address, "node 0 is at 127.0.0.N")
      ->check(CLI::Range(1, 200));
  command->add_option("--program", to->program, "the cometbft program, v0.39.4");
  command->add_option("--snapshot-interval", to->snapshot_interval,
                      "blocks of CometBFT from one snapshot to the next");
  command->add_flag("--join", to->join,
                    "one node more, which is no validator yet, for the network in --dir");
  command->add_option("--state-sync", to->state_sync,
                      "with --join: HEIGHT:HASH of a block of CometBFT's that you trust; the node "
                      "begins with a snapshot instead of a replay");
  command->add_option("--chain-id", to->dev_chain.chain_id, "name of the chain");
  command->add_option("--epoch-ms", to->dev_chain.epoch_ms, "length of an epoch");
  command->add_option("--maturity-epochs", to->dev_chain.maturity_epochs,
                      "epochs until revenue settles");
  command->callback([to, code] { *code = RunTestnet(*to); });
}

void AddStart(CLI::App& app, StartArguments* to, int* code) {
  CLI::App* command = app.add_subcommand("start", "run the node until SIGTERM or SIGINT");
  AddStoreOptions(command, &to->store);
  command->add_flag("--accept-clock-jump", to->accept_clock_jump,
                    "the clock is right, however far it is from the last block");
  command->callback([to, code] { *code = RunStart(*to); });
}

void AddStoreCommand(CLI::App& app, const char* name, const char* help, StoreArguments* to,
                     int* code, int (*run)(const StoreArguments&)) {
  CLI::App* command = app.add_subcommand(name, help);
  AddStoreOptions(command, to);
  command->callback([to, code, run] { *code = run(*to); });
}

void AddCheck(CLI::App& app, CheckArguments* to, int* code) {
  CLI::App* command = app.add_subcommand("check", "check the whole store against its log");
  AddStoreOptions(command, &to->store);
  command->add_flag("--quick", to->quick, "without the replay, which compares the indexes, too");
  command->callback([to, code] { *code = RunCheck(*to); });
}

void AddSnapshot(CLI::App& app, SnapshotArguments* to, int* code) {
  CLI::App* command =
      app.add_subcommand("snapshot", "make, list, verify a snapshot, or restore a store from one");
  command->add_option("what", to->what, "create, list, verify or restore")
      ->check(CLI::IsMember({"create", "list", "verify", "restore"}))
      ->required();
  command->add_option("path", to->path,
                      "the snapshot; create and list: the directory of all, DATA/snapshots if left "
                      "out");
  command->add_option("--header-hash", to->header_hash,
                      "verify and restore: of a header that you trust, 64 hex digits");
  AddStoreOptions(command, &to->store);
  command->callback([to, code] { *code = RunSnapshot(*to); });
}

void AddConfig(CLI::App& app, std::string* what, StoreArguments* to, int* code) {
  CLI::App* command = app.add_subcommand("config", "print an example, the table of keys, or check");
  command->add_option("what", *what, "example, table or check")
      ->check(CLI::IsMember({"example", "table", "check"}))
      ->required();
  AddStoreOptions(command, to);
  command->callback([what, to, code] { *code = RunConfig(*what, *to); });
}

int Run(int argc, char** argv) {
  CLI::App app("tributaryd, the node of a Tributary ledger", "tributaryd");
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 ok, 1 wrong usage or configuration, 2 damage found, 3 fault of the\n"
      "machine or its surroundings, 4 money did not add up.");
  int code = kExitOk;
  InitArguments init;
  TestnetArguments testnet;
  StartArguments start;
  CheckArguments check;
  StoreArguments repair, config;
  SnapshotArguments snapshot;
  std::string what;
  AddInit(app, &init, &code);
  AddTestnet(app, &testnet, &code);
  AddStart(app, &start, &code);
  AddCheck(app, &check, &code);
  AddStoreCommand(app, "repair", "rebuild everything but the log from the log", &repair, &code,
                  RunRepair);
  AddSnapshot(app, &snapshot, &code);
  app.add_subcommand("version", "print the version")->callback([&code] { code = RunVersion(); });
  AddConfig(app, &what, &config, &code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "tributaryd: %s\n", error.what());
    return kExitEnvironment;
  }
}
