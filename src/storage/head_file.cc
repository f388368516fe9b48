#include "storage/head_file.h"

#include <string_view>

#include "codec/bytes.h"
#include "crypto/hash.h"
#include "storage/database.h"
#include "tributary/base/status.h"

namespace tributary::storage {
namespace {

constexpr std::string_view kMagic = "TRIBHEAD";
constexpr size_t kBodyBytes = 24;
constexpr size_t kSlotBytes = 32;
constexpr size_t kSecondSlot = 512;  // a sector of its own
constexpr size_t kFileBytes = 1024;

std::string EncodeSlot(const Head& head) {
  std::string slot(kMagic);
  slot += EncodeHead(head);
  const base::Hash sum = crypto::Sha256(base::AsBytes(slot));
  codec::AppendBytes(slot, sum.view().first(kSlotBytes - kBodyBytes));
  return slot;
}

std::optional<Head> DecodeSlot(std::string_view slot) {
  const auto head = DecodeHead(slot.substr(kMagic.size(), kBodyBytes - kMagic.size()));
  if (!head || EncodeSlot(*head) != slot) return std::nullopt;
  return head;
}

}  // namespace

absl::Status HeadFile::Create(rocksdb::FileSystem& files, const std::string& path,
                              const Head& head) {
  std::string content = EncodeSlot(head);
  content.resize(kFileBytes, '\0');
  // Replaced as a whole, so that a stop in between leaves the old one.
  const std::string fresh = path + ".new";
  const std::string doing = "writing " + path;
  std::unique_ptr<rocksdb::FSWritableFile> file;
  const rocksdb::IOOptions io;
  TRIBUTARY_RETURN_IF_ERROR(
      FromRocks(files.NewWritableFile(fresh, rocksdb::FileOptions(), &file, nullptr), doing));
  TRIBUTARY_RETURN_IF_ERROR(FromRocks(file->Append(Slice(content), io, nullptr), doing));
  TRIBUTARY_RETURN_IF_ERROR(FromRocks(file->Sync(io, nullptr), doing));
  TRIBUTARY_RETURN_IF_ERROR(FromRocks(file->Close(io, nullptr), doing));
  return FromRocks(files.RenameFile(fresh, path, io, nullptr), doing);
}

absl::StatusOr<std::optional<Head>> HeadFile::Read(rocksdb::FileSystem& files,
                                                   const std::string& path) {
  const rocksdb::IOStatus exists = files.FileExists(path, rocksdb::IOOptions(), nullptr);
  if (exists.IsNotFound()) return std::optional<Head>();
  if (!exists.ok()) return FromRocks(exists, "reading " + path);
  std::unique_ptr<rocksdb::FSRandomAccessFile> file;
  const rocksdb::IOStatus opened =
      files.NewRandomAccessFile(path, rocksdb::FileOptions(), &file, nullptr);
  if (!opened.ok()) return FromRocks(opened, "reading " + path);
  std::optional<Head> newest;
  for (const size_t at : {size_t{0}, kSecondSlot}) {
    char scratch[kSlotBytes];
    rocksdb::Slice slot;
    const rocksdb::IOStatus read =
        file->Read(at, kSlotBytes, rocksdb::IOOptions(), &slot, scratch, nullptr);
    if (!read.ok()) return FromRocks(read, "reading " + path);
    if (slot.size() != kSlotBytes) continue;
    const std::optional<Head> head = DecodeSlot(View(slot));
    if (head && (!newest || head->log_size > newest->log_size)) newest = head;
  }
  if (newest) return newest;
  return base::DataLoss(path +
                        " is damaged: neither of its two slots is valid. If the database beside it "
                        "is whole, remove this file and start again");
}

absl::StatusOr<std::unique_ptr<HeadFile>> HeadFile::Open(rocksdb::FileSystem& files,
                                                         const std::string& path) {
  std::unique_ptr<rocksdb::FSRandomRWFile> file;
  const rocksdb::IOStatus status =
      files.NewRandomRWFile(path, rocksdb::FileOptions(), &file, nullptr);
  if (!status.ok()) return FromRocks(status, "opening " + path);
  return std::unique_ptr<HeadFile>(new HeadFile(std::move(file)));
}

absl::Status HeadFile::Write(const Head& head) {
  const size_t at = head.height.value() % 2 == 0 ? 0 : kSecondSlot;
  return FromRocks(file_->Write(at, Slice(EncodeSlot(head)), rocksdb::IOOptions(), nullptr),
                   "writing the head file");
}

}  // namespace tributary::storage
