// Snapshots: what is written is restored, and nothing that was changed on the way is.
#include <filesystem>
#include <fstream>

#include "crypto/hash.h"
#include "merkle/log_proofs.h"
#include "state/resident.h"
#include "storage/snapshot.h"
#include "unit/storage/fixture.h"

namespace tributary::storage {
namespace {

namespace fs = std::filesystem;

constexpr size_t kSmallChunk = 6'000;  // several of them

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void WriteAll(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

class SnapshotTest : public StoreTest {
 protected:
  std::string dir() const { return dir_.Sibling("snapshots"); }
  std::string target() const { return dir_.Sibling("restored"); }

  // A store with the first `blocks` of the history, and its snapshot.
  SnapshotInfo Make(size_t blocks, size_t chunk_bytes = kSmallChunk, uint64_t engine_height = 0) {
    if (!fs::exists(dir_.path())) Fill(blocks);
    const auto store = Open(TestOptions());
    auto info = CreateSnapshot(*store->Snapshot(), engine_height, dir(), chunk_bytes);
    EXPECT_TRUE(info.ok()) << info.status();
    return info.ok() ? *info : SnapshotInfo();
  }

  std::unique_ptr<Store> Restored(const SnapshotInfo& info) {
    const auto done = RestoreSnapshot(info.path, target(), TestOptions(), info.header_hash);
    EXPECT_TRUE(done.ok()) << done.status();
    auto store = Store::Open(target(), TestOptions());
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }

  absl::Status Verify(const SnapshotInfo& info) { return VerifySnapshot(info.path).status(); }
};

size_t All() { return History().blocks().size(); }

// Blocks from `first` on give the same headers in a store that was restored.
void GoOn(Store& store, size_t first) {
  state::Resident resident((state::TagKey()));
  const absl::Status recovered = store.Recover(resident);
  ASSERT_TRUE(recovered.ok()) << recovered;
  for (size_t i = first; i < All(); ++i) {
    const state::BlockEffects& block = History().blocks()[i];
    ASSERT_TRUE(store.Commit(block).ok());
    resident.Apply(block);
    ASSERT_EQ(resident.StateRoot(), block.header.state_root);
    ASSERT_EQ(resident.log().Root(), block.log_root);
  }
}

TEST_F(SnapshotTest, ARestoredStoreHasTheSameStateAndGoesOnToTheSameRoots) {
  for (const size_t blocks : {size_t{1}, All() - 1}) {
    SCOPED_TRACE(blocks);
    fs::remove_all(dir_.path());
    fs::remove_all(dir());
    fs::remove_all(target());
    const SnapshotInfo info = Make(blocks, kSmallChunk, 77);
    const state::BlockEffects& last = History().blocks()[blocks - 1];
    EXPECT_EQ(info.height, last.header.height);
    EXPECT_EQ(info.header_hash, last.header_hash);
    {
      const auto store = Restored(info);
      ASSERT_NE(store, nullptr);
      const auto original = Open(TestOptions());
      EXPECT_EQ(PagesDiffer(*store->Snapshot(), *original->Snapshot()), "");
      EXPECT_EQ(store->head(), original->head());
      EXPECT_EQ(store->engine_height(), 77u);
      GoOn(*store, blocks);
    }
    const auto again = Store::Open(target(), TestOptions());  // also from the disk
    ASSERT_TRUE(again.ok()) << again.status();
    state::Resident resident((state::TagKey()));
    EXPECT_TRUE((*again)->Recover(resident).ok());
    EXPECT_EQ(resident.StateRoot(), History().blocks().back().header.state_root);
  }
}

TEST_F(SnapshotTest, TwoNodesWriteTheSameBytes) {
  const SnapshotInfo info = Make(All());
  const auto store = Restored(info);
  ASSERT_NE(store, nullptr);
  const auto second =
      CreateSnapshot(*store->Snapshot(), 0, dir_.Sibling("of the other"), kSmallChunk);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->hash, info.hash);
  for (const auto& file : fs::directory_iterator(info.path)) {
    const std::string name = file.path().filename().string();
    EXPECT_EQ(ReadAll(info.path + "/" + name), ReadAll(second->path + "/" + name)) << name;
  }
}

TEST_F(SnapshotTest, CommitsGoOnWhileOneIsMadeAndDoNotShow) {
  Fill(3);
  const auto store = Open(TestOptions());
  const auto view = store->Snapshot();
  Commit(*store, 3, All());
  const auto info = CreateSnapshot(*view, 0, dir(), kSmallChunk);
  ASSERT_TRUE(info.ok()) << info.status();
  EXPECT_EQ(info->header_hash, History().blocks()[2].header_hash);
}

TEST_F(SnapshotTest, EveryByteThatWasChangedIsFoundAndItsFileNamed) {
  const SnapshotInfo info = Make(2, 1'000);
  ASSERT_GT(info.chunks, 1u);
  uint64_t tried = 0;
  for (const auto& file : fs::directory_iterator(info.path)) {
    const std::string path = file.path().string();
    const std::string name = file.path().filename().string();
    const std::string good = ReadAll(path);
    // The decoders see every byte; the files themselves a few.
    const auto manifest = DecodeManifest(ReadAll(info.path + "/manifest"));
    ASSERT_TRUE(manifest.ok());
    for (size_t at = 0; at < good.size(); ++at) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ (1 << at % 8));
      ++tried;
      if (name == "manifest") {
        ExpectDataLoss(DecodeManifest(bad).status(), "the manifest is damaged");
      } else {
        EXPECT_NE(crypto::Sha256(base::AsBytes(bad)),
                  manifest->chunks[static_cast<size_t>(std::stoi(name.substr(6)))]);
      }
      if (at % 997 != 0) continue;
      WriteAll(path, bad);
      ExpectDataLoss(Verify(info), name);
    }
    WriteAll(path, good);
  }
  EXPECT_GT(tried, 3'000u);
  EXPECT_TRUE(Verify(info).ok());
}

TEST_F(SnapshotTest, TruncatedReorderedAndMissingChunksAreRefused) {
  const SnapshotInfo info = Make(All());
  ASSERT_GT(info.chunks, 2u);
  const std::string first = info.path + "/chunk-00000";
  const std::string second = info.path + "/chunk-00001";
  const std::string good = ReadAll(first);
  WriteAll(first, good.substr(0, good.size() - 1));
  ExpectDataLoss(Verify(info), "chunk 0 is not the one of the manifest");
  WriteAll(first, ReadAll(second));
  ExpectDataLoss(Verify(info), "chunk 0 is not the one of the manifest");
  fs::remove(first);
  ExpectDataLoss(Verify(info), "chunk-00000 is missing");
  WriteAll(first, good);
  const std::string manifest = ReadAll(info.path + "/manifest");
  WriteAll(info.path + "/manifest", manifest.substr(0, manifest.size() - 40));
  ExpectDataLoss(Verify(info), "the manifest is damaged");
}

TEST_F(SnapshotTest, TheChunksOfAnotherHeightAreRefused) {
  const SnapshotInfo early = Make(3);
  fs::remove_all(dir_.path());
  const SnapshotInfo late = Make(All());
  WriteAll(late.path + "/manifest", ReadAll(early.path + "/manifest"));
  ExpectDataLoss(Verify(late), "is not the one of the manifest");
  const auto restored = RestoreSnapshot(early.path, target(), TestOptions(), late.header_hash);
  ExpectDataLoss(restored.status(), "has a header of hash");
}

// A manifest of somebody who can hash: only the state root of a header that one trusts helps.
TEST_F(SnapshotTest, PagesThatDoNotGiveTheStateRootAreRefused) {
  const SnapshotInfo info = Make(All());
  auto manifest = DecodeManifest(ReadAll(info.path + "/manifest"));
  ASSERT_TRUE(manifest.ok());
  std::string chunk = ReadAll(info.path + "/chunk-00001");
  chunk[chunk.size() / 2] = static_cast<char>(chunk[chunk.size() / 2] ^ 1);
  manifest->chunks[1] = crypto::Sha256(base::AsBytes(chunk));
  WriteAll(info.path + "/chunk-00001", chunk);
  WriteAll(info.path + "/manifest", EncodeManifest(*manifest));
  const auto restored = RestoreSnapshot(info.path, target(), TestOptions(), info.header_hash);
  ExpectDataLoss(restored.status(), "the pages give the state root");
  EXPECT_FALSE(fs::exists(target() + "/db"));
}

TEST_F(SnapshotTest, ALogEdgeThatDoesNotGiveTheLogRootIsRefused) {
  const SnapshotInfo info = Make(All());
  auto manifest = DecodeManifest(ReadAll(info.path + "/manifest"));
  ASSERT_TRUE(manifest.ok());
  manifest->edge[0][0].bytes[5] ^= 1;
  ExpectDataLoss(RestoreEdge(*manifest).status(), "edge of the log");
}

TEST_F(SnapshotTest, ARestoreNeverTakesTheStoreThatIsThere) {
  const SnapshotInfo info = Make(2);
  const auto restored = RestoreSnapshot(info.path, dir_.path(), TestOptions(), std::nullopt);
  EXPECT_EQ(restored.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(Open(TestOptions()), nullptr);
}

TEST_F(SnapshotTest, OldOnesGoAndTheNewestStay) {
  Fill(1);
  for (size_t blocks = 1; blocks <= 4; ++blocks) {
    const auto store = Open(TestOptions());
    if (blocks > 1) Commit(*store, blocks - 1, blocks);
    ASSERT_TRUE(CreateSnapshot(*store->Snapshot(), 0, dir(), kSmallChunk).ok());
  }
  fs::create_directories(dir() + "/making-snapshot-1");
  ASSERT_TRUE(PruneSnapshots(dir(), 2).ok());
  const auto left = ListSnapshots(dir());
  ASSERT_TRUE(left.ok());
  ASSERT_EQ(left->size(), 2u);
  EXPECT_EQ((*left)[0].height, base::Height(3));
  EXPECT_EQ((*left)[1].height, base::Height(4));
  EXPECT_FALSE(fs::exists(dir() + "/making-snapshot-1"));
}

class HistoryTest : public SnapshotTest {
 protected:
  // Entries of the whole history below the snapshot's header.
  std::vector<std::string> Earlier(const Store& store) {
    std::vector<std::string> out;
    for (const state::BlockEffects& block : History().blocks()) {
      for (const std::string& entry : block.entries) {
        if (out.size() < store.history().first_entry) out.push_back(entry);
      }
    }
    return out;
  }
};

TEST_F(HistoryTest, ARestoredStoreSaysWhatItLacks) {
  const SnapshotInfo info = Make(All() - 1);
  const auto store = Restored(info);
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(store->history().height, info.height);
  EXPECT_EQ(store->history().first_entry, info.log_size - 1);
  EXPECT_FALSE(store->history().log_complete());
  const auto entry = store->ReadEntry(base::EntryIndex(0));
  EXPECT_EQ(entry.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(Text(entry.status()).find("restored from a snapshot of block"), std::string::npos);
  EXPECT_TRUE(store->ReadEntry(base::EntryIndex(info.log_size - 1)).ok());
  const auto view = store->Snapshot();
  EXPECT_TRUE(absl::IsUnavailable(view->HeaderEntry(base::Height(1)).status()));
  EXPECT_TRUE(absl::IsUnavailable(view->ReadTile({0, 0}).status()));
  EXPECT_TRUE(absl::IsUnavailable(view->FindTransaction(base::TxId()).status()));
  EXPECT_TRUE(absl::IsUnavailable(view->SettlementByNumber(0).status()));
  EXPECT_TRUE(view->SettlementByNumber(1'000'000).ok());
  const auto any = [](base::Height, const auto&) { return true; };
  EXPECT_TRUE(absl::IsUnavailable(view->RecordsOfKind(1, base::Height(0), any)));
  EXPECT_TRUE(view->RecordsOfKind(1, info.height.Next(), any).ok());
}

TEST_F(HistoryTest, WhatTheStateItselfSaysIsServedAtOnce) {
  const SnapshotInfo info = Make(All());
  const auto store = Restored(info);
  ASSERT_NE(store, nullptr);
  const auto original = Open(TestOptions());
  const auto here = store->Snapshot();
  const auto there = original->Snapshot();
  for (const auto payout_state : {state::PayoutState::kRequested, state::PayoutState::kPaid}) {
    std::vector<uint64_t> left, right;
    const base::PayoutIndex first(0);
    ASSERT_TRUE(here->PayoutsInState(payout_state, first,
                                     [&](base::PayoutIndex n) {
                                       left.push_back(n.value());
                                       return true;
                                     })
                    .ok());
    ASSERT_TRUE(there
                    ->PayoutsInState(payout_state, first,
                                     [&](base::PayoutIndex n) {
                                       right.push_back(n.value());
                                       return true;
                                     })
                    .ok());
    EXPECT_EQ(left, right);
  }
  const auto totals = here->TotalsAt(base::CurrencyIndex(0), info.height);
  ASSERT_TRUE(totals.ok()) << totals.status();
  EXPECT_EQ(totals->reported, there->TotalsAt(base::CurrencyIndex(0), info.height)->reported);
}

TEST_F(HistoryTest, EntriesArePutBackPieceByPieceAndThenTheLogIsWhole) {
  const size_t blocks = All() - 1;
  const SnapshotInfo info = Make(blocks);
  auto store = Restored(info);
  ASSERT_NE(store, nullptr);
  const std::vector<std::string> earlier = Earlier(*store);
  ASSERT_GT(earlier.size(), 300u);
  for (size_t at = 0; at < earlier.size();) {
    const size_t count = std::min<size_t>(at % 2 == 0 ? 37 : 64, earlier.size() - at);
    const absl::Status status =
        store->FillHistory({earlier.begin() + static_cast<ptrdiff_t>(at),
                            earlier.begin() + static_cast<ptrdiff_t>(at + count)});
    ASSERT_TRUE(status.ok()) << status;
    at += count;
    if (at % 3 == 0) {  // as after a restart
      store.reset();
      store = *Store::Open(target(), TestOptions());
      ASSERT_EQ(store->history().filled, at);
    }
  }
  EXPECT_TRUE(store->history().log_complete());
  EXPECT_TRUE(store->CheckLog().ok()) << store->CheckLog();
  GoOn(*store, blocks);
  EXPECT_TRUE(store->CheckLog().ok()) << store->CheckLog();
  store.reset();
  // The log is the truth: a repair makes the store that has everything.
  const auto repaired = Repair(target(), TestOptions());
  ASSERT_TRUE(repaired.ok()) << repaired.status();
  store = *Store::Open(target(), TestOptions());
  EXPECT_TRUE(store->history().complete());
  EXPECT_TRUE(store->Snapshot()->SettlementByNumber(0).ok());
}

TEST_F(HistoryTest, AnEntryThatIsNotOfThisLogIsFound) {
  const SnapshotInfo info = Make(All());
  const auto store = Restored(info);
  ASSERT_NE(store, nullptr);
  const std::vector<std::string> earlier = Earlier(*store);
  std::vector<std::string> bad = earlier;
  bad[0][7] ^= 1;
  ExpectDataLoss(store->FillHistory(bad), "entry 0 is not that of this chain");
  bad = earlier;
  bad[3].back() ^= 1;  // a transaction: the header behind it tells
  ExpectDataLoss(store->FillHistory(bad), "its log root is not that of the entries before it");
  EXPECT_EQ(store->history().filled, 0u);
  bad = earlier;
  bad.back().back() ^= 1;  // the last one before the snapshot's header
  ASSERT_TRUE(store->FillHistory({bad.begin(), bad.begin() + 280}).ok());
  const absl::Status status = store->FillHistory({bad.begin() + 280, bad.end()});
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_TRUE(store
                  ->FillHistory({earlier.begin() + static_cast<ptrdiff_t>(store->history().filled),
                                 earlier.end()})
                  .ok());
  EXPECT_TRUE(store->CheckLog().ok());
}

}  // namespace
}  // namespace tributary::storage
