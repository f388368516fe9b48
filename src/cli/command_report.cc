// `report gaming`: what to look at, from reads that everybody has.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/find_record.h"
#include "cli/gaming.h"
#include "cli/json_text.h"
#include "cli/pages.h"
#include "cli/parse.h"
#include "cli/table.h"
#include "tributary/base/status.h"
#include "tributary/base/types.h"

namespace tributary::cli {
namespace {

struct PatternText {
  Pattern pattern;
  const char* unit;
  const char* baseline;  // how it is computed
};
constexpr PatternText kTexts[] = {
    {Pattern::kHops, "hops", "most hops that 95 of 100 records with parents of other owners have"},
    {Pattern::kRing, "ppb", "median part that other accounts pass to such as pass on to them"},
    {Pattern::kConcentration, "ppb", "median largest part of other records with 8 parents or more"},
    {Pattern::kBurst, "records", "median records of the hours in which other accounts had any"},
    {Pattern::kCopy, "ppb", "of all contents and sketches, those shared between other owners"}};

const PatternText& TextOf(Pattern pattern) { return kTexts[static_cast<size_t>(pattern)]; }

std::string Value(Pattern pattern, uint64_t value) {
  const bool is_part = std::string_view(TextOf(pattern).unit) == "ppb";
  return is_part ? Percent(static_cast<uint32_t>(value)) : std::to_string(value);
}

std::vector<uint64_t> MinimaOf(const std::string& bytes) {
  std::vector<uint64_t> minima(bytes.size() / 8);
  for (size_t i = 0; i < minima.size(); ++i) {
    for (size_t byte = 8; byte-- > 0;) {
      minima[i] = minima[i] << 8 | static_cast<uint8_t>(bytes[8 * i + byte]);
    }
  }
  return minima;
}

std::string NameOf(const v1::RecordView& record) {
  const v1::Record& r = record.record();
  if (!r.external_id().empty()) return Printable(r.external_id());
  return r.title().empty() ? ShortHex(record.id()) : Printable(r.title());
}

// Oldest first. Parents that were not read are left out.
GamingHistory HistoryOf(const v1::ListRecordsResponse& all) {
  GamingHistory history;
  std::map<uint64_t, size_t> places;  // by sequence
  for (auto view = all.records().rbegin(); view != all.records().rend(); ++view) {
    GamingRecord record;
    record.id = view->id();
    record.name = NameOf(*view);
    for (const v1::AuthorView& author : view->authors()) {
      record.owners.push_back(Printable(author.handle()));
    }
    std::sort(record.owners.begin(), record.owners.end());
    for (const v1::EdgeView& edge : view->parents()) {
      const auto parent = places.find(edge.sequence());
      if (parent != places.end()) record.parents.push_back({parent->second, edge.share_ppb()});
    }
    record.time_ms = view->position().time_ms();
    record.custodial = view->record().custodial();
    record.content = view->record().content_sha256();
    record.sketch = MinimaOf(view->record().sketch());
    places[view->sequence()] = history.records.size();
    history.records.push_back(std::move(record));
  }
  return history;
}

// Which findings are asked for.
struct Filter {
  std::set<size_t> records;  // of an asset and its ancestors; empty: all
  std::string account;
  uint64_t since_ms = 0;
};

absl::StatusOr<Filter> ReadFilter(Context& context, const GamingHistory& history) {
  Filter filter;
  filter.account = context.Text("--account");
  if (context.Has("--since")) {
    const auto since = ParseTime(context.Text("--since"));
    if (!since.ok()) return since.status();
    filter.since_ms = *since;
  }
  if (!context.Has("--asset")) return filter;
  const auto asset = FindRecordId(context, context.Text("--asset"));
  if (!asset.ok()) return asset.status();
  std::vector<size_t> waiting;
  for (size_t i = 0; i < history.records.size(); ++i) {
    if (history.records[i].id == *asset) waiting.push_back(i);
  }
  if (waiting.empty()) {
    return base::NotFound("the asset is older than the records that were read: raise --limit");
  }
  while (!waiting.empty()) {
    const size_t at = waiting.back();
    waiting.pop_back();
    if (!filter.records.insert(at).second) continue;
    for (const GamingRecord::Parent& parent : history.records[at].parents) {
      waiting.push_back(parent.record);
    }
  }
  return filter;
}

bool IsWanted(const Filter& filter, const Finding& finding) {
  if (finding.last_ms < filter.since_ms) return false;
  const auto& accounts = finding.accounts;
  const bool named = std::find(accounts.begin(), accounts.end(), filter.account) != accounts.end();
  if (!filter.account.empty() && !named) return false;
  if (filter.records.empty()) return true;
  return std::any_of(finding.records.begin(), finding.records.end(),
                     [&filter](size_t record) { return filter.records.count(record) != 0; });
}

void PrintText(Context& context, const GamingHistory& history, const GamingReport& report) {
  for (const Finding& finding : report.findings) {
    const PatternText& text = TextOf(finding.pattern);
    context.out() << PatternName(finding.pattern) << ": " << finding.what << "\n"
                  << "  " << Value(finding.pattern, finding.measure) << " against "
                  << Value(finding.pattern, finding.baseline) << " (" << text.baseline << ")\n";
    constexpr size_t kRecordsShown = 6;
    for (size_t i = 0; i < std::min(finding.records.size(), kRecordsShown); ++i) {
      const GamingRecord& record = history.records[finding.records[i]];
      context.out() << "  " << ShortHex(record.id) << "  " << record.name << "  "
                    << Time(record.time_ms) << "\n";
    }
    if (finding.records.size() > kRecordsShown) {
      context.out() << "  and " << Plural(finding.records.size() - kRecordsShown, "record")
                    << " more (--json names all)\n";
    }
    context.out() << "\n";
  }
  Table table(
      {{"pattern"}, {"findings", Align::kRight}, {"looked at", Align::kRight}, {"baseline"}});
  for (const PatternText& text : kTexts) {
    const auto count =
        std::count_if(report.findings.begin(), report.findings.end(),
                      [&text](const Finding& finding) { return finding.pattern == text.pattern; });
    table.Add({std::string(PatternName(text.pattern)), std::to_string(count),
               std::to_string(report.looked_at[static_cast<size_t>(text.pattern)]), text.baseline});
  }
  table.Print(context.out());
  context.out() << "A finding is a reason to look, not a verdict.\n";
}

// A list of JSON values.
class JsonList {
 public:
  void Add(const std::string& json) { text_ += (text_.size() == 1 ? "" : ",") + json; }
  std::string Finish() const { return text_ + "]"; }

