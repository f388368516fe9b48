// The auditor: replays a log from its genesis with the same pure code, on a state of its own, and
// believes nothing but the entries.
//
// What is checked of each entry: its decoding by the strict rules; every signature against the keys
// in force at its block's time; every id, reference and rule of every operation; settlements and
// payouts to the atom; and of each header: the link to the one before, log size and root, state
// root, results and settlement roots, byte for byte. At the end every atom is recounted.
#ifndef TRIBUTARY_AUDIT_AUDIT_H_
#define TRIBUTARY_AUDIT_AUDIT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "codec/header.h"
#include "state/replay.h"
#include "tributary/base/types.h"

namespace rocksdb {
class FileSystem;
}

namespace tributary::audit {

struct AuditProgress {
  uint64_t entries = 0;
  uint64_t blocks = 0;
  uint64_t transactions = 0;
};

struct AuditOptions {
  // Threads that decode and verify signatures; 0: one for each core.
  unsigned threads = 0;
  // Only leaf hashes, log roots, header links: no signatures and no state. Says less, much faster.
  bool hashes_only = false;
  // Called now and then from the auditing thread.
  std::function<void(const AuditProgress&)> progress;
  // For tests. The file system under a store; nullptr: the machine's.
  std::shared_ptr<rocksdb::FileSystem> file_system;
};

struct AuditReport {
  AuditProgress checked;
  uint64_t signatures = 0;
  uint64_t records = 0;
  uint64_t accounts = 0;
  uint64_t settlements = 0;
  uint64_t payouts = 0;
  uint64_t entry_bytes = 0;
  uint64_t tables_compared = 0;  // with a store's own pages
  uint64_t pages_compared = 0;
  uint64_t index_rows_compared = 0;
  std::string chain_id;
  codec::BlockHeader header;  // the last good one
  base::Hash header_hash;
  base::Hash log_root;  // of all entries, the last header included
  uint64_t log_size = 0;
  // What is wrong first; the audit holds only where both are empty.
  std::optional<state::ReplayFault> fault;  // an entry of the log
  std::string mismatch;                     // something stored beside the log

  bool holds() const { return !fault && mismatch.empty(); }
};

// Audits the entries that `source` gives, up to its end.
// Errors: those of the source; ResourceExhausted or Internal where this machine fails. A log that
// is wrong is no error: the report names the entry.
absl::StatusOr<AuditReport> AuditEntries(state::EntrySource& source, const AuditOptions& options);

// Audits the store in `dir`, which may be in use by a node: its entries as above, then everything
// else that it holds against what the entries give: each page of each table and each row of the
// read-only indexes byte for byte, the tiles, the map of heights. What this cannot show: a fault in
// the code that makes the rows of the indexes, for it is the same that wrote them.
// Errors: as AuditEntries; those of storage::Store::Open.
absl::StatusOr<AuditReport> AuditStore(const std::string& dir, const AuditOptions& options);

}  // namespace tributary::audit

#endif  // TRIBUTARY_AUDIT_AUDIT_H_
