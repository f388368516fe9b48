#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>

#include "codec/header.h"
#include "daemon/comet_home.h"
#include "daemon/commands.h"
#include "daemon/dev_chain.h"
#include "daemon/exit_codes.h"
#include "keys/key_file.h"
#include "node/clock.h"
#include "node/ledger.h"
#include "tributary/base/hex.h"
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
       << "[engine]\nkind = \"cometbft\"\nprogram = \"" << node.config.engine_program << "\"\n"
       << "snapshot_interval = " << node.config.engine_snapshot_interval << "\n"
       << "state_sync = \"" << node.config.engine_state_sync << "\"\n\n"
       << "[history]\nfrom = \"" << node.config.history_from << "\"\n";
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
  node.config.engine_snapshot_interval = arguments.snapshot_interval;
  TRIBUTARY_RETURN_IF_ERROR(MakeDirectory(node.config.data_dir));
  TRIBUTARY_RETURN_IF_ERROR(keys::SigningKey::Generate(name).Save(node.config.checkpoint_key_file));
  const auto identity = MakeCometHome(CometHome(node.config));
  if (!identity.ok()) return identity.status();
  node.peer = identity->node_id + "@" + At(node.host, kPeerPort);
  node.validator = {name, identity->validator, 10};
  return node;
}

// An account for who runs the node, and the node's key of consensus.
absl::Status AddValidator(const TestNode& node, const std::string& keys,
                          GenesisDescription* genesis) {
  const auto key = keys::SigningKey::Generate(node.validator.name);
  TRIBUTARY_RETURN_IF_ERROR(key.Save(keys + "/" + node.validator.name + ".key"));
  GenesisDescription::Account account;
  account.handle = node.validator.name;
  account.public_key = key.public_key();
  account.roles.push_back(codec::Role::kValidator);
  genesis->accounts.push_back(std::move(account));
  genesis->validators.push_back({node.validator.name, node.validator.key, node.validator.power});
  return absl::OkStatus();
}

