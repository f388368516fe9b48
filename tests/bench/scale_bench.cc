// A large chain: records, revenue and their settlement, restart, audit; each with time, memory and
// disk. Run by tests/bench/scale.sh, a process for each step, so that memory is that of the step.
//
// usage: scale_bench fill DIR RECORDS EVENTS    makes the chain; DIR must not exist
//        scale_bench compact DIR                everything into files, and these merged
//        scale_bench restart DIR                opens the node
//        scale_bench settle DIR                 reports some revenue and settles it
//        scale_bench audit DIR                  replays the log from its genesis
//
// Records have an author of their own (one account for each hundred, custodial) and three parents,
// uniform among all that were committed before. Every row is one JSON line on stdout.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "audit/audit.h"
#include "bench/bench.h"
#include "bench/bench_node.h"
#include "codec/bytes.h"
#include "codec/ids.h"
#include "codec/ledger.h"
#include "crypto/hash.h"
#include "storage/database.h"
#include "storage/store_impl.h"

namespace tributary::bench {
namespace {

constexpr uint64_t kSeed = 20260103;
constexpr size_t kParents = 3;
constexpr size_t kRecordsPerTransaction = 250;
constexpr size_t kRecordsPerAccount = 100;
constexpr size_t kAccountsPerTransaction = 250;
constexpr size_t kEventsPerTransaction = 1'000;
constexpr size_t kTransactionsAtOnce = 200;  // made, then submitted
constexpr uint32_t kPassThrough = 500'000'000;
constexpr std::string_view kChainId = "test/1";

// Megabytes that the process has resident now.
double ResidentMb() {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.rfind("VmRSS:", 0) == 0) return std::strtod(line.c_str() + 6, nullptr) / 1024;
  }
  return 0;
}

double DiskBytes(const std::string& dir) {
  double bytes = 0;
  std::error_code gone;  // files come and go while it looks
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir, gone)) {
    const uintmax_t size = entry.is_regular_file(gone) ? entry.file_size(gone) : 0;
    if (!gone) bytes += static_cast<double>(size);
  }
  return bytes;
}

// Signed transactions, made while the chain goes.
class Source {
 public:
  explicit Source(const node::Clock& clock, uint64_t seed = kSeed)
      : clock_(clock), random_(seed), run_(std::to_string(seed)) {}

  std::string Accounts(size_t count, const std::string& prefix = "c") {
    std::vector<std::string> encoded;
    for (size_t i = 0; i < count; ++i) {
      const std::string handle = prefix + std::to_string(accounts_.size());
      codec::Registration registration;
      registration.handle = handle;
      registration.sponsor = IdOf("steward");
      encoded.push_back(codec::Encode(registration));
      accounts_.push_back(codec::AccountIdOf(base::AsBytes(encoded.back())));
    }
    codec::TransactionBody body = Body("steward");
    for (const std::string& bytes : encoded) {
      body.operations.push_back(codec::RegisterAccount{base::AsBytes(bytes), std::nullopt});
    }
    return Sign("steward", body);
  }

  std::string Records(size_t count) {
    std::vector<std::string> encoded;
    for (size_t i = 0; i < count; ++i) {
      encoded.push_back(Record());
      made_.push_back(codec::RecordIdOf(base::AsBytes(encoded.back())));
    }
    codec::TransactionBody body = Body("steward");
    for (const std::string& bytes : encoded) {
      body.operations.push_back(codec::SubmitRecord{base::AsBytes(bytes), false});
    }
    return Sign("steward", body);
  }

