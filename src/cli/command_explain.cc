#include <algorithm>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/pages.h"
#include "cli/parse.h"
#include "cli/split_tree.h"
#include "cli/svg_split.h"
#include "cli/table.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

std::string AssetName(Context& context, const v1::SplitExplanation& split) {
  v1::GetRecordRequest request;
  request.mutable_record()->set_id(split.asset());
  const auto record = context.node().GetRecord(request);
  if (!record.ok()) return ShortHex(split.asset());
  if (!record->record().external_id().empty()) return record->record().external_id();
  return record->record().title().empty() ? ShortHex(split.asset()) : record->record().title();
}

absl::Status NameEvent(Context& context, v1::ExplainRevenueRequest* request) {
  const bool by_name = context.Has("REPORTER") && context.Has("REFERENCE");
  if (context.Has("--place") == (context.Has("REPORTER") || context.Has("REFERENCE")) ||
      (!context.Has("--place") && !by_name)) {
    return UsageError("name the event by REPORTER and REFERENCE, or by --place");
  }
  if (by_name) {
    *request->mutable_reporter() = ParseAccount(context.Text("REPORTER"));
    request->set_reference(context.Text("REFERENCE"));
    return absl::OkStatus();
  }
  const auto place = ParsePlace(context.Text("--place"));
  if (!place.ok()) return place.status();
  *request->mutable_place() = *place;
  return absl::OkStatus();
}

void PrintRefunds(Context& context, const v1::ExplainRevenueResponse& event) {
  for (const v1::RefundView& refund : event.refunds()) {
    context.out() << "refund " << Printable(refund.reference()) << " of " << Money(refund.amount())
                  << " in epoch " << refund.epoch() << ", "
                  << (refund.after_settlement()
                          ? "after it had settled: netted against the asset's next revenue"
                          : "taken off before it settled")
                  << "\n";
  }
  if (!IsZero(event.asset_debit())) {
    context.out() << "refunds of this asset that wait to be netted: " << Money(event.asset_debit())
                  << "\n";
  }
}

absl::Status Event(Context& context) {
  v1::ExplainRevenueRequest request;
  TRIBUTARY_RETURN_IF_ERROR(NameEvent(context, &request));
  request.set_recipients_max(static_cast<uint32_t>(context.Number("--recipients")));
  request.set_paths_max(static_cast<uint32_t>(context.Number("--paths")));
  const auto event = context.node().ExplainRevenue(request);
  if (!event.ok()) return event.status();
  const std::string state =
      event->state() == v1::REVENUE_STATE_SETTLED
          ? "settled"
          : "pending until epoch " + std::to_string(event->settles_after_epoch()) + " has ended";
  const std::string about = "event " + Printable(event->reference()) + " of " +
                            Time(event->occurred_at_ms()) + ", recorded in epoch " +
                            std::to_string(event->epoch()) + " (entry " +
                            std::to_string(event->position().entry()) + "), " + state;
  const bool needs_name = context.Has("--svg") || !context.json();
  const std::string asset = needs_name ? AssetName(context, event->split()) : std::string();
  if (context.Has("--svg")) {
    const absl::Status drawn =
        WritePicture(context, PictureOfSplit(event->split(), asset, {about}));
    if (!drawn.ok()) return drawn;
  }
  if (context.json()) {
    context.PrintJson(*event);
    return absl::OkStatus();
  }
  context.out() << about << "\n";
  PrintRefunds(context, *event);
  PrintSplit(context.out(), event->split(), asset);
  return absl::OkStatus();
}

void PrintRecord(Context& context, const v1::RecordCredit& credit, bool last) {
  context.out() << (last ? "└─ " : "├─ ") << Money(credit.amount()) << " for "
                << Printable(credit.record_name())
                << (IsZero(credit.royalties())
                        ? ""
                        : ", of it " + Money(credit.royalties()) + " as royalties")
                << (IsZero(credit.of_pots())
                        ? ""
                        : ", of it " + Money(credit.of_pots()) + " out of pots of cases")
                << ", as author of " << Percent(credit.author_share_ppb()) << ", in "
                << Plural(credit.settlements(), "settlement") << " (epochs " << credit.first_epoch()
                << " to " << credit.last_epoch() << ")\n";
  const std::string indent = last ? "   " : "│  ";
  for (int i = 0; i < credit.assets_size(); ++i) {
    const v1::AssetSource& asset = credit.assets(i);
    const bool end = i + 1 == credit.assets_size() && credit.assets_complete();
    context.out() << indent << (end ? "└─ " : "├─ ") << PercentE18(asset.share_e18())
                  << " of what enters " << Printable(asset.record_name()) << "\n";
  }
  if (!credit.assets_complete()) context.out() << indent << "└─ and other assets\n";
}

absl::Status Balance(Context& context) {
  v1::ExplainBalanceRequest request;
  *request.mutable_account() = ParseAccount(context.Text("ACCOUNT"));
  request.set_currency(context.Text("--currency"));
  const auto all =
      ReadPages(context.node(), &client::Client::ExplainBalance,
                &v1::ExplainBalanceResponse::records_size, request, context.Number("--limit"));
  if (!all.ok()) return all.status();
  if (context.Has("--svg")) {
    const absl::Status drawn =
        WritePicture(context, PictureOfBalance(*all, context.Text("ACCOUNT")));
    if (!drawn.ok()) return drawn;
  }
  if (context.json()) {
    context.PrintJson(*all);
    return absl::OkStatus();
  }
  context.out() << context.Text("ACCOUNT") << "  credited " << Money(all->balance().credited())
                << " through " << Plural(all->records_total(), "record") << "; available "
                << Money(all->balance().available()) << "\n";
  const bool more = !all->next_page_token().empty();
  for (int i = 0; i < all->records_size(); ++i) {
    PrintRecord(context, all->records(i), i + 1 == all->records_size() && !more);
  }
  if (more) context.out() << "└─ and more: raise --limit\n";
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> ExplainCommands() {
  return {{"explain",
           "event",
           "who gets, or got, what of a reported event",
           {{"REPORTER", "handle or id", ArgumentKind::kText},
            {"REFERENCE", "the reporter's name of the event", ArgumentKind::kText},
            {"--place", "instead: where it stands in the log, also beyond the horizon"},
            {"--recipients", "at most so many", ArgumentKind::kNumber, false, "20"},
            {"--paths", "at most so many for each recipient", ArgumentKind::kNumber, false, "3"},
            {"--svg", "also draw it as a picture into this file"}},
           &Event},
          {"explain",
           "balance",
           "from which records and assets a balance came",
           {{"ACCOUNT", "handle or id", ArgumentKind::kText, true},
            {"--currency", "code", ArgumentKind::kText, true},
            {"--limit", "at most so many records", ArgumentKind::kNumber, false, "20"},
            {"--svg", "also draw it as a picture into this file"}},
           &Balance}};
}

}  // namespace tributary::cli
