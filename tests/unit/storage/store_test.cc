#include "storage/store.h"

#include <sys/wait.h>
#include <unistd.h>

#include "state/memory_pages.h"
#include "unit/storage/fixture.h"

namespace tributary::storage {
namespace {

TEST_F(StoreTest, AnEmptyStoreRecoversToNothing) {
  Fill(0);
  ExpectWhole(0);
}

TEST_F(StoreTest, PagesFollowEachBlockAndAreThereAfterReopening) {
  state::MemoryPages pages;
  {
    const auto store = Open(TestOptions(true));
    ASSERT_NE(store, nullptr);
    for (size_t i = 0; i < History().blocks().size(); ++i) {
      Commit(*store, i, i + 1);
      pages.Apply(History().blocks()[i]);
      ASSERT_EQ(PagesDiffer(store->pages(), pages), "") << "after block " << i;
      ASSERT_EQ(PagesDiffer(*store->Snapshot(), pages), "") << "after block " << i;
    }
  }
  ExpectWhole(History().blocks().size());
}

TEST_F(StoreTest, CachedPagesFollowEachBlock) {
  Options options = TestOptions(true);
  options.page_cache_bytes = 8u << 20;
  const auto store = Open(options);
  ASSERT_NE(store, nullptr);
  for (size_t i = 0; i < History().blocks().size(); ++i) {
    Commit(*store, i, i + 1);
    ASSERT_EQ(PagesDiffer(store->pages(), *store->Snapshot()), "") << "after block " << i;
  }
}

TEST_F(StoreTest, PagesOfClearedTablesAreGone) {
  FillAll();
  state::MemoryPages pages;
  bool cleared = false;
  for (const state::BlockEffects& block : History().blocks()) {
    for (const state::TableUpdate& update : block.tables) {
      cleared = cleared || (update.cleared && pages.RowCount(update.table) > 0);
    }
    pages.Apply(block);
  }
  ASSERT_TRUE(cleared) << "the history clears no table: this test would show nothing";
  const auto database = Database::Open(dir_.path() + "/db", Database::Mode::kRead, TestOptions());
  ASSERT_TRUE(database.ok());
  const std::unique_ptr<rocksdb::Iterator> at(
      (*database)->db().NewIterator({}, (*database)->family(ColumnFamily::kPages)));
  uint64_t stored = 0;
  for (at->SeekToFirst(); at->Valid(); at->Next()) ++stored;
  EXPECT_EQ(stored, pages.page_count());
}

TEST_F(StoreTest, ATableOfManyPagesIsClearedAndGrowsAgain) {
  const state::TableId table{state::TableKind::kTxIds, 3};
  const auto page = [](uint8_t value) {
    auto out = std::make_shared<state::Page>();
    out->fill(value);
    return out;
  };
  const auto store = Open(TestOptions(true));
  state::BlockEffects block = History().blocks()[0];
  const uint64_t per_page = state::RowsPerPage(table.kind);
  block.tables.push_back({table, 1000 * per_page, false});
  for (uint64_t n = 0; n < 1000; ++n) block.pages.push_back({table, n, page(1), {}});
  ASSERT_TRUE(store->Commit(block).ok());
  block = History().blocks()[1];
  block.tables.push_back({table, 2 * per_page, true});
  for (uint64_t n = 0; n < 2; ++n) block.pages.push_back({table, n, page(2), {}});
  ASSERT_TRUE(store->Commit(block).ok());
  const auto snapshot = store->Snapshot();
  state::Page out;
  for (const state::PageSource* pages :
       {&store->pages(), static_cast<const state::PageSource*>(snapshot.get())}) {
    EXPECT_EQ(pages->RowCount(table), 2 * per_page);
    for (const auto& [number, value] :
         {std::pair<uint64_t, uint8_t>{0, 2}, {1, 2}, {2, 0}, {999, 0}}) {
      pages->ReadPage(table, number, out);
      EXPECT_EQ(out, *page(value)) << number;
    }
    EXPECT_FALSE(pages->failed());
  }
}

TEST_F(StoreTest, ASecondOpenIsRefusedAndSaysWhy) {
  Fill(1);
  const auto first = Open(TestOptions());
  const auto second = Store::Open(dir_.path(), TestOptions());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(Text(second.status()).find("another process holds " + dir_.path()), std::string::npos);
}

TEST_F(StoreTest, AStoreThatAnotherProcessHoldsIsRefused) {
  TRIBUTARY_SKIP_WITHOUT_FORK();
  Fill(1);
  int held[2];
  int done[2];
  ASSERT_EQ(pipe(held), 0);
  ASSERT_EQ(pipe(done), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  char byte = 'x';
  if (child == 0) {
    const auto store = Store::Open(dir_.path(), TestOptions());
    if (!store.ok() || write(held[1], &byte, 1) != 1) _exit(1);
    _exit(read(done[0], &byte, 1) == 1 ? 0 : 2);
  }
  close(held[1]);  // so that a child that fails ends the read
  ASSERT_EQ(read(held[0], &byte, 1), 1);
  const auto second = Store::Open(dir_.path(), TestOptions());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition) << second.status();
  EXPECT_NE(Text(second.status()).find("another process holds"), std::string::npos);
  ASSERT_EQ(write(done[1], &byte, 1), 1);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  for (const int pipe_end : {held[0], done[0], done[1]}) close(pipe_end);
  ExpectWhole(1);
}

TEST_F(StoreTest, AStoreIsMadeOnceAndNotByAccident) {
  const auto none = Store::Open(dir_.path(), TestOptions());
  ASSERT_FALSE(none.ok());
  Fill(2);
  const auto again = Store::Open(dir_.path(), TestOptions(true));
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.status().code(), absl::StatusCode::kFailedPrecondition);
  ExpectWhole(2);
}

TEST_F(StoreTest, AReaderOpensBesideTheWriterAndCommitsNothing) {
  const auto writer = Open(TestOptions(true));
  Commit(*writer, 0, 3);
  Options options = TestOptions();
  options.read_only = true;
  const auto reader = Open(options);
  ASSERT_NE(reader, nullptr);
  EXPECT_EQ(reader->head(), writer->head());
  EXPECT_EQ(PagesDiffer(reader->pages(), writer->pages()), "");
  EXPECT_EQ(reader->Commit(History().blocks()[3]).code(), absl::StatusCode::kFailedPrecondition);
  Commit(*writer, 3, 4);
}

TEST_F(StoreTest, AFormatOfAnotherVersionIsRefused) {
  Fill(1);
  Overwrite(ColumnFamily::kDefault, std::string(kFormatKey), "tributary-store/9");
  const auto store = Store::Open(dir_.path(), TestOptions());
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(Text(store.status()).find("tributary-store/9"), std::string::npos);
}

TEST_F(StoreTest, ASnapshotDoesNotSeeLaterBlocks) {
  const auto store = Open(TestOptions(true));
  Commit(*store, 0, 3);
  const auto before = store->Snapshot();
  Commit(*store, 3, History().blocks().size());
  state::MemoryPages pages;
  for (size_t i = 0; i < 3; ++i) pages.Apply(History().blocks()[i]);
  EXPECT_EQ(PagesDiffer(*before, pages), "");
  const Head head = before->head();
  EXPECT_EQ(head.height.value(), 3u);
  EXPECT_EQ(head.log_size, History().blocks()[2].log_size);
  EXPECT_EQ(before->ReadEntry(base::EntryIndex(head.log_size)).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(before->HeaderEntry(base::Height(4)).status().code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(store->ReadEntry(base::EntryIndex(head.log_size)).ok());
  // A header of a later block is in the index by now, but not for this reader.
  const auto later = before->FindTransaction(History().blocks()[4].transactions.front().id);
  ASSERT_TRUE(later.ok());
  EXPECT_FALSE(*later);
}

TEST_F(StoreTest, EntriesHeadersAndTilesReadBack) {
  const auto store = Open(TestOptions(true));
  Commit(*store, 0, History().blocks().size());
  const auto& entries = History().entries();
  for (size_t i = 0; i < entries.size(); ++i) {
    const auto entry = store->ReadEntry(base::EntryIndex(i));
    ASSERT_TRUE(entry.ok()) << entry.status();
    ASSERT_EQ(*entry, entries[i]);
  }
  EXPECT_EQ(store->ReadEntry(base::EntryIndex(entries.size())).status().code(),
            absl::StatusCode::kNotFound);
  const auto snapshot = store->Snapshot();
  for (const state::BlockEffects& block : History().blocks()) {
    const auto header = store->HeaderEntry(block.header.height);
    ASSERT_TRUE(header.ok());
    EXPECT_EQ(header->value(), block.log_size - 1);
    for (const uint64_t at : {block.first_entry.value(), block.log_size - 1}) {
      const auto height = snapshot->HeightOfEntry(base::EntryIndex(at));
      ASSERT_TRUE(height.ok());
      EXPECT_EQ(*height, block.header.height);
    }
  }
  EXPECT_EQ(store->HeaderEntry(base::Height(0)).status().code(), absl::StatusCode::kNotFound);
  const auto tile = store->ReadTile({1, 0});
  ASSERT_TRUE(tile.ok()) << tile.status();
  EXPECT_EQ(tile->size(), 32 * (entries.size() / 256));
  EXPECT_EQ(store->ReadTile({2, 0}).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(StoreTest, ReadEntriesStopsAtEachOfItsLimits) {
  const auto store = Open(TestOptions(true));
  Commit(*store, 0, History().blocks().size());
  const auto& entries = History().entries();
  const auto count = [&](uint64_t first, uint64_t count_max, uint64_t bytes_max) {
    uint64_t seen = 0;
    const auto status = store->ReadEntries(base::EntryIndex(first), count_max, bytes_max,
                                           [&](base::EntryIndex at, std::string_view entry) {
                                             EXPECT_EQ(at.value(), first + seen);
                                             EXPECT_EQ(entry, entries[at.value()]);
                                             ++seen;
                                             return true;
                                           });
    EXPECT_TRUE(status.ok()) << status;
    return seen;
  };
  EXPECT_EQ(count(0, UINT64_MAX, UINT64_MAX), entries.size());
  EXPECT_EQ(count(5, 7, UINT64_MAX), 7u);
  EXPECT_EQ(count(0, 0, UINT64_MAX), 0u);
  EXPECT_EQ(count(entries.size(), 5, UINT64_MAX), 0u);
  EXPECT_EQ(count(2, 100, 1), 1u);
  EXPECT_EQ(count(2, 100, entries[2].size()), 1u);
  EXPECT_EQ(count(2, 100, entries[2].size() + 1), 2u);
}

TEST_F(StoreTest, IndexesLeadToWhatTheBlocksHold) {
  const auto store = Open(TestOptions(true));
  Commit(*store, 0, History().blocks().size());
  const auto snapshot = store->Snapshot();
  for (const state::BlockEffects& block : History().blocks()) {
    for (const state::AppliedTransaction& transaction : block.transactions) {
      const auto place = store->FindTransaction(transaction.id);
      ASSERT_TRUE(place.ok());
      ASSERT_TRUE(*place);
      EXPECT_EQ((*place)->entry, transaction.entry);
      EXPECT_EQ((*place)->height, block.header.height);
    }
  }
  std::vector<uint32_t> models;
  ASSERT_TRUE(snapshot
                  ->RecordsOfKind(static_cast<uint8_t>(codec::RecordKind::kModel), base::Height(0),
                                  [&](base::Height, const std::vector<base::RecordSeq>& records) {
                                    for (const auto seq : records) models.push_back(seq.value());
                                    return true;
                                  })
                  .ok());
  EXPECT_EQ(models, std::vector<uint32_t>{1});

  const auto payouts = [&](state::PayoutState wanted) {
    std::vector<uint64_t> out;
    EXPECT_TRUE(snapshot
                    ->PayoutsInState(wanted, base::PayoutIndex(0),
                                     [&](base::PayoutIndex payout) {
                                       out.push_back(payout.value());
                                       return true;
                                     })
                    .ok());
    return out;
  };
  EXPECT_EQ(payouts(state::PayoutState::kPaid), std::vector<uint64_t>{0});
  EXPECT_EQ(payouts(state::PayoutState::kRequested), std::vector<uint64_t>{1});
  EXPECT_TRUE(payouts(state::PayoutState::kFailed).empty());

  size_t events = 0;
  size_t blocks = 0;
  ASSERT_TRUE(snapshot
                  ->EventsOfAsset(base::RecordSeq(1), base::Height(0),
                                  [&](base::Height, const std::vector<index::EventLine>& lines) {
                                    events += lines.size();
                                    ++blocks;
                                    return true;
                                  })
                  .ok());
  EXPECT_EQ(events, 300u);
  EXPECT_EQ(blocks, 3u);

  std::vector<index::JournalKind> kinds;
  const auto bob = *History().Account("bob");
  ASSERT_TRUE(snapshot
                  ->JournalOfAccount(bob, base::Height(0),
                                     [&](base::Height, const std::vector<index::JournalLine>& l) {
                                       for (const auto& line : l) kinds.push_back(line.kind);
                                       return true;
                                     })
                  .ok());
  EXPECT_EQ(kinds, (std::vector<index::JournalKind>{index::JournalKind::kPayoutRequested,
                                                    index::JournalKind::kPayoutRequested,
                                                    index::JournalKind::kPayoutPaid}));
}

TEST_F(StoreTest, CreditsOfAnAccountAreItsPartOfTheSettlement) {
  const auto store = Open(TestOptions(true));
  Commit(*store, 0, History().blocks().size());
  const auto snapshot = store->Snapshot();
  uint64_t settlements = 0;
  base::Atoms ann;
  for (;; ++settlements) {
    const auto summary = snapshot->SettlementByNumber(settlements);
    ASSERT_TRUE(summary.ok());
    if (!*summary) break;
    base::Atoms all;
    uint64_t count = 0;
    ASSERT_TRUE(snapshot
                    ->CreditsOfSettlement(settlements,
                                          [&](const state::Credit& credit) {
                                            all += credit.amount;
                                            ++count;
                                            return true;
                                          })
                    .ok());
    EXPECT_EQ(all, (*summary)->credited);
    EXPECT_EQ(count, (*summary)->credits);
    if ((*summary)->currency.value() != 0) continue;
    ASSERT_TRUE(snapshot
                    ->CreditsOfAccount(settlements, *History().Account("ann"),
                                       [&](const state::Credit& credit) {
                                         EXPECT_EQ(credit.account, *History().Account("ann"));
                                         ann += credit.amount;
                                         return true;
                                       })
                    .ok());
  }
  EXPECT_EQ(settlements, 2u);
  EXPECT_EQ(ann, History().Balance("ann").credited);
}

TEST_F(StoreTest, CreditsAreFoundAcrossRowsAndBetweenThem) {
  // A settlement of three rows, made by hand: accounts 0..4,999 with two credits each.
  state::BlockEffects block = History().blocks().front();
  state::Settlement settlement{};
  for (uint32_t i = 0; i < 10'000; ++i) {
    if (i / 2 == 77) continue;
    settlement.credits.push_back(
        {base::AccountIndex(i / 2), base::RecordSeq(i % 2), base::Atoms(i + 1)});
  }
  block.settlements.push_back(std::move(settlement));
  const auto store = Open(TestOptions(true));
  ASSERT_TRUE(store->Commit(block).ok());
  const auto snapshot = store->Snapshot();
  for (const uint32_t account : {0u, 76u, 77u, 2047u, 2048u, 2049u, 4095u, 4999u, 5000u}) {
    std::vector<uint64_t> amounts;
    ASSERT_TRUE(snapshot
                    ->CreditsOfAccount(0, base::AccountIndex(account),
                                       [&](const state::Credit& credit) {
                                         amounts.push_back(
                                             static_cast<uint64_t>(credit.amount.value()));
                                         return true;
                                       })
                    .ok());
    const bool has = account != 77 && account < 5000;
    const std::vector<uint64_t> expected =
        has ? std::vector<uint64_t>{account * 2 + 1, account * 2 + 2} : std::vector<uint64_t>{};
    EXPECT_EQ(amounts, expected) << account;
  }
}

}  // namespace
}  // namespace tributary::storage
