// What others than its authors say of a record, and who was first: reservations, stances,
// countersignatures, attestations.
#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/find_record.h"
#include "cli/hash_file.h"
#include "cli/pages.h"
#include "cli/parse.h"
#include "cli/record_arguments.h"
#include "cli/reservation_file.h"
#include "cli/sender.h"
#include "cli/table.h"
#include "codec/ids.h"
#include "codec/ledger_enums.h"
#include "keys/random.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

std::string BytesOf(const base::Hash& hash) {
  return {reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()};
}

// The file is there before the commitment is: a reservation whose salt is lost is worth nothing.
absl::Status Reserve(Context& context) {
  const auto content = ContentOf(context);
  if (!content.ok()) return content.status();
  if (!content->has_value()) return UsageError("what is reserved? give --content or --sha256");
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  Reservation reservation{(*content)->sha256, {}};
  keys::FillRandom(reservation.salt.bytes);
  TRIBUTARY_RETURN_IF_ERROR(WriteReservation(context.Text("--out"), reservation));
  const base::Hash commitment =
      codec::ReserveCommitment(sender->account(), reservation.salt, reservation.content_sha256);
  v1::Operation operation;
  operation.mutable_reserve()->set_commitment(BytesOf(commitment));
  return sender->SendAndPrint(operation, "reserved as " + base::ToHex(commitment.bytes));
}

absl::Status ShowReservation(Context& context) {
  const auto commitment = base::DigestFromHex<base::Hash>(context.Text("COMMITMENT"));
  if (!commitment) return UsageError("a commitment is 64 hexadecimal digits");
  v1::GetReservationRequest request;
  request.set_commitment(BytesOf(*commitment));
  const auto view = context.node().GetReservation(request);
  if (!view.ok()) return view.status();
  if (context.json()) {
    context.PrintJson(*view);
    return absl::OkStatus();
  }
  Facts facts;
  facts.Add("reserved by", Printable(view->handle()));
  facts.Add("at",
            Time(view->reserved_ms()) + ", entry " + std::to_string(view->position().entry()));
  facts.Add("until", Time(view->expires_ms()));
  facts.Add("opened by", view->record().empty()
                             ? "nothing yet"
                             : Printable(view->record_name()) + "  " + Hex(view->record()));
  facts.Print(context.out());
  return absl::OkStatus();
}

struct Edge {
  std::string child, parent;  // ids
};

absl::StatusOr<Edge> EdgeNamed(Context& context) {
  auto child = FindRecordId(context, context.Text("RECORD"));
  if (!child.ok()) return child.status();
  auto parent = FindRecordId(context, context.Text("--parent"));
  if (!parent.ok()) return parent.status();
  return Edge{*std::move(child), *std::move(parent)};
}

absl::Status SetStance(Context& context) {
  const std::string text = context.Text("--stance");
  if (text != "acknowledged" && text != "disavowed") {
    return UsageError("--stance is acknowledged or disavowed");
  }
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const auto edge = EdgeNamed(context);
  if (!edge.ok()) return edge.status();
  v1::Operation operation;
  v1::SetEdgeStance* stance = operation.mutable_set_edge_stance();
  stance->set_child(edge->child);
  stance->set_parent(edge->parent);
  stance->set_stance(text == "disavowed" ? v1::EDGE_STANCE_DISAVOWED
                                         : v1::EDGE_STANCE_ACKNOWLEDGED);
  return sender->SendAndPrint(operation, "edge " + text);
}

absl::Status Countersign(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const auto edge = EdgeNamed(context);
  if (!edge.ok()) return edge.status();
  v1::Operation operation;
  operation.mutable_countersign()->set_child(edge->child);
  operation.mutable_countersign()->set_parent(edge->parent);
  return sender->SendAndPrint(operation, "edge countersigned");
}

absl::Status Attest(Context& context) {
  const std::string verdict = context.Text("--verdict");
  if (verdict != "complete" && verdict != "incomplete") {
    return UsageError("--verdict is complete or incomplete");
  }
  const auto report = HashArgument(context, "--report");
  if (!report.ok()) return report.status();
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const auto asset = FindRecordId(context, context.Text("ASSET"));
  if (!asset.ok()) return asset.status();
  v1::Operation operation;
  v1::AttestLineage* attest = operation.mutable_attest_lineage();
  attest->set_asset(*asset);
  attest->set_verdict(verdict == "complete" ? v1::ATTESTATION_VERDICT_COMPLETE
                                            : v1::ATTESTATION_VERDICT_INCOMPLETE);
  attest->set_report_sha256(*report);
  return sender->SendAndPrint(operation, "lineage attested as " + verdict);
}

absl::Status ListAttestations(Context& context) {
  const auto asset = ParseRecord(context.Text("ASSET"));
  if (!asset.ok()) return asset.status();
  v1::ListAttestationsRequest request;
  *request.mutable_asset() = *asset;
  const auto all = ReadPages(context.node(), &client::Client::ListAttestations,
                             &v1::ListAttestationsResponse::attestations_size, request,
                             context.Number("--limit"));
  if (!all.ok()) return all.status();
  if (context.json()) {
    context.PrintJson(*all);
    return absl::OkStatus();
  }
  Table table({{"steward"}, {"says"}, {"at"}, {"report"}});
  for (const v1::AttestationView& one : all->attestations()) {
    const auto verdict = static_cast<codec::AttestationVerdict>(one.verdict());
    table.Add({Printable(one.handle()), std::string(codec::Name(verdict)), Time(one.attested_ms()),
               Hex(one.report_sha256())});
  }
  table.Print(context.out());
  if (!all->next_page_token().empty()) context.out() << "(more: raise --limit)\n";
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> ReviewCommands() {
  const Argument record = {"RECORD", "the child: id, external id, sha256:HEX or #sequence",
                           ArgumentKind::kText, true};
  const Argument parent = {"--parent", "the signer's record that it names as parent",
                           ArgumentKind::kText, true};
  const Argument asset = {"ASSET", "id, external id, sha256:HEX or #sequence", ArgumentKind::kText,
                          true};
  return {
      {"record", "reserve", "announce content before it is shown",
       WithSigning({{"--content", "file whose hash is reserved; the file itself stays here"},
                    {"--sha256", "its hash instead of the file"},
                    {"--out", "file for the salt that opens it", ArgumentKind::kText, true}}),
       &Reserve},
      {"record",
       "reservation",
       "who reserved, until when, and what opened it",
       {{"COMMITMENT", "64 digits, as reserve prints it", ArgumentKind::kText, true}},
       &ShowReservation},
      {"record", "stance", "say as a parent's owner what to think of an edge",
       WithSigning(
           {record, parent, {"--stance", "acknowledged or disavowed", ArgumentKind::kText, true}}),
       &SetStance},
      {"record", "countersign", "let a correction or review of one's record count",
       WithSigning({record, parent}), &Countersign},
      {"record", "attest", "say as an independent steward whether a lineage is complete",
       WithSigning({asset,
                    {"--verdict", "complete or incomplete", ArgumentKind::kText, true},
                    {"--report", "64 hexadecimal digits, or a file that is hashed here",
                     ArgumentKind::kText, true}}),
       &Attest},
      {"record",
       "attestations",
       "what stewards have said of a lineage, newest first",
       {asset, {"--limit", "at most so many", ArgumentKind::kNumber, false, "100"}},
       &ListAttestations}};
}

}  // namespace tributary::cli
