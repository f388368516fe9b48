#include "api/record_names.h"

namespace tributary::api {

std::optional<RecordNames::Named> RecordNames::Find(base::RecordSeq record) const {
  const Shard& shard = shards_[record.value() % kShards];
  const std::lock_guard lock(shard.mutex);
  const auto at = shard.names.find(record.value());
  if (at == shard.names.end()) return std::nullopt;
  return at->second;
}

// A full shard starts anew: what is asked for is soon there again.
void RecordNames::Put(base::RecordSeq record, const Named& named) {
  Shard& shard = shards_[record.value() % kShards];
  const std::lock_guard lock(shard.mutex);
  if (shard.names.size() >= kEntriesMax / kShards) shard.names.clear();
  shard.names.emplace(record.value(), named);
}

}  // namespace tributary::api
