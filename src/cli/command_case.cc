// Cases: opening and joining them, answering, agreeing and ruling, and what each outcome would do.
#include <algorithm>
#include <map>
#include <optional>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/hash_file.h"
#include "cli/pages.h"
#include "cli/parse.h"
#include "cli/sender.h"
#include "cli/table.h"
#include "tributary/base/status.h"
#include "tributary/base/types.h"

namespace tributary::cli {
namespace {

absl::StatusOr<v1::RecordView> RecordNamed(Context& context, const std::string& text) {
  v1::GetRecordRequest request;
  const auto ref = ParseRecord(text);
  if (!ref.ok()) return ref.status();
  *request.mutable_record() = *ref;
  return context.node().GetRecord(request);
}

absl::StatusOr<std::string> AccountNamed(Context& context, const std::string& text) {
  v1::GetAccountRequest request;
  *request.mutable_account() = ParseAccount(text);
  const auto account = context.node().GetAccount(request);
  if (!account.ok()) return account.status();
  return account->id();
}

// "WHO=SHARE".
struct NamedShare {
  std::string name;
  uint32_t share;
};
absl::StatusOr<NamedShare> ParseShare(const std::string& text) {
  const size_t equals = text.rfind('=');
  if (equals == std::string::npos)
    return UsageError("a share is missing: write " + text + "=SHARE");
  const auto share = ParsePpb(text.substr(equals + 1));
  if (!share.ok()) return share.status();
  return NamedShare{text.substr(0, equals), *share};
}

// The version of the shares that is in force.
absl::StatusOr<v1::VersionView> InForce(Context& context, const v1::RecordRef& record) {
  v1::ListVersionsRequest request;
  *request.mutable_record() = record;
  do {
    const auto page = context.node().ListVersions(request);
    if (!page.ok()) return page.status();
    for (const v1::VersionView& version : page->versions()) {
      if (version.in_force()) return version;
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return base::Internal("no version of the record is in force");
}

// --author or --parent and --kept: the lines that are stated, and the others of the record at 0.
absl::Status FillCandidate(Context& context, bool authors, const std::string& record_id,
                           v1::Candidate* to) {
  std::map<std::string, uint32_t> shares;
  v1::RecordRef ref;
  ref.set_id(record_id);
  const auto now = InForce(context, ref);
  if (!now.ok()) return now.status();
  if (authors) {
    for (const v1::AuthorView& author : now->authors()) shares[author.account()] = 0;
  } else {
    for (const v1::EdgeView& edge : now->parents()) shares[edge.record()] = 0;
  }
  for (const std::string& text : context.List(authors ? "--author" : "--parent")) {
    const auto named = ParseShare(text);
    if (!named.ok()) return named.status();
    std::string id;
    if (authors) {
      const auto account = AccountNamed(context, named->name);
      if (!account.ok()) return account.status();
      id = *account;
    } else {
      const auto parent = RecordNamed(context, named->name);
      if (!parent.ok()) return parent.status();
      id = parent->id();
    }
    shares[id] = named->share;
  }
  for (const auto& [id, share] : shares) {
    v1::CandidateLine* line = to->add_lines();
    line->set_subject(id);
    line->set_share_ppb(share);
  }
  if (authors || !context.Has("--kept")) return absl::OkStatus();
  const auto kept = ParsePpb(context.Text("--kept"));
  if (!kept.ok()) return kept.status();
  to->set_kept_ppb(*kept);
  return absl::OkStatus();
}

absl::StatusOr<v1::CaseKind> KindOf(Context& context) {
  static const std::map<std::string, v1::CaseKind> kinds = {
      {"authorship", v1::CASE_KIND_AUTHORSHIP},
      {"edge", v1::CASE_KIND_EDGE},
      {"missing-edge", v1::CASE_KIND_MISSING_EDGE},
      {"duplicate", v1::CASE_KIND_DUPLICATE},
      {"revoked", v1::CASE_KIND_REVOKED}};
  const auto kind = kinds.find(context.Text("--kind"));
  if (kind != kinds.end()) return kind->second;
  return UsageError("--kind is authorship, edge, missing-edge, duplicate or revoked");
}

absl::StatusOr<v1::CaseView> CaseNamed(Context& context) {
  v1::GetCaseRequest request;
  request.set_number(context.Number("CASE"));
  return context.node().GetCase(request);
}

// The number of the case on `record` that was opened at an entry of the log.
std::optional<uint64_t> NumberAt(Context& context, const v1::RecordView& record,
                                 const v1::TransactionStatus& status) {
  if (!status.has_committed()) return std::nullopt;
  v1::ListCasesRequest request;
  request.mutable_record()->set_id(record.id());
  const auto all = context.node().ListCases(request);
  if (!all.ok()) return std::nullopt;
  for (const v1::CaseView& one : all->cases()) {
    if (one.opened().entry() == status.committed().position().entry()) return one.number();
  }
  return std::nullopt;
}

absl::Status Open(Context& context) {
  const auto kind = KindOf(context);
  if (!kind.ok()) return kind.status();
  const auto evidence = HashArgument(context, "--evidence");
  if (!evidence.ok()) return evidence.status();
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const auto record = RecordNamed(context, context.Text("RECORD"));
  if (!record.ok()) return record.status();
  v1::Operation operation;
  v1::OpenCase* open = operation.mutable_open_case();
  open->set_subject(record->id());
  open->set_kind(*kind);
  TRIBUTARY_RETURN_IF_ERROR(
      FillCandidate(context, context.Has("--author"), record->id(), open->mutable_candidate()));
  open->set_currency(context.Text("--currency"));
  open->set_evidence_sha256(*evidence);
  open->set_evidence_uri(context.Text("--uri"));
  const auto sent = sender->Send(operation);
  if (!sent.ok()) return sent.status();
  sender->PrintNumbered(*sent, "case", NumberAt(context, *record, sent->status), "opened");
  return absl::OkStatus();
}

absl::Status Join(Context& context) {
  const auto evidence = HashArgument(context, "--evidence");
  if (!evidence.ok()) return evidence.status();
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const auto one = CaseNamed(context);
  if (!one.ok()) return one.status();
  v1::Operation operation;
  v1::JoinCase* join = operation.mutable_join_case();
  join->set_case_number(one->number());
  TRIBUTARY_RETURN_IF_ERROR(
      FillCandidate(context, one->authors(), one->record(), join->mutable_candidate()));
  join->set_currency(context.Text("--currency"));
  join->set_evidence_sha256(*evidence);
  join->set_evidence_uri(context.Text("--uri"));
  return sender->SendAndPrint(operation, "case joined");
}

absl::Status Respond(Context& context) {
  const auto statement = HashArgument(context, "--statement");
  if (!statement.ok()) return statement.status();
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  v1::Operation operation;
  v1::RespondToCase* respond = operation.mutable_respond_to_case();
  respond->set_case_number(context.Number("CASE"));
  respond->set_statement_sha256(*statement);
  respond->set_statement_uri(context.Text("--uri"));
  return sender->SendAndPrint(operation, "answered");
}

absl::Status Withdraw(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  v1::Operation operation;
  operation.mutable_withdraw_claim()->set_case_number(context.Number("CASE"));
  return sender->SendAndPrint(operation, "claim withdrawn");
}

absl::Status Agree(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const auto one = CaseNamed(context);
  if (!one.ok()) return one.status();
  v1::Operation operation;
  v1::AgreeCase* agree = operation.mutable_agree_case();
  agree->set_case_number(one->number());
  TRIBUTARY_RETURN_IF_ERROR(
      FillCandidate(context, one->authors(), one->record(), agree->mutable_outcome()));
  return sender->SendAndPrint(operation, "agreed");
}

// --choose, one for each segment: 0 is the status quo, else the number of a claim.
absl::StatusOr<std::vector<uint32_t>> Choices(Context& context) {
  std::vector<uint32_t> choices;
  for (const std::string& text : context.List("--choose")) {
    const auto number = ParseNumber(text);
    if (!number || *number > UINT32_MAX)
      return UsageError("--choose is the number of a claim, or 0");
    choices.push_back(static_cast<uint32_t>(*number));
  }
  return choices;
}

absl::Status Rule(Context& context) {
  const auto choices = Choices(context);
  if (!choices.ok()) return choices.status();
  const auto reasons = HashArgument(context, "--reasons");
  if (!reasons.ok()) return reasons.status();
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  v1::Operation operation;
  v1::RuleCase* rule = operation.mutable_rule_case();
  rule->set_case_number(context.Number("CASE"));
  for (const uint32_t choice : *choices) rule->add_choices()->set_claim(choice);
  rule->set_reasons_sha256(*reasons);
  return sender->SendAndPrint(operation, "ruled");
}

absl::Status Simulate(Context& context) {
  const auto choices = Choices(context);
  if (!choices.ok()) return choices.status();
  v1::SimulateRulingRequest request;
  request.set_number(context.Number("CASE"));
  for (const uint32_t choice : *choices) request.add_choices(choice);
  const auto answer = context.node().SimulateRuling(request);
  if (!answer.ok()) return answer.status();
  if (context.json()) {
    context.PrintJson(*answer);
    return absl::OkStatus();
  }
  if (!answer->pays_out()) {
    context.out() << "the pot waits for the case on the record's other level\n";
  }
  Table table({{"account"}, {"available", Align::kRight}, {"bonded", Align::kRight}});
  for (const v1::SimulatedChange& change : answer->changes()) {
    table.Add({Printable(change.handle()), Money(change.available()), Money(change.bonded())});
  }
  table.Print(context.out());
  return absl::OkStatus();
}

std::string StateOf(const v1::CaseView& one) {
  switch (one.state()) {
    case v1::CASE_STATE_OPEN: return "open";
    case v1::CASE_STATE_ANSWERED: return "answered";
    default: break;
  }
  switch (one.outcome()) {
    case v1::CASE_OUTCOME_RULED: return "ruled";
    case v1::CASE_OUTCOME_AGREED: return "agreed";
    case v1::CASE_OUTCOME_UNANSWERED: return "not answered: the claim won";
    case v1::CASE_OUTCOME_UNRULED: return "not ruled: the status quo stands";
    case v1::CASE_OUTCOME_WITHDRAWN: return "withdrawn";
    default: return "ended";
  }
}

std::string StateOf(const v1::CaseClaim& claim) {
  if (claim.agreement()) return "agreed";
  switch (claim.state()) {
    case v1::CLAIM_STATE_STANDING: return "stands";
    case v1::CLAIM_STATE_WITHDRAWN: return "withdrawn";
    case v1::CLAIM_STATE_UPHELD: return "upheld";
    default: return "rejected";
  }
}

template <class Lines>
std::string LinesOf(const Lines& lines, bool authors, uint32_t kept_ppb) {
  constexpr int kShown = 8;
  std::string text = authors ? "" : "kept " + Percent(kept_ppb);
  for (int i = 0; i < lines.size() && i < kShown; ++i) {
    text += (text.empty() ? "" : ", ") + Printable(lines[i].name()) + " " +
            Percent(lines[i].share_ppb());
  }
  if (lines.size() > kShown) {
    text += ", and " + Plural(static_cast<uint64_t>(lines.size() - kShown), "line");
  }
  return text;
}

std::string PotOf(const v1::CaseView& one) {
  std::string text;
  for (const v1::Amount& amount : one.pot()) text += (text.empty() ? "" : ", ") + Money(amount);
  return text.empty() ? "-" : text;
}

absl::Status Show(Context& context) {
  const auto one = CaseNamed(context);
  if (!one.ok()) return one.status();
  if (context.json()) {
    context.PrintJson(*one);
    return absl::OkStatus();
  }
  const bool ended = one->state() == v1::CASE_STATE_ENDED;
  Facts facts;
  facts.Add("case", std::to_string(one->number()) + ", " + StateOf(*one));
  facts.Add("about", std::string(one->authors() ? "the authors of " : "the lines of ") +
                         Printable(one->record_name()));
  facts.Add("status quo", LinesOf(one->status_quo(), one->authors(), one->status_quo_kept_ppb()));
  facts.Add("pot", PotOf(*one));
  facts.Add("opened", Time(one->opened_ms()));
  if (!one->respondent_handle().empty()) {
    facts.Add("answered by", Printable(one->respondent_handle()));
  }
  facts.Add(ended ? "ended" : "ends by itself", Time(ended ? one->ended_ms() : one->due_ms()));
  std::string choices;
  for (const uint32_t choice : one->choices()) choices += " " + std::to_string(choice);
  facts.Add("segments",
            std::to_string(one->segments()) + (choices.empty() ? "" : "; chosen:" + choices));
  facts.Print(context.out());
  Table table({{"claim", Align::kRight},
               {"claimant"},
               {"state"},
               {"from segment", Align::kRight},
               {"bond", Align::kRight},
               {"asks for"}});
  for (const v1::CaseClaim& claim : one->claims()) {
    table.Add({std::to_string(claim.number()), Printable(claim.handle()), StateOf(claim),
               std::to_string(claim.first_segment()), claim.has_bond() ? Money(claim.bond()) : "-",
               LinesOf(claim.lines(), one->authors(), claim.kept_ppb())});
  }
  table.Print(context.out());
  return absl::OkStatus();
}

absl::Status List(Context& context) {
  v1::ListCasesRequest request;
  if (context.Has("--record")) {
    const auto record = ParseRecord(context.Text("--record"));
    if (!record.ok()) return record.status();
    *request.mutable_record() = *record;
  }
  if (context.Has("--account")) {
    *request.mutable_account() = ParseAccount(context.Text("--account"));
  }
  const std::string state = context.Text("--state");
  if (state == "open") request.set_state(v1::CASE_STATE_OPEN);
  if (state == "answered") request.set_state(v1::CASE_STATE_ANSWERED);
  if (state == "ended") request.set_state(v1::CASE_STATE_ENDED);
  if (!state.empty() && request.state() == v1::CASE_STATE_UNSPECIFIED) {
    return UsageError("--state is open, answered or ended");
  }
  const auto all =
      ReadPages(context.node(), &client::Client::ListCases, &v1::ListCasesResponse::cases_size,
                request, context.Number("--limit"));
  if (!all.ok()) return all.status();
  if (context.json()) {
    context.PrintJson(*all);
    return absl::OkStatus();
  }
  Table table({{"case", Align::kRight},
               {"record"},
               {"about"},
               {"claims", Align::kRight},
               {"state"},
               {"ends by itself"},
               {"pot", Align::kRight}});
  for (const v1::CaseView& one : all->cases()) {
    const bool ended = one.state() == v1::CASE_STATE_ENDED;
    table.Add({std::to_string(one.number()), Printable(one.record_name()),
               one.authors() ? "authors" : "lines", std::to_string(one.claims_size()), StateOf(one),
               ended ? "-" : Time(one.due_ms()), PotOf(one)});
  }
  table.Print(context.out());
  if (!all->next_page_token().empty()) context.out() << "(more: raise --limit)\n";
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> CaseCommands() {
  const Argument number = {"CASE", "its number", ArgumentKind::kNumber, true};
  const Argument author = {"--author", "HANDLE=SHARE, as the authors should be; may be given again",
                           ArgumentKind::kList};
  const Argument parent = {"--parent", "RECORD=SHARE, as the edges should be; may be given again",
                           ArgumentKind::kList};
  const Argument kept = {"--kept", "share that the authors should keep; default: nothing"};
  const Argument currency = {"--currency", "of the bond"};
  const Argument evidence = {"--evidence", "64 hexadecimal digits, or a file that is hashed here",
                             ArgumentKind::kText, true};
  const Argument uri = {"--uri", "where it can be read"};
  const Argument choose = {"--choose", "for each segment in order: 0, or the number of a claim",
                           ArgumentKind::kList, true};
  return {{"case", "open", "dispute the shares of a record",
           WithSigning(
               {{"RECORD", "id, external id, sha256:HEX or #sequence", ArgumentKind::kText, true},
                {"--kind", "authorship, edge, missing-edge, duplicate or revoked",
                 ArgumentKind::kText, true},
                author,
                parent,
                kept,
                currency,
                evidence,
                uri}),
           &Open},
          {"case", "join", "claim other shares in a case that is open",
           WithSigning({number, author, parent, kept, currency, evidence, uri}), &Join},
          {"case", "respond", "answer as a holder of a line that would fall",
           WithSigning({number,
                        {"--statement", "64 hexadecimal digits, or a file that is hashed here",
                         ArgumentKind::kText, true},
                        uri}),
           &Respond},
          {"case", "withdraw", "take back one's claim", WithSigning({number}), &Withdraw},
          {"case", "agree", "end a case with shares that all who lose by them sign",
           WithSigning({number, author, parent, kept}), &Agree},
          {"case", "rule", "end a case as its arbiters",
           WithSigning({number,
                        choose,
                        {"--reasons", "64 hexadecimal digits, or a file that is hashed here",
                         ArgumentKind::kText, true}}),
           &Rule},
          {"case", "show", "a case, its claims, and what is held", {number}, &Show},
          {"case",
           "list",
           "cases, newest first",
           {{"--record", "only those on it"},
            {"--account", "only those that it claims in or has answered"},
            {"--state", "open, answered or ended"},
            {"--limit", "at most so many", ArgumentKind::kNumber, false, "100"}},
           &List},
          {"case", "simulate", "what a ruling would do to whom", {number, choose}, &Simulate}};
}

}  // namespace tributary::cli
