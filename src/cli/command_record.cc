#include <algorithm>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/hash_file.h"
#include "cli/pages.h"
#include "cli/parse.h"
#include "cli/record_arguments.h"
#include "cli/reservation_file.h"
#include "cli/sender.h"
#include "cli/sketch.h"
#include "cli/table.h"
#include "codec/ledger_enums.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"
#include "tributary/client/record.h"

namespace tributary::cli {
namespace {

absl::Status AddContent(Context& context, client::RecordBuilder& record) {
  const auto content = ContentOf(context);
  if (!content.ok()) return content.status();
  if (content->has_value()) record.Content((*content)->sha256, (*content)->bytes);
  if (!context.Has("--reservation")) return absl::OkStatus();
  const auto reservation = ReadReservation(context.Text("--reservation"));
  if (!reservation.ok()) return reservation.status();
  if (!content->has_value() || (*content)->sha256 != reservation->content_sha256) {
    return UsageError("the reservation is of other content");
  }
  record.OpenReservation(reservation->salt);
  return absl::OkStatus();
}

absl::Status AddShares(Context& context, client::RecordBuilder& record) {
  const auto pass_through =
      ParsePpb(context.Has("--pass-through") ? context.Text("--pass-through") : "0");
  if (!pass_through.ok()) return pass_through.status();
  record.PassThrough(base::Ppb(*pass_through));
  base::Ppb terms[3];
  const char* const names[] = {"--alpha-max", "--royalty", "--min-share"};
  for (size_t i = 0; i < 3; ++i) {
    if (!context.Has(names[i])) continue;
    const auto ppb = ParsePpb(context.Text(names[i]));
    if (!ppb.ok()) return ppb.status();
    terms[i] = base::Ppb(*ppb);
  }
  record.Terms(terms[0], terms[1], terms[2]);
  return absl::OkStatus();
}

std::string AuthorsOf(const v1::SimilarRecord& record) {
  std::string authors;
  for (const v1::AuthorView& author : record.authors()) {
    authors += (authors.empty() ? "" : ", ") + Printable(author.handle());
  }
  return authors;
}

// Says which records resemble the one just committed. A hint: nothing depends on it.
void NameSimilar(Context& context, const client::RecordBuilder& record) {
  v1::FindSimilarRequest request;
  request.mutable_record()->set_id(client::ToField(record.Id()));
  const auto similar = context.node().FindSimilar(request);
  if (!similar.ok()) return;
  for (const v1::SimilarRecord& one : similar->records()) {
    context.Progress("similar: " + Printable(one.record_name()) + " (" + ShortHex(one.record()) +
                     ") of " + AuthorsOf(one) + " agrees in " + std::to_string(one.agree()) +
                     " of " + std::to_string(one.compared()) + " minima");
  }
}

absl::Status Similar(Context& context) {
  v1::FindSimilarRequest request;
  if (context.Has("RECORD") == context.Has("--sketch-of")) {
    return UsageError("name a RECORD that has a sketch, or a file with --sketch-of");
  }
  if (context.Has("RECORD")) {
    const auto ref = ParseRecord(context.Text("RECORD"));
    if (!ref.ok()) return ref.status();
    *request.mutable_record() = *ref;
  } else {
    auto sketch = SketchOfFile(context.Text("--sketch-of"));
    if (!sketch.ok()) return sketch.status();
    request.set_sketch(*std::move(sketch));
  }
  const auto least = ParsePpb(context.Text("--least"));
  if (!least.ok()) return least.status();
  request.set_least_ppb(std::max(*least, 1u));
  const auto similar = context.node().FindSimilar(request);
  if (!similar.ok()) return similar.status();
  if (context.json()) {
    context.PrintJson(*similar);
    return absl::OkStatus();
  }
  Table table({{"record"}, {"id"}, {"agree", Align::kRight}, {"authors"}});
  for (const v1::SimilarRecord& one : similar->records()) {
    table.Add({Printable(one.record_name()), ShortHex(one.record()),
               std::to_string(one.agree()) + " of " + std::to_string(one.compared()),
               AuthorsOf(one)});
  }
  if (!table.empty()) table.Print(context.out());
  context.out() << Plural(similar->candidates(), "sketch") << " compared"
                << (similar->complete() ? "" : "; older records were not looked at") << "\n";
  return absl::OkStatus();
}

absl::Status Submit(Context& context) {
  const auto kind = codec::ParseRecordKind(context.Text("--kind"));
  if (!kind) return UsageError("'" + context.Text("--kind") + "' is no kind of record");
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  client::RecordBuilder record(static_cast<v1::RecordKind>(*kind));
  record.ExternalId(context.Text("--external-id"))
      .MediaType(context.Text("--media-type"))
      .Licence(context.Text("--licence"))
      .Title(context.Text("--title"))
      .Uri(context.Text("--uri"));
  if (context.Has("--declared")) {
    const auto time = ParseTime(context.Text("--declared"));
    if (!time.ok()) return time.status();
    record.Declared(base::TimeMs(*time));
  }
  TRIBUTARY_RETURN_IF_ERROR(AddContent(context, record));
  TRIBUTARY_RETURN_IF_ERROR(AddAuthors(context, *sender, record));
  TRIBUTARY_RETURN_IF_ERROR(AddShares(context, record));
  for (const std::string& parent : context.List("--parent")) {
    TRIBUTARY_RETURN_IF_ERROR(AddParent(context, parent, record));
  }
  if (context.Has("--sketch-of")) {
    const auto sketch = SketchOfFile(context.Text("--sketch-of"));
    if (!sketch.ok()) return sketch.status();
    record.Sketch(*sketch);
  }
  const auto sent = sender->Send(record.Submit(context.Flag("--skip-if-exists")));
  if (!sent.ok()) return sent.status();
  sender->Print(*sent, "record " + base::ToHex(record.Id().bytes));
  if (context.Has("--sketch-of") && sent->status.has_committed()) NameSimilar(context, record);
  return absl::OkStatus();
}

std::string Name(const v1::RecordView& record) {
  const v1::Record& r = record.record();
  if (!r.external_id().empty()) return Printable(r.external_id());
  return r.title().empty() ? "-" : Printable(r.title());
}

void PrintParents(Context& context, const v1::RecordView& record) {
  if (record.parents_size() == 0) return;
  Table table({{"parent"}, {"relation"}, {"share", Align::kRight}, {"its owner"}});
  for (const v1::EdgeView& edge : record.parents()) {
    table.Add({"#" + std::to_string(edge.sequence()) + " " + ShortHex(edge.record()),
               RelationName(edge.relation()), Percent(edge.share_ppb()),
               StanceText(edge.stance(), edge.countersigned())});
  }
  context.out() << "\n";
  table.Print(context.out());
}

std::string TermsText(const v1::Terms& terms) {
  return "attribution up to " + Percent(terms.alpha_max_ppb()) + ", royalty " +
         Percent(terms.royalty_ppb()) + ", least share " + Percent(terms.min_share_ppb());
}

void AddTerms(const v1::RecordView& view, Facts& facts) {
  if (view.record().has_terms()) facts.Add("terms", TermsText(view.terms()));
  for (const v1::TermsVersion& lowered : view.lowered_terms()) {
    facts.Add("lowered", TermsText(lowered.terms()) + ", from epoch " +
                             std::to_string(lowered.effective_epoch()) + " on");
  }
  if (view.royalty_claimants() > 0) {
    facts.Add("owes", Percent(view.royalties_ppb()) + " of gross as royalties of " +
                          Plural(view.royalty_claimants(), "ancestor"));
  }
}

// Who was first, whether it counts, what a steward says of it, and whether it is in dispute.
void AddStanding(const v1::RecordView& view, Facts& facts) {
  if (view.reserved()) facts.Add("reserved", "before it was shown");
  if (view.preceded()) {
    facts.Add("preceded", "another record's earlier reservation has this content now");
  }
  if (!view.counts()) facts.Add("counts", "not yet: its parents' authors have to countersign");
  if (view.has_attested()) {
    const v1::AttestationView& one = view.attested();
    facts.Add("lineage",
              std::string(codec::Name(static_cast<codec::AttestationVerdict>(one.verdict()))) +
                  ", says " + Printable(one.handle()) + ", " + Time(one.attested_ms()) + " (" +
                  Plural(view.attestations(), "attestation") + ")");
  }
  for (const uint64_t number : view.open_cases()) {
    facts.Add("in dispute", "case " + std::to_string(number));
  }
}

absl::Status Show(Context& context) {
  const auto ref = ParseRecord(context.Text("RECORD"));
  if (!ref.ok()) return ref.status();
  v1::GetRecordRequest request;
  *request.mutable_record() = *ref;
  const auto view = context.node().GetRecord(request);
  if (!view.ok()) return view.status();
  if (context.json()) {
    context.PrintJson(*view);
    return absl::OkStatus();
  }
  const v1::Record& record = view->record();
  Facts facts;
  facts.Add("record id", Hex(view->id())).Add("sequence", "#" + std::to_string(view->sequence()));
  facts.Add("kind", KindName(record.kind()) + (record.custodial() ? ", custodial" : ""));
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) facts.Add(name, Printable(text));
  };
  add("external id", record.external_id());
  add("title", record.title());
  add("licence", record.licence());
  add("media type", record.media_type());
  add("uri", record.uri());
  if (!record.content_sha256().empty()) {
    facts.Add("content", "sha256 " + Hex(record.content_sha256()) + ", " +
                             Plural(record.content_bytes(), "byte"));
  }
  if (record.declared_ms() > 0) facts.Add("declared", Time(record.declared_ms()));
  facts.Add("recorded", Time(view->position().time_ms()) + ", block " +
                            std::to_string(view->position().height()) + ", entry " +
                            std::to_string(view->position().entry()));
  for (const v1::AuthorView& author : view->authors()) {
    facts.Add("author", Printable(author.handle()) + "  " + Percent(author.share_ppb()));
  }
  facts.Add("kept", Percent(view->kept_ppb()) + ", the rest passes to the parents");
  AddTerms(*view, facts);
  AddStanding(*view, facts);
  facts.Print(context.out());
  PrintParents(context, *view);
  return absl::OkStatus();
}

