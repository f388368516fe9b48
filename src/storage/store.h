// The store of one node: the log, its tiles, the state's pages and the read-only indexes, in
// RocksDB. One block is one synced batch: it is on disk whole, or not at all.
//
// A data directory holds `db` (RocksDB), `lock` (held while a writer is open) and `head` (the
// height last acknowledged, written after each commit: a database that comes back shorter is
// noticed).
//
// Errors, everywhere below:
//   kDataLoss            what is stored is missing or damaged; the text names it. Stop and repair.
//   kUnavailable         the machine fails (disk full, I/O error); nothing is known to be damaged.
//                        Or: the store was restored from a snapshot and does not have that part of
//                        the past; the text says what to do.
//   kFailedPrecondition  another process holds the directory, or there is no store, or one already.
//   kNotFound            asked for something beyond the end of the log.
#ifndef TRIBUTARY_STORAGE_STORE_H_
#define TRIBUTARY_STORAGE_STORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "index/rows.h"
#include "merkle/tiles.h"
#include "state/effects.h"
#include "state/page_source.h"
#include "state/resident.h"
#include "tributary/base/types.h"

namespace rocksdb {
class FileSystem;
}

namespace tributary::storage {

enum class ColumnFamily : uint8_t { kDefault, kLog, kTiles, kPages, kIndex, kSide };

struct Options {
  bool create = false;     // make a new store; an existing one is refused
  bool read_only = false;  // takes no lock, commits nothing; sees the last commit before Open
  bool sync = true;        // false only in tests that show that it matters
  size_t block_cache_bytes = 128u << 20;  // RocksDB's, shared by all readers
  size_t page_cache_bytes = 64u << 20;    // the writer's pages
  size_t memtable_bytes = 128u << 20;     // of all column families together
  size_t wal_bytes = 256u << 20;          // beyond it memtables are flushed
  int open_files = 512;
  // For tests. The file system under RocksDB and under `head`; nullptr: the machine's.
  std::shared_ptr<rocksdb::FileSystem> file_system;
  // For tests. Called at each named step of Commit: "before_batch", "after_build", "before_write",
  // "after_write" (durable, not yet acknowledged).
  std::function<void(std::string_view)> at_step;
};

// The end of what is committed.
struct Head {
  base::Height height;                          // of the last header
  uint64_t log_size = 0;                        // entries; the last one is the last header
  bool empty() const { return log_size == 0; }  // not even a genesis
  friend bool operator==(const Head&, const Head&) = default;
};

// What a store that was restored from a snapshot has of what lay before it. Its indexes begin after
// `height`, until `tributaryd repair` rebuilds them from a complete log.
struct Past {
  base::Height height;       // of the snapshot; 0: the store began with its genesis
  uint64_t first_entry = 0;  // the header of that height: from it on every entry is there
  uint64_t filled = 0;       // entries below this one were put back since
  bool complete() const { return height.value() == 0; }  // log and indexes
  bool log_complete() const { return filled == first_entry; }
  // Whether the entry is there.
  bool has(uint64_t entry) const { return entry < filled || entry >= first_entry; }
  friend bool operator==(const Past&, const Past&) = default;
};

// Called with (what was done so far, all there is), now and then.
using Progress = std::function<void(uint64_t, uint64_t)>;
// Called for each element in turn; false stops the walk, which then ends with OkStatus.
template <class... Args>
using Visitor = std::function<bool(Args...)>;

// Everything committed at one height: pages, log, indexes. Blocks committed later do not show.
// Thread safety: all members, from any number of threads.
// Ownership: must not outlive its Store. Short-lived: it keeps old versions from being compacted.
class ReadSnapshot : public state::PageSource, public merkle::TileReader {
 public:
  virtual Head head() const = 0;

  // state::PageSource. A page that is missing or damaged makes failed() true; status() says why.
  virtual absl::Status status() const = 0;
  // The same height, of which nothing has failed to be read yet. Outlives this one if need be.
  virtual std::unique_ptr<ReadSnapshot> Again() const = 0;

