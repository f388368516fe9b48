// Durable ingest in process, restart, audit and settlement, each beside its raw limit.
//
// usage: ledger_bench DIR [SINGLE [BATCHES]]
// DIR is made and must not exist. SINGLE transactions of one record each (default 30,000), then
// BATCHES of 200 records (default 1,500). Every row is one JSON line on stdout.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "audit/audit.h"
#include "bench/bench.h"
#include "bench/bench_node.h"
#include "codec/ids.h"
#include "rocksdb/db.h"
#include "state/prepared.h"
#include "support/chain.h"

namespace tributary::bench {
namespace {

constexpr size_t kRecordsPerBatch = 200;
constexpr size_t kParents = 3;
constexpr uint64_t kSeed = 20260101;
constexpr size_t kInfluences = 100;
constexpr size_t kAttributedPerTransaction = 15;  // what fits into a transaction
constexpr size_t kAttributedTransactions = 400;

// The same bytes as bare synced batches of a block's size: what the disk alone would take.
double RawBatches(const std::string& dir, const std::vector<std::string>& transactions,
                  size_t per_batch) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* raw = nullptr;
  if (!rocksdb::DB::Open(options, dir, &raw).ok()) std::exit(1);
  const std::unique_ptr<rocksdb::DB> db(raw);
  rocksdb::WriteOptions write;
  write.sync = true;
  const Stopwatch watch;
  for (size_t at = 0; at < transactions.size(); at += per_batch) {
    rocksdb::WriteBatch batch;
    for (size_t i = at; i < std::min(transactions.size(), at + per_batch); ++i) {
      char key[24];
      std::snprintf(key, sizeof key, "%012zu", i);
      batch.Put(key, transactions[i]);
    }
    if (!db->Write(write, &batch).ok()) std::exit(1);
  }
  return watch.Seconds();
}

uint64_t BytesOf(const std::vector<std::string>& transactions) {
  uint64_t bytes = 0;
  for (const std::string& transaction : transactions) bytes += transaction.size();
  return bytes;
}

std::string Threads() { return std::to_string(Cores()) + " threads"; }

// Events that an attributor attributes to a hundred records each: a transaction of fifteen has
// sixteen signatures.
std::vector<std::string> AttributedTransactions(testing::Chain& chain, const base::RecordId& asset,
                                                const std::vector<base::RecordId>& named) {
  std::mt19937_64 random(kSeed);
  std::vector<std::string> out;
  for (size_t t = 0; t < kAttributedTransactions; ++t) {
    std::vector<codec::Operation> operations;
    for (size_t i = 0; i < kAttributedPerTransaction; ++i) {
      codec::AttributionClaim claim;
      claim.asset = asset;
      claim.reporter = chain.IdOf("reporter");
      claim.reference = chain.arena().Keep("a" + std::to_string(t) + "." + std::to_string(i));
      claim.attributor = chain.IdOf("oracle");
      claim.method = "trak";
      claim.alpha_ppb = base::Ppb(500'000'000);
      const size_t first = random() % (named.size() - kInfluences);
      for (size_t k = 0; k < kInfluences; ++k) {
        claim.influences.push_back({named[first + k], static_cast<uint32_t>(1 + random() % 1'000)});
      }
      auto report =
          std::get<codec::ReportRevenue>(chain.Revenue(asset, 1'000'000, claim.reference));
      report.attribution.emplace();
      report.attribution->claim = chain.arena().KeepBytes(codec::Encode(claim));
      report.attribution->signature = testing::KeyOf("oracle").Sign(
          base::AsBytes(codec::AttributionMessage(chain.chain_id, report.attribution->claim)));
      operations.push_back(report);
    }
    out.push_back(chain.Sign("reporter", operations));
  }
  return out;
}

// Requires: `recorded` is in the node.
void AttributionRow(Node& node, const testing::ChainOptions& options, double raw_verify,
                    const std::vector<std::string>& recorded) {
  testing::Chain chain(options);
  chain.AdvanceTo(node.system_clock.WallMs());
  chain.valid_for_ms = 3'000'000;
  std::vector<base::RecordId> named;
  for (size_t t = 0; t < std::min<size_t>(recorded.size(), 50); ++t) {
    const auto prepared = state::Prepare(recorded[t], chain.chain_id);
    for (const auto& record : (*prepared)->records) named.push_back(record.id);
  }
  testing::RecordSpec asset{"asset", {{"steward", base::kPpbOne}}, {}};
  asset.terms.alpha_max_ppb = base::Ppb(500'000'000);
  node.Ingest({chain.Sign("steward", {chain.Submit(asset)})});
  const auto transactions = AttributedTransactions(chain, chain.RecordIdOf(asset), named);
  const auto events = static_cast<double>(transactions.size() * kAttributedPerTransaction);
  const double rate = events / node.Ingest(transactions);
  Print({"durable attributed revenue, 100 records each, in process", rate, "events/s",
         "raw libsodium verification of its 16 signatures per 15 events",
         raw_verify * kAttributedPerTransaction / (kAttributedPerTransaction + 1), "-",
         Threads() + ", " + std::to_string(BytesOf(transactions) / static_cast<uint64_t>(events)) +
             " B an event, of which its attributor signs 3.9 kB"});
}

void IngestRows(const std::string& dir, const testing::ChainOptions& options,
                const std::string& raw_dir, size_t single, size_t batches) {
  Node node(dir);
  const uint64_t until = node.system_clock.WallMs() + 3'000'000;
  {
    const auto transactions = RecordTransactions(single, 1, kParents, until, kSeed);
    const double raw = RawVerifyRate(transactions, Cores());
    const double rate = static_cast<double>(single) / node.Ingest(transactions);
    Print({"durable ingest, one signature per record, in process", rate, "records/s",
           "raw libsodium verification", raw, "0.8 of raw",
           Threads() + ", " + std::to_string(BytesOf(transactions) / single) + " B each"});
  }
  const auto transactions =
      RecordTransactions(batches, kRecordsPerBatch, kParents, until, kSeed + 1);
  const auto records = static_cast<double>(batches * kRecordsPerBatch);
  const double raw = records / RawBatches(raw_dir, transactions, 32);
  const double seconds = node.Ingest(transactions);
  Print({"durable ingest, 200 records per signature, in process", records / seconds, "records/s",
         "raw synced RocksDB batches of the same bytes", raw, "250,000 records/s",
         Threads() + ", " + std::to_string(BytesOf(transactions) / static_cast<uint64_t>(records)) +
             " B a record, 3 parents"});
  const double all = records + static_cast<double>(single);
  Print({"resident memory per record", static_cast<double>(node.ledger->ResidentBytes()) / all, "B",
         "", 0, "130 B", "3 parents; identity tables, graph, trees"});
  const auto sample = RecordTransactions(5'000, 1, kParents, 1, kSeed);
  AttributionRow(node, options, RawVerifyRate(sample, Cores()), transactions);
}

void RestartRow(const std::string& dir, double records) {
  const Stopwatch watch;
  const Node node(dir);
  Print({"restart", watch.Seconds(), "s", "", 0, "20 s at 10 M records",
         std::to_string(static_cast<uint64_t>(records)) + " records"});
}

void AuditRows(const std::string& dir, double raw_verify) {
  for (const bool hashes_only : {true, false}) {
    audit::AuditOptions options;
    options.hashes_only = hashes_only;
    const Stopwatch watch;
    const auto report = audit::AuditStore(dir, options);
    if (!report.ok() || !report->holds()) std::exit(1);
    const double seconds = watch.Seconds();
    if (hashes_only) {
      Print({"audit, hashes only", static_cast<double>(report->checked.entries) / seconds,
             "entries/s", "", 0, "1,000,000 entries/s",
             std::to_string(report->entry_bytes >> 20) + " MiB of entries"});
    } else {
      Print({"audit, full replay", static_cast<double>(report->signatures) / seconds,
             "signatures/s", "raw libsodium verification", raw_verify, "0.8 of raw",
             std::to_string(report->records) + " records, tables compared"});
    }
  }
}

int Run(const std::string& dir, size_t single, size_t batches) {
  testing::ChainOptions options;
  options.time_ms = node::SystemClock().WallMs() - 1'000;
  options.people.push_back({"oracle", {codec::Role::kAttributor}, {}});
  const std::string data = dir + "/node";
  CreateNode(data, options);
  IngestRows(data, options, dir + "/raw", single, batches);
  RestartRow(data, static_cast<double>(single + batches * kRecordsPerBatch));
  const auto sample = RecordTransactions(5'000, 1, kParents, 1, kSeed);
  AuditRows(data, RawVerifyRate(sample, Cores()));
  return 0;
}

}  // namespace
}  // namespace tributary::bench

int main(int argc, char** argv) {
  if (argc < 2 || std::filesystem::exists(argv[1])) {
    std::fprintf(stderr, "usage: ledger_bench NEW_DIR [SINGLE [BATCHES]]\n");
    return 2;
  }
  const size_t single = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 30'000;
  const size_t batches = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1'500;
  return tributary::bench::Run(argv[1], single, batches);
}
