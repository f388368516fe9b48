#include <cstdio>
#include <filesystem>
#include <fstream>

#include "codec/header.h"
#include "daemon/comet_home.h"
#include "daemon/commands.h"
#include "daemon/dev_chain.h"
#include "daemon/exit_codes.h"
#include "keys/key_file.h"
#include "node/clock.h"
#include "node/ledger.h"
#include "tributary/base/status.h"

namespace tributary::daemon {
namespace {

constexpr uint16_t kPeerPort = 26656;
constexpr uint16_t kRpcPort = 26657;

struct TestNode {
  Config config;
  std::string file;  // of the configuration
  std::string host;
  std::string peer;  // "<node id>@host:port"
  CometValidator validator;
};

std::string At(const std::string& host, uint16_t port) { return host + ":" + std::to_string(port); }

absl::Status WriteConfig(const TestNode& node) {
  std::ofstream file(node.file, std::ios::trunc);
  file << "data_dir = \"" << node.config.data_dir << "\"\n\n"
       << "[grpc]\nlisten = \"" << node.config.grpc_listen << "\"\n\n"
       << "[operations]\nlisten = \"" << node.config.operations_listen << "\"\n\n"
       << "[tiles]\nlisten = \"" << node.config.tiles_listen << "\"\n\n"
       << "[checkpoint]\nkey_file = \"" << node.config.checkpoint_key_file << "\"\n\n"
       << "[engine]\nkind = \"cometbft\"\nprogram = \"" << node.config.engine_program << "\"\n";
  if (!file.flush()) return base::Unavailable("cannot write " + node.file);
  return absl::OkStatus();
}

absl::StatusOr<TestNode> MakeNode(const TestnetArguments& arguments, const std::string& dir,
                                  uint64_t number) {
  TestNode node;
  const std::string name = "node" + std::to_string(number);
  node.host = "127.0.0." + std::to_string(arguments.first_address + number);
  node.config.data_dir = dir + "/" + name;
  node.file = node.config.data_dir + "/tributaryd.toml";
  node.config.grpc_listen = At(node.host, 7400);
  node.config.operations_listen = At(node.host, 7401);
  node.config.tiles_listen = At(node.host, 7402);
  node.config.checkpoint_key_file = node.config.data_dir + "/checkpoint.key";
  node.config.engine_kind = "cometbft";
  node.config.engine_program = arguments.program;
  TRIBUTARY_RETURN_IF_ERROR(MakeDirectory(node.config.data_dir));
  TRIBUTARY_RETURN_IF_ERROR(keys::SigningKey::Generate(name).Save(node.config.checkpoint_key_file));
  const auto identity = MakeCometHome(CometHome(node.config));
  if (!identity.ok()) return identity.status();
  node.peer = identity->node_id + "@" + At(node.host, kPeerPort);
  node.validator = {name, identity->validator, 10};
  return node;
}

absl::Status MakeNetwork(const TestnetArguments& arguments, const std::string& dir) {
  auto genesis = MakeDevChain(arguments.dev_chain, dir + "/keys");
  if (!genesis.ok()) return genesis.status();
  genesis->time_ms = node::SystemClock().WallMs();
  const std::string encoded = EncodeGenesis(*genesis);
  CometGenesis comet;
  comet.chain_id = genesis->chain_id;
  comet.time_ms = genesis->time_ms;
  const std::string entry = codec::GenesisEntry(base::AsBytes(encoded));
  comet.ledger_genesis = codec::ChainHash(base::AsBytes(entry));
  std::vector<TestNode> nodes;
  for (uint64_t i = 0; i < arguments.validators; ++i) {
    auto node = MakeNode(arguments, dir, i);
    if (!node.ok()) return node.status();
    comet.validators.push_back(node->validator);
    nodes.push_back(*std::move(node));
  }
  for (const TestNode& node : nodes) {
    CometNetwork network{
        node.validator.name, At(node.host, kPeerPort), At(node.host, kRpcPort), {}};
    for (const TestNode& other : nodes) {
      if (other.peer != node.peer) network.peers.push_back(other.peer);
    }
    const std::string home = CometHome(node.config);
    TRIBUTARY_RETURN_IF_ERROR(WriteCometGenesis(home, comet));
    TRIBUTARY_RETURN_IF_ERROR(WriteCometConfig(home, node.config, network));
    TRIBUTARY_RETURN_IF_ERROR(WriteConfig(node));
    const auto verdict =
        node::CreateChain(StoreDir(node.config), StorageOptions(node.config), encoded);
    if (!verdict.ok()) return verdict.status();
    if (verdict->has_value()) {
      return base::InvalidArgument("the genesis is refused: " + (*verdict)->ToString());
    }
    std::printf("%s: tributaryd start --config %s\n", node.validator.name.c_str(),
                node.file.c_str());
  }
  return absl::OkStatus();
}

}  // namespace

int RunTestnet(const TestnetArguments& arguments) {
  std::error_code error;
  const std::string dir = std::filesystem::absolute(arguments.dir, error).lexically_normal();
  if (std::filesystem::exists(dir + "/keys", error)) {
    return Fail(base::FailedPrecondition(dir + " holds a network already; give another --dir"));
  }
  if (const absl::Status status = MakeNetwork(arguments, dir); !status.ok()) return Fail(status);
  std::printf("keys are in %s/keys\n", dir.c_str());
  return kExitOk;
}

}  // namespace tributary::daemon
