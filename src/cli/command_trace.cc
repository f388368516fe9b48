// To whom an asset or one of its events can be traced.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/parse.h"
#include "cli/svg_split.h"
#include "cli/svg_trace.h"
#include "cli/table.h"
#include "codec/ledger_enums.h"
#include "tributary/base/amount.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

using Trace = v1::TraceResponsibilityResponse;

absl::Status NameTraced(Context& context, v1::TraceResponsibilityRequest* request) {
  const bool has_event = context.Has("--event") || context.Has("--reporter");
  const int named =
      (context.Has("ASSET") ? 1 : 0) + (has_event ? 1 : 0) + (context.Has("--place") ? 1 : 0);
  if (named != 1 || context.Has("--event") != context.Has("--reporter")) {
    return UsageError("name an ASSET, or an event by --reporter and --event, or by --place");
  }
  if (context.Has("ASSET")) {
    const auto ref = ParseRecord(context.Text("ASSET"));
    if (!ref.ok()) return ref.status();
    *request->mutable_asset() = *ref;
    if (context.Has("--epoch")) request->set_epoch(context.Number("--epoch"));
    return absl::OkStatus();
  }
  if (has_event) {
    *request->mutable_reporter() = ParseAccount(context.Text("--reporter"));
    request->set_reference(context.Text("--event"));
    return absl::OkStatus();
  }
  const auto place = ParsePlace(context.Text("--place"));
  if (!place.ok()) return place.status();
  *request->mutable_place() = *place;
  return absl::OkStatus();
}

// The elements of `from` whose key `to` does not have yet.
template <class Elements, class Key>
void AddNew(const Elements& from, Key key, Elements* to) {
  std::set<std::decay_t<decltype(key(*from.begin()))>> known;
  for (const auto& element : *to) known.insert(key(element));
  for (const auto& element : from) {
    if (known.insert(key(element)).second) *to->Add() = element;
  }
}

void AddPage(const Trace& page, Trace* all) {
  all->mutable_records()->MergeFrom(page.records());
  AddNew(
      page.accounts(), [](const auto& one) { return one.account(); }, all->mutable_accounts());
  AddNew(
      page.acts(), [](const auto& one) { return one.proposal(); }, all->mutable_acts());
  AddNew(
      page.validator_sets(), [](const auto& one) { return one.since_height(); },
      all->mutable_validator_sets());
  all->set_next_page_token(page.next_page_token());
}

