#include "cli/attribution_file.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/find_record.h"
#include "cli/parse.h"
#include "cli/sender.h"
#include "cli/split_tree.h"
#include "cli/svg_split.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

// As if an attributor had signed it.
absl::Status AddAttribution(Context& context, v1::PreviewSplitRequest* request) {
  if (!context.Has("--alpha")) {
    if (context.List("--influence").empty()) return absl::OkStatus();
    return UsageError("--influence needs --alpha, the part of the amount that it directs");
  }
  const auto alpha = ParsePpb(context.Text("--alpha"));
  if (!alpha.ok()) return alpha.status();
  request->set_alpha_ppb(*alpha);
  for (const std::string& text : context.List("--influence")) {
    const auto line = ParseInfluence(text);
    if (!line.ok()) return line.status();
    const auto record = FindRecordId(context, line->record);
    if (!record.ok()) return record.status();
    v1::Influence* influence = request->add_influences();
    influence->set_record(*record);
    influence->set_weight(line->weight);
  }
  return absl::OkStatus();
}

absl::Status Show(Context& context) {
  const auto status = context.node().GetStatus();
  if (!status.ok()) return status.status();
  const auto ref = ParseRecord(context.Text("ASSET"));
  if (!ref.ok()) return ref.status();
  const std::string currency = context.Text("--currency");
  const auto amount = AmountOf(context, *status, currency);
  if (!amount.ok()) return amount.status();
  v1::PreviewSplitRequest request;
  *request.mutable_asset() = *ref;
  request.set_currency(currency);
  request.set_amount_minor(*amount);
  if (context.Has("--epoch")) request.set_epoch(context.Number("--epoch"));
  request.set_recipients_max(static_cast<uint32_t>(context.Number("--recipients")));
  request.set_paths_max(static_cast<uint32_t>(context.Number("--paths")));
  TRIBUTARY_RETURN_IF_ERROR(AddAttribution(context, &request));
  const auto split = context.node().PreviewSplit(request);
  if (!split.ok()) return split.status();
  if (context.Has("--svg")) {
    const absl::Status drawn = WritePicture(
        context,
        PictureOfSplit(*split, context.Text("ASSET"), {"What would be paid, if it settled"}));
    if (!drawn.ok()) return drawn;
  }
  if (context.json()) {
    context.PrintJson(*split);
  } else {
    PrintSplit(context.out(), *split, context.Text("ASSET"));
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> PreviewCommands() {
  return {{"",
           "preview",
           "who would get what of an amount reported now",
           {{"ASSET", "record", ArgumentKind::kText, true},
            {"--currency", "code", ArgumentKind::kText, true},
            {"--amount", "in major units, such as 12.50"},
            {"--minor", "in whole minor units instead", ArgumentKind::kNumber},
            {"--epoch", "by the shares of this epoch", ArgumentKind::kNumber},
            {"--alpha", "as if so much of it were attributed, to each --influence"},
            {"--influence", "RECORD=WEIGHT, as often as needed", ArgumentKind::kList},
            {"--recipients", "at most so many", ArgumentKind::kNumber, false, "20"},
            {"--paths", "at most so many for each recipient", ArgumentKind::kNumber, false, "3"},
            {"--svg", "also draw it as a picture into this file"}},
           &Show}};
}

}  // namespace tributary::cli
