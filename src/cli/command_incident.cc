// Incidents: reporting harm, freezing what an asset earns, and ruling with compensation.
#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/find_record.h"
#include "cli/hash_file.h"
#include "cli/pages.h"
#include "cli/parse.h"
#include "cli/sender.h"
#include "cli/table.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

constexpr uint64_t kSeverityMax = 4;

absl::StatusOr<v1::IncidentView> IncidentNamed(Context& context) {
  v1::GetIncidentRequest request;
  request.set_number(context.Number("INCIDENT"));
  return context.node().GetIncident(request);
}

// The number of the newest incident of a record: that of the report just committed, unless somebody
// reported another one in the same moment.
std::string NumberOfNewest(Context& context, const std::string& record) {
  v1::ListIncidentsRequest request;
  request.mutable_record()->set_id(record);
  request.set_page_size(1);
  const auto newest = context.node().ListIncidents(request);
  if (!newest.ok() || newest->incidents().empty()) return "incident reported";
  return "incident " + std::to_string(newest->incidents(0).number()) + " reported";
}

absl::Status Report(Context& context) {
  const uint64_t severity = context.Number("--severity");
  if (severity == 0 || severity > kSeverityMax) {
    return UsageError("--severity is 1 (low), 2, 3 or 4 (critical)");
  }
  const auto evidence = HashArgument(context, "--evidence");
  if (!evidence.ok()) return evidence.status();
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const auto subject = FindRecordId(context, context.Text("RECORD"));
  if (!subject.ok()) return subject.status();
  v1::Operation operation;
  v1::ReportIncident* report = operation.mutable_report_incident();
  report->set_subject(*subject);
  report->set_category(context.Text("--category"));
  report->set_severity(static_cast<uint32_t>(severity));
  report->set_evidence_sha256(*evidence);
  report->set_evidence_uri(context.Text("--uri"));
  const auto sent = sender->Send(operation);
  if (!sent.ok()) return sent.status();
  const bool ask = sent->status.has_committed() && !context.json();
  sender->Print(*sent, ask ? NumberOfNewest(context, *subject) : "incident reported");
  return absl::OkStatus();
}

absl::Status Freeze(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const auto incident = IncidentNamed(context);
  if (!incident.ok()) return incident.status();
  v1::Operation operation;
  v1::FreezeAsset* freeze = operation.mutable_freeze_asset();
  freeze->set_incident(incident->number());
  freeze->set_asset(incident->subject());
  if (context.Has("--asset")) {
    const auto asset = FindRecordId(context, context.Text("--asset"));
    if (!asset.ok()) return asset.status();
    freeze->set_asset(*asset);
  }
  return sender->SendAndPrint(operation, "what it earns is frozen");
}

// "ACCOUNT=CURRENCY:AMOUNT", the amount in major units.
absl::Status AddCompensation(Context& context, const v1::NodeStatus& status,
                             const std::string& text, v1::RuleIncident* to) {
  const size_t equals = text.rfind('=');
  const size_t colon = text.find(':', equals == std::string::npos ? 0 : equals);
  if (equals == std::string::npos || colon == std::string::npos) {
    return UsageError("'" + text + "' is no compensation: write ACCOUNT=CURRENCY:AMOUNT");
  }
  v1::GetAccountRequest request;
  *request.mutable_account() = ParseAccount(text.substr(0, equals));
  const auto account = context.node().GetAccount(request);
  if (!account.ok()) return account.status();
  const std::string currency = text.substr(equals + 1, colon - equals - 1);
  const auto decimals = DecimalsOf(status, currency);
  if (!decimals.ok()) return decimals.status();
  const auto minor = ParseMajor(text.substr(colon + 1), *decimals);
  if (!minor.ok()) return minor.status();
  v1::Compensation* compensation = to->add_compensations();
  compensation->set_account(account->id());
  compensation->set_currency(currency);
  compensation->set_amount_minor(*minor);
  return absl::OkStatus();
}

