#include "daemon/comet_home.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "crypto/ed25519.h"
#include "crypto/hash.h"
#include "daemon/dev_chain.h"
#include "daemon/toml_document.h"
#include "keys/random.h"
#include "tributary/base/base64.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::daemon {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kAddressBytes = 20;
constexpr uint64_t kBundleBytesMax = 128u << 10;  // as consensus/bundle.h has it

// A new file for this user alone, on disk when this returns.
absl::Status WriteNew(const std::string& path, const std::string& text) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 && errno == EEXIST) {
    return absl::AlreadyExistsError(path + " is there already and is not overwritten");
  }
  bool good = fd >= 0;
  for (size_t at = 0; good && at < text.size();) {
    const ssize_t n = write(fd, text.data() + at, text.size() - at);
    good = n > 0;
    if (good) at += static_cast<size_t>(n);
  }
  good = good && fsync(fd) == 0;
  const int error = errno;
  if (fd >= 0) close(fd);
  if (good) return absl::OkStatus();
  return base::Unavailable("cannot write " + path + ": " + std::strerror(error));
}

// The first 20 bytes of SHA-256 of the key: how CometBFT names validators (upper case) and nodes.
std::string AddressOf(const base::PublicKey& key) {
  const base::Hash hash = crypto::Sha256(key.bytes);
  return base::ToHex(hash.view().first(kAddressBytes));
}

std::string Upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

Json PublicKeyJson(const base::PublicKey& key) {
  return {{"type", "tendermint/PubKeyEd25519"}, {"value", base::ToBase64(key.bytes)}};
}

// A new key, as CometBFT keeps it: the seed and the public key.
struct NewKey {
  base::PublicKey public_key;
  Json secret;
};
NewKey MakeKey() {
  std::array<uint8_t, 64> secret{};
  keys::FillRandom(std::span(secret).first(crypto::kSeedBytes));
  const auto pair = crypto::KeyPair::FromSeed(std::span(secret).first(crypto::kSeedBytes));
  std::memcpy(secret.data() + crypto::kSeedBytes, pair.public_key().bytes.data(), 32);
  NewKey key{pair.public_key(),
             {{"type", "tendermint/PrivKeyEd25519"}, {"value", base::ToBase64(secret)}}};
  crypto::Wipe(secret.data(), secret.size());
  return key;
}

