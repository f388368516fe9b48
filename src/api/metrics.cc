#include "api/metrics.h"

#include <limits>
#include <sstream>
#include <utility>
#include <vector>

#include "api/node_status.h"
#include "prometheus/metric_family.h"
#include "prometheus/text_serializer.h"

namespace tributary::api {
namespace {

using Label = std::pair<std::string, std::string>;

constexpr const char* kCodeNames[RequestCounters::kCodes] = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

// Collects families in the order in which they are named.
class Families {
 public:
  void Counter(const std::string& name, const std::string& help, uint64_t value,
               std::vector<Label> labels = {}) {
    Add(name, help, prometheus::MetricType::Counter, std::move(labels)).counter.value =
        static_cast<double>(value);
  }
  void Gauge(const std::string& name, const std::string& help, double value,
             std::vector<Label> labels = {}) {
    Add(name, help, prometheus::MetricType::Gauge, std::move(labels)).gauge.value = value;
  }
  void Histogram(const std::string& name, const std::string& help,
                 const node::DurationHistogram& from) {
    auto& histogram = Add(name, help, prometheus::MetricType::Histogram, {}).histogram;
    uint64_t total = 0;
    for (size_t i = 0; i <= node::DurationHistogram::kBoundsUs.size(); ++i) {
      total += from.count(i);
      prometheus::ClientMetric::Bucket bucket;
      bucket.cumulative_count = total;
      bucket.upper_bound = i < node::DurationHistogram::kBoundsUs.size()
                               ? static_cast<double>(node::DurationHistogram::kBoundsUs[i]) / 1e6
                               : std::numeric_limits<double>::infinity();
      histogram.bucket.push_back(bucket);
    }
    histogram.sample_count = total;
    histogram.sample_sum = static_cast<double>(from.sum_us()) / 1e6;
  }
  const std::vector<prometheus::MetricFamily>& families() const { return families_; }

 private:
  prometheus::ClientMetric& Add(const std::string& name, const std::string& help,
                                prometheus::MetricType type, std::vector<Label> labels) {
    if (families_.empty() || families_.back().name != name) {
      families_.push_back({name, help, type, {}});
    }
    prometheus::ClientMetric& metric = families_.back().metric.emplace_back();
    for (Label& label : labels) {
      metric.label.push_back({std::move(label.first), std::move(label.second)});
    }
    return metric;
  }
  std::vector<prometheus::MetricFamily> families_;
};

void AddTransactions(const node::Counters& c, Families& to) {
  const char* const kName = "tributary_transactions_total";
  const char* const kHelp = "Transactions by what became of them.";
  to.Counter(kName, kHelp, c.transactions_committed, {{"result", "committed"}});
  to.Counter(kName, kHelp, c.transactions_refused, {{"result", "refused"}});
  to.Counter(kName, kHelp, c.transactions_overloaded, {{"result", "overloaded"}});
  to.Counter(kName, kHelp, c.transactions_unavailable, {{"result", "unavailable"}});
  to.Counter(kName, kHelp, c.transactions_joined, {{"result", "joined"}});
}

void AddLedger(const node::Ledger& ledger, Families& to) {
  const auto view = ledger.view();
  const node::Mempool::Usage mempool = ledger.mempool_usage();
  to.Gauge("tributary_mempool_transactions", "Transactions that wait for a block.",
           static_cast<double>(mempool.transactions));
  to.Gauge("tributary_mempool_bytes", "Bytes of transactions that wait for a block.",
           static_cast<double>(mempool.bytes));
  to.Gauge("tributary_height", "Height of the last committed block.",
           static_cast<double>(view->header().height.value()));
  to.Gauge("tributary_block_time_seconds", "Block time of the last committed block.",
           static_cast<double>(view->header().time_ms.value()) / 1e3);
  to.Gauge("tributary_epoch", "Current epoch.", static_cast<double>(view->chain().epoch));
  to.Gauge("tributary_log_entries", "Entries of the log.", static_cast<double>(view->log_size()));
  to.Gauge("tributary_records", "Records of the chain.", static_cast<double>(view->record_count()));
  to.Gauge("tributary_accounts", "Accounts of the chain.",
           static_cast<double>(view->account_count()));
  to.Gauge("tributary_live_transaction_ids", "Transaction ids within the validity window.",
           static_cast<double>(view->chain().live_txids));
  to.Gauge("tributary_resident_bytes", "Memory of what is kept of the state, the graph included.",
           static_cast<double>(ledger.ResidentBytes()));
  for (const auto& part : ledger.store().DiskBytes()) {
    to.Gauge("tributary_disk_bytes", "Bytes on disk, by part of the store.",
             static_cast<double>(part.second), {{"part", part.first}});
  }
}

}  // namespace

std::string MetricsText(const node::Ledger& ledger, const RequestCounters& requests) {
  const node::Counters& c = ledger.counters();
  Families families;
  families.Gauge("tributary_build_info", "1, with the version as a label.", 1,
                 {{"version", kVersion}});
  families.Gauge("tributary_serving", "1 where the node takes transactions.",
                 ledger.mode() == node::Mode::kServing ? 1 : 0);
  families.Counter("tributary_blocks_total", "Blocks committed.", c.blocks);
  AddTransactions(c, families);
  families.Counter("tributary_transaction_bytes_total", "Bytes of committed transactions.",
                   c.transaction_bytes);
  families.Counter("tributary_records_total", "Records created.", c.records);
  families.Counter("tributary_settlements_total", "Settlements, by epoch and currency.",
                   c.settlements);
  families.Counter("tributary_credits_total", "Credits of settlements.", c.credits);
  families.Histogram("tributary_commit_seconds", "Time to make a block durable.", c.commit_time);
  families.Histogram("tributary_block_seconds", "Time to make a block, commit and answer it.",
                     c.block_time);
  AddLedger(ledger, families);
  for (int code = 0; code < RequestCounters::kCodes; ++code) {
    const uint64_t count = requests.reads[static_cast<size_t>(code)];
    if (code != 0 && count == 0) continue;
    families.Counter("tributary_reads_total", "Reads answered, by status code of gRPC.", count,
                     {{"code", kCodeNames[code]}});
  }
  families.Counter("tributary_streams_total", "Streams begun.", requests.streams);
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, families.families());
  return text.str();
}

}  // namespace tributary::api
