// A genesis as people write it (genesis.toml), and as the chain takes it.
#ifndef TRIBUTARY_DAEMON_GENESIS_FILE_H_
#define TRIBUTARY_DAEMON_GENESIS_FILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "codec/ledger.h"
#include "tributary/base/types.h"

namespace tributary::daemon {

// The same as codec::Genesis, with texts of its own.
struct GenesisDescription {
  struct Limit {
    std::string currency;
    uint64_t limit_minor = 0;  // UINT64_MAX: none
  };
  struct Account {
    std::string handle;
    std::optional<base::PublicKey> public_key;  // none: custodial
    std::vector<codec::Role> roles;
    std::vector<Limit> credit_limits;
    uint64_t sponsor_quota = 0;
    bool commons = false;
    uint32_t line = 0;
  };
  struct Currency {
    std::string code;
    uint32_t decimals = 6;
    uint64_t payout_unit_minor = 1;
    uint64_t minimum_payout_minor = 0;
  };
  struct Validator {
    std::string account;  // handle
    base::PublicKey public_key;
    uint64_t power = 0;
  };
  std::string chain_id;
  uint64_t time_ms = 0;  // 0: now
  codec::Parameters parameters;
  std::vector<Currency> currencies;
  std::vector<Account> accounts;
  std::vector<Validator> validators;
  uint32_t admins = 1;
  uint32_t arbiters = 1;

  GenesisDescription();  // with the defaults of docs/operations.md
};

// Errors: kInvalidArgument, naming file, line and key. Whether the chain accepts it is up to the
// machine. `directory` is where relative `public_key_file`s are looked for.
absl::StatusOr<GenesisDescription> ParseGenesis(std::string_view text, std::string_view name,
                                                const std::string& directory);

// Serialized tributary.v1.Genesis.
std::string EncodeGenesis(const GenesisDescription& genesis);

}  // namespace tributary::daemon

#endif  // TRIBUTARY_DAEMON_GENESIS_FILE_H_