  // The entry at `index`. kNotFound at or beyond the log size.
  virtual absl::StatusOr<std::string> ReadEntry(base::EntryIndex index) const = 0;
  // Visits entries from `first` on, at most `count_max`, and no further entry once `bytes_max` have
  // been visited; stops at the end of the log.
  virtual absl::Status ReadEntries(
      base::EntryIndex first, uint64_t count_max, uint64_t bytes_max,
      const Visitor<base::EntryIndex, std::string_view>& visit) const = 0;
  // The entry that is the header of `height`, from 1 on. kNotFound beyond the head.
  virtual absl::StatusOr<base::EntryIndex> HeaderEntry(base::Height height) const = 0;
  // The height whose block holds entry `index` (its header included).
  virtual absl::StatusOr<base::Height> HeightOfEntry(base::EntryIndex index) const = 0;

  // Indexes. Lists come block by block, oldest first, from block `from` on.
  virtual absl::StatusOr<std::optional<index::TransactionPlace>> FindTransaction(
      const base::TxId& id) const = 0;
  virtual absl::Status RecordsOfKind(
      uint8_t kind, base::Height from,
      const Visitor<base::Height, const std::vector<base::RecordSeq>&>& visit) const = 0;
  virtual absl::Status PayoutsInState(state::PayoutState payout_state, base::PayoutIndex from,
                                      const Visitor<base::PayoutIndex>& visit) const = 0;
  virtual absl::Status EventsOfAsset(
      base::RecordSeq asset, base::Height from,
      const Visitor<base::Height, const std::vector<index::EventLine>&>& visit) const = 0;
  virtual absl::Status JournalOfAccount(
      base::AccountIndex account, base::Height from,
      const Visitor<base::Height, const std::vector<index::JournalLine>&>& visit) const = 0;
  // What reporters reported, block by block, ascending by (reporter, asset, currency, height), from
  // a place on; to skip the rest of an asset, stop and ask again from a later place.
  virtual absl::Status ReportedFrom(
      const index::ReportedPlace& from,
      const Visitor<const index::ReportedPlace&, const index::ReportedSums&>& visit) const = 0;
  // nullopt: there is no settlement of that number yet. Numbers are dense, from 0.
  virtual absl::StatusOr<std::optional<index::SettlementSummary>> SettlementByNumber(
      uint64_t number) const = 0;
  // Credits of one settlement, ascending by (account, record); of all accounts or of one.
  virtual absl::Status CreditsOfSettlement(uint64_t number,
                                           const Visitor<const state::Credit&>& visit) const = 0;
  virtual absl::Status CreditsOfAccount(uint64_t number, base::AccountIndex account,
                                        const Visitor<const state::Credit&>& visit) const = 0;

  // Rows of the indexes as they are stored, for those who compare them; nullopt: no such row.
  // Requires: the key is not empty.
  virtual absl::StatusOr<std::optional<std::string>> IndexRow(const std::string& key) const = 0;
  // All of them: where it stands, key, value.
  virtual absl::Status IndexRows(
      const Visitor<ColumnFamily, std::string_view, std::string_view>& visit) const = 0;
  // What one account was credited through one record; zero where nothing was.
  virtual absl::StatusOr<base::Atoms> CreditOfRecord(uint64_t number, base::AccountIndex account,
                                                     base::RecordSeq record) const = 0;
  // Where the money of one settlement entered, ascending by record, from `from` on.
  virtual absl::Status SourcesOfSettlement(uint64_t number, base::RecordSeq from,
                                           const Visitor<const state::Source&>& visit) const = 0;
  // The journal's totals of a currency after block `height`. Requires: it is committed.
  virtual absl::StatusOr<state::TotalsRow> TotalsAt(base::CurrencyIndex currency,
                                                    base::Height height) const = 0;

