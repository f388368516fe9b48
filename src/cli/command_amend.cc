#include <algorithm>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/parse.h"
#include "cli/record_arguments.h"
#include "cli/sender.h"
#include "cli/table.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"
#include "tributary/base/types.h"

namespace tributary::cli {
namespace {

// All versions of a record, newest first.
absl::StatusOr<v1::ListVersionsResponse> AllVersions(Context& context, const std::string& record) {
  const auto ref = ParseRecord(record);
  if (!ref.ok()) return ref.status();
  v1::ListVersionsRequest request;
  *request.mutable_record() = *ref;
  request.set_page_size(1'000);
  v1::ListVersionsResponse all;
  do {
    const auto page = context.node().ListVersions(request);
    if (!page.ok()) return page.status();
    request.set_page_token(page->next_page_token());
    if (all.record().empty()) {
      all = *page;
    } else {
      all.mutable_versions()->MergeFrom(page->versions());
    }
  } while (!request.page_token().empty());
  all.clear_next_page_token();
  return all;
}

// What an amendment replaces: the last version that was not withdrawn.
const v1::VersionView& LastOf(const v1::ListVersionsResponse& all) {
  const auto last =
      std::find_if(all.versions().begin(), all.versions().end(),
                   [](const v1::VersionView& version) { return !version.withdrawn(); });
  return last == all.versions().end() ? *all.versions().rbegin() : *last;
}

// What the command line does not state stays as it is.
absl::Status FillLines(Context& context, const Sender& sender, const v1::VersionView& last,
                       v1::AmendRecord* to) {
  client::RecordBuilder stated(v1::RECORD_KIND_OTHER);
  for (const std::string& parent : context.List("--parent")) {
    TRIBUTARY_RETURN_IF_ERROR(AddParent(context, parent, stated));
  }
  *to->mutable_parents() = stated.message().parents();
  if (!context.Has("--parent")) {
    for (const v1::EdgeView& edge : last.parents()) {
      v1::Parent* parent = to->add_parents();
      parent->set_record(edge.record());
      parent->set_relation(edge.relation());
      parent->set_weight(edge.weight());
    }
  }
  if (context.Has("--author")) {
    TRIBUTARY_RETURN_IF_ERROR(AddAuthors(context, sender, stated));
    *to->mutable_authors() = stated.message().authors();
  } else {
    for (const v1::AuthorView& view : last.authors()) {
      v1::Author* author = to->add_authors();
      author->set_account(view.account());
      author->set_share_ppb(view.share_ppb());
    }
  }
  to->set_pass_through_ppb(base::kPpbOne - last.kept_ppb());
  if (!context.Has("--pass-through")) return absl::OkStatus();
  const auto pass_through = ParsePpb(context.Text("--pass-through"));
  if (!pass_through.ok()) return pass_through.status();
  to->set_pass_through_ppb(*pass_through);
  return absl::OkStatus();
}

absl::Status Amend(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const auto all = AllVersions(context, context.Text("RECORD"));
  if (!all.ok()) return all.status();
  v1::Operation operation;
  v1::AmendRecord* amendment = operation.mutable_amend_record();
  amendment->set_record(all->record());
  const uint64_t next = sender->status().epoch() + 1;
  amendment->set_effective_epoch(context.Has("--epoch") ? context.Number("--epoch") : next);
  TRIBUTARY_RETURN_IF_ERROR(FillLines(context, *sender, LastOf(*all), amendment));
  return sender->SendAndPrint(
      operation, "shares from epoch " + std::to_string(amendment->effective_epoch()) + " on");
}

absl::Status Withdraw(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const auto all = AllVersions(context, context.Text("RECORD"));
  if (!all.ok()) return all.status();
  v1::Operation operation;
  operation.mutable_withdraw_amendment()->set_record(all->record());
  const uint64_t last = LastOf(*all).effective_epoch();
  const uint64_t epoch = context.Has("--epoch") ? context.Number("--epoch") : last;
  operation.mutable_withdraw_amendment()->set_effective_epoch(epoch);
  return sender->SendAndPrint(operation,
                              "amendment of epoch " + std::to_string(epoch) + " withdrawn");
}

std::string StateOf(const v1::VersionView& version, uint64_t epoch) {
  if (version.withdrawn()) return "withdrawn";
  if (version.in_force()) return "in force";
  return version.effective_epoch() > epoch ? "to come" : "past";
}

absl::Status Versions(Context& context) {
  const auto all = AllVersions(context, context.Text("RECORD"));
  if (!all.ok()) return all.status();
  if (context.json()) {
    context.PrintJson(*all);
    return absl::OkStatus();
  }
  const auto status = context.node().GetStatus();
  if (!status.ok()) return status.status();
  Table table({{"version", Align::kRight},
               {"from epoch", Align::kRight},
               {"state"},
               {"kept", Align::kRight},
               {"lines"}});
  for (const v1::VersionView& version : all->versions()) {
    std::string lines;
    for (const v1::AuthorView& author : version.authors()) {
      lines += (lines.empty() ? "" : ", ") + Printable(author.handle()) + " " +
               Percent(author.share_ppb());
    }
    constexpr int kParentsShown = 8;
    for (int i = 0; i < version.parents_size() && i < kParentsShown; ++i) {
      lines += ", #" + std::to_string(version.parents(i).sequence()) + " " +
               Percent(version.parents(i).share_ppb());
    }
    if (version.parents_size() > kParentsShown) {
      lines += ", and " +
               Plural(static_cast<uint64_t>(version.parents_size() - kParentsShown), "parent");
    }
    table.Add({std::to_string(version.number()),
               version.number() == 0 ? "-" : std::to_string(version.effective_epoch()),
               StateOf(version, status->epoch()), Percent(version.kept_ppb()), lines});
  }
  table.Print(context.out());
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> AmendCommands() {
  const Argument record = {"RECORD", "id, external id, sha256:HEX or #sequence",
                           ArgumentKind::kText, true};
  return {{"record", "amend", "change the shares of a record from a later epoch on",
           WithSigning({record,
                        {"--epoch", "first epoch of the new shares; default: the next",
                         ArgumentKind::kNumber},
                        {"--author", "HANDLE or HANDLE=SHARE; may be given again; default: as now",
                         ArgumentKind::kList},
                        {"--parent", "RECORD=RELATION*WEIGHT; all of them, or none: as now",
                         ArgumentKind::kList},
                        {"--pass-through", "share that passes to the parents; default: as now"}}),
           &Amend},
          {"record", "withdraw-amendment", "take back the last amendment before it takes effect",
           WithSigning(
               {record,
                {"--epoch", "of the amendment; default: the last one's", ArgumentKind::kNumber}}),
           &Withdraw},
          {"record",
           "versions",
           "show a record's shares, now and in other epochs",
           {record},
           &Versions}};
}

}  // namespace tributary::cli
