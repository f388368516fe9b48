// The home of a CometBFT that runs beside this node: its keys, genesis and configuration.
#ifndef TRIBUTARY_DAEMON_COMET_HOME_H_
#define TRIBUTARY_DAEMON_COMET_HOME_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/config.h"
#include "tributary/base/types.h"

namespace tributary::daemon {

// Where things are below a node's data directory.
std::string CometHome(const Config& config);       // DATA/cometbft
std::string AbciSocket(const Config& config);      // DATA/abci.sock
std::string CometRpcSocket(const Config& config);  // DATA/comet.sock

// What others need to know of a node.
struct CometIdentity {
  std::string node_id;        // 40 hex digits, of the key that connections are encrypted with
  base::PublicKey validator;  // that signs votes
};

// Makes the home with new keys, readable by this user alone.
// Errors: kAlreadyExists where one is there; kUnavailable.
absl::StatusOr<CometIdentity> MakeCometHome(const std::string& home);

struct CometValidator {
  std::string name;
  base::PublicKey key;
  uint64_t power = 10;
};
struct CometGenesis {
  std::string chain_id;
  uint64_t time_ms = 0;
  base::Hash ledger_genesis;  // hash of the ledger's genesis entry: binds the two
  std::vector<CometValidator> validators;
};
// Where a node that joins finds a header to trust; CometBFT's [statesync].
struct CometTrust {
  std::vector<std::string> rpc;  // "127.0.0.1:26657" of at least two nodes
  std::string height;
  std::string hash;  // of CometBFT's block of that height, in hex
};
struct CometNetwork {
  std::string moniker;
  std::string listen;              // "127.0.0.1:26656"
  std::string rpc_listen;          // "127.0.0.1:26657"
  std::vector<std::string> peers;  // "<node id>@host:port" of the others
  std::optional<CometTrust> state_sync;
};

absl::Status WriteCometGenesis(const std::string& home, const CometGenesis& genesis);
// The configuration, tuned for a network of validators that know each other, and the list of nodes
// that may connect.
absl::Status WriteCometConfig(const std::string& home, const Config& config,
                              const CometNetwork& network);

// The id of the node whose home this is. Errors: kUnavailable where its key cannot be read.
absl::StatusOr<std::string> ReadNodeId(const std::string& home);
// Adds a node to those that may connect.
absl::Status AddPeer(const std::string& home, const std::string& node_id);

// The ids of nodes that may connect: one a line in HOME/config/peers. Empty where there is no such
// file: any.
std::set<std::string> ReadPeers(const std::string& home);

}  // namespace tributary::daemon

#endif  // TRIBUTARY_DAEMON_COMET_HOME_H_