absl::Status MakeNetwork(const TestnetArguments& arguments, const std::string& dir) {
  auto genesis = MakeDevChain(arguments.dev_chain, dir + "/keys");
  if (!genesis.ok()) return genesis.status();
  genesis->time_ms = node::SystemClock().WallMs();
  std::vector<TestNode> nodes;
  CometGenesis comet;
  for (uint64_t i = 0; i < arguments.validators; ++i) {
    auto node = MakeNode(arguments, dir, i);
    if (!node.ok()) return node.status();
    comet.validators.push_back(node->validator);
    TRIBUTARY_RETURN_IF_ERROR(AddValidator(*node, dir + "/keys", &*genesis));
    nodes.push_back(*std::move(node));
  }
  const std::string encoded = EncodeGenesis(*genesis);
  comet.chain_id = genesis->chain_id;
  comet.time_ms = genesis->time_ms;
  const std::string entry = codec::GenesisEntry(base::AsBytes(encoded));
  comet.ledger_genesis = codec::ChainHash(base::AsBytes(entry));
  for (const TestNode& node : nodes) {
    CometNetwork network{
        node.validator.name, At(node.host, kPeerPort), At(node.host, kRpcPort), {}, std::nullopt};
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

// A node that stands in `dir` already.
struct Member {
  Config config;
  std::string home;  // of its CometBFT
  std::string host;
  std::string node_id;
};

absl::StatusOr<std::vector<Member>> ReadMembers(const std::string& dir) {
  std::vector<Member> out;
  std::error_code error;
  for (;;) {
    const std::string file = dir + "/node" + std::to_string(out.size()) + "/tributaryd.toml";
    if (!std::filesystem::exists(file, error)) break;
    auto config = LoadConfig({file, ""});
    if (!config.ok()) return config.status();
    Member member;
    member.config = *std::move(config);
    member.home = CometHome(member.config);
    member.host = member.config.grpc_listen.substr(0, member.config.grpc_listen.rfind(':'));
    auto node_id = ReadNodeId(member.home);
    if (!node_id.ok()) return node_id.status();
    member.node_id = *std::move(node_id);
    out.push_back(std::move(member));
  }
  if (out.empty()) return base::FailedPrecondition("there is no network in " + dir);
  return out;
}

// The genesis of a node's ledger; the node may run meanwhile.
absl::StatusOr<std::string> ReadGenesisOf(const Member& member) {
  storage::Options options = StorageOptions(member.config);
  options.read_only = true;
  const auto store = storage::Store::Open(StoreDir(member.config), options);
  if (!store.ok()) return store.status();
  auto entry = (*store)->ReadEntry(base::EntryIndex(0));
  if (!entry.ok()) return entry.status();
  return entry->substr(1);  // behind the byte that says what it is
}

absl::Status JoinNetwork(TestnetArguments arguments, const std::string& dir) {
  const auto members = ReadMembers(dir);
  if (!members.ok()) return members.status();
  const std::string& first_host = members->front().host;
  arguments.first_address = std::stoul(first_host.substr(first_host.rfind('.') + 1));
  auto node = MakeNode(arguments, dir, members->size());
  if (!node.ok()) return node.status();
  const std::string home = CometHome(node->config);
  CometNetwork network{
      node->validator.name, At(node->host, kPeerPort), At(node->host, kRpcPort), {}, std::nullopt};
  for (const Member& member : *members) {
    network.peers.push_back(member.node_id + "@" + At(member.host, kPeerPort));
  }
  if (!arguments.state_sync.empty()) {
    const size_t colon = arguments.state_sync.find(':');
    if (colon == std::string::npos || members->size() < 2) {
      return base::InvalidArgument("--state-sync needs HEIGHT:HASH, and two nodes to ask");
    }
    network.state_sync =
        CometTrust{{At((*members)[0].host, kRpcPort), At((*members)[1].host, kRpcPort)},
                   arguments.state_sync.substr(0, colon),
                   arguments.state_sync.substr(colon + 1)};
    node->config.engine_state_sync = "yes";
    node->config.history_from = members->front().config.grpc_listen;
  }
  std::error_code error;
  std::filesystem::copy_file(members->front().home + "/config/genesis.json",
                             home + "/config/genesis.json", error);
  if (error) return base::Unavailable("copying the genesis of CometBFT: " + error.message());
  TRIBUTARY_RETURN_IF_ERROR(WriteCometConfig(home, node->config, network));
  TRIBUTARY_RETURN_IF_ERROR(WriteConfig(*node));
  if (arguments.state_sync.empty()) {
    const auto genesis = ReadGenesisOf(members->front());
    if (!genesis.ok()) return genesis.status();
    const auto verdict =
        node::CreateChain(StoreDir(node->config), StorageOptions(node->config), *genesis);
    if (!verdict.ok()) return verdict.status();
  }
  const std::string node_id = node->peer.substr(0, node->peer.find('@'));
  for (const Member& member : *members) {
    TRIBUTARY_RETURN_IF_ERROR(AddPeer(member.home, node_id));
  }
  std::printf("%s: tributaryd start --config %s\nkey of consensus: %s\n",
              node->validator.name.c_str(), node->file.c_str(),
              base::ToHex(node->validator.key.bytes).c_str());
  return absl::OkStatus();
}

}  // namespace

int RunTestnet(const TestnetArguments& arguments) {
  std::error_code error;
  const std::string dir = std::filesystem::absolute(arguments.dir, error).lexically_normal();
  if (arguments.join) {
    const absl::Status status = JoinNetwork(arguments, dir);
    return status.ok() ? kExitOk : Fail(status);
  }
  if (std::filesystem::exists(dir + "/keys", error)) {
    return Fail(base::FailedPrecondition(dir + " holds a network already; give another --dir"));
  }
  if (const absl::Status status = MakeNetwork(arguments, dir); !status.ok()) return Fail(status);
  std::printf("keys are in %s/keys\n", dir.c_str());
  return kExitOk;
}

}  // namespace tributary::daemon
