// What records are called, remembered from request to request.
#ifndef TRIBUTARY_API_RECORD_NAMES_H_
#define TRIBUTARY_API_RECORD_NAMES_H_

#include <array>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "tributary/base/types.h"

namespace tributary::api {

// A record's id and name never change, and its number is never another one's: what was read once is
// right for every later view that has the record. Explanations name the same few hundred records
// again and again, and to read them takes most of their time.
// Memory: at most kEntriesMax names of at most 200 bytes. Thread safety: all members.
class RecordNames {
 public:
  struct Named {
    std::string id;    // its 32 bytes
    std::string name;  // as ReadContext::RecordName
  };
  static constexpr size_t kEntriesMax = 65'536;

  std::optional<Named> Find(base::RecordSeq record) const;
  void Put(base::RecordSeq record, const Named& named);

 private:
  static constexpr size_t kShards = 16;
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<uint32_t, Named> names;  // guarded by mutex
  };
  std::array<Shard, kShards> shards_;
};

}  // namespace tributary::api

#endif  // TRIBUTARY_API_RECORD_NAMES_H_