std::string Rfc3339(uint64_t time_ms) {
  const auto seconds = static_cast<time_t>(time_ms / 1'000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[40];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  char millis[8];
  std::snprintf(millis, sizeof millis, ".%03uZ", static_cast<unsigned>(time_ms % 1'000));
  return std::string(text) + millis;
}

std::string Quoted(const std::string& text) { return Json(text).dump(); }

}  // namespace

std::string CometHome(const Config& config) { return config.data_dir + "/cometbft"; }
std::string AbciSocket(const Config& config) { return config.data_dir + "/abci.sock"; }
std::string CometRpcSocket(const Config& config) { return config.data_dir + "/comet.sock"; }

absl::StatusOr<CometIdentity> MakeCometHome(const std::string& home) {
  TRIBUTARY_RETURN_IF_ERROR(MakeDirectory(home + "/config"));
  TRIBUTARY_RETURN_IF_ERROR(MakeDirectory(home + "/data"));
  chmod(home.c_str(), 0700);
  const NewKey node = MakeKey();
  const NewKey validator = MakeKey();
  TRIBUTARY_RETURN_IF_ERROR(
      WriteNew(home + "/config/node_key.json", Json{{"priv_key", node.secret}}.dump()));
  const Json keys = {{"address", Upper(AddressOf(validator.public_key))},
                     {"pub_key", PublicKeyJson(validator.public_key)},
                     {"priv_key", validator.secret}};
  TRIBUTARY_RETURN_IF_ERROR(WriteNew(home + "/config/priv_validator_key.json", keys.dump(2)));
  const Json state = {{"height", "0"}, {"round", 0}, {"step", 0}};
  TRIBUTARY_RETURN_IF_ERROR(WriteNew(home + "/data/priv_validator_state.json", state.dump(2)));
  return CometIdentity{AddressOf(node.public_key), validator.public_key};
}

absl::Status WriteCometGenesis(const std::string& home, const CometGenesis& genesis) {
  Json validators = Json::array();
  for (const CometValidator& validator : genesis.validators) {
    validators.push_back({{"address", Upper(AddressOf(validator.key))},
                          {"pub_key", PublicKeyJson(validator.key)},
                          {"power", std::to_string(validator.power)},
                          {"name", validator.name}});
  }
  // Blocks of 4 MiB: the default of 21 MiB is more than validators can pass on in time.
  const Json parameters = {{"block", {{"max_bytes", "4194304"}, {"max_gas", "-1"}}},
                           {"evidence",
                            {{"max_age_num_blocks", "100000"},
                             {"max_age_duration", "172800000000000"},
                             {"max_bytes", "1048576"}}},
                           {"validator", {{"pub_key_types", Json::array({"ed25519"})}}},
                           {"version", {{"app", "1"}}},
                           {"abci", {{"vote_extensions_enable_height", "0"}}}};
  const Json json = {{"genesis_time", Rfc3339(genesis.time_ms)},
                     {"chain_id", genesis.chain_id},
                     {"initial_height", "1"},
                     {"consensus_params", parameters},
                     {"validators", validators},
                     {"app_hash", ""},
                     {"app_state", base::ToHex(genesis.ledger_genesis.view())}};
  return WriteNew(home + "/config/genesis.json", json.dump(2) + "\n");
}

absl::Status WriteCometConfig(const std::string& home, const Config& config,
                              const CometNetwork& network) {
  std::string peers, ids;
  for (const std::string& peer : network.peers) {
    peers += (peers.empty() ? "" : ",") + peer;
    ids += peer.substr(0, peer.find('@')) + "\n";
  }
  std::ostringstream out;
  out << "# CometBFT v0.39, beside a Tributary node. What is not here has CometBFT's default.\n"
      << "proxy_app = " << Quoted("unix://" + AbciSocket(config)) << "\n"
      << "moniker = " << Quoted(network.moniker) << "\n"
      << "abci = \"socket\"\n"
      << "log_level = \"error\"\n"
      << "filter_peers = true\n\n"
      << "# The socket is for this node; the address for light clients and for nodes that join.\n"
      << "[rpc]\nladdr = "
      << Quoted("unix://" + CometRpcSocket(config) + ",tcp://" + network.rpc_listen) << "\n\n"
      << "[p2p]\nladdr = " << Quoted("tcp://" + network.listen) << "\n"
      << "persistent_peers = " << Quoted(peers) << "\n"
      << "pex = false\naddr_book_strict = false\nallow_duplicate_ip = true\n"
      << "send_rate = 104857600\nrecv_rate = 104857600\n"
      << "max_packet_msg_payload_size = 32768\n\n"
      << "[mempool]\ntype = \"flood\"\nrecheck = true\nsize = 5000\n"
      << "max_txs_bytes = 67108864\nmax_tx_bytes = " << kBundleBytesMax << "\n\n"
      << "[consensus]\ntimeout_propose = \"1s\"\ntimeout_propose_delta = \"500ms\"\n"
      << "timeout_prevote = \"300ms\"\ntimeout_prevote_delta = \"200ms\"\n"
      << "timeout_precommit = \"300ms\"\ntimeout_precommit_delta = \"200ms\"\n"
      << "timeout_commit = \"200ms\"\n"
      << "# The heartbeat: block time goes on in a quiet network.\n"
      << "create_empty_blocks = true\ncreate_empty_blocks_interval = \"10s\"\n"
      << "peer_gossip_sleep_duration = \"10ms\"\n\n"
      << "[tx_index]\nindexer = \"null\"\n";
  if (network.state_sync) {
    std::string servers;
    for (const std::string& server : network.state_sync->rpc) {
      servers += (servers.empty() ? "" : ",") + server;
    }
    out << "\n[statesync]\nenable = true\nrpc_servers = " << Quoted(servers)
        << "\ntrust_height = " << network.state_sync->height
        << "\ntrust_hash = " << Quoted(network.state_sync->hash)
        << "\ntrust_period = \"168h0m0s\"\ndiscovery_time = \"5s\"\n";
  }
  TRIBUTARY_RETURN_IF_ERROR(WriteNew(home + "/config/config.toml", out.str()));
  return WriteNew(home + "/config/peers", ids);
}

absl::StatusOr<std::string> ReadNodeId(const std::string& home) {
  const std::string path = home + "/config/node_key.json";
  const auto text = ReadFile(path);
  if (!text.ok()) return text.status();
  const Json json = Json::parse(*text, nullptr, false);
  std::string value;
  if (json.is_object() && json.contains("priv_key") && json["priv_key"].is_object() &&
      json["priv_key"].contains("value") && json["priv_key"]["value"].is_string()) {
    value = json["priv_key"]["value"].get<std::string>();
  }
  const auto secret = base::FromBase64(value);
  if (!secret || secret->size() != 64) return base::Unavailable(path + " holds no node key");
  base::PublicKey key;
  std::copy(secret->begin() + crypto::kSeedBytes, secret->end(), key.bytes.begin());
  return AddressOf(key);
}

absl::Status AddPeer(const std::string& home, const std::string& node_id) {
  std::ofstream file(home + "/config/peers", std::ios::app);
  file << node_id << "\n";
  if (!file.flush()) return base::Unavailable("cannot write " + home + "/config/peers");
  return absl::OkStatus();
}

std::set<std::string> ReadPeers(const std::string& home) {
  std::set<std::string> peers;
  const auto text = ReadFile(home + "/config/peers");
  if (!text.ok()) return peers;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) peers.insert(line);
  }
  return peers;
}

}  // namespace tributary::daemon
