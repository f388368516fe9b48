// The daemon's configuration: one table of keys, from which parsing, validation, the example file
// and the table in docs/operations.md are made.
#ifndef TRIBUTARY_DAEMON_CONFIG_H_
#define TRIBUTARY_DAEMON_CONFIG_H_

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/statusor.h"

namespace tributary::daemon {

struct Config {
  std::string data_dir = "/var/lib/tributary";
  std::string grpc_listen = "127.0.0.1:7400";
  uint64_t grpc_stream_readers_max = 128;
  std::string operations_listen = "127.0.0.1:7401";
  std::string tiles_listen = "127.0.0.1:7402";
  std::string checkpoint_key_file;
  std::string engine_kind = "solo";
  std::string engine_program = "cometbft";
  std::string engine_supervise = "yes";
  uint64_t engine_stall_seconds = 60;
  uint64_t engine_snapshot_interval = 1'000;
  std::string engine_state_sync = "no";
  uint64_t snapshots_keep = 2;
  std::string history_from;
  std::string log_level = "info";
  std::string log_format = "text";
  uint64_t mempool_transactions_max = 20'000;
  uint64_t mempool_bytes_max = 64u << 20;
  uint64_t block_transactions_max = 10'000;
  uint64_t block_bytes_max = 8u << 20;
  uint64_t clock_jump_seconds_max = 600;
  uint64_t clock_downtime_seconds_max = 86'400;
  uint64_t storage_block_cache_bytes = 128u << 20;
  uint64_t storage_page_cache_bytes = 64u << 20;
  uint64_t storage_memtable_bytes = 128u << 20;
  uint64_t storage_wal_bytes = 256u << 20;
  uint64_t storage_open_files = 512;
  uint64_t shutdown_grace_seconds = 5;
  friend bool operator==(const Config&, const Config&) = default;
};

enum class KeyType {
  kKeyFile,          // of a secret key that can be loaded, or empty
  kPath,             // not empty
  kAddress,          // loopback host:port
  kOptionalAddress,  // the same, or empty: no such listener
  kChoice,           // one of `choices`, separated by blanks
  kNumber,           // min..max
};

struct ConfigKey {
  std::string_view name;  // as in the file: "section.key"
  KeyType type;
  std::variant<std::string Config::*, uint64_t Config::*> field;
  uint64_t min = 0;
  uint64_t max = 0;
  std::string_view choices;
  std::string_view meaning;  // with units
};

std::span<const ConfigKey> ConfigKeys();

// Errors: kInvalidArgument, naming file, line and key: not TOML, an unknown key, a wrong type, a
// value outside its bounds, values that cannot go together.
absl::StatusOr<Config> ParseConfig(std::string_view text, std::string_view name);

// Where the keys of a file stand: lines by key.
using KeyLines = std::map<std::string, uint32_t, std::less<>>;
// What cannot go together. Errors: kInvalidArgument naming the keys, each with its line, or with
// its default where it has none.
absl::Status CheckCombinations(const Config& config, const KeyLines& lines);

// The contents of config/tributaryd.example.toml: every key with its meaning and default.
std::string ExampleConfig();
// The table of keys in docs/operations.md.
std::string ConfigMarkdown();

}  // namespace tributary::daemon

#endif  // TRIBUTARY_DAEMON_CONFIG_H_