absl::Status SendRuling(Context& context, bool upheld) {
  const auto reasons = HashArgument(context, "--reasons");
  if (!reasons.ok()) return reasons.status();
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  v1::Operation operation;
  v1::RuleIncident* ruling = operation.mutable_rule_incident();
  ruling->set_incident(context.Number("INCIDENT"));
  ruling->set_upheld(upheld);
  ruling->set_reasons_sha256(*reasons);
  for (const std::string& text : context.List("--compensate")) {
    TRIBUTARY_RETURN_IF_ERROR(AddCompensation(context, sender->status(), text, ruling));
  }
  return sender->SendAndPrint(operation, "incident " + std::to_string(ruling->incident()) +
                                             (upheld ? " upheld" : " dismissed"));
}

absl::Status Rule(Context& context) {
  if (context.Flag("--uphold") == context.Flag("--dismiss")) {
    return UsageError("rule either --uphold or --dismiss");
  }
  return SendRuling(context, context.Flag("--uphold"));
}

absl::Status Unfreeze(Context& context) { return SendRuling(context, false); }

std::string StateName(v1::IncidentState state) {
  switch (state) {
    case v1::INCIDENT_STATE_OPEN: return "open";
    case v1::INCIDENT_STATE_UPHELD: return "upheld";
    case v1::INCIDENT_STATE_DISMISSED: return "dismissed";
    default: return "-";
  }
}

std::string FreezeText(const v1::IncidentView& incident) {
  if (!incident.has_freeze()) return "-";
  const v1::FreezeView& freeze = incident.freeze();
  if (freeze.in_force()) return "until " + Time(freeze.until_ms());
  return incident.has_ruling() ? "ended by the ruling" : "ended";
}

std::string SignersText(const google::protobuf::RepeatedPtrField<v1::SignerView>& signers) {
  std::string text;
  for (const v1::SignerView& signer : signers) {
    text += (text.empty() ? "" : ", ") + Printable(signer.handle());
  }
  return text;
}

std::string NameOf(const std::string& name, const std::string& id) {
  return Printable(name) + " (" + ShortHex(id) + ")";
}

void AddFreeze(const v1::FreezeView& freeze, Facts* facts) {
  facts->Add("frozen", NameOf(freeze.asset_name(), freeze.asset()))
      .Add("frozen since", Time(freeze.since().time_ms()) + ", entry " +
                               std::to_string(freeze.since().entry()) + ", signed by " +
                               SignersText(freeze.signers()))
      .Add("frozen until", Time(freeze.until_ms()) + (freeze.in_force() ? "" : " (ended)"));
  for (const v1::Amount& amount : freeze.frozen()) facts->Add("frozen gross", Money(amount));
}

void AddRuling(const v1::IncidentRuling& ruling, Facts* facts) {
  facts->Add("ruling", std::string(ruling.upheld() ? "upheld" : "dismissed") + " on " +
                           Time(ruling.position().time_ms()) + ", entry " +
                           std::to_string(ruling.position().entry()) + ", signed by " +
                           SignersText(ruling.signers()));
  facts->Add("reasons", Hex(ruling.reasons_sha256()));
  for (const v1::CompensationView& one : ruling.compensations()) {
    facts->Add("compensation", Money(one.amount()) + " to " + Printable(one.handle()));
  }
}

absl::Status Show(Context& context) {
  const auto incident = IncidentNamed(context);
  if (!incident.ok()) return incident.status();
  if (context.json()) {
    context.PrintJson(*incident);
    return absl::OkStatus();
  }
  Facts facts;
  facts.Add("incident", std::to_string(incident->number()) + ", " + StateName(incident->state()))
      .Add("about", NameOf(incident->subject_name(), incident->subject()))
      .Add("category", Printable(incident->category()))
      .Add("severity", std::to_string(incident->severity()) + " of 4")
      .Add("reported by", Printable(incident->reporter_handle()))
      .Add("reported", Time(incident->reported().time_ms()) + ", entry " +
                           std::to_string(incident->reported().entry()))
      .Add("evidence", Hex(incident->evidence_sha256()));
  if (!incident->evidence_uri().empty()) {
    facts.Add("evidence at", Printable(incident->evidence_uri()));
  }
  if (incident->has_freeze()) AddFreeze(incident->freeze(), &facts);
  if (incident->has_ruling()) AddRuling(incident->ruling(), &facts);
  facts.Print(context.out());
  return absl::OkStatus();
}

