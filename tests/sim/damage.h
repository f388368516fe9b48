// Damage to what a store holds: single bytes of stored values, changed through the storage
// interface so that RocksDB's own checksums are right, and single bits of its files.
#ifndef TRIBUTARY_TESTS_SIM_DAMAGE_H_
#define TRIBUTARY_TESTS_SIM_DAMAGE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "codec/header.h"
#include "sim/memory_disk.h"
#include "sim/workload.h"
#include "storage/database.h"

namespace tributary::sim {

struct DamageReport {
  uint64_t bytes = 0;  // of stored values, changed one at a time
  uint64_t bits = 0;   // of files
  uint64_t found_by_check = 0;
  uint64_t found_by_audit = 0;
  uint64_t found_at_start = 0;            // of the files: a node would not have started
  uint64_t harmless = 0;                  // an audit ends at the same roots
  std::map<std::string, uint64_t> named;  // how it was told, without the numbers
};

class Damage {
 public:
  // A store with `blocks` blocks, partly in table files and partly in the write-ahead log.
  Damage(uint64_t seed, size_t blocks);

  uint64_t stored_bytes() const;  // in all values together
  uint64_t file_bits() const;

  // Changes one byte of a value, looks, and changes it back; or flips one bit of a file of a copy.
  // Errors: Internal where it was not found and is not harmless either.
  absl::Status ChangeByte(uint64_t position);
  absl::Status FlipBit(uint64_t position);
  absl::Status ChangeAnyByte() { return ChangeByte(random_() % stored_bytes()); }
  absl::Status FlipAnyBit() { return FlipBit(random_() % file_bits()); }

  const DamageReport& report() const { return report_; }

 private:
  struct Value {
    storage::ColumnFamily family;
    std::string key;
    std::string value;
  };
  struct Seen {
    absl::Status check;
    std::string audit;  // what is wrong; "" where nothing is
    bool same_end = false;
  };

  void ReadValues();
  Seen Look(const std::shared_ptr<MemoryDisk>& disk);
  absl::Status Start(const std::shared_ptr<MemoryDisk>& disk) const;
  void Name(const std::string& text);

  std::mt19937_64 random_;
  Workload workload_;
  std::shared_ptr<MemoryDisk> disk_;       // as it was closed
  std::shared_ptr<MemoryDisk> open_disk_;  // of the values
  std::unique_ptr<storage::Database> database_;
  std::vector<Value> values_;
  std::vector<uint64_t> ends_;  // of each value, in all of them
  uint64_t changes_ = 0;
  DamageReport report_;
};

}  // namespace tributary::sim

#endif  // TRIBUTARY_TESTS_SIM_DAMAGE_H_
