// Start-up: what is stored, against itself, and into memory.
#include <algorithm>

#include "codec/header.h"
#include "crypto/hash.h"
#include "merkle/log_proofs.h"
#include "merkle/log_tree.h"
#include "storage/store_impl.h"
#include "tributary/base/status.h"

namespace tributary::storage {
namespace {

// Reads every page in order at the speed of a scan, past the caches. A few tables may be read side
// by side: each goes on where it was, for a seek throws away what was read ahead.
class ScanPages final : public state::PageSource {
 public:
  ScanPages(const Database& database, const WriterPages& counts)
      : database_(database), counts_(counts) {}

  uint64_t RowCount(state::TableId table) const override { return counts_.RowCount(table); }
  std::vector<state::TableId> Tables() const override { return counts_.Tables(); }
  bool failed() const override { return !status_.ok(); }
  const absl::Status& status() const { return status_; }

  void ReadPage(state::TableId table, uint64_t number, state::Page& out) const override {
    const std::string key = PageKey(table, number);
    rocksdb::Iterator& at = In(table);
    if (!at.Valid() || View(at.key()) != key) at.Seek(key);
    absl::Status status = FromRocks(at.status(), "reading " + NameOfPage(table, number));
    if (status.ok()) {
      std::optional<std::string> value;
      if (at.Valid() && View(at.key()) == key) value = at.value().ToString();
      status = TakePage(table, number, RowCount(table), value, out);
      if (value) at.Next();
    } else {
      out.fill(0);
    }
    if (!status.ok() && status_.ok()) status_ = std::move(status);
  }

 private:
  struct Cursor {
    state::TableId table;
    std::unique_ptr<rocksdb::Iterator> at;
  };
  // Records, their edges and authors are read side by side.
  static constexpr size_t kCursorsMax = 4;

  // The iterator that read this table last, or a new one in place of the one used longest ago.
  rocksdb::Iterator& In(state::TableId table) const {
    const auto known = std::find_if(cursors_.begin(), cursors_.end(),
                                    [table](const Cursor& one) { return one.table == table; });
    if (known != cursors_.end()) {
      std::rotate(cursors_.begin(), known, known + 1);
      return *cursors_.front().at;
    }
    if (cursors_.size() == kCursorsMax) cursors_.pop_back();
    rocksdb::ReadOptions options;
    options.verify_checksums = true;
    options.fill_cache = false;
    options.readahead_size = 2u << 20;
    rocksdb::Iterator* made =
        database_.db().NewIterator(options, database_.family(ColumnFamily::kPages));
    cursors_.insert(cursors_.begin(), {table, std::unique_ptr<rocksdb::Iterator>(made)});
    return *made;
  }

  const Database& database_;
  const WriterPages& counts_;
  mutable std::vector<Cursor> cursors_;  // used last first
  mutable absl::Status status_;
};

// The checks of Recover, in order; each says what does not fit.
class SelfCheck {
 public:
  SelfCheck(const Store& store, const Reader& reader) : store_(store), reader_(reader) {}

  absl::Status Run() {
    TRIBUTARY_RETURN_IF_ERROR(Header());
    TRIBUTARY_RETURN_IF_ERROR(Heights());
    TRIBUTARY_RETURN_IF_ERROR(Leaves());
    return Roots();
  }
  const std::string& header_bytes() const { return header_bytes_; }
  merkle::LogTree TakeLog() { return std::move(log_); }

 private:
  uint64_t log_size() const { return reader_.head().log_size; }
  base::EntryIndex last() const { return base::EntryIndex(log_size() - 1); }

  absl::Status Header() {
    auto bytes = reader_.ReadEntry(last());
    if (!bytes.ok()) return bytes.status();
    header_bytes_ = *std::move(bytes);
    const auto header = codec::DecodeHeader(base::AsBytes(header_bytes_));
    const std::string name = "entry " + std::to_string(last().value()) + ", the last one,";
    if (!header) return base::DataLoss(name + " is no header: " + header.rejection().ToString());
    header_ = *header;
    if (header_.height != reader_.head().height) {
      return base::DataLoss(name + " is the header of height " +
                            std::to_string(header_.height.value()) + ", but the head says " +
                            std::to_string(reader_.head().height.value()));
    }
    if (header_.log_size != last().value()) {
      return base::DataLoss(name + " states a log size of " + std::to_string(header_.log_size));
    }
    return absl::OkStatus();
  }