 private:
  std::string text_ = "[";
};

std::string ToJson(const GamingHistory& history, const Finding& finding) {
  JsonList accounts;
  for (const std::string& account : finding.accounts) accounts.Add(JsonQuote(account));
  JsonList records;
  for (const size_t at : finding.records) {
    const GamingRecord& record = history.records[at];
    records.Add(JsonObject()
                    .Text("id", Hex(record.id))
                    .Text("name", record.name)
                    .Number("time_ms", record.time_ms)
                    .Finish());
  }
  return JsonObject()
      .Text("pattern", PatternName(finding.pattern))
      .Text("what", finding.what)
      .Number("measure", finding.measure)
      .Number("baseline", finding.baseline)
      .Text("unit", TextOf(finding.pattern).unit)
      .Text("baseline_is", TextOf(finding.pattern).baseline)
      .Raw("accounts", accounts.Finish())
      .Raw("records", records.Finish())
      .Finish();
}

void PrintAsJson(Context& context, const GamingHistory& history, const GamingReport& report,
                 bool complete) {
  JsonList findings;
  for (const Finding& finding : report.findings) findings.Add(ToJson(history, finding));
  JsonList patterns;
  for (const PatternText& text : kTexts) {
    patterns.Add(JsonObject()
                     .Text("pattern", PatternName(text.pattern))
                     .Number("looked_at", report.looked_at[static_cast<size_t>(text.pattern)])
                     .Finish());
  }
  context.out() << JsonObject()
                       .Number("records", history.records.size())
                       .Bool("complete", complete)
                       .Raw("findings", findings.Finish())
                       .Raw("patterns", patterns.Finish())
                       .Finish()
                << "\n";
}

absl::Status Gaming(Context& context) {
  const auto all = ReadPages(context.node(), &client::Client::ListRecords,
                             &v1::ListRecordsResponse::records_size, v1::ListRecordsRequest(),
                             context.Number("--limit"));
  if (!all.ok()) return all.status();
  const bool complete = all->next_page_token().empty();
  const GamingHistory history = HistoryOf(*all);
  const auto filter = ReadFilter(context, history);
  if (!filter.ok()) return filter.status();
  GamingReport report = FindGaming(history);
  std::vector<Finding> wanted;
  for (Finding& finding : report.findings) {
    if (IsWanted(*filter, finding)) wanted.push_back(std::move(finding));
  }
  report.findings = std::move(wanted);
  if (context.json()) {
    PrintAsJson(context, history, report, complete);
    return absl::OkStatus();
  }
  PrintText(context, history, report);
  if (!complete) context.out() << "(older records were not read: raise --limit)\n";
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> ReportCommands() {
  return {{"report",
           "gaming",
           "hops, rings, concentration, bursts and copies, each against what is usual",
           {{"--asset", "only what concerns this record or its ancestors"},
            {"--account", "only what concerns this handle"},
            {"--since", "only what has a record since then"},
            {"--limit", "read at most so many records, the newest", ArgumentKind::kNumber, false,
             "100000"}},
           &Gaming}};
}

}  // namespace tributary::cli