// Terms that are not named stay what the latest lowering, or the record, says.
absl::Status LowerTerms(Context& context) {
  const auto ref = ParseRecord(context.Text("RECORD"));
  if (!ref.ok()) return ref.status();
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  v1::GetRecordRequest request;
  *request.mutable_record() = *ref;
  const auto view = context.node().GetRecord(request);
  if (!view.ok()) return view.status();
  v1::Operation operation;
  v1::LowerTerms* lower = operation.mutable_lower_terms();
  lower->set_record(view->id());
  lower->set_effective_epoch(context.Number("--from-epoch"));
  v1::Terms terms = view->lowered_terms_size() > 0 ? view->lowered_terms(0).terms() : view->terms();
  const auto set = [&](const char* name, void (v1::Terms::*field)(uint32_t)) -> absl::Status {
    if (!context.Has(name)) return absl::OkStatus();
    const auto ppb = ParsePpb(context.Text(name));
    if (ppb.ok()) (terms.*field)(*ppb);
    return ppb.status();
  };
  TRIBUTARY_RETURN_IF_ERROR(set("--alpha-max", &v1::Terms::set_alpha_max_ppb));
  TRIBUTARY_RETURN_IF_ERROR(set("--royalty", &v1::Terms::set_royalty_ppb));
  TRIBUTARY_RETURN_IF_ERROR(set("--min-share", &v1::Terms::set_min_share_ppb));
  // The message is left out where all are zero.
  if (terms.ByteSizeLong() > 0) *lower->mutable_terms() = terms;
  return sender->SendAndPrint(operation,
                              "terms lowered from epoch " + context.Text("--from-epoch") + " on");
}

