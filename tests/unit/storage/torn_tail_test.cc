// The torn rest of a last write is dropped; a damaged write that was once synced is not.
#include "storage/torn_tail.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "storage/head_file.h"
#include "storage/store_impl.h"
#include "unit/storage/fixture.h"

namespace tributary::storage {
namespace {

class TornTailTest : public StoreTest {
 protected:
  // The write-ahead log of a store that was filled and closed: all blocks are in it.
  std::string WalPath() const {
    std::string newest;
    for (const auto& entry : std::filesystem::directory_iterator(DatabasePath(dir_.path()))) {
      const std::string path = entry.path().string();
      if (entry.path().extension() == ".log" && entry.file_size() > 0) {
        newest = std::max(newest, path);
      }
    }
    return newest;
  }
  static std::string Read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void Write(const std::string& path, const std::string& content) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
  }
  // Where each record ends.
  static std::vector<uint64_t> Ends(const std::string& content) {
    std::vector<uint64_t> ends;
    uint64_t size = ScanLog(content).good_bytes;
    while (size > 0) {
      ends.insert(ends.begin(), size);
      size = ScanLog(std::string_view(content).substr(0, size - 1)).good_bytes;
    }
    return ends;
  }
  // Zeros in the record before `end`, as if a sector of it had not been written.
  static void Tear(std::string& content, uint64_t end) {
    content.replace(end - 600, 512, 512, '\0');
  }
  void AcknowledgeOnly(size_t blocks) {
    const state::BlockEffects& last = History().blocks()[blocks - 1];
    const Head head{last.header.height, last.log_size};
    ASSERT_TRUE(
        HeadFile::Create(*rocksdb::FileSystem::Default(), HeadPath(dir_.path()), head).ok());
  }
};

TEST_F(TornTailTest, AWholeFileHasNothingTorn) {
  Fill(3);
  const std::string content = Read(WalPath());
  const LogScan scan = ScanLog(content);
  EXPECT_EQ(scan.good_bytes, content.size());
  EXPECT_FALSE(scan.bad_at.has_value());
  EXPECT_GE(scan.records, 3u);
  const auto torn = FindTornTails(*rocksdb::FileSystem::Default(), DatabasePath(dir_.path()));
  ASSERT_TRUE(torn.ok()) << torn.status();
  EXPECT_TRUE(torn->empty());
}

TEST_F(TornTailTest, ALastWriteThatNobodyWasToldOfIsDropped) {
  Fill(3);
  std::string content = Read(WalPath());
  Tear(content, content.size());
  Write(WalPath(), content);
  AcknowledgeOnly(2);
  // Reading alone changes nothing and says what to do.
  Options reading = TestOptions();
  reading.read_only = true;
  const auto read = Store::Open(dir_.path(), reading);
  EXPECT_EQ(read.status().code(), absl::StatusCode::kFailedPrecondition) << read.status();
  EXPECT_NE(Text(read.status()).find("start the node once"), std::string::npos) << read.status();
  EXPECT_EQ(Read(WalPath()), content);
  ExpectWhole(2);
  Commit(*Open(TestOptions()), 2, 4);
  ExpectWhole(4);
}

TEST_F(TornTailTest, ALastWriteThatWasAcknowledgedIsMissed) {
  Fill(3);
  std::string content = Read(WalPath());
  Tear(content, content.size());
  Write(WalPath(), content);
  ExpectDataLoss(OpenAndRecover(), "height 3");
}

TEST_F(TornTailTest, DamageBeforeTheLastWriteIsNeverDropped) {
  Fill(4);
  const std::string path = WalPath();
  const std::string good = Read(path);
  const std::vector<uint64_t> ends = Ends(good);
  ASSERT_GE(ends.size(), 4u);
  AcknowledgeOnly(1);
  for (size_t record = 0; record + 1 < ends.size(); ++record) {
    std::string content = good;
    content[ends[record] - 1] ^= 1;
    Write(path, content);
    ExpectDataLoss(OpenAndRecover(), "");
    EXPECT_EQ(Read(path), content) << "nothing is cut off";
  }
}

TEST_F(TornTailTest, EveryPrefixOfAFileIsGoodUpToItsLastWholeRecord) {
  Fill(3);
  const std::string content = Read(WalPath());
  for (uint64_t size = 0; size <= content.size(); size += 131) {
    const LogScan scan = ScanLog(std::string_view(content).substr(0, size));
    EXPECT_FALSE(scan.bad_at.has_value()) << size;
    EXPECT_LE(scan.good_bytes, size);
  }
}

}  // namespace
}  // namespace tributary::storage
