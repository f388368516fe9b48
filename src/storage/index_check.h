// Compares the stored rows of the read-only indexes with those that the log gives, block by block,
// while somebody replays it.
//
// Every row that a block puts is looked up and compared byte for byte. Rows that nobody put are
// found by tallies: keys are spread over a fixed number of buckets, each of which counts and adds
// up the hashes of the keys that belong there. A bucket that holds one key too many gives that
// key's hash by the difference, and a scan names it.
//
// Limits: the rows come from the same index::IndexRows that wrote them, so a fault in it is not
// found here; its own tests are there for that. Memory: 1 MiB, and a few bytes for each payout that
// is open at once.
// Thread safety: none. Ownership: the snapshot outlives it.
#ifndef TRIBUTARY_STORAGE_INDEX_CHECK_H_
#define TRIBUTARY_STORAGE_INDEX_CHECK_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "index/rows.h"
#include "state/effects.h"
#include "storage/store.h"

namespace tributary::storage {

class IndexCheck {
 public:
  explicit IndexCheck(const ReadSnapshot& snapshot);

  // Takes in the next block of the log. A difference is kept for Finish and is no error.
  // Errors: those of reading the store.
  absl::Status Block(const state::BlockEffects& effects);

  // After the last block of the snapshot: what differs first, in the order of the log, then what is
  // there although no block gave it: which index, key and block. Empty where nothing differs.
  absl::StatusOr<std::string> Finish();

  // Rows found equal so far.
  uint64_t compared() const { return compared_; }

 private:
  struct Bucket {
    uint64_t count = 0;
    uint64_t sum = 0;  // of the hashes of its keys, modulo 2^64
    friend bool operator==(const Bucket&, const Bucket&) = default;
  };
  struct Expected {
    std::string value;
    base::Height height;
  };

  absl::Status Compare(const std::string& key, const Expected& row);
  void Differs(std::string what);
  absl::StatusOr<std::string> FindSurplus();
  absl::StatusOr<std::string> NameSurplus(const std::vector<Bucket>& stored);

  const ReadSnapshot& snapshot_;
  std::vector<Bucket> buckets_;
  std::map<std::string, Expected> open_;  // rows that a later block may take away again
  uint64_t compared_ = 0;
  uint64_t different_ = 0;
  std::string first_difference_;
};

}  // namespace tributary::storage

#endif  // TRIBUTARY_STORAGE_INDEX_CHECK_H_