absl::Status List(Context& context) {
  v1::ListRecordsRequest request;
  if (context.Has("--author")) *request.mutable_author() = ParseAccount(context.Text("--author"));
  if (context.Has("--kind")) {
    const auto kind = codec::ParseRecordKind(context.Text("--kind"));
    if (!kind) return UsageError("'" + context.Text("--kind") + "' is no kind of record");
    request.set_kind(static_cast<v1::RecordKind>(*kind));
  }
  const auto all =
      ReadPages(context.node(), &client::Client::ListRecords,
                &v1::ListRecordsResponse::records_size, request, context.Number("--limit"));
  if (!all.ok()) return all.status();
  if (context.json()) {
    context.PrintJson(*all);
    return absl::OkStatus();
  }
  Table table({{"sequence", Align::kRight},
               {"kind"},
               {"name"},
               {"record id"},
               {"authors", Align::kRight},
               {"parents", Align::kRight}});
  for (const v1::RecordView& record : all->records()) {
    table.Add({"#" + std::to_string(record.sequence()), KindName(record.record().kind()),
               Name(record), ShortHex(record.id()), std::to_string(record.authors_size()),
               std::to_string(record.parents_size())});
  }
  table.Print(context.out());
  if (!all->next_page_token().empty()) context.out() << "(more: raise --limit)\n";
  return absl::OkStatus();
}

