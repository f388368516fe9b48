#include "daemon/config.h"

namespace tributary::daemon {
namespace {

constexpr uint64_t kMiB = 1u << 20;
constexpr uint64_t kGiB = 1u << 30;

constexpr ConfigKey kKeys[] = {
    {"data_dir", KeyType::kPath, &Config::data_dir, 0, 0, "",
     "directory of the store; `--data` on the command line goes first"},
    {"grpc.listen", KeyType::kAddress, &Config::grpc_listen, 0, 0, "",
     "where clients connect; loopback only; port 0: any free one"},
    {"grpc.stream_readers_max", KeyType::kNumber, &Config::grpc_stream_readers_max, 1, 10'000, "",
     "streams of entries and of credits at a time, of all clients together; each holds up to 320 "
     "KiB of entries or one settlement's credits (at most 1.3 MB); beyond it RESOURCE_EXHAUSTED"},
    {"operations.listen", KeyType::kOptionalAddress, &Config::operations_listen, 0, 0, "",
     "/metrics, /healthz, /readyz, /version over HTTP; loopback only; empty: none"},
    {"tiles.listen", KeyType::kOptionalAddress, &Config::tiles_listen, 0, 0, "",
     "the log over HTTP in the tlog-tiles layout; loopback only; empty: none"},
    {"checkpoint.key_file", KeyType::kKeyFile, &Config::checkpoint_key_file, 0, 0, "",
     "key file that checkpoints of the log are signed with, readable by its owner only; empty: "
     "checkpoints are not signed"},
    {"engine.kind", KeyType::kChoice, &Config::engine_kind, 0, 0, "solo cometbft",
     "who decides on blocks: this node alone, or a network of validators through CometBFT, whose "
     "home "
     "is DATA/cometbft and which connects to DATA/abci.sock"},
    {"engine.program", KeyType::kPath, &Config::engine_program, 0, 0, "",
     "with cometbft: its program, v0.39.4, in PATH or as a path"},
    {"engine.supervise", KeyType::kChoice, &Config::engine_supervise, 0, 0, "yes no",
     "with cometbft: whether this node starts it, restarts it and stops it; else somebody else "
     "does"},
    {"engine.stall_seconds", KeyType::kNumber, &Config::engine_stall_seconds, 30, 86'400, "",
     "with cometbft, supervised: time without a block after which it is started again"},
    {"engine.snapshot_interval", KeyType::kNumber, &Config::engine_snapshot_interval, 0,
     1'000'000'000, "",
     "with cometbft: a snapshot is made after each so many blocks of CometBFT, in DATA/snapshots, "
     "for nodes that join; 0: none"},
    {"engine.state_sync", KeyType::kChoice, &Config::engine_state_sync, 0, 0, "yes no",
     "with cometbft, where there is no store yet: whether it comes from a snapshot of the network, "
     "as CometBFT's [statesync] says"},
    {"snapshots.keep", KeyType::kNumber, &Config::snapshots_keep, 1, 100, "",
     "snapshots that are kept; older ones are removed when one is made"},
    {"history.from", KeyType::kOptionalAddress, &Config::history_from, 0, 0, "",
     "gRPC address of a node from which entries are fetched that lie before the snapshot this node "
     "was restored from; empty: none are"},
    {"log.level", KeyType::kChoice, &Config::log_level, 0, 0, "debug info warning error",
     "least level of what is logged to standard error"},
    {"log.format", KeyType::kChoice, &Config::log_format, 0, 0, "text json",
     "form of a line of the log"},
    {"mempool.transactions_max", KeyType::kNumber, &Config::mempool_transactions_max, 1, 1'000'000,
     "", "transactions that may wait for a block; beyond it clients get RESOURCE_EXHAUSTED"},
    {"mempool.bytes_max", KeyType::kNumber, &Config::mempool_bytes_max, 65'535, 4 * kGiB, "",
     "bytes of transactions that may wait for a block"},
    {"block.transactions_max", KeyType::kNumber, &Config::block_transactions_max, 1, 100'000, "",
     "transactions of one block"},
    {"block.bytes_max", KeyType::kNumber, &Config::block_bytes_max, 65'535, 64 * kMiB, "",
     "bytes of one block's transactions"},
    {"clock.jump_seconds_max", KeyType::kNumber, &Config::clock_jump_seconds_max, 1, 86'400, "",
     "jump of the clock, either way, that is followed without the operator, in seconds"},
    {"clock.downtime_seconds_max", KeyType::kNumber, &Config::clock_downtime_seconds_max, 60,
     366 * 86'400, "",
     "distance from the last block to the clock at start-up that needs no --accept-clock-jump, in "
     "seconds"},
    {"storage.block_cache_bytes", KeyType::kNumber, &Config::storage_block_cache_bytes, kMiB,
     1'024 * kGiB, "", "memory for blocks of the database, for readers"},
    {"storage.page_cache_bytes", KeyType::kNumber, &Config::storage_page_cache_bytes, kMiB,
     1'024 * kGiB, "", "memory for pages of the state, for the writer"},
    {"storage.memtable_bytes", KeyType::kNumber, &Config::storage_memtable_bytes, kMiB, 64 * kGiB,
     "", "memory for what is not yet in files of the database"},
    {"storage.wal_bytes", KeyType::kNumber, &Config::storage_wal_bytes, kMiB, 64 * kGiB, "",
     "size of the write-ahead log at which memory is written out"},
    {"storage.open_files", KeyType::kNumber, &Config::storage_open_files, 16, 1'000'000, "",
     "files of the database that are kept open"},
    {"shutdown.grace_seconds", KeyType::kNumber, &Config::shutdown_grace_seconds, 0, 300, "",
     "time that running calls have to end when the node stops, in seconds"},
};

}  // namespace

std::span<const ConfigKey> ConfigKeys() { return kKeys; }

}  // namespace tributary::daemon