absl::StatusOr<v1::IncidentState> StateNamed(const std::string& text) {
  if (text.empty()) return v1::INCIDENT_STATE_UNSPECIFIED;
  for (const auto state :
       {v1::INCIDENT_STATE_OPEN, v1::INCIDENT_STATE_UPHELD, v1::INCIDENT_STATE_DISMISSED}) {
    if (StateName(state) == text) return state;
  }
  return UsageError("--state is open, upheld or dismissed");
}

absl::Status List(Context& context) {
  v1::ListIncidentsRequest request;
  const auto state = StateNamed(context.Text("--state"));
  if (!state.ok()) return state.status();
  request.set_state(*state);
  if (context.Has("--record")) {
    const auto ref = ParseRecord(context.Text("--record"));
    if (!ref.ok()) return ref.status();
    *request.mutable_record() = *ref;
  }
  const auto all =
      ReadPages(context.node(), &client::Client::ListIncidents,
                &v1::ListIncidentsResponse::incidents_size, request, context.Number("--limit"));
  if (!all.ok()) return all.status();
  if (context.json()) {
    context.PrintJson(*all);
    return absl::OkStatus();
  }
  Table table({{"incident", Align::kRight},
               {"state"},
               {"severity", Align::kRight},
               {"category"},
               {"about"},
               {"reported by"},
               {"frozen"}});
  for (const v1::IncidentView& incident : all->incidents()) {
    table.Add({std::to_string(incident.number()), StateName(incident.state()),
               std::to_string(incident.severity()), Printable(incident.category()),
               Printable(incident.subject_name()), Printable(incident.reporter_handle()),
               FreezeText(incident)});
  }
  if (table.empty()) {
    context.out() << "no incidents\n";
  } else {
    table.Print(context.out());
  }
  if (!all->next_page_token().empty()) context.out() << "(more: raise --limit)\n";
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> IncidentCommands() {
  const Argument incident = {"INCIDENT", "its number", ArgumentKind::kNumber, true};
  const Argument reasons = {"--reasons", "64 hexadecimal digits, or a file that is hashed here",
                            ArgumentKind::kText, true};
  return {
      {"incident", "report", "tie evidence of harm to an output or asset",
       WithSigning(
           {{"RECORD", "id, external id, sha256:HEX or #sequence", ArgumentKind::kText, true},
            {"--category", "such as financial-advice; at most 40 bytes", ArgumentKind::kText, true},
            {"--severity", "1 (low) to 4 (critical)", ArgumentKind::kNumber, true},
            {"--evidence", "64 hexadecimal digits, or a file that is hashed here",
             ArgumentKind::kText, true},
            {"--uri", "where the evidence can be read"}}),
       &Report},
      {"incident", "show", "an incident with its freeze and its ruling", {incident}, &Show},
      {"incident",
       "list",
       "incidents, newest first",
       {{"--record", "about this record, or for which it was frozen"},
        {"--state", "open, upheld or dismissed"},
        {"--limit", "at most so many", ArgumentKind::kNumber, false, "100"}},
       &List},
      {"incident", "freeze",
       "stop what an asset earns from maturing, until a deadline that cannot be renewed",
       WithSigning(
           {incident, {"--asset", "the subject of the incident (default) or one of its parents"}}),
       &Freeze},
      {"incident", "unfreeze", "end a freeze before its deadline, by dismissing the incident",
       WithSigning({incident, reasons}), &Unfreeze},
      {"incident", "rule", "decide an incident, which ends the freeze",
       WithSigning(
           {incident,
            {"--uphold", "there was harm", ArgumentKind::kFlag},
            {"--dismiss", "there was none, or not by this", ArgumentKind::kFlag},
            {"--compensate", "ACCOUNT=CURRENCY:AMOUNT out of what is frozen; may be given again",
             ArgumentKind::kList},
            reasons}),
       &Rule}};
}

}  // namespace tributary::cli
