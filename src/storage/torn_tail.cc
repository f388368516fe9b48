#include "storage/torn_tail.h"

#include <algorithm>
#include <array>
#include <memory>

#include "codec/bytes.h"
#include "storage/database.h"
#include "tributary/base/status.h"

namespace tributary::storage {
namespace {

// RocksDB's (and LevelDB's) log format: blocks of 32 KiB; in them fragments of records, each with a
// header of CRC-32C (masked) over type and data, u16 length, u8 type. What is left of a block is
// zero where no header fits.
constexpr uint64_t kBlock = 32'768;
constexpr uint64_t kHeader = 7;
enum FragmentType : uint8_t { kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

constexpr std::array<uint32_t, 256> MakeCrcTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0);
    table[i] = crc;
  }
  return table;
}

uint32_t MaskedCrc32c(std::string_view data) {
  static constexpr std::array<uint32_t, 256> kTable = MakeCrcTable();
  uint32_t crc = 0xffffffffu;
  for (const char c : data) crc = kTable[(crc ^ static_cast<uint8_t>(c)) & 0xff] ^ (crc >> 8);
  crc = ~crc;
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

struct Fragment {
  enum Kind : uint8_t { kGood, kBad, kEnd };
  Kind kind = kBad;
  FragmentType type = kFull;
  uint64_t end = 0;
};

// The fragment at `at`, where a header fits into the block.
Fragment FragmentAt(std::string_view content, uint64_t at) {
  if (at + kHeader > content.size()) return {Fragment::kEnd, kFull, content.size()};
  const uint8_t* header = base::AsBytes(content).data() + at;
  const uint64_t length = codec::LoadLittle<uint16_t>(header + 4);
  const uint8_t type = header[6];
  const uint64_t end = at + kHeader + length;
  if (type < kFull || type > kLast || end > (at / kBlock + 1) * kBlock) return {};
  if (end > content.size()) return {Fragment::kEnd, kFull, content.size()};
  if (MaskedCrc32c(content.substr(at + 6, 1 + length)) != codec::LoadLittle<uint32_t>(header)) {
    return {};
  }
  return {Fragment::kGood, static_cast<FragmentType>(type), end};
}

// The next place at or after `at` where a header may stand.
uint64_t SkipPadding(uint64_t at) {
  const uint64_t left = kBlock - at % kBlock;
  return left < kHeader ? at + left : at;
}

// Whether a record begins anywhere beyond `bad`. Nothing is known after something bad, so every
// place is tried.
bool RecordBeginsAfter(std::string_view content, uint64_t bad) {
  for (uint64_t at = SkipPadding(bad + 1); at + kHeader <= content.size();) {
    const Fragment fragment = FragmentAt(content, at);
    if (fragment.kind != Fragment::kGood) {
      at = SkipPadding(at + 1);
      continue;
    }
    if (fragment.type == kFull || fragment.type == kFirst) return true;
    at = SkipPadding(fragment.end);
  }
  return false;
}

absl::StatusOr<std::string> ReadFile(rocksdb::FileSystem& files, const std::string& path) {
  const std::string doing = "reading " + path;
  std::unique_ptr<rocksdb::FSSequentialFile> file;
  const rocksdb::IOOptions io;
  TRIBUTARY_RETURN_IF_ERROR(
      FromRocks(files.NewSequentialFile(path, rocksdb::FileOptions(), &file, nullptr), doing));
  std::string out;
  std::string scratch(1u << 20, '\0');
  for (;;) {
    rocksdb::Slice got;
    TRIBUTARY_RETURN_IF_ERROR(
        FromRocks(file->Read(scratch.size(), io, &got, scratch.data(), nullptr), doing));
    if (got.empty()) return out;
    out.append(got.data(), got.size());
  }
}

// Numbers of the write-ahead logs, the newest first.
absl::StatusOr<std::vector<std::string>> WriteAheadLogs(rocksdb::FileSystem& files,
                                                        const std::string& path) {
  std::vector<std::string> names;
  TRIBUTARY_RETURN_IF_ERROR(
      FromRocks(files.GetChildren(path, rocksdb::IOOptions(), &names, nullptr), "reading " + path));
  std::vector<std::string> out;
  for (const std::string& name : names) {
    const size_t digits = name.find_first_not_of("0123456789");
    if (digits >= 6 && digits != std::string::npos && name.substr(digits) == ".log") {
      out.push_back(name);
    }
  }
  std::sort(out.begin(), out.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a > b;
  });
  return out;
}