  // What a restored store lacks; asked for, it answers kUnavailable, in words that say why.
  virtual Past history() const = 0;
};

// Thread safety: Commit, Recover and pages() belong to the writer's thread. Everything else may be
// called from any thread, also while a commit runs.
class Store : public merkle::TileReader {
 public:
  // Opens the store in `dir`, which is made if `create`. Checks formats and that what was last
  // acknowledged is there; the contents are checked by Recover.
  static absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& dir, Options options);
  ~Store() override;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Makes a block durable: entries, tiles, pages, row counts, head, index rows, in one synced
  // batch. After an error nothing of it counts as committed and the store is latched: every later
  // Commit returns the same error until the store is opened again, which finds the block whole or
  // not at all. Requires: `effects` follows on head().
  // `engine_height`, if given, becomes engine_height() with the same batch.
  absl::Status Commit(const state::BlockEffects& effects,
                      std::optional<uint64_t> engine_height = std::nullopt);

  // The height that a consensus engine of its own counting has reached; 0: none yet. It is the
  // engine's note, not part of the state: blocks of the engine that changed nothing have no header.
  uint64_t engine_height() const;
  // Notes a height at which nothing changed. Not synced: after a power cut an older one may stand
  // there, never one from before the last commit.
  absl::Status NoteEngineHeight(uint64_t height);

  // What was restored, and is missing still. From any thread.
  Past history() const;
  // Puts entries back, from history().filled on. Each header among them must state the log root of
  // what stands before it; the last one is followed by the header that the store was restored with,
  // which decides whether all of them are the right ones. May run beside Commit, one at a time.
  // Errors: kDataLoss where they are not, naming the entry; then those of this call were not put
  // back, and none where the whole is wrong.
  absl::Status FillHistory(const std::vector<std::string>& entries);

  // The writer's view of the pages: always the last committed height. Lives as long as the store.
  const state::PageSource& pages() const;
  // Why pages().failed() is true; Ok otherwise.
  absl::Status pages_status() const;

  // The last committed height, for readers. Never null.
  std::unique_ptr<ReadSnapshot> Snapshot() const;
  Head head() const;

  // The same as on a snapshot of this moment; entries, once committed, never change.
  absl::StatusOr<std::string> ReadEntry(base::EntryIndex index) const;
  absl::Status ReadEntries(base::EntryIndex first, uint64_t count_max, uint64_t bytes_max,
                           const Visitor<base::EntryIndex, std::string_view>& visit) const;
  absl::StatusOr<base::EntryIndex> HeaderEntry(base::Height height) const;
  absl::StatusOr<std::optional<index::TransactionPlace>> FindTransaction(
      const base::TxId& id) const;
  absl::StatusOr<std::vector<uint8_t>> ReadTile(merkle::TileId id) const override;

  // Rebuilds `resident` from what is stored and checks it against itself: the last header, the map
  // of heights, the leaf hashes of the last block's entries, the log's root, every page against the
  // state root. An empty store leaves `resident` empty.
  // Errors: kDataLoss says what does not fit, and which command rebuilds it.
  absl::Status Recover(state::Resident& resident, const Progress& progress = {});

  // Every entry against its leaf hash, every tile against the ones below, the root of the log in
  // every header, every height in the map. Reads the whole log. From any thread.
  absl::Status CheckLog(const Progress& progress = {}) const;

  // Bytes on disk, by column family and in write-ahead logs; for metrics. From any thread.
  std::vector<std::pair<std::string, uint64_t>> DiskBytes() const;

 public:
  class Impl;  // for the files that implement the store

 private:
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

struct RepairReport {
  Head head;  // of the repaired store
  uint64_t transactions = 0;
  std::string damaged_dir;  // where the old database was kept
};

// Rebuilds everything but the log from the log: replays it from the genesis, compares each header
// byte for byte, and then puts the new database in the place of the old one, which is kept beside
// it as db.damaged-<n>. May be stopped at any moment and run again.
// A log that ends before what was acknowledged is refused, unless `accept_shorter_log`.
// Errors: kDataLoss names the first entry that is missing or does not replay: then the log itself
// is damaged, and nothing was changed.
absl::StatusOr<RepairReport> Repair(const std::string& dir, const Options& options,
                                    const Progress& progress = {}, bool accept_shorter_log = false);

}  // namespace tributary::storage

#endif  // TRIBUTARY_STORAGE_STORE_H_
