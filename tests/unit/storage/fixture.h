// A chain with something in every table, and stores in temporary directories that hold it.
#ifndef TRIBUTARY_TESTS_UNIT_STORAGE_FIXTURE_H_
#define TRIBUTARY_TESTS_UNIT_STORAGE_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "rocksdb/db.h"
#include "storage/database.h"
#include "storage/store.h"
#include "support/chain.h"

// A forked child of a program with threads may not start any under ThreadSanitizer.
#ifdef __SANITIZE_THREAD__
#define TRIBUTARY_SKIP_WITHOUT_FORK() GTEST_SKIP() << "forks after threads"
#else
#define TRIBUTARY_SKIP_WITHOUT_FORK() static_cast<void>(0)
#endif

namespace tributary::storage {

// Accounts, records, revenue, settlements, funding, payouts paid and open. Made once.
const testing::Chain& History();

// "" where two sources hold the same tables, rows and pages; else what differs first.
std::string PagesDiffer(const state::PageSource& a, const state::PageSource& b);

// A directory that is removed with its content.
class TemporaryDir {
 public:
  TemporaryDir();
  ~TemporaryDir();
  TemporaryDir(const TemporaryDir&) = delete;
  TemporaryDir& operator=(const TemporaryDir&) = delete;
  std::string path() const { return path_ + "/data"; }
  std::string Sibling(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

class StoreTest : public ::testing::Test {
 protected:
  // Small caches, so that tests reach the disk.
  static Options TestOptions(bool create = false);
  std::unique_ptr<Store> Open(Options options);
  // A store with the first `blocks` blocks of the history, closed again.
  void Fill(size_t blocks);
  void FillAll() { Fill(History().blocks().size()); }
  void Commit(Store& store, size_t first, size_t last);
  // Changes the closed database behind the store's back; checksums of RocksDB stay right.
  void Overwrite(ColumnFamily family, const std::string& key, const std::string& value);
  void Erase(ColumnFamily family, const std::string& key);
  std::string Get(ColumnFamily family, const std::string& key);
  // What Open and Recover say.
  absl::Status OpenAndRecover();
  // Recovers, and compares everything with the history up to `blocks`.
  void ExpectWhole(size_t blocks);

  TemporaryDir dir_;
};

inline std::string Text(const absl::Status& status) { return std::string(status.message()); }

// The status is DataLoss and its text holds `part`.
void ExpectDataLoss(const absl::Status& status, const std::string& part);

}  // namespace tributary::storage

#endif  // TRIBUTARY_TESTS_UNIT_STORAGE_FIXTURE_H_