absl::Status WriteFile(rocksdb::FileSystem& files, const std::string& path,
                       std::string_view content) {
  const std::string doing = "writing " + path;
  std::unique_ptr<rocksdb::FSWritableFile> file;
  const rocksdb::IOOptions io;
  TRIBUTARY_RETURN_IF_ERROR(
      FromRocks(files.NewWritableFile(path, rocksdb::FileOptions(), &file, nullptr), doing));
  TRIBUTARY_RETURN_IF_ERROR(FromRocks(file->Append(Slice(content), io, nullptr), doing));
  TRIBUTARY_RETURN_IF_ERROR(FromRocks(file->Sync(io, nullptr), doing));
  return FromRocks(file->Close(io, nullptr), doing);
}

}  // namespace

LogScan ScanLog(std::string_view content) {
  LogScan scan;
  bool inside = false;
  for (uint64_t at = 0; at < content.size();) {
    at = SkipPadding(at);
    const Fragment fragment = FragmentAt(content, at);
    if (fragment.kind == Fragment::kEnd) break;
    const bool fits = fragment.type == kFull || fragment.type == kFirst ? !inside : inside;
    if (fragment.kind == Fragment::kBad || !fits) {
      scan.bad_at = at;
      // A record that begins before the last one has ended is a beginning, too.
      scan.goes_on = fragment.kind == Fragment::kGood || RecordBeginsAfter(content, at);
      break;
    }
    at = fragment.end;
    inside = fragment.type == kFirst || fragment.type == kMiddle;
    if (!inside) {
      ++scan.records;
      scan.good_bytes = at;
    }
  }
  return scan;
}

absl::StatusOr<std::vector<TornFile>> FindTornTails(rocksdb::FileSystem& files,
                                                    const std::string& path) {
  std::vector<TornFile> torn;
  auto current = ReadFile(files, path + "/CURRENT");
  if (!current.ok()) return current.status();
  while (!current->empty() && current->back() == '\n') current->pop_back();
  const auto manifest = ReadFile(files, path + "/" + *current);
  if (!manifest.ok()) return manifest.status();
  if (const LogScan scan = ScanLog(*manifest); scan.torn()) {
    torn.push_back({path + "/" + *current, scan.good_bytes});
  }
  const auto logs = WriteAheadLogs(files, path);
  if (!logs.ok()) return logs.status();
  for (const std::string& name : *logs) {
    const auto content = ReadFile(files, path + "/" + name);
    if (!content.ok()) return content.status();
    const LogScan scan = ScanLog(*content);
    if (scan.torn()) torn.push_back({path + "/" + name, scan.good_bytes});
    // A log is only begun when the one before it is synced to its end.
    if (scan.records > 0 || scan.bad_at) break;
  }
  return torn;
}

absl::Status CutTornTails(rocksdb::FileSystem& files, const std::string& path,
                          const std::vector<TornFile>& torn) {
  const rocksdb::IOOptions io;
  for (const TornFile& file : torn) {
    const auto content = ReadFile(files, file.path);
    if (!content.ok()) return content.status();
    // RocksDB removes files of this name when it opens a database.
    const std::string fresh = path + "/000000.dbtmp";
    TRIBUTARY_RETURN_IF_ERROR(
        WriteFile(files, fresh, std::string_view(*content).substr(0, file.good_bytes)));
    TRIBUTARY_RETURN_IF_ERROR(
        FromRocks(files.RenameFile(fresh, file.path, io, nullptr), "replacing " + file.path));
  }
  std::unique_ptr<rocksdb::FSDirectory> directory;
  const std::string doing = "syncing " + path;
  TRIBUTARY_RETURN_IF_ERROR(FromRocks(files.NewDirectory(path, io, &directory, nullptr), doing));
  return FromRocks(directory->Fsync(io, nullptr), doing);
}

}  // namespace tributary::storage