absl::StatusOr<Trace> ReadTrace(Context& context, v1::TraceResponsibilityRequest request) {
  uint64_t limit = std::max<uint64_t>(context.Number("--limit"), 1);
  Trace all;
  do {
    request.set_page_size(static_cast<uint32_t>(std::min<uint64_t>(limit, 1'000)));
    const auto page = context.node().TraceResponsibility(request);
    if (!page.ok()) return page.status();
    if (request.page_token().empty()) {
      all = *page;
    } else {
      AddPage(*page, &all);
    }
    limit -= std::min<uint64_t>(limit, static_cast<uint64_t>(page->records_size()));
    request.set_page_token(page->next_page_token());
  } while (limit > 0 && !request.page_token().empty());
  return all;
}

// ---- Text

std::string AboutEvent(const v1::TracedEvent& event) {
  std::string text = "event " + Printable(event.reference()) + " of " + Money(event.amount()) +
                     " on " + Time(event.occurred_at_ms()) + ", reported by " +
                     Printable(event.reporter_handle()) + " (entry " +
                     std::to_string(event.position().entry()) + ")";
  if (event.has_attribution()) {
    text += ", " + Percent(event.attribution().alpha_ppb()) + " attributed by " +
            Printable(event.attribution().handle()) + " (" +
            Printable(event.attribution().method()) + ")";
  }
  return text;
}

std::string ShareOf(const v1::TracedRecord& record) {
  const auto kept = base::ParseDecimal(record.kept_e18()).value_or(0);
  const auto royalty = base::ParseDecimal(record.royalty_e18()).value_or(0);
  return PercentE18(base::ToDecimal(kept + royalty));
}

std::string AttestedText(const v1::TracedRecord& record) {
  if (record.attestations().empty()) return "-";
  const v1::TracedAttestation& latest = record.attestations(0);
  const bool complete = latest.verdict() == v1::ATTESTATION_VERDICT_COMPLETE;
  return std::string(complete ? "complete" : "incomplete") + " (" + Printable(latest.handle()) +
         ")";
}

void PrintRecords(Context& context, const Trace& trace) {
  Table table({{"depth", Align::kRight},
               {"kind"},
               {"record"},
               {"share", Align::kRight},
               {"reaches", Align::kRight},
               {"authors"},
               {"signed by"},
               {"attested"},
               {"block", Align::kRight}});
  for (const v1::TracedRecord& record : trace.records()) {
    std::string authors;
    for (const v1::TracedAuthor& author : record.authors()) {
      authors += (authors.empty() ? "" : ", ") + Printable(author.handle());
    }
    std::string signers;
    for (const v1::SignerView& signer : record.signers()) {
      signers += (signers.empty() ? "" : ", ") + Printable(signer.handle());
    }
    std::string depth = std::to_string(record.depth_min());
    if (record.depth_max() > record.depth_min()) depth += "–" + std::to_string(record.depth_max());
    table.Add({depth, KindName(record.kind()), Printable(record.name()), ShareOf(record),
               PercentE18(record.reaches_e18()), authors, signers, AttestedText(record),
               std::to_string(record.position().height())});
  }
  table.Print(context.out());
}

std::string StanceText(const v1::TracedEdge& edge) {
  std::string text = "claimed";
  if (edge.stance() != v1::EDGE_STANCE_UNSPECIFIED) {
    text = std::string(codec::Name(static_cast<codec::EdgeStance>(edge.stance())));
  }
  return edge.countersigned() ? text + ", countersigned" : text;
}

std::string EvidenceText(const v1::TracedEdge& edge) {
  if (!edge.has_evidence()) return "-";
  std::string text = Printable(edge.evidence().method());
  if (!edge.evaluator_handle().empty()) text += " by " + Printable(edge.evaluator_handle());
  if (!edge.evidence().report_sha256().empty()) {
    text += ", report " + ShortHex(edge.evidence().report_sha256());
  }
  return text;
}

void PrintEdges(Context& context, const Trace& trace) {
  Table table(
      {{"record"}, {"relation"}, {"parent"}, {"share", Align::kRight}, {"stance"}, {"evidence"}});
  for (const v1::TracedRecord& record : trace.records()) {
    for (const v1::TracedEdge& edge : record.parents()) {
      table.Add({Printable(record.name()), RelationName(edge.relation()),
                 Printable(edge.record_name()), Percent(edge.share_ppb()), StanceText(edge),
                 EvidenceText(edge)});
    }
  }
  if (table.empty()) return;
  context.out() << "\n";
  table.Print(context.out());
}

std::string ActsText(const v1::TracedAccount& account) {
  std::string text;
  for (const uint64_t act : account.acts()) {
    text += (text.empty() ? "proposal " : ", ") + std::to_string(act);
  }
  return text.empty() ? "-" : text;
}

std::string RolesText(const v1::TracedAccount& account) {
  std::string text = account.custodial() ? "custodial" : "";
  for (const int role : account.roles()) {
    text += (text.empty() ? "" : ", ") + std::string(codec::Name(static_cast<codec::Role>(role)));
  }
  return text.empty() ? "-" : text;
}

void PrintPeople(Context& context, const Trace& trace) {
  std::map<std::string, base::Uint128> shares;
  for (const v1::TracedRecord& record : trace.records()) {
    for (const v1::TracedAuthor& author : record.authors()) {
      shares[author.account()] += base::ParseDecimal(author.amount_e18()).value_or(0);
    }
  }
  const std::set<std::string> reporters(trace.reporters().begin(), trace.reporters().end());
  std::vector<const v1::TracedAccount*> people;
  for (const v1::TracedAccount& account : trace.accounts()) people.push_back(&account);
  std::stable_sort(people.begin(), people.end(), [&shares](const auto* a, const auto* b) {
    return shares[a->account()] > shares[b->account()];
  });
  Table table({{"account"},
               {"share", Align::kRight},
               {"sponsored by"},
               {"roles"},
               {"registered"},
               {"admitted by"},
               {"reporter"}});
  for (const v1::TracedAccount* account : people) {
    const std::string sponsor =
        account->sponsor().empty() ? "the genesis" : Printable(account->sponsor_handle());
    table.Add({Printable(account->handle()),
               PercentE18(base::ToDecimal(shares[account->account()])), sponsor,
               RolesText(*account), "block " + std::to_string(account->registered().height()),
               ActsText(*account), reporters.count(account->account()) != 0 ? "yes" : "-"});
  }
  context.out() << "\n";
  table.Print(context.out());
}

void PrintActs(Context& context, const Trace& trace) {
  if (!trace.acts().empty()) context.out() << "\n";
  for (const v1::GovernanceAct& act : trace.acts()) {
    std::string approvers;
    for (const v1::SignerView& one : act.approved_by()) {
      approvers += (approvers.empty() ? "" : ", ") + Printable(one.handle());
    }
    context.out() << "proposal " << act.proposal() << ", in effect with block " << act.height()
                  << ", approved by " << approvers << ": " << Printable(act.content().reason())
                  << "\n";
  }
  if (!trace.governance_complete()) {
    context.out() << "(the oldest proposals were not looked at)\n";
  }
}

void PrintValidators(Context& context, const Trace& trace) {
  for (const v1::ValidatorSetView& set : trace.validator_sets()) {
    context.out() << "validators from block " << set.since_height() << " on:";
    for (const v1::TracedValidator& one : set.validators()) {
      context.out() << " " << Printable(one.handle()) << " (" << ShortHex(one.public_key())
                    << ", power " << one.power() << ")";
    }
    context.out() << "\n";
  }
  if (trace.validator_sets().empty()) {
    context.out() << "\nno validators: the blocks were committed by a node of its own\n";
  }
}

void PrintIncidents(Context& context, const Trace& trace) {
  for (const v1::IncidentView& incident : trace.incidents()) {
    context.out() << "incident " << incident.number() << ": " << Printable(incident.category())
                  << ", severity " << incident.severity() << ", reported by "
                  << Printable(incident.reporter_handle())
                  << (incident.has_freeze() && incident.freeze().in_force() ? ", frozen" : "")
                  << (incident.state() == v1::INCIDENT_STATE_UPHELD      ? ", upheld"
                      : incident.state() == v1::INCIDENT_STATE_DISMISSED ? ", dismissed"
                                                                         : "")
                  << "\n";
  }
}

void PrintTrace(Context& context, const Trace& trace) {
  if (trace.has_event()) context.out() << AboutEvent(trace.event()) << "\n";
  context.out() << Printable(trace.asset_name()) << "  " << Plural(trace.total(), "record") << ", "
                << Plural(trace.edges(), "edge") << ", longest path "
                << Plural(trace.depth(), "step") << ", by the shares of epoch " << trace.epoch()
                << "; network fee " << PercentE18(trace.fee_e18()) << "\n\n";
  PrintRecords(context, trace);
  PrintEdges(context, trace);
  PrintPeople(context, trace);
  PrintActs(context, trace);
  PrintValidators(context, trace);
  PrintIncidents(context, trace);
  if (!trace.next_page_token().empty()) context.out() << "(more: raise --limit)\n";
}

absl::Status Show(Context& context) {
  v1::TraceResponsibilityRequest request;
  TRIBUTARY_RETURN_IF_ERROR(NameTraced(context, &request));
  const auto trace = ReadTrace(context, request);
  if (!trace.ok()) return trace.status();
  if (context.Has("--svg")) {
    std::vector<std::string> about;
    if (trace->has_event()) about.push_back(AboutEvent(trace->event()));
    TRIBUTARY_RETURN_IF_ERROR(WritePicture(context, PictureOfTrace(*trace, about)));
  }
  if (context.json()) {
    context.PrintJson(*trace);
  } else {
    PrintTrace(context, *trace);
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> TraceCommands() {
  return {{"",
           "trace",
           "to whom an asset or an event can be traced: records, people, evidence, governance",
           {{"ASSET", "id, external id, sha256:HEX or #sequence"},
            {"--event", "instead: the reference of an event, with --reporter"},
            {"--reporter", "who reported the event: handle or id"},
            {"--place", "instead: where the event stands in the log, as `revenue list` shows it"},
            {"--epoch", "of an asset: at the shares of this epoch", ArgumentKind::kNumber},
            {"--limit", "at most so many records", ArgumentKind::kNumber, false, "1000"},
            {"--svg", "also draw it as a picture into this file"}},
           &Show}};
}

}  // namespace tributary::cli
