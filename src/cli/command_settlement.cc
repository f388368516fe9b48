// Settlements, and the events behind them.
#include <algorithm>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/parse.h"
#include "cli/table.h"

namespace tributary::cli {
namespace {

constexpr uint64_t kPageMax = 1'000;

// Page after page, until `limit` elements are there. `count` says how many a page has.
template <class Request, class Response, class Count>
absl::StatusOr<Response> Gather(Context& context, Request request,
                                absl::StatusOr<Response> (client::Client::*read)(const Request&),
                                Count count) {
  uint64_t left = context.Number("--limit");
  Response all;
  do {
    request.set_page_size(static_cast<uint32_t>(std::min(left, kPageMax)));
    const auto page = (context.node().*read)(request);
    if (!page.ok()) return page.status();
    left -= std::min(left, static_cast<uint64_t>(count(*page)));
    request.set_page_token(page->next_page_token());
    all.MergeFrom(*page);
    all.set_next_page_token(page->next_page_token());
  } while (left > 0 && !request.page_token().empty());
  return all;
}

absl::Status Show(Context& context) {
  v1::GetSettlementRequest request;
  request.set_number(context.Number("SETTLEMENT"));
  const auto all =
      Gather(context, request, &client::Client::GetSettlement,
             [](const v1::GetSettlementResponse& page) { return page.sources_size(); });
  if (!all.ok()) return all.status();
  if (context.json()) {
    context.PrintJson(*all);
    return absl::OkStatus();
  }
  const v1::Settlement& one = all->settlement();
  Facts facts;
  facts.Add("settlement", std::to_string(one.number()));
  if (one.of_pot()) {
    facts.Add("pot", Money(one.released()) + " held for case " + std::to_string(one.case_number()) +
                         ", which has ended");
  }
  facts.Add("epoch", std::to_string(one.epoch()));
  facts.Add("block", std::to_string(one.height()) + " at " + Time(one.time_ms()));
  if (!IsZero(one.netted())) facts.Add("refunds netted", Money(one.netted()));
  facts.Add("gross", Money(one.gross()));
  facts.Add("fee", Money(one.fee()));
  facts.Add("credited", Money(one.credited()) + " in " + Plural(one.credits(), "credit"));
  facts.Add("dust", Money(one.dust_change()));
  if (!IsZero(one.held_change())) facts.Add("held in dispute", Money(one.held_change()));
  facts.Add("records", std::to_string(one.records()));
  facts.Print(context.out());
  Table table({{"entered at"},
               {"gross", Align::kRight},
               {"fee", Align::kRight},
               {"royalties owed", Align::kRight},
               {"attributed away", Align::kRight},
               {"to the lineage", Align::kRight},
               {"attributed to it", Align::kRight},
               {"royalties", Align::kRight},
               {"refunds netted", Align::kRight},
               {"out of its pot", Align::kRight}});
  for (const v1::SettlementSource& source : all->sources()) {
    table.Add({Printable(source.record_name()), source.gross().major(), source.fee().major(),
               source.royalties_owed().major(), source.directed().major(), source.net().major(),
               source.attributed().major(), source.royalties().major(), source.netted().major(),
               source.released().major()});
  }
  table.Print(context.out());
  if (!all->next_page_token().empty()) context.out() << "(more: raise --limit)\n";
  return absl::OkStatus();
}

absl::Status List(Context& context) {
  v1::ListSettlementsRequest request;
  request.set_currency(context.Text("--currency"));
  const auto all =
      Gather(context, request, &client::Client::ListSettlements,
             [](const v1::ListSettlementsResponse& page) { return page.settlements_size(); });
  if (!all.ok()) return all.status();
  if (context.json()) {
    context.PrintJson(*all);
    return absl::OkStatus();
  }
  Table table({{"settlement", Align::kRight},
               {"epoch", Align::kRight},
               {"time"},
               {"gross", Align::kRight},
               {"fee", Align::kRight},
               {"credited", Align::kRight},
               {"records", Align::kRight},
               {"about"}});
  for (const v1::Settlement& one : all->settlements()) {
    table.Add({std::to_string(one.number()), std::to_string(one.epoch()), Time(one.time_ms()),
               Money(one.gross()), one.fee().major(), one.credited().major(),
               std::to_string(one.records()),
               one.of_pot() ? "pot of case " + std::to_string(one.case_number()) : ""});
  }
  table.Print(context.out());
  if (!all->next_page_token().empty()) context.out() << "(more: raise --limit)\n";
  return absl::OkStatus();
}

// What else there is to say about an event.
std::string About(const v1::RevenueEvent& event) {
  if (event.refund()) return "refund of " + Printable(event.refund_of());
  std::string about;
  if (!IsZero(event.refunded())) about = "refunded " + Money(event.refunded());
  if (!event.has_attribution()) return about;
  const v1::AttributionView& one = event.attribution();
  return about + (about.empty() ? "" : "; ") + Percent(one.alpha_ppb()) + " attributed by " +
         Printable(one.handle()) + " (" + Printable(one.method()) + ") to " +
         Plural(one.parts_total(), "record");
}

absl::Status ListEvents(Context& context) {
  v1::ListRevenueRequest request;
  const auto asset = ParseRecord(context.Text("ASSET"));
  if (!asset.ok()) return asset.status();
  *request.mutable_asset() = *asset;
  request.set_currency(context.Text("--currency"));
  if (context.Has("--epoch")) request.set_epoch(context.Number("--epoch"));
  const auto all = Gather(context, request, &client::Client::ListRevenue,
                          [](const v1::ListRevenueResponse& page) { return page.events_size(); });
  if (!all.ok()) return all.status();
  if (context.json()) {
    context.PrintJson(*all);
    return absl::OkStatus();
  }
  context.out() << "events of " << Printable(all->asset_name()) << "\n";
  Table table({{"recorded"},
               {"reporter"},
               {"reference"},
               {"amount", Align::kRight},
               {"epoch", Align::kRight},
               {"state"},
               {"place", Align::kRight},
               {"about"}});
  for (const v1::RevenueEvent& event : all->events()) {
    table.Add({Time(event.time_ms()), Printable(event.handle()), Printable(event.reference()),
               (event.refund() ? "-" : "") + Money(event.amount()), std::to_string(event.epoch()),
               event.state() == v1::REVENUE_STATE_SETTLED ? "settled" : "pending",
               std::to_string(event.entry()) + "." + std::to_string(event.operation()) + "." +
                   std::to_string(event.item()),
               About(event)});
  }
  table.Print(context.out());
  if (!all->next_page_token().empty()) context.out() << "(more: raise --limit)\n";
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> SettlementCommands() {
  const Argument limit{"--limit", "at most so many", ArgumentKind::kNumber, false, "100"};
  return {{"settlement",
           "show",
           "one settlement, and the records at which its money entered",
           {{"SETTLEMENT", "its number", ArgumentKind::kNumber, true}, limit},
           &Show},
          {"settlement",
           "list",
           "settlements, newest first",
           {{"--currency", "only this one"}, limit},
           &List},
          {"revenue",
           "list",
           "the events of an asset, oldest first",
           {{"ASSET", "record that earned it", ArgumentKind::kText, true},
            {"--currency", "only this one"},
            {"--epoch", "only those recorded in it", ArgumentKind::kNumber},
            limit},
           &ListEvents}};
}

}  // namespace tributary::cli
