#include <algorithm>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/pages.h"
#include "cli/parse.h"
#include "cli/table.h"

namespace tributary::cli {
namespace {

using Read =
    absl::StatusOr<v1::ListLineageResponse> (client::Client::*)(const v1::ListLineageRequest&);

std::string Authors(const v1::LineageNode& node) {
  std::string text;
  for (const v1::AuthorView& author : node.authors()) {
    text += (text.empty() ? "" : ", ") + Printable(author.handle());
  }
  return text;
}

std::string Name(const v1::LineageNode& node) {
  if (!node.external_id().empty()) return Printable(node.external_id());
  return node.title().empty() ? ShortHex(node.id()) : Printable(node.title());
}

absl::Status Show(Context& context, Read read, const std::string& word) {
  const auto ref = ParseRecord(context.Text("RECORD"));
  if (!ref.ok()) return ref.status();
  v1::ListLineageRequest request;
  *request.mutable_record() = *ref;
  if (context.Has("--epoch")) request.set_epoch(context.Number("--epoch"));
  const auto all = ReadPages(context.node(), read, &v1::ListLineageResponse::nodes_size, request,
                             context.Number("--limit"));
  if (!all.ok()) return all.status();
  if (context.json()) {
    context.PrintJson(*all);
    return absl::OkStatus();
  }
  context.out() << Plural(all->total(), word) << ", " << Plural(all->edges(), "edge")
                << ", longest path " << Plural(all->depth(), "step") << "\n";
  Table table({{"depth", Align::kRight},
               {"kind"},
               {"name"},
               {"flow", Align::kRight},
               {"kept", Align::kRight},
               {"edge"},
               {"authors"}});
  for (const v1::LineageNode& node : all->nodes()) {
    std::string depth = std::to_string(node.depth_min());
    if (node.depth_max() != node.depth_min()) depth += "–" + std::to_string(node.depth_max());
    table.Add({depth, KindName(node.kind()), Name(node), PercentE18(node.share_e18()),
               PercentE18(node.kept_e18()),
               node.direct() ? StanceText(node.stance(), node.countersigned()) : "",
               Authors(node)});
  }
  if (!table.empty()) table.Print(context.out());
  if (!all->next_page_token().empty()) context.out() << "(more: raise --limit)\n";
  return absl::OkStatus();
}

absl::Status Ancestors(Context& context) {
  return Show(context, &client::Client::ListAncestors, "ancestor");
}

absl::Status Descendants(Context& context) {
  return Show(context, &client::Client::ListDescendants, "descendant");
}

}  // namespace

std::vector<Command> LineageCommands() {
  const std::vector<Argument> arguments = {
      {"RECORD", "id, external id, sha256:HEX or #sequence", ArgumentKind::kText, true},
      {"--epoch", "at the shares of this epoch", ArgumentKind::kNumber},
      {"--limit", "at most so many", ArgumentKind::kNumber, false, "100"}};
  return {{"lineage", "ancestors", "what a record was built from", arguments, &Ancestors},
          {"lineage", "descendants", "what was built from a record", arguments, &Descendants}};
}

}  // namespace tributary::cli