std::vector<Argument> SubmitArguments() {
  return WithSigning(
      {{"--kind", "dataset, model, correction, …", ArgumentKind::kText, true},
       {"--content", "file whose hash and size are recorded; the file itself stays here"},
       {"--sha256", "hash of the content instead of a file"},
       {"--bytes", "its size, with --sha256", ArgumentKind::kNumber},
       {"--reservation", "file that `record reserve` made, to open it"},
       {"--external-id", "scheme:name, such as hf:owner/name"},
       {"--title", "title"},
       {"--licence", "SPDX expression or name"},
       {"--media-type", "such as application/json"},
       {"--uri", "where it can be found"},
       {"--declared", "when it was made"},
       {"--author", "HANDLE or HANDLE=SHARE; may be given again; default: the signer",
        ArgumentKind::kList},
       {"--parent", "RECORD=RELATION or RECORD=RELATION*WEIGHT; may be given again",
        ArgumentKind::kList},
       {"--pass-through", "share of what it earns that passes to the parents, such as 40%"},
       {"--alpha-max", "most that per-output attribution may direct"},
       {"--royalty", "absolute royalty on every descendant"},
       {"--min-share", "least share that a direct child must pass on"},
       {"--sketch-of", "file whose MinHash sketch is recorded, so that near copies can be named"},
       {"--skip-if-exists", "no error where the record exists", ArgumentKind::kFlag}});
}

}  // namespace

std::vector<Command> RecordCommands() {
  return {{"record", "submit", "record a contribution", SubmitArguments(), &Submit},
          {"record",
           "show",
           "show a record",
           {{"RECORD", "id, external id, sha256:HEX or #sequence", ArgumentKind::kText, true}},
           &Show},
          {"record",
           "similar",
           "records whose sketch resembles one",
           {{"RECORD", "one that has a sketch"},
            {"--sketch-of", "instead: a file, which is not sent"},
            {"--least", "of the minima agree", ArgumentKind::kText, false, "50%"}},
           &Similar},
          {"record", "lower-terms", "lower what a record asks for",
           WithSigning(
               {{"RECORD", "id, external id, sha256:HEX or #sequence", ArgumentKind::kText, true},
                {"--from-epoch", "a later epoch than the current one", ArgumentKind::kNumber, true},
                {"--alpha-max", "most that per-output attribution may direct"},
                {"--royalty", "absolute royalty on every descendant"},
                {"--min-share", "least share that a direct child must pass on"}}),
           &LowerTerms},
          {"record",
           "list",
           "list records, newest first",
           {{"--author", "only of this account"},
            {"--kind", "only of this kind"},
            {"--limit", "at most so many", ArgumentKind::kNumber, false, "100"}},
           &List}};
}

}  // namespace tributary::cli
