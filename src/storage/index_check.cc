#include "storage/index_check.h"

#include <optional>
#include <utility>

#include "storage/schema.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::storage {
namespace {

constexpr size_t kBuckets = 65'536;

// FNV-1a with a last mix. Only tells keys apart that are not chosen to collide; whether there is a
// row too many, the counts tell.
uint64_t HashOf(std::string_view key) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : key) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  hash ^= hash >> 32;
  hash *= 0xd6e8feb86659fd93;
  return hash ^ hash >> 32;
}

// "settlements, key 10ab.., block 17,"
std::string NameOf(std::string_view key, std::optional<base::Height> height) {
  std::string out = "the row with key " + base::ToHex(base::AsBytes(key)) + " of the index " +
                    std::string(index::FamilyName(key));
  if (height) out += ", of block " + std::to_string(height->value()) + ",";
  return out;
}

}  // namespace

IndexCheck::IndexCheck(const ReadSnapshot& snapshot) : snapshot_(snapshot), buckets_(kBuckets) {}

void IndexCheck::Differs(std::string what) {
  if (different_++ == 0) first_difference_ = std::move(what);
}

absl::Status IndexCheck::Block(const state::BlockEffects& effects) {
  const base::Height height = effects.header.height;
  for (index::Row& row : index::IndexRows(effects)) {
    if (row.removed) {
      open_.erase(row.key);
    } else if (index::MayGoAway(row.key)) {
      open_[std::move(row.key)] = {std::move(row.value), height};
    } else {
      TRIBUTARY_RETURN_IF_ERROR(Compare(row.key, {std::move(row.value), height}));
    }
  }
  return absl::OkStatus();
}

absl::Status IndexCheck::Compare(const std::string& key, const Expected& row) {
  const uint64_t hash = HashOf(key);
  Bucket& bucket = buckets_[hash % kBuckets];
  ++bucket.count;
  bucket.sum += hash;
  const absl::StatusOr<std::optional<std::string>> stored = snapshot_.IndexRow(key);
  if (!stored.ok()) return stored.status();
  if (!*stored) {
    Differs(NameOf(key, row.height) + " is missing");
  } else if (**stored != row.value) {
    Differs(NameOf(key, row.height) + " differs from what the log gives");
  } else {
    ++compared_;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> IndexCheck::Finish() {
  for (const auto& [key, row] : open_) TRIBUTARY_RETURN_IF_ERROR(Compare(key, row));
  open_.clear();
  if (different_ == 0) return FindSurplus();
  std::string out = first_difference_;
  if (different_ > 1) out += ", and " + std::to_string(different_ - 1) + " more";
  return out;
}

absl::StatusOr<std::string> IndexCheck::FindSurplus() {
  std::vector<Bucket> stored(kBuckets);
  std::string misplaced;
  TRIBUTARY_RETURN_IF_ERROR(
      snapshot_.IndexRows([&](ColumnFamily family, std::string_view key, std::string_view) {
        if (key.empty() || FamilyOfRow(key) != family) {
          misplaced = NameOf(key, std::nullopt) + " stands in the wrong column family";
          return false;
        }
        const uint64_t hash = HashOf(key);
        ++stored[hash % kBuckets].count;
        stored[hash % kBuckets].sum += hash;
        return true;
      }));
  if (!misplaced.empty() || stored == buckets_) return misplaced;
  return NameSurplus(stored);
}

// Everything that the log gives is there and equal, so each bucket holds that and perhaps more.
absl::StatusOr<std::string> IndexCheck::NameSurplus(const std::vector<Bucket>& stored) {
  uint64_t surplus = 0;
  for (size_t i = 0; i < kBuckets; ++i) surplus += stored[i].count - buckets_[i].count;
  std::string found;
  TRIBUTARY_RETURN_IF_ERROR(
      snapshot_.IndexRows([&](ColumnFamily, std::string_view key, std::string_view) {
        const uint64_t hash = HashOf(key);
        const Bucket& is = stored[hash % kBuckets];
        const Bucket& should = buckets_[hash % kBuckets];
        if (is.count - should.count != 1 || is.sum - should.sum != hash) return true;
        found = NameOf(key, index::HeightInKey(key));
        return false;
      }));
  const std::string rows =
      std::to_string(surplus) + (surplus == 1 ? " index row" : " index rows") + " too many";
  if (found.empty()) return rows + " are stored, that no block gives";
  return found + " is stored, but no block gives it (" + rows + ")";
}

}  // namespace tributary::storage
