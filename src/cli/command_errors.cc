#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/table.h"
#include "tributary/base/rejection.h"

namespace tributary::cli {
namespace {

std::string Json(const base::RejectionInfo& info) {
  return JsonObject()
      .Number("number", static_cast<uint16_t>(info.code))
      .Text("name", info.name)
      .Text("what", info.what)
      .Text("advice", info.advice)
      .Finish();
}

void Explain(Context& context, const base::RejectionInfo& info) {
  if (context.json()) {
    context.out() << Json(info) << "\n";
    return;
  }
  Facts facts;
  facts.Add("rule",
            std::to_string(static_cast<uint16_t>(info.code)) + " " + std::string(info.name));
  facts.Add("wrong", std::string(info.what));
  facts.Add("do", std::string(info.advice));
  facts.Print(context.out());
}

absl::Status Show(Context& context) {
  const std::string which = context.Text("NUMBER");
  if (which.empty()) {
    for (const base::RejectionInfo& info : base::AllRejections()) {
      if (context.json()) {
        context.out() << Json(info) << "\n";
      } else {
        context.out() << static_cast<uint16_t>(info.code) << " " << info.name << ": " << info.what
                      << "\n";
      }
    }
    return absl::OkStatus();
  }
  for (const base::RejectionInfo& info : base::AllRejections()) {
    if (info.name == which || std::to_string(static_cast<uint16_t>(info.code)) == which) {
      Explain(context, info);
      return absl::OkStatus();
    }
  }
  return UsageError("no rule has the number or name '" + which + "'");
}

}  // namespace

std::vector<Command> ErrorsCommands() {
  return {{"",
           "errors",
           "explain why something was refused",
           {{"NUMBER", "of the rule, or its name; default: all rules"}},
           &Show}};
}

}  // namespace tributary::cli