  // The map of heights at the head, and the header before this one.
  absl::Status Heights() {
    const auto entry = reader_.HeaderEntry(header_.height);
    if (!entry.ok()) return entry.status();
    if (*entry != last()) return base::DataLoss("the map of heights does not lead to the header");
    // Where the store was restored at this height, nothing stands before it.
    if (header_.first_entry.value() == 0 || header_.height == reader_.history().height) {
      return absl::OkStatus();
    }
    const base::EntryIndex before(header_.first_entry.value() - 1);
    const auto previous = reader_.HeaderEntry(base::Height(header_.height.value() - 1));
    if (!previous.ok()) return previous.status();
    const auto bytes = reader_.ReadEntry(before);
    if (!bytes.ok()) return bytes.status();
    if (*previous != before ||
        codec::HeaderHash(base::AsBytes(*bytes)) != header_.previous_header) {
      return base::DataLoss("entry " + std::to_string(before.value()) +
                            " is not the header that the last one names");
    }
    return absl::OkStatus();
  }

  // Leaf hashes of the last block's entries, recomputed from the entries.
  absl::Status Leaves() {
    absl::Status wrong;
    const absl::Status read = reader_.ReadEntries(
        First(), UINT64_MAX, UINT64_MAX, [&](base::EntryIndex index, std::string_view entry) {
          wrong = Leaf(index, entry);
          return wrong.ok();
        });
    return read.ok() ? wrong : read;
  }

  // The first entry of the last block that is there.
  base::EntryIndex First() const {
    return std::max(header_.first_entry, base::EntryIndex(reader_.history().first_entry));
  }

  absl::Status Leaf(base::EntryIndex index, std::string_view entry) {
    const auto leaf = merkle::LeafAt(store_, index.value(), log_size());
    if (!leaf.ok()) return leaf.status();
    if (*leaf == crypto::LeafHash(base::AsBytes(entry))) return absl::OkStatus();
    return base::DataLoss("entry " + std::to_string(index.value()) +
                          " does not match its leaf hash in tile 0/" +
                          std::to_string(index.value() / merkle::kTileWidth));
  }

  absl::Status Roots() {
    const auto root = merkle::RootAt(store_, header_.log_size);
    if (!root.ok()) return root.status();
    if (*root != header_.log_root) {
      return base::DataLoss("the tiles do not give the log root of the last header");
    }
    auto log = merkle::LogTree::Restore(log_size(), store_);
    if (!log.ok()) return log.status();
    log_ = *std::move(log);
    return absl::OkStatus();
  }

  const Store& store_;
  const Reader& reader_;
  std::string header_bytes_;
  codec::BlockHeader header_;
  merkle::LogTree log_;
};

// Nothing may stand beyond the head.
absl::Status CheckEnd(const Database& database, uint64_t log_size) {
  const std::unique_ptr<rocksdb::Iterator> at(
      database.db().NewIterator(rocksdb::ReadOptions(), database.family(ColumnFamily::kLog)));
  at->Seek(EntryKey(base::EntryIndex(log_size)));
  TRIBUTARY_RETURN_IF_ERROR(FromRocks(at->status(), "reading the end of the log"));
  if (!at->Valid()) return absl::OkStatus();
  return base::DataLoss("the log has entries beyond the head, which is at " +
                        std::to_string(log_size));
}

// Adds the way out to what is damaged; other errors stay as they are.
absl::Status Advise(const std::string& dir, const absl::Status& status) {
  if (status.code() != absl::StatusCode::kDataLoss) return status;
  return base::DataLoss(dir + ": " + std::string(base::Message(status)) +
                        ". `tributaryd repair --data " + dir +
                        "` rebuilds everything from the log, and keeps what is there now");
}

}  // namespace

absl::Status Store::Recover(state::Resident& resident, const Progress& progress) {
  const Reader reader = impl_->Latest();
  absl::Status status = CheckEnd(*impl_->database, reader.head().log_size);
  if (!status.ok()) return Advise(impl_->dir, status);
  if (reader.head().empty()) return absl::OkStatus();
  SelfCheck check(*this, reader);
  status = check.Run();
  if (!status.ok()) return Advise(impl_->dir, status);
  uint64_t all = 0;
  for (const auto& [table, rows] : impl_->pages->row_counts()) all += PagesOf(table, rows);
  std::function<void(uint64_t, uint64_t)> report;
  if (progress) report = [&](uint64_t pages, uint64_t) { progress(pages, all); };
  const ScanPages pages(*impl_->database, *impl_->pages);
  status = resident.Rebuild(pages, check.header_bytes(), check.TakeLog(), report);
  // A page that cannot be read is told as such, not as the root that it spoils.
  if (pages.failed()) status = pages.status();
  return Advise(impl_->dir, status);
}

}  // namespace tributary::storage
