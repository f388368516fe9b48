// What happens when writing fails, or the process ends, in the middle of a commit.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>

#include "rocksdb/file_system.h"
#include "unit/storage/fixture.h"

namespace tributary::storage {
namespace {

// Fails writes to write-ahead logs while `failing`.
class FaultyFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyFile(std::unique_ptr<rocksdb::FSWritableFile> file, const std::atomic<bool>& failing)
      : FSWritableFileOwnerWrapper(std::move(file)), failing_(failing) {}
  using FSWritableFileOwnerWrapper::Append;
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
    if (failing_) return rocksdb::IOStatus::NoSpace("planted");
    return FSWritableFileOwnerWrapper::Append(data, options, debug);
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo& info,
                           rocksdb::IODebugContext* debug) override {
    if (failing_) return rocksdb::IOStatus::NoSpace("planted");
    return FSWritableFileOwnerWrapper::Append(data, options, info, debug);
  }
  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                         rocksdb::IODebugContext* debug) override {
    if (failing_) return rocksdb::IOStatus::IOError("planted");
    return FSWritableFileOwnerWrapper::Sync(options, debug);
  }

 private:
  const std::atomic<bool>& failing_;
};

// The same for the head file.
class FaultyRandomFile final : public rocksdb::FSRandomRWFileOwnerWrapper {
 public:
  FaultyRandomFile(std::unique_ptr<rocksdb::FSRandomRWFile> file, const std::atomic<bool>& failing)
      : FSRandomRWFileOwnerWrapper(std::move(file)), failing_(failing) {}
  rocksdb::IOStatus Write(uint64_t at, const rocksdb::Slice& data,
                          const rocksdb::IOOptions& options,
                          rocksdb::IODebugContext* debug) override {
    if (failing_) return rocksdb::IOStatus::IOError("planted");
    return FSRandomRWFileOwnerWrapper::Write(at, data, options, debug);
  }

 private:
  const std::atomic<bool>& failing_;
};

class FaultyFiles final : public rocksdb::FileSystemWrapper {
 public:
  FaultyFiles() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "FaultyFiles"; }
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* out,
                                    rocksdb::IODebugContext* debug) override {
    std::unique_ptr<rocksdb::FSWritableFile> file;
    rocksdb::IOStatus status = target()->NewWritableFile(path, options, &file, debug);
    if (status.ok()) *out = std::make_unique<FaultyFile>(std::move(file), failing);
    return status;
  }
  rocksdb::IOStatus NewRandomRWFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSRandomRWFile>* out,
                                    rocksdb::IODebugContext* debug) override {
    std::unique_ptr<rocksdb::FSRandomRWFile> file;
    rocksdb::IOStatus status = target()->NewRandomRWFile(path, options, &file, debug);
    if (status.ok()) *out = std::make_unique<FaultyRandomFile>(std::move(file), head_failing);
    return status;
  }
  std::atomic<bool> failing{false};
  std::atomic<bool> head_failing{false};
};

using FaultTest = StoreTest;

TEST_F(FaultTest, AWriteThatFailsLatchesTheStoreUntilItIsReopened) {
  const auto files = std::make_shared<FaultyFiles>();
  Options options = TestOptions(true);
  options.file_system = files;
  {
    const auto store = Open(options);
    ASSERT_NE(store, nullptr);
    Commit(*store, 0, 3);
    files->failing = true;
    const absl::Status failed = store->Commit(History().blocks()[3]);
    EXPECT_EQ(failed.code(), absl::StatusCode::kUnavailable) << failed;
    EXPECT_NE(Text(failed).find("committing height 4"), std::string::npos) << failed;
    EXPECT_NE(Text(failed).find("disk is full"), std::string::npos) << failed;
    files->failing = false;
    EXPECT_EQ(store->Commit(History().blocks()[3]), failed) << "latched";
    EXPECT_EQ(store->head().height.value(), 3u);
    state::MemoryPages pages;
    for (size_t i = 0; i < 3; ++i) pages.Apply(History().blocks()[i]);
    EXPECT_EQ(PagesDiffer(store->pages(), pages), "") << "nothing of the block shows";
  }
  ExpectWhole(3);
  const auto store = Open(TestOptions());
  Commit(*store, 3, History().blocks().size());
}

TEST_F(FaultTest, ABlockThatCouldNotBeAcknowledgedLatchesAndIsThereAfterReopening) {
  const auto files = std::make_shared<FaultyFiles>();
  Options options = TestOptions(true);
  options.file_system = files;
  {
    const auto store = Open(options);
    ASSERT_NE(store, nullptr);
    Commit(*store, 0, 3);
    files->head_failing = true;
    const absl::Status failed = store->Commit(History().blocks()[3]);
    EXPECT_EQ(failed.code(), absl::StatusCode::kUnavailable) << failed;
    files->head_failing = false;
    EXPECT_EQ(store->Commit(History().blocks()[3]), failed) << "latched by the store itself";
    EXPECT_EQ(store->head().height.value(), 3u);
  }
  ExpectWhole(4);
}

TEST_F(FaultTest, AKillAtAnyStepLeavesTheBlockWholeOrNotAtAll) {
  TRIBUTARY_SKIP_WITHOUT_FORK();
  const std::pair<const char*, bool> steps[] = {{"before_batch", false},
                                                {"after_build", false},
                                                {"before_write", false},
                                                {"after_write", true}};
  Fill(2);
  size_t blocks = 2;
  for (const auto& [name, there] : steps) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const std::string wanted = name;
      Options options = TestOptions();
      options.at_step = [&wanted](std::string_view step) {
        if (step == wanted) _exit(7);
      };
      auto store = Store::Open(dir_.path(), options);
      if (!store.ok()) _exit(8);
      _exit((*store)->Commit(History().blocks()[blocks]).ok() ? 9 : 10);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    ASSERT_EQ(WEXITSTATUS(status), 7) << name;
    if (there) ++blocks;
    ExpectWhole(blocks);
  }
}

}  // namespace
}  // namespace tributary::storage
