#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "audit/audit.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/table.h"
#include "state/replay.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

using Clock = std::chrono::steady_clock;

// The entries of a running node, up to where its log ended when the audit began.
class NodeEntries final : public state::EntrySource {
 public:
  explicit NodeEntries(client::Client& node) : node_(node) {}

  absl::StatusOr<std::optional<std::string>> Next() override {
    if (at_ == page_.entries_size()) {
      TRIBUTARY_RETURN_IF_ERROR(ReadPage());
      if (page_.entries_size() == 0) return std::optional<std::string>();
    }
    return std::optional<std::string>(std::move(*page_.mutable_entries(at_++)->mutable_data()));
  }

 private:
  absl::Status ReadPage() {
    v1::ListEntriesRequest request;
    request.set_first(next_);
    request.set_page_size(1'000);
    page_.Clear();
    at_ = 0;
    if (end_ > 0 && next_ >= end_) return absl::OkStatus();
    auto page = node_.ListEntries(request);
    if (!page.ok()) return page.status();
    if (end_ == 0) end_ = page->as_of().log_size();
    page_ = std::move(*page);
    for (const v1::Entry& entry : page_.entries()) {
      if (entry.index() != next_++) return Unverified("the node gave its entries out of order");
    }
    if (page_.entries_size() == 0 && next_ < end_) {
      return Unverified("the node gives no entry " + std::to_string(next_) + " of " +
                        std::to_string(end_));
    }
    while (next_ > end_ && page_.entries_size() > 0) {
      page_.mutable_entries()->RemoveLast();
      --next_;
    }
    return absl::OkStatus();
  }

  client::Client& node_;
  v1::ListEntriesResponse page_;
  int at_ = 0;
  uint64_t next_ = 0;
  uint64_t end_ = 0;  // 0: not known yet
};

std::string Rate(uint64_t count, uint64_t elapsed_ms) {
  return std::to_string(count * 1'000 / std::max<uint64_t>(elapsed_ms, 1)) + "/s";
}

void PrintText(Context& context, const audit::AuditReport& report, uint64_t elapsed_ms) {
  const audit::AuditProgress& checked = report.checked;
  Facts facts;
  facts.Add("chain", Printable(report.chain_id));
  facts.Add("checked", Plural(checked.blocks, "block") + ", " + std::to_string(checked.entries) +
                           " entries, " + Plural(checked.transactions, "transaction") + ", " +
                           Plural(report.signatures, "signature"));
  facts.Add("rebuilt",
            Plural(report.accounts, "account") + ", " + Plural(report.records, "record") + ", " +
                Plural(report.settlements, "settlement") + ", " + Plural(report.payouts, "payout"));
  if (report.tables_compared > 0) {
    facts.Add("compared", Plural(report.tables_compared, "table") + ", " +
                              Plural(report.pages_compared, "page") + ", " +
                              Plural(report.index_rows_compared, "index row") + ", byte for byte");
  }
  facts.Add("log", std::to_string(report.log_size) + " entries, root " +
                       base::ToHex(report.log_root.bytes));
  facts.Add("last header", base::ToHex(report.header_hash.bytes) + ", height " +
                               std::to_string(report.header.height.value()));
  facts.Add("state root", base::ToHex(report.header.state_root.bytes));
  facts.Add("time", std::to_string(elapsed_ms) + " ms, " + Rate(checked.entries, elapsed_ms) +
                        " entries, " + Rate(report.signatures, elapsed_ms) + " signatures");
  facts.Print(context.out());
  context.out() << (report.holds() ? "everything holds" : "IT DOES NOT HOLD") << "\n";
}

void PrintJsonReport(Context& context, const audit::AuditReport& report, uint64_t elapsed_ms) {
  JsonObject object;
  object.Bool("holds", report.holds())
      .Text("chain_id", report.chain_id)
      .Number("blocks", report.checked.blocks)
      .Number("entries", report.checked.entries)
      .Number("transactions", report.checked.transactions)
      .Number("signatures", report.signatures)
      .Number("accounts", report.accounts)
      .Number("records", report.records)
      .Number("settlements", report.settlements)
      .Number("payouts", report.payouts)
      .Number("entry_bytes", report.entry_bytes)
      .Number("tables_compared", report.tables_compared)
      .Number("pages_compared", report.pages_compared)
      .Number("index_rows_compared", report.index_rows_compared)
      .Number("height", report.header.height.value())
      .Number("log_size", report.log_size)
      .Text("log_root", base::ToHex(report.log_root.bytes))
      .Text("state_root", base::ToHex(report.header.state_root.bytes))
      .Text("header_hash", base::ToHex(report.header_hash.bytes))
      .Number("elapsed_ms", elapsed_ms);
  if (report.fault) {
    object.Number("bad_entry", report.fault->entry.value()).Text("fault", report.fault->what);
  }
  if (!report.mismatch.empty()) object.Text("mismatch", report.mismatch);
  context.out() << object.Finish() << "\n";
}

// A node may not state another log than the one that it gave.
absl::Status CompareWithNode(client::Client& node, const audit::AuditReport& report) {
  v1::GetBlockRequest request;
  request.set_height(report.header.height.value());
  const auto block = node.GetBlock(request);
  if (!block.ok()) return block.status();
  if (block->header_hash() != client::ToField(report.header_hash)) {
    return Unverified("the node states another header at height " +
                      std::to_string(report.header.height.value()) +
                      " than its entries hold; keep both as evidence");
  }
  return absl::OkStatus();
}

absl::Status Verdict(const audit::AuditReport& report) {
  if (report.fault) {
    return Unverified("the log is wrong at " + report.fault->ToString() +
                      "; do not rely on anything from this entry on");
  }
  if (!report.mismatch.empty()) {
    return Unverified("what is stored beside the log is wrong: " + report.mismatch +
                      "; run `tributaryd repair`");
  }
  return absl::OkStatus();
}

// What cannot be read because it is damaged has not been found to hold: that is a finding.
absl::Status Readable(const absl::Status& status, const std::string& where) {
  if (status.code() != absl::StatusCode::kDataLoss) return status;
  return Unverified("the store in " + where + " is damaged: " + std::string(status.message()) +
                    "; keep a copy, then run `tributaryd repair --data " + where + "`");
}

audit::AuditOptions Options(Context& context) {
  audit::AuditOptions options;
  options.threads = static_cast<unsigned>(std::min<uint64_t>(context.Number("--threads"), 256));
  options.hashes_only = context.Flag("--hashes-only");
  const auto last = std::make_shared<Clock::time_point>(Clock::now());
  options.progress = [&context, last](const audit::AuditProgress& progress) {
    if (Clock::now() - *last < std::chrono::seconds(1)) return;
    *last = Clock::now();
    context.Progress("audit: " + std::to_string(progress.entries) + " entries, " +
                     Plural(progress.blocks, "block"));
  };
  return options;
}

absl::Status Audit(Context& context) {
  const std::string where = context.Text("WHERE");
  const bool directory = std::filesystem::is_directory(where);
  if (!directory && where.find(':') == std::string::npos) {
    return UsageError("'" + where + "' is neither a directory nor HOST:PORT");
  }
  client::ClientOptions connection;
  connection.address = where;
  client::Client node(connection);
  NodeEntries entries(node);
  const Clock::time_point begin = Clock::now();
  const auto report = directory ? audit::AuditStore(where, Options(context))
                                : audit::AuditEntries(entries, Options(context));
  if (!report.ok()) return Readable(report.status(), where);
  const auto elapsed = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count());
  if (context.json()) {
    PrintJsonReport(context, *report, elapsed);
  } else {
    PrintText(context, *report, elapsed);
  }
  TRIBUTARY_RETURN_IF_ERROR(Verdict(*report));
  return directory ? absl::OkStatus() : CompareWithNode(node, *report);
}

}  // namespace

std::vector<Command> AuditCommands() {
  return {
      {"",
       "audit",
       "replay a log from its genesis and compare everything; believes no node",
       {{"WHERE", "data directory, or HOST:PORT of a node", ArgumentKind::kText, true},
        {"--threads", "0: one for each core", ArgumentKind::kNumber, false, "0"},
        {"--hashes-only", "only hashes and links: much faster, says less", ArgumentKind::kFlag}},
       &Audit}};
}

}  // namespace tributary::cli
