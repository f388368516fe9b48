#include <fstream>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/lineage_import.h"
#include "cli/lineage_plan.h"
#include "cli/parse.h"
#include "cli/remerge.h"
#include "cli/sender.h"
#include "cli/table.h"
#include "codec/limits.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

constexpr uint64_t kLayersMax = 1'000;

void Print(Context& context, const LineagePlan& plan, const ImportResult& result) {
  if (context.json()) {
    context.out() << JsonObject()
                         .Number("authors", plan.authors.size())
                         .Number("authors_registered", result.authors_registered)
                         .Number("authors_known", result.authors_known)
                         .Number("records", plan.records.size())
                         .Number("records_submitted", result.records_submitted)
                         .Number("records_known", result.records_known)
                         .Number("stubs", plan.stubs)
                         .Number("edges", plan.edges)
                         .Number("transactions", result.transactions)
                         .Finish()
                  << "\n";
    return;
  }
  context.out() << Plural(plan.records.size(), "record") << " by "
                << Plural(plan.authors.size(), "author") << ", " << Plural(plan.edges, "edge")
                << ", " << Plural(plan.stubs, "stub") << "\n"
                << "authors: " << result.authors_registered << " registered, "
                << result.authors_known << " were there already\n"
                << "records: " << result.records_submitted << " submitted in "
                << Plural(result.transactions, "transaction") << ", " << result.records_known
                << " were there already\n";
}

absl::Status Lineage(Context& context) {
  const auto pass_through = ParsePpb(context.Text("--pass-through"));
  if (!pass_through.ok()) return pass_through.status();
  const auto plan = ReadLineage(context.Text("FILE"));
  if (!plan.ok()) return plan.status();
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const auto result = ImportLineage(context, *sender, *plan, base::Ppb(*pass_through));
  if (!result.ok()) return result.status();
  Print(context, *plan, *result);
  return absl::OkStatus();
}

absl::Status Remerge(Context& context) {
  const uint64_t layers = context.Number("--layers");
  const uint64_t width = context.Number("--width");
  if (layers == 0 || layers > kLayersMax) return UsageError("--layers is within 1..1000");
  if (width == 0 || width > codec::kParentsMax) return UsageError("--width is within 1..1024");
  if (!context.Has("--out")) {
    WriteRemerge(context.out(), layers, width);
    return absl::OkStatus();
  }
  const std::string path = context.Text("--out");
  std::ofstream out(path);
  WriteRemerge(out, layers, width);
  out.close();
  if (!out) return base::Internal("cannot write " + path);
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> ImportCommands() {
  return {
      {"import",
       "lineage",
       "record the models and data sets of a file; safe to run again",
       {{"FILE", "JSON lines of author, id, parents; see docs/cli.md", ArgumentKind::kText, true},
        {"--sponsor,--key,-k", "key file of the steward that sponsors the authors",
         ArgumentKind::kText, true},
        {"--pass-through", "share that a record with parents passes on to them",
         ArgumentKind::kText, false, "50%"}},
       &Lineage},
      {"import",
       "generate-remerge",
       "write a made-up lineage whose layers merge again and again",
       {{"--layers", "above the first", ArgumentKind::kNumber, false, "10"},
        {"--width", "models of a layer", ArgumentKind::kNumber, false, "4"},
        {"--out,-o", "file; default: standard output"}},
       &Remerge}};
}

}  // namespace tributary::cli
