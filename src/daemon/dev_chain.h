// A chain to try things out: new keys, one for each role, and a genesis that knows them.
#ifndef TRIBUTARY_DAEMON_DEV_CHAIN_H_
#define TRIBUTARY_DAEMON_DEV_CHAIN_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/genesis_file.h"

namespace tributary::daemon {

struct DevChain {
  std::string chain_id = "dev.local";
  uint64_t epoch_ms = 10'000;
  uint64_t maturity_epochs = 1;
};

// Makes `directory`, for this user alone, with the keys in it: admin, steward, reporter, treasurer
// and arbiter. Errors: kAlreadyExists where such a key is there; kUnavailable.
absl::StatusOr<GenesisDescription> MakeDevChain(const DevChain& chain,
                                                const std::string& directory);

// Makes the directory and those above it that are missing, so that a power cut leaves them there:
// what is synced in a directory is lost with the directory.
absl::Status MakeDirectory(const std::string& path);

}  // namespace tributary::daemon

#endif  // TRIBUTARY_DAEMON_DEV_CHAIN_H_