  // Of one asset, of the latest tenth of all records.
  std::string Events(size_t count) {
    const size_t tenth = std::max<size_t>(1, records() / 10);
    std::vector<std::string> references;
    for (size_t i = 0; i < count; ++i) references.push_back(run_ + "." + std::to_string(events_++));
    codec::ReportRevenueBatch batch;
    batch.asset = made_[records() - 1 - random_() % tenth];
    batch.currency = "USD";
    for (const std::string& reference : references) {
      batch.items.push_back({base::MinorUnits(1 + random_() % 100'000),
                             base::TimeMs(clock_.WallMs() - 1'000), reference});
    }
    codec::TransactionBody body = Body("reporter");
    body.operations.push_back(batch);
    return Sign("reporter", body);
  }

  // A record that is there already, as if it had been made here.
  void Adopt(const base::RecordId& record) { made_.push_back(record); }
  // What was made may be named as a parent from now on.
  void Commit() { committed_ = made_.size(); }
  size_t records() const { return made_.size(); }
  size_t accounts() const { return accounts_.size(); }
  double Bytes() const {
    return static_cast<double>(made_.capacity() * sizeof made_[0] +
                               accounts_.capacity() * sizeof accounts_[0]);
  }

 private:
  static base::AccountId IdOf(const std::string& handle) {
    codec::Registration registration;
    registration.handle = handle;
    registration.public_key = testing::KeyOf(handle).public_key();
    return codec::AccountIdOf(base::AsBytes(codec::Encode(registration)));
  }
  codec::TransactionBody Body(const std::string& sender) {
    codec::TransactionBody body;
    body.chain_id = kChainId;
    body.sender = IdOf(sender);
    body.valid_until_ms = base::TimeMs(clock_.WallMs() + kHourMs);
    codec::StoreLittle<uint64_t>(body.nonce.bytes.data(), random_());
    return body;
  }
  static std::string Sign(const std::string& sender, const codec::TransactionBody& body) {
    const std::string bytes = codec::Encode(body);
    const std::string message = codec::TransactionMessage(base::AsBytes(bytes));
    codec::SignedTransaction transaction;
    transaction.body = base::AsBytes(bytes);
    transaction.signatures = {{body.sender, testing::KeyOf(sender).Sign(base::AsBytes(message))}};
    return codec::Encode(transaction);
  }
  std::string Record() {
    const std::string number = std::to_string(made_.size());
    codec::Record record;
    record.kind = codec::RecordKind::kDataItem;
    record.authors = {{accounts_[random_() % accounts_.size()], base::Ppb(base::kPpbOne)}};
    record.content_sha256 = crypto::Sha256(base::AsBytes(number));
    record.content_bytes = 1'000 + made_.size() % 1'000;
    record.media_type = "text/plain";
    record.licence = "CC-BY-4.0";
    const std::string title = "item " + number;
    record.title = title;
    std::vector<size_t> chosen;
    while (chosen.size() < std::min(kParents, committed_)) {
      const size_t at = random_() % committed_;
      if (std::find(chosen.begin(), chosen.end(), at) == chosen.end()) chosen.push_back(at);
    }
    for (const size_t at : chosen) {
      record.parents.push_back({made_[at], codec::Relation::kDerivedFrom, 1, std::nullopt});
    }
    record.pass_through_ppb = base::Ppb(chosen.empty() ? 0 : kPassThrough);
    record.custodial = true;
    return codec::Encode(record);
  }

  const node::Clock& clock_;
  std::mt19937_64 random_;
  const std::string run_;  // what its references begin with
  std::vector<base::RecordId> made_;
  size_t committed_ = 0;
  std::vector<base::AccountId> accounts_;
  uint64_t events_ = 0;
};

// What was submitted so far, and what it took.
struct Sums {
  double seconds = 0;
  double signed_bytes = 0;
  double disk_ratio_max = 0;  // at any time, once there is something
};

void Submit(Node& node, const std::string& dir, const std::vector<std::string>& transactions,
            Sums* sums) {
  constexpr double kSmall = 1e9;  // the write-ahead log alone takes 256 MB
  for (const std::string& bytes : transactions) {
    sums->signed_bytes += static_cast<double>(bytes.size());
  }
  sums->seconds += node.Ingest(transactions);
  if (sums->signed_bytes > kSmall) {
    sums->disk_ratio_max = std::max(sums->disk_ratio_max, DiskBytes(dir) / sums->signed_bytes);
  }
}

void Say(const std::string& what, size_t done, size_t all, const Sums& sums) {
  std::fprintf(stderr, "  %zu of %zu %s, %.0f s, %.0f MB resident\n", done, all, what.c_str(),
               sums.seconds, ResidentMb());
}

void FillAccounts(Node& node, const std::string& dir, Source& source, size_t count, Sums* sums) {
  while (source.accounts() < count) {
    std::vector<std::string> transactions;
    while (transactions.size() < kTransactionsAtOnce && source.accounts() < count) {
      transactions.push_back(
          source.Accounts(std::min(kAccountsPerTransaction, count - source.accounts())));
    }
    Submit(node, dir, transactions, sums);
  }
}

void FillRecords(Node& node, const std::string& dir, Source& source, size_t count, Sums* sums) {
  size_t at_once = 1;  // the first ones have no parents: few
  while (source.records() < count) {
    std::vector<std::string> transactions;
    while (transactions.size() < at_once && source.records() < count) {
      transactions.push_back(
          source.Records(std::min(kRecordsPerTransaction, count - source.records())));
    }
    Submit(node, dir, transactions, sums);
    source.Commit();
    at_once = std::min(kTransactionsAtOnce, 2 * at_once);
    if (at_once == kTransactionsAtOnce) Say("records", source.records(), count, *sums);
  }
}

void FillEvents(Node& node, const std::string& dir, Source& source, size_t count, Sums* sums) {
  for (size_t made = 0; made < count;) {
    std::vector<std::string> transactions;
    while (transactions.size() < kTransactionsAtOnce && made < count) {
      const size_t some = std::min(kEventsPerTransaction, count - made);
      transactions.push_back(source.Events(some));
      made += some;
    }
    Submit(node, dir, transactions, sums);
    Say("events", made, count, *sums);
  }
}

testing::ChainOptions Options(const node::Clock& clock) {
  testing::ChainOptions options;
  options.chain_id = kChainId;
  options.time_ms = clock.WallMs() - 1'000;
  options.parameters.epoch_ms = kHourMs;
  options.parameters.validity_window_ms = 24 * kHourMs;
  for (testing::GenesisPerson& person : options.people) {
    for (auto& [currency, limit] : person.credit_limits) limit = UINT64_MAX;
  }
  return options;
}

int Fill(const std::string& dir, size_t records, size_t events) {
  LateClock clock;
  CreateNode(dir, Options(clock));
  Node node(dir, &clock);
  Source source(clock);
  Sums accounts;
  FillAccounts(node, dir, source, std::max<size_t>(1, records / kRecordsPerAccount), &accounts);
  Sums sums;
  sums.signed_bytes = accounts.signed_bytes;
  FillRecords(node, dir, source, records, &sums);
  const auto count = static_cast<double>(records);
  const uint64_t edges = node.ledger->view()->graph().edge_count();
  Print({"scale: records, durable", count / sums.seconds, "records/s", "", 0, "-",
         std::to_string(records) + " records, " + std::to_string(edges) + " edges, " +
             std::to_string(source.accounts()) + " accounts; " +
             std::to_string(kRecordsPerTransaction) + " records per signature; " +
             std::to_string(static_cast<int>(sums.seconds)) + " s"});
  Print({"scale: resident tables per record",
         static_cast<double>(node.ledger->ResidentBytes()) / count, "B", "", 0, "130 B",
         "before revenue; the process: " +
             std::to_string(static_cast<int>(ResidentMb() - source.Bytes() / (1 << 20))) + " MB"});
  const Sums before = sums;
  FillEvents(node, dir, source, events, &sums);
  Print({"scale: revenue events, durable",
         static_cast<double>(events) / (sums.seconds - before.seconds), "events/s", "", 0, "-",
         std::to_string(events) + " events, " + std::to_string(kEventsPerTransaction) +
             " per signature; resident tables now " +
             std::to_string(node.ledger->ResidentBytes() >> 20) + " MB"});
  clock.CatchUp(3 * kHourMs);  // refused as a jump, did both clocks not move
  Sums settlement;
  Submit(node, dir, {source.Accounts(1)}, &settlement);
  Print({"scale: settlement of all of it, with commit", settlement.seconds, "s", "", 0,
         "0.5 s for the sweep at 10 M records",
         "money enters at the latest tenth of the records; the process: " +
             std::to_string(static_cast<int>(ResidentMb() - source.Bytes() / (1 << 20))) + " MB"});
  Print({"scale: disk per signed byte, at most at any time", sums.disk_ratio_max, "B", "", 0, "1.6",
         std::to_string(static_cast<uint64_t>(sums.signed_bytes / 1e6)) +
             " MB signed; settlement not counted, nor the first 1,000 MB"});
  std::ofstream(dir + ".signed") << std::to_string(sums.signed_bytes) << "\n";
  return 0;
}

int Compact(const std::string& dir) {
  double signed_bytes = 0;
  std::ifstream(dir + ".signed") >> signed_bytes;
  const Stopwatch watch;
  auto database = storage::Database::Open(storage::DatabasePath(dir),
                                          storage::Database::Mode::kWrite, storage::Options{});
  if (!database.ok()) Fail(database.status().ToString());
  for (const storage::ColumnFamily family : storage::Database::AllFamilies()) {
    rocksdb::CompactRangeOptions options;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    const auto status =
        (*database)->db().CompactRange(options, (*database)->family(family), nullptr, nullptr);
    if (!status.ok()) Fail(status.ToString());
  }
  if (const absl::Status closed = (*database)->FlushAndClose(); !closed.ok()) {
    Fail(closed.ToString());
  }
  const double bytes = DiskBytes(dir);
  Print({"scale: disk per signed byte, compacted", bytes / signed_bytes, "B", "", 0, "1.2",
         std::to_string(static_cast<uint64_t>(bytes / 1e6)) + " MB in all; " +
             std::to_string(static_cast<int>(watch.Seconds())) + " s to compact"});
  return 0;
}

int Restart(const std::string& dir) {
  const Stopwatch watch;
  const Node node(dir);
  const double seconds = watch.Seconds();
  const uint64_t records = node.ledger->view()->graph().size();
  Print({"scale: restart", seconds, "s", "", 0, "20 s at 10 M records",
         std::to_string(records) + " records; resident tables " +
             std::to_string(node.ledger->ResidentBytes() >> 20) + " MB, the process " +
             std::to_string(static_cast<int>(ResidentMb())) + " MB"});
  return 0;
}

// Once more, on books that have their rows: what a network pays for each epoch.
int Settle(const std::string& dir) {
  constexpr size_t kAssets = 10'000;
  constexpr size_t kEvents = 100'000;
  LateClock clock;
  clock.CatchUp(3 * kHourMs);  // to where `fill` left it
  Node node(dir, &clock);
  Source source(clock, kSeed + 1);
  const auto view = node.ledger->view();
  const uint64_t records = view->record_count();
  for (uint64_t i = 0; i < std::min<uint64_t>(records, kAssets); ++i) {
    const auto seq = static_cast<uint32_t>(records - 1 - i);
    source.Adopt(view->Record(base::RecordSeq(seq)).id);
  }
  Sums sums;
  FillEvents(node, dir, source, kEvents, &sums);
  clock.CatchUp(3 * kHourMs);
  Sums settlement;
  Submit(node, dir, {source.Accounts(1, "after")}, &settlement);
  const auto summary = node.ledger->view()->snapshot().SettlementByNumber(
      node.ledger->view()->chain().settlements - 1);
  if (!summary.ok() || !*summary) Fail("the settlement is not there");
  Print({"scale: a further settlement, with commit", settlement.seconds, "s", "", 0, "-",
         std::to_string((**summary).records_touched) + " records touched; the process: " +
             std::to_string(static_cast<int>(ResidentMb())) + " MB"});
  return 0;
}

int Audit(const std::string& dir) {
  for (const bool hashes_only : {true, false}) {
    audit::AuditOptions options;
    options.hashes_only = hashes_only;
    const Stopwatch watch;
    const auto report = audit::AuditStore(dir, options);
    if (!report.ok()) Fail(report.status().ToString());
    if (!report->holds()) Fail("the audit does not hold: " + report->mismatch);
    Print({hashes_only ? "scale: audit, hashes only" : "scale: audit, full replay", watch.Seconds(),
           "s", "", 0, "-",
           std::to_string(report->checked.entries) + " entries, " +
               std::to_string(report->entry_bytes >> 20) + " MiB, " +
               std::to_string(report->signatures) + " signatures; the process " +
               std::to_string(static_cast<int>(ResidentMb())) + " MB at the end"});
  }
  return 0;
}

}  // namespace
}  // namespace tributary::bench

int main(int argc, char** argv) {
  const std::string step = argc > 2 ? argv[1] : "";
  const std::string dir = argc > 2 ? argv[2] : "";
  if (step == "fill" && argc > 4 && !std::filesystem::exists(dir)) {
    return tributary::bench::Fill(dir, std::strtoull(argv[3], nullptr, 10),
                                  std::strtoull(argv[4], nullptr, 10));
  }
  if (step == "compact") return tributary::bench::Compact(dir);
  if (step == "restart") return tributary::bench::Restart(dir);
  if (step == "settle") return tributary::bench::Settle(dir);
  if (step == "audit") return tributary::bench::Audit(dir);
  std::fprintf(stderr,
               "usage: scale_bench fill NEW_DIR RECORDS EVENTS\n"
               "       scale_bench compact|restart|settle|audit DIR\n");
  return 2;
}
